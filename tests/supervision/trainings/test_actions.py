"""Own training: declared by the person, checked by somebody independent, counted at the renewal."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from supervision.appointments.actions import ApplicationRefused, Said, apply_to_supervise, appoint
from supervision.models import Designation, OwnTraining
from supervision.trainings import actions
from supervision.trainings.actions import Told, TrainingRefused
from supervision.trainings.queries import standing
from tests.factories import give_role, make_supervisor, make_training, make_user
from tests.lms.enrolments.test_concurrency import at_once

SAID = Said(tier="junior", statement="愿意继续带新人。", basis="社会工作师")


def upload(text="证"):
    return SimpleUploadedFile(f"{text}.pdf", b"%PDF-1.7 " + text.encode())


def told(**more):
    values = {"held_on": timezone.localdate(), "title": "督导培训", "provider": "市社协", "minutes": 480}
    return Told(**values | more)


def declare(user, **more):
    return actions.declare_training(person=user.person, told=told(**more), evidence=upload(), actor=user)


def renewing(cast, tree):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    Designation.objects.create(
        supervisor=supervisor,
        tier="junior",
        issuer="市社协",
        starts_on=timezone.localdate() - timedelta(days=300),
        ends_on=timezone.localdate() + timedelta(days=30),
    )
    return supervisor


def test_it_is_declared_once_checked_by_somebody_else_and_told(cast):
    row = declare(cast.supervisor)
    with pytest.raises(TrainingRefused):
        declare(cast.supervisor)
    with pytest.raises(TrainingRefused):
        actions.declare_training(
            person=cast.supervisor.person, told=told(), evidence=upload(), actor=cast.trainee
        )
    assert Notice.objects.filter(user=cast.administrator, kind="supervision.training").count() == 1
    with pytest.raises(TrainingRefused):
        actions.check_training(training=row, actor=cast.supervisor)
    actions.check_training(training=row, actor=cast.administrator)
    with pytest.raises(IllegalMove):
        actions.withdraw_training(training=row, actor=cast.supervisor)
    assert Notice.objects.filter(user=cast.supervisor, kind="supervision.training").count() == 1
    assert AuditEntry.objects.filter(action="supervision.check_training").count() == 1


def test_returned_it_is_corrected_and_keeps_its_proof_unless_there_is_another(cast):
    row = declare(cast.supervisor)
    with pytest.raises(TrainingRefused):
        actions.return_training(training=row, reason=" ", actor=cast.administrator)
    actions.return_training(training=row, reason="看不清", actor=cast.administrator)
    kept = row.evidence_id
    actions.correct_training(training=row, told=told(minutes=240), evidence=None, actor=cast.supervisor)
    row.refresh_from_db()
    assert (row.state, row.minutes, row.evidence_id, row.decided_by) == ("declared", 240, kept, None)
    actions.return_training(training=row, reason="还是看不清", actor=cast.administrator)
    actions.correct_training(training=row, told=told(), evidence=upload("清"), actor=cast.supervisor)
    row.refresh_from_db()
    assert row.evidence_id != kept
    actions.withdraw_training(training=row, actor=cast.supervisor)
    assert declare(cast.supervisor).state == "declared"


def test_nobody_checks_through_somebody_whom_they_let_in(cast, tree):
    row = make_training(cast.administrator.person)
    from core.organisations.actions import grant_role

    second = make_user("尉迟二", tree["agency"])
    grant_role(user=second, role="administrator", organisation=tree["district"], actor=cast.administrator)
    for actor in (cast.administrator, second):
        with pytest.raises(TrainingRefused):
            actions.check_training(training=row, actor=actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnTraining.objects.filter(pk=row.pk).update(decided_by=cast.administrator)
    actions.check_training(training=row, actor=cast.city_administrator)


def test_nobody_checks_at_the_employer_either_whom_the_person_let_in_there(cast, tree):
    boss = make_user("站长", tree["other_station"])
    give_role(boss, "administrator", tree["other_station"])
    helper = make_user("下属", tree["other_station"])
    give_role(helper, "administrator", tree["other_station"], granted_by=boss)
    make_supervisor(boss, tree["agency"], code="SV888")
    row = make_training(boss.person)
    assert helper.has_perm("supervision.check_owntraining", row)
    with pytest.raises(TrainingRefused, match="另一位管理员"):
        actions.check_training(training=row, actor=helper)
    actions.check_training(training=row, actor=cast.city_administrator)


def test_what_was_corrected_since_it_was_read_is_not_checked(cast):
    read = declare(cast.supervisor)
    now = OwnTraining.objects.get(pk=read.pk)
    actions.return_training(training=now, reason="看不清", actor=cast.administrator)
    actions.correct_training(training=now, told=told(minutes=6000), evidence=None, actor=cast.supervisor)
    with pytest.raises(TrainingRefused, match="更正"):
        actions.check_training(training=read, actor=cast.administrator)
    now.refresh_from_db()
    assert now.state == "declared"
    actions.check_training(training=now, actor=cast.administrator)


def test_the_database_keeps_what_was_checked(cast):
    row = declare(cast.supervisor)
    actions.check_training(training=row, actor=cast.administrator)
    kept = OwnTraining.objects.filter(pk=row.pk)
    for act in (
        lambda: kept.update(minutes=6000),
        lambda: kept.update(state="returned", reason="改", minutes=6000),
        lambda: kept.update(state="declared"),
        lambda: kept.update(decided_by=cast.city_administrator),
        kept.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    row.refresh_from_db()
    assert (row.state, row.minutes, row.decided_by) == ("checked", 480, cast.administrator)
    actions.return_training(training=row, reason="看错了", actor=cast.administrator)
    assert kept.update(minutes=240) == 1
    assert kept.delete()[0] == 1


def test_without_anybody_who_could_check_it_nothing_is_declared(db):
    with pytest.raises(TrainingRefused):
        declare(make_user("无单位"))


def test_the_nearest_requirement_that_has_begun_is_counted_at_the_renewal(cast, tree):
    supervisor = renewing(cast, tree)
    for place, minutes, day in (
        ("city", 9000, date(2024, 1, 1)),
        ("district", 960, date(2024, 1, 1)),
        ("district", 9000, timezone.localdate() + timedelta(days=1)),
    ):
        actions.set_requirement(
            organisation=tree[place],
            minutes=minutes,
            starts_on=day,
            source="通知",
            actor=cast.city_administrator,
        )
    make_training(cast.supervisor.person, "checked")
    make_training(cast.supervisor.person, "checked", held_on=timezone.localdate() - timedelta(days=301))
    waiting = make_training(cast.supervisor.person)
    found = standing(cast.supervisor.person, supervisor)
    assert (found.checked, found.waiting, found.required, found.missing) == (480, 480, 960, 480)
    application = apply_to_supervise(person=cast.supervisor.person, said=SAID, actor=cast.supervisor)
    given = {"tier": "junior", "issuer": "市社协", "starts_on": timezone.localdate() + timedelta(days=31)}
    with pytest.raises(ApplicationRefused):
        appoint(application=application, actor=cast.administrator, **given)
    application.refresh_from_db()
    assert application.state == "handed_in"
    actions.check_training(training=waiting, actor=cast.administrator)
    appoint(application=application, actor=cast.administrator, **given)
    assert (application.training_minutes, application.training_required, application.reason) == (960, 960, "")


def test_what_is_missing_can_be_waived_with_a_reason_that_stays(cast, tree):
    renewing(cast, tree)
    actions.set_requirement(
        organisation=tree["district"],
        minutes=60,
        starts_on=date(2024, 1, 1),
        source="通知",
        actor=cast.administrator,
    )
    with pytest.raises(TrainingRefused):
        actions.set_requirement(
            organisation=tree["district"],
            minutes=90,
            starts_on=date(2024, 1, 1),
            source="通知",
            actor=cast.administrator,
        )
    application = apply_to_supervise(person=cast.supervisor.person, said=SAID, actor=cast.supervisor)
    given = {"tier": "junior", "issuer": "市社协", "starts_on": timezone.localdate() + timedelta(days=31)}
    appoint(application=application, actor=cast.administrator, exception="当年停课", **given)
    application.refresh_from_db()
    assert (application.reason, application.training_minutes, application.training_required) == (
        "当年停课",
        0,
        60,
    )


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_ten_clicks_one_declares_and_one_checks():
    from tests.factories import make_organisation

    place = make_organisation("同心社工机构", kind="agency")
    user, officer = make_user("尉迟申", place), make_user("解守正", place)
    give_role(officer, "administrator", place)

    def declares(_number):
        try:
            declare(user)
        except TrainingRefused:
            return False
        return True

    assert sum(at_once(declares, range(10))) == 1
    key = OwnTraining.objects.get().pk

    def checks(_number):
        try:
            actions.check_training(training=OwnTraining.objects.get(pk=key), actor=officer)
        except IllegalMove:
            return False
        return True

    assert sum(at_once(checks, range(10))) == 1
