"""Qualifications: declared with a scan, verified by another, a number for one person only, whoever claims it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice, Person
from core.people.qualifications import qualifications_of
from core.states import IllegalMove
from credentials.models import ExamPass, LevelTerms, QualificationLevel, QualificationRecord
from credentials.public import qualifications_held, work_for
from credentials.qualifications.actions import (
    QualificationRefused,
    add_level_terms,
    note_exam,
    open_scan,
    remind_registrations,
    return_qualification,
    verify_qualification,
    withdraw_qualification,
)
from credentials.qualifications.policy import last_day_of
from credentials.qualifications.queries import exams_of, levels_of, rivals_of, terms_on
from tests.credentials.qualifications.acts import declare, verify
from tests.factories import make_period, make_qualification
from tests.lms.enrolments.test_concurrency import at_once

TODAY = timezone.localdate


def test_declared_verified_and_asked_for(cast, level):
    held = declare(cast.trainee, level)
    notice = Notice.objects.get(user=cast.administrator)
    assert notice.source == f"credentials.qualification:{held.pk}:asked" and notice.url.endswith(
        f"/{held.pk}/"
    )
    assert work_for(cast.administrator) == {"qualifications": 1}
    assert qualifications_of([held.person_id])[held.person_id] == []
    open_scan(qualification=held, actor=cast.administrator)
    verify_qualification(qualification=held, actor=cast.administrator)
    with pytest.raises(IllegalMove):
        verify_qualification(qualification=held, actor=cast.administrator)
    assert work_for(cast.administrator) == {}
    assert not Notice.objects.filter(user=cast.administrator, read_at=None).exists()
    assert levels_of([held.person_id]) == {held.person_id: {"assistant"}}
    told = qualifications_of([held.person_id], only_verified=True)[held.person_id]
    assert [each.title for each in told] == [level.name]  # what supervision shows of its supervisors
    assert qualifications_held([held.person_id], TODAY())[held.person_id][0].number == "20250001"
    assert qualifications_held([held.person_id], TODAY() - timedelta(days=31)) == {held.person_id: []}
    acts = ["declare_qualification", "open_scan", "verify_qualification"]
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True)) == [f"credentials.{act}" for act in acts]  # fmt: skip


def test_nobody_decides_about_their_own_and_a_return_says_why(cast, level):
    own = declare(cast.administrator, level)
    for act in (verify_qualification, lambda **each: return_qualification(reason="x", **each)):
        with pytest.raises(QualificationRefused):
            act(qualification=own, actor=cast.administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        QualificationRecord.objects.filter(pk=own.pk).update(state="verified", verified_by=cast.administrator)
    with pytest.raises(QualificationRefused):
        return_qualification(qualification=own, reason=" ", actor=cast.city_administrator)
    return_qualification(qualification=own, reason="编号不清", actor=cast.city_administrator)
    assert Notice.objects.filter(user=cast.administrator, source__endswith=":returned").exists()
    again = declare(cast.administrator, level)
    with pytest.raises(QualificationRefused):
        withdraw_qualification(qualification=again, actor=cast.trainee)
    withdraw_qualification(qualification=again, actor=cast.administrator)


def test_two_who_claim_one_number_are_both_seen_and_one_is_verified(cast, level):
    first = declare(cast.trainee, level, "2025 0001")
    second = declare(cast.outside_trainee, level, "20250001".replace("0", "０"))
    assert first.number == second.number
    (rival,) = rivals_of(first, cast.administrator)
    assert rival.record == second and not rival.visible  # it is known, not who it is
    assert rivals_of(second, cast.city_administrator)[0].visible
    source = f"credentials.qualification:{first.pk}:claimed:{second.pk}"
    assert Notice.objects.filter(user=cast.administrator, source=source).exists()
    verify(first, cast.administrator)
    with pytest.raises(QualificationRefused, match="他人"):
        verify(second, cast.outsider)
    with pytest.raises(IntegrityError), transaction.atomic():
        QualificationRecord.objects.filter(pk=second.pk).update(state="verified", verified_by=cast.outsider)
    return_qualification(qualification=first, reason="误核", actor=cast.administrator)
    verify(second, cast.outsider)


def test_nobody_verifies_a_scan_that_they_have_never_opened_nor_a_new_one_by_the_look_at_the_last(
    client, cast, level
):
    held = declare(cast.trainee, level)
    page, scan = (reverse(name, args=[held.pk]) for name in ("qualifications:inspect", "credentials:qualification-scan"))  # fmt: skip
    client.force_login(cast.administrator)
    open_scan(qualification=held, actor=cast.city_administrator)  # a colleague's look is not one's own
    client.head(scan)
    shown = client.get(page).content.decode()
    assert "尚未查看" in shown and f">{held.scan.name}</a>" in shown
    answer = client.post(page, {"verify": "1"}, follow=True)
    held.refresh_from_db()
    assert held.is_open and "请先查看扫描件" in answer.content.decode()
    client.get(scan)
    assert "尚未查看" not in client.get(page).content.decode()
    return_qualification(qualification=held, reason="编号不清", actor=cast.administrator)
    again = declare(cast.trainee, level)
    with pytest.raises(QualificationRefused, match="请先查看扫描件"):
        verify_qualification(qualification=again, actor=cast.administrator)
    verify(again, cast.administrator)
    imported = make_qualification(
        cast.other_trainee.person, "senior", "declared", scan=None, origin="imported"
    )
    verify_qualification(qualification=imported, actor=cast.administrator)


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_of_two_officers_at_once_one_verifies_the_number(cast, level):
    held = [declare(user, level) for user in (cast.trainee, cast.outside_trainee)]
    officers = [cast.administrator, cast.outsider]
    for row, officer in zip(held, officers, strict=True):
        open_scan(qualification=row, actor=officer)

    def decide(place):
        row = QualificationRecord.objects.select_related("person__employer", "person__user", "level").get(
            pk=held[place].pk
        )
        try:
            verify_qualification(qualification=row, actor=officers[place])
        except QualificationRefused:
            return False
        return True

    assert sorted(at_once(decide, [0, 1])) == [False, True]
    assert QualificationRecord.objects.verified().count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"number": "1"}, "number"),
        ({"days_ago": -1}, "issued_on"),
        ({"days_ago": 8000}, "issued_on"),
        ({"exam_year": 2005}, "exam_year"),
        ({"passes": ((1, 2020), (2, 2021))}, "exam_year"),
    ],
)
def test_what_cannot_be_so_is_refused_at_its_field(cast, level, said, field):
    with pytest.raises(QualificationRefused) as refusal:
        declare(cast.trainee, level, **said)
    assert refusal.value.field == field


def test_a_level_stands_once_and_somebody_must_be_able_to_verify_it(cast, level):
    declare(cast.trainee, level)
    with pytest.raises(QualificationRefused):
        declare(cast.trainee, level, "20250002")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_qualification(cast.trainee.person)
    Person.objects.filter(pk=cast.other_trainee.person.pk).update(employer=None)
    with pytest.raises(QualificationRefused):
        declare(cast.other_trainee, level, "20250003")


def test_what_a_level_is_called_is_dated_and_the_nearest_place_decides(cast, tree, level):
    for place, day, name in (("province", 2020, "助理社工（省）"), ("city", 2024, "助理社工（市）")):
        add_level_terms(
            level=level,
            organisation=tree[place],
            starts_on=date(day, 1, 1),
            name=name,
            department="社会工作部",
            number_forms="########",
            source="文件",
            actor=cast.city_administrator,
        )
    station = tree["station"]
    assert terms_on(level, date(2019, 1, 1), station).name == level.name
    assert terms_on(level, date(2021, 1, 1), station).name == "助理社工（省）"
    assert terms_on(level, date(2025, 1, 1), station).name == "助理社工（市）"
    assert (
        len(terms_on(level, date(2025, 1, 1), station).subjects) == 2
    )  # the national rule where none is said
    with pytest.raises(QualificationRefused) as refusal:
        declare(cast.trainee, level, "NOTSUCH1")
    assert refusal.value.field == "number"
    with pytest.raises(IntegrityError), transaction.atomic():
        LevelTerms.objects.update(name="x")


def test_subjects_are_noted_for_oneself_and_shown_with_what_stands(cast):
    middle = QualificationLevel.objects.get_or_create(
        code="social_worker", defaults={"name": "社会工作师", "target_hours": 90}
    )[0]
    person, year = cast.trainee.person, TODAY().year
    for subject, passed in ((1, year - 1), (2, year), (2, year)):
        note_exam(person=person, level=middle, subject=subject, year=passed)
    (exam,) = exams_of(person)
    marks = {name: [mark for _year, mark in cells] for name, _stand, cells in exam.rows}
    assert next(iter(marks.values())) == ["passed", "stands", ""]
    assert [stand.stands for _name, stand, _years in exam.subjects] == [True, True, False]
    assert exam.complete is None
    note_exam(person=person, level=middle, subject=3, year=year)
    assert exams_of(person)[0].complete == year
    for subject, passed in ((9, year), (1, 1999), (1, year + 1)):
        with pytest.raises(QualificationRefused):
            note_exam(person=person, level=middle, subject=subject, year=passed)
    assert not ExamPass.objects.visible_to(cast.administrator).exists()


def test_each_stage_of_a_registration_is_told_once(cast, time_machine):
    renewing = make_period(cast.trainee.person, days_ago=1000)
    make_period(cast.other_trainee.person, days_ago=1000)
    make_period(
        cast.other_trainee.person,
        starts_on=last_day_of(TODAY() - timedelta(days=1000)) + timedelta(days=1),
        ends_on=last_day_of(TODAY() + timedelta(days=200)),
        state="declared",
    )
    first = make_qualification(cast.supervisor.person, days_ago=300)
    make_qualification(cast.trainee.person, days_ago=300)  # registered already
    until = last_day_of(first.issued_on, 1)
    told = []
    for _day in range(0, 140, 3):
        time_machine.move_to(timezone.now() + timedelta(days=3))
        remind_registrations()
        told.append(remind_registrations())
    assert set(told) == {0}
    sources = list(Notice.objects.order_by("pk").values_list("user", "source"))
    renewals = [source.split(":")[-1] for user, source in sources if user == cast.trainee.pk]
    assert renewals == ["open", "month", "week", "over"]
    assert all(f":renewal:{renewing.pk}:" in source for user, source in sources if user == cast.trainee.pk)
    firsts = [source for user, source in sources if user == cast.supervisor.pk]
    assert [source.split(":")[-1] for source in firsts] == ["open", "month", "week", "over"]
    assert until < TODAY() and not [user for user, _s in sources if user == cast.other_trainee.pk]
