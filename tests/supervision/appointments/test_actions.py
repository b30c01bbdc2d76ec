"""From an application to an appointment, a renewal, and the end of it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from supervision.appointments import actions
from supervision.appointments.actions import ApplicationRefused, Said, deciding
from supervision.models import Designation, Supervisor, SupervisorApplication
from tests.factories import make_application, make_supervisor, make_user

SAID = Said(tier="junior", statement="想带新人。", basis="中级社会工作师", populations="老年人")


def upload(name="证书.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 " + name.encode())


def given(**more):
    return {"tier": "junior", "issuer": "市社协", "starts_on": timezone.localdate(), "capacity": 4} | more


@pytest.fixture
def applicant(tree):
    return make_user("尉迟申", tree["agency"])


def apply_as(user, **more):
    return actions.apply_to_supervise(person=user.person, said=SAID, actor=user, files=[upload()], **more)


def test_who_is_appointed_gets_a_number_places_and_a_designation(cast, applicant, tree):
    application = apply_as(applicant)
    assert Notice.objects.filter(user=cast.administrator, source__startswith="supervision.apply").count() == 1
    make_supervisor(cast.supervisor, tree["agency"], code="SV134")
    actions.appoint(application=application, actor=cast.administrator, **given())
    supervisor = Supervisor.objects.get(person=applicant.person)
    assert (supervisor.code, supervisor.capacity, supervisor.populations) == ("SV135", 4, "老年人")
    held = supervisor.designations.get()
    assert (held.basis, held.application) == ("中级社会工作师", application)
    assert Notice.objects.filter(user=applicant, kind="supervision.appointment").exists()
    assert AuditEntry.objects.filter(action="supervision.appoint").count() == 1
    with pytest.raises(IllegalMove):
        actions.appoint(application=application, actor=cast.administrator, **given())
    assert Designation.objects.count() == 1


def test_a_number_that_somebody_else_took_meanwhile_is_drawn_again(cast, applicant, tree, monkeypatch):
    make_supervisor(cast.supervisor, tree["agency"], code="SV001")
    drawn = iter(["SV001", "SV002"])
    monkeypatch.setattr(deciding, "next_code", lambda _path: next(drawn))
    actions.appoint(application=apply_as(applicant), actor=cast.administrator, **given())
    assert Supervisor.objects.get(person=applicant.person).code == "SV002"


def test_returned_it_is_corrected_and_handed_in_again_and_then_refused(cast, applicant):
    application = apply_as(applicant)
    with pytest.raises(ApplicationRefused):
        actions.return_application(application=application, reason=" ", actor=cast.administrator)
    actions.return_application(application=application, reason="缺培训证明", actor=cast.administrator)
    actions.hand_in_again(application=application, said=SAID, actor=applicant, files=[upload("培训.pdf")])
    assert application.documents.count() == 2
    assert Notice.objects.filter(user=cast.administrator, source__startswith="supervision.apply").count() in (
        1,
        2,
    )
    actions.refuse_application(application=application, reason="年限不够", actor=cast.administrator)
    application.refresh_from_db()
    assert (application.state, application.reason) == ("refused", "年限不够")
    with pytest.raises(IllegalMove):
        actions.withdraw_application(application=application, actor=applicant)
    apply_as(applicant)


def test_nobody_decides_about_themselves_or_through_whom_they_let_in(cast, tree):
    own = make_application(cast.administrator.person, tree["district"])
    with pytest.raises(ApplicationRefused):
        actions.appoint(application=own, actor=cast.administrator, **given())
    with pytest.raises(IntegrityError), transaction.atomic():
        SupervisorApplication.objects.filter(pk=own.pk).update(decided_by=cast.administrator)
    from core.organisations.actions import grant_role

    second = make_user("尉迟二", tree["agency"])
    grant_role(user=second, role="administrator", organisation=tree["district"], actor=cast.administrator)
    with pytest.raises(ApplicationRefused):
        actions.appoint(application=own, actor=second, **given())
    actions.appoint(application=own, actor=cast.city_administrator, **given())


def test_one_application_is_open_at_a_time_and_it_needs_an_employer(applicant):
    apply_as(applicant)
    with pytest.raises(ApplicationRefused):
        apply_as(applicant)
    person = applicant.person
    SupervisorApplication.objects.all().update(state="withdrawn")
    person.employer = None
    with pytest.raises(ApplicationRefused):
        apply_as(applicant)


def test_a_renewal_begins_after_what_is_in_force(cast, tree):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    last = timezone.localdate() + timedelta(days=91)
    held = Designation.objects.create(
        supervisor=supervisor, tier="junior", issuer="市社协", starts_on="2024-01-01", ends_on=last
    )
    with pytest.raises(ApplicationRefused):
        apply_as(cast.supervisor)
    Designation.objects.filter(pk=held.pk).update(ends_on=last - timedelta(days=1))
    application = apply_as(cast.supervisor)
    assert application.kind == "renewal"
    actions.appoint(application=application, actor=cast.administrator, **given(starts_on=last, capacity=None))
    assert supervisor.designations.count() == 2
    assert Supervisor.objects.count() == 1


def test_the_end_is_told_once_each_step_and_not_when_a_later_one_follows(cast, tree):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    today = timezone.localdate()
    held = Designation.objects.create(
        supervisor=supervisor,
        tier="junior",
        issuer="市社协",
        starts_on="2024-01-01",
        ends_on=today + timedelta(days=50),
    )
    assert (actions.remind_lapses(), actions.remind_lapses()) == (1, 0)
    Designation.objects.filter(pk=held.pk).update(ends_on=today + timedelta(days=20))
    assert actions.reconcile() == ["designations that end: 1 told"]
    Designation.objects.filter(pk=held.pk).update(ends_on=today - timedelta(days=1))
    assert actions.remind_lapses() == 1
    assert Notice.objects.filter(user=cast.supervisor, kind="supervision.appointment").count() == 3
    Designation.objects.create(supervisor=supervisor, tier="senior", issuer="市社协", starts_on=today)
    Designation.objects.filter(pk=held.pk).update(ends_on=today + timedelta(days=10))
    assert actions.remind_lapses() == 0


def test_telling_costs_the_same_for_one_and_for_many(tree, django_assert_max_num_queries):
    last = timezone.localdate() + timedelta(days=100)
    for number in range(5):
        supervisor = make_supervisor(make_user(f"尉迟{number}", tree["agency"]), tree["agency"])
        Designation.objects.create(
            supervisor=supervisor, tier="junior", issuer="市社协", starts_on="2024-01-01", ends_on=last
        )
    with django_assert_max_num_queries(4):
        assert actions.remind_lapses() == 0
