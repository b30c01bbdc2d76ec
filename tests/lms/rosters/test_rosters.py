"""The list of a cohort: who stands there has a place, once, as far as places are free."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.demo.names import invented_name
from core.imports.actions import ImportRefused, apply_import
from core.imports.models import SheetImport
from core.imports.queries import counts_of
from core.imports.states import Outcome
from core.jobs.actions import run_job
from core.models import AuditEntry, Notice, User
from core.sheets.writing import Heading, Table, workbook
from lms.admissions.actions import set_quota
from lms.models import Cohort, Enrolment
from lms.rosters.actions import RosterChecker, enrol
from lms.rosters.queries import staged_words
from tests.factories import (
    ServiceFieldFactory,
    make_attendance,
    make_class,
    make_cohort,
    make_enrolment,
    make_plan,
    make_register,
    make_user,
)

HEADINGS = ("姓名", "手机号", "邮箱")


def table(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    return SimpleUploadedFile(
        "名单.xlsx", workbook(Table("名单", [Heading(name) for name in HEADINGS], rows))
    )


@pytest.fixture
def cohort(tree: Any) -> Cohort:
    return make_cohort(tree["district"], capacity=3)


@pytest.fixture
def send(cast, cohort):
    """Send a list as the district's administrator, and take over what is right."""

    def sent(*rows: tuple[str, ...], all_or_none: bool = False) -> SheetImport:
        sheet = enrol(cohort=cohort, upload=table(*rows), all_or_none=all_or_none, actor=cast.administrator)
        run_job(sheet.job.pk)
        sheet.refresh_from_db()
        if sheet.lines.filter(outcome=Outcome.NEW).exists():
            apply_import(sheet=sheet, actor=cast.administrator)
            run_job(sheet.job.pk)
            sheet.refresh_from_db()
        return sheet

    return sent


def counts(sheet: SheetImport) -> dict[str, int]:
    return {name: number for name, number in counts_of(sheet).items() if number}


def test_who_has_an_account_and_who_has_none_both_get_a_place(send, cast, cohort):
    sheet = send((cast.trainee.person.name, "", cast.trainee.email), ("诸葛明", "13800138001", ""))
    cohort.refresh_from_db()
    assert counts(sheet) == {"applied": 2}
    assert cohort.seats_taken == 2
    rows = Enrolment.objects.filter(cohort=cohort)
    assert {(row.state, row.decided_by_id) for row in rows} == {("enrolled", cast.administrator.pk)}
    assert AuditEntry.objects.filter(action="lms.enrol").count() == 2
    assert Notice.objects.filter(user=cast.trainee, kind="lms.enrolment_approved").count() == 1
    assert not Notice.objects.filter(user__person__name="诸葛明").exists()


def test_a_second_list_changes_nothing(send, cast, cohort):
    rows = ((cast.trainee.person.name, "", cast.trainee.email), ("诸葛明", "13800138001", ""))
    send(*rows)
    assert counts(send(*rows)) == {"known": 2}
    cohort.refresh_from_db()
    assert (cohort.seats_taken, User.objects.filter(person__name="诸葛明").count()) == (2, 1)


def test_more_rows_than_places_are_named(send, cohort):
    people = [(f"诸葛{number}", f"1380013800{place}", "") for place, number in enumerate("一二三四五")]
    sheet = send(*people)
    assert counts(sheet) == {"applied": 3, "wrong": 2}
    assert list(sheet.lines.filter(outcome="wrong").values_list("number", flat=True)) == [5, 6]
    cohort.refresh_from_db()
    assert cohort.seats_taken == 3


def test_a_list_does_not_jump_the_waiting_list(send, cast, cohort):
    make_enrolment(cohort, cast.trainee.person, "waiting")
    make_enrolment(cohort, cast.other_trainee.person, "waiting")
    assert counts(send(("诸葛一", "13800138001", ""), ("诸葛二", "13800138002", ""))) == {
        "applied": 1,
        "wrong": 1,
    }


def test_a_list_leaves_the_places_that_are_kept_for_an_organisation(send, tree, cohort):
    set_quota(cohort=cohort, organisation=tree["agency"], places=2, actor=None)
    sheet = send(("诸葛一", "13800138001", ""), ("诸葛二", "13800138002", ""))
    assert counts(sheet) == {"applied": 1, "wrong": 1}
    wrong = sheet.lines.get(outcome=Outcome.WRONG)
    assert wrong.column == "单位" and "为其他机构预留" in wrong.message


def test_places_taken_in_between_are_not_given_twice(cast, cohort):
    rows = (("诸葛一", "13800138001", ""), ("诸葛二", "13800138002", ""), ("诸葛三", "13800138003", ""))
    sheet = enrol(cohort=cohort, upload=table(*rows), all_or_none=False, actor=cast.administrator)
    run_job(sheet.job.pk)
    make_enrolment(cohort, cast.trainee.person)
    make_enrolment(cohort, cast.other_trainee.person)
    sheet.refresh_from_db()
    apply_import(sheet=sheet, actor=cast.administrator)
    run_job(sheet.job.pk)
    cohort.refresh_from_db()
    assert (cohort.seats_taken, counts(sheet)) == (3, {"applied": 1, "wrong": 2})


def full(cast, tree, cohort: Cohort) -> None:
    for number in range(3):
        make_enrolment(cohort, make_user(f"先到{number}").person)


def kept(cast, tree, cohort: Cohort) -> None:
    set_quota(cohort=cohort, organisation=tree["agency"], places=3, actor=None)


def elsewhere(cast, tree, cohort: Cohort) -> None:
    other = make_cohort(cohort.organisation, version=cohort.version, title="秋季班")
    make_enrolment(other, cast.trainee.person)


def cancelled(cast, tree, cohort: Cohort) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(cancelled_at=timezone.now())


def entered(cast, tree, cohort: Cohort) -> None:
    make_enrolment(cohort, cast.trainee.person)


@pytest.mark.parametrize(
    ("happens", "column", "said"),
    [
        (full, "", "3 个名额都已占用"),
        (kept, "单位", "为其他机构预留"),
        (elsewhere, "", "秋季班"),
        (cancelled, "", "这个班次不再举办"),
        (entered, "", "刚刚有别人导入了同样的内容"),
    ],
)
def test_a_row_that_somebody_forestalls_at_the_last_moment_is_told_what_has_happened(
    cast, tree, cohort, monkeypatch, happens, column, said
):
    """Between the last check and the writing: the places are gone, the person is in another cohort, or here."""
    rows = [("林小荷", "", cast.trainee.email)]
    sheet = enrol(cohort=cohort, upload=table(*rows), all_or_none=False, actor=cast.administrator)
    run_job(sheet.job.pk)
    sheet.refresh_from_db()
    apply_import(sheet=sheet, actor=cast.administrator)
    check = RosterChecker.check

    def forestalled(self, rows):
        found = check(self, rows)
        happens(cast, tree, cohort)
        return found

    monkeypatch.setattr(RosterChecker, "check", forestalled)
    run_job(sheet.job.pk)
    wrong = sheet.lines.get(outcome=Outcome.WRONG)
    assert (wrong.column, said in wrong.message) == (column, True), wrong.message
    assert ("刚刚有别人" in wrong.message) == (happens is entered)


def test_a_list_enters_nobody_of_another_tree_but_knows_who_is_in_the_cohort(send, cast, cohort):
    there = (cast.outside_trainee.person.name, "", cast.outside_trainee.email)
    assert counts(send(there)) == {"wrong": 1}
    make_enrolment(cohort, cast.outside_trainee.person)
    assert counts(send(there, ("别人", "13800138001", ""))) == {"known": 1, "applied": 1}
    assert counts(send(("别人", *there[1:]))) == {"wrong": 1}


def test_nobody_enters_themselves(send, cast):
    own = (cast.administrator.person.name, "", cast.administrator.email)
    assert counts(send(own)) == {"wrong": 1}


@pytest.mark.parametrize("all_or_none", [False, True])
def test_three_wrong_rows_of_two_thousand_are_named_and_the_rest_or_none_is_applied(cast, tree, all_or_none):
    cohort = make_cohort(tree["district"], capacity=2_000)
    rows = [(invented_name(number), f"1380000{number:04}", "") for number in range(2_000)]
    rows[10], rows[600], rows[1999] = ("", "13800009999", ""), ("甲", "123", ""), ("甲", "", "nobody")

    def sent() -> SheetImport:
        sheet = enrol(cohort=cohort, upload=table(*rows), all_or_none=all_or_none, actor=cast.administrator)
        run_job(sheet.job.pk)
        sheet.refresh_from_db()
        named = sheet.lines.filter(outcome="wrong").values_list("number", "column")
        assert list(named) == [(12, "姓名"), (602, "手机号"), (2001, "邮箱")]
        return sheet

    sheet = sent()
    if all_or_none:
        with pytest.raises(ImportRefused):
            apply_import(sheet=sheet, actor=cast.administrator)
        assert (cohort.enrolments.count(), counts(sheet)) == (0, {"new": 1997, "wrong": 3})
        return
    apply_import(sheet=sheet, actor=cast.administrator)
    run_job(sheet.job.pk)
    assert (cohort.enrolments.count(), counts(sheet)) == (1997, {"applied": 1997, "wrong": 3})
    before = (User.objects.count(), AuditEntry.objects.count())
    again = sent()
    assert counts(again) == {"known": 1997, "wrong": 3}
    with pytest.raises(ImportRefused):
        apply_import(sheet=again, actor=cast.administrator)
    assert (User.objects.count(), cohort.enrolments.count()) == (before[0], 1997)
    assert AuditEntry.objects.count() == before[1] + 1  # only that it was sent


def test_a_list_sent_before_others_were_asked_to_decide_is_not_taken_over(cast, tree, cohort):
    rows = [("诸葛一", "13800138001", "")]
    sheet = enrol(cohort=cohort, upload=table(*rows), all_or_none=False, actor=cast.administrator)
    run_job(sheet.job.pk)
    sheet.refresh_from_db()
    apply_import(sheet=sheet, actor=cast.administrator)
    plan = make_plan(tree["district"], stages=("employer", "city"))
    Cohort.objects.filter(pk=cohort.pk).update(plan=plan)
    run_job(sheet.job.pk)
    sheet.refresh_from_db()
    assert (sheet.state, cohort.enrolments.count()) == ("checked", 0)
    assert sheet.problem


def test_where_others_decide_the_page_says_why_no_list_can_be_sent(client: Client, cast, tree, cohort):
    client.force_login(cast.administrator)
    place = reverse("rosters:upload", args=[cohort.pk])
    assert 'type="file"' in client.get(place).content.decode()
    Cohort.objects.filter(pk=cohort.pk).update(plan=make_plan(tree["district"], stages=("employer", "city")))
    for page in (
        client.get(place),
        client.post(place, {"all_or_none": "rest", "file": table(("诸葛一", "13800138001", ""))}),
    ):
        said = page.content.decode()
        assert staged_words(Cohort.objects.get(pk=cohort.pk)) in said
        assert 'type="file"' not in said
    assert not SheetImport.objects.exists()


def test_a_list_passes_no_condition_by(cast, tree, cohort, send):
    field = ServiceFieldFactory(code="elderly", name="老年人")
    conditions = [("field", ["elderly"]), ("years", 3)]
    plan = make_plan(tree["district"], conditions=conditions, stages=())
    Cohort.objects.filter(pk=cohort.pk).update(plan=plan)
    for part in ("trainee", "other_trainee"):
        person = getattr(cast, part).person
        person.practice_started_on = timezone.localdate() - timedelta(days=4 * 366)
        person.save()
    cast.trainee.person.fields.add(field)
    cohort.refresh_from_db()
    rows = [
        (getattr(cast, part).person.name, "", getattr(cast, part).email)
        for part in ("trainee", "other_trainee")
    ]
    sheet = send(*rows, ("诸葛一", "13800138001", ""))
    assert [(line.number, line.outcome) for line in sheet.lines.all()] == [
        (2, "applied"),
        (3, "wrong"),
        (4, "wrong"),
    ]
    other, newcomer = sheet.lines.filter(outcome="wrong").values_list("message", flat=True)
    assert "老年人" in other and "3" not in other
    assert "老年人" in newcomer and "3" in newcomer


def test_the_desk_sends_a_list(client: Client, cast, cohort):
    client.force_login(cast.administrator)
    place = reverse("rosters:upload", args=[cohort.pk])
    assert client.get(place).status_code == 200
    assert client.post(place, {"all_or_none": "rest"}).context["form"].errors["file"]
    back = f'<a href="{reverse("applications:cohort", args=[cohort.pk])}">班次：{cohort.title}</a>'
    assert back in client.get(place).content.decode()
    answer = client.post(place, {"all_or_none": "rest", "file": table(("诸葛一", "13800138001", ""))})
    assert back in client.get(answer.url).content.decode()
    assert answer.url == reverse("imports:detail", args=[SheetImport.objects.get().pk])
    for part in ("outsider", "instructor", "auditor", "trainee"):
        client.force_login(getattr(cast, part))
        assert client.get(place).status_code in (403, 404)


def test_a_list_gives_nobody_a_second_place_in_the_course_and_nobody_waits_elsewhere_any_more(
    cast, cohort, send
) -> None:
    other = make_cohort(cast.administrator.person.employer, version=cohort.version, capacity=1)
    make_enrolment(other, cast.trainee.person, "enrolled")
    waits = make_enrolment(other, cast.other_trainee.person, "waiting")
    sheet = send(("林小荷", "", cast.trainee.email), ("周一鸣", "", cast.other_trainee.email))
    wrong = sheet.lines.get(outcome=Outcome.WRONG)
    assert wrong.label == "林小荷" and other.title in wrong.message
    assert [row.person for row in cohort.enrolments.all()] == [cast.other_trainee.person]
    waits.refresh_from_db()
    assert waits.state == "withdrawn"


def test_who_comes_back_by_a_list_brings_along_the_check_in_of_the_class_that_goes_on(
    cast, cohort, send
) -> None:
    before = make_enrolment(cohort, cast.trainee.person, "withdrawn")
    now = timezone.now()
    times = {"starts_at": now - timedelta(minutes=10), "ends_at": now + timedelta(minutes=50)}
    klass = make_class(cohort, **times)
    make_register(klass)
    row = make_attendance(klass, before, presence="present")
    send(("林小荷", "", cast.trainee.email))
    row.refresh_from_db()
    assert row.enrolment == Enrolment.objects.get(cohort=cohort, state="enrolled")


def test_a_list_and_what_is_wrong_in_it_are_read_in_the_readers_language(send, client, cast, tree, cohort):
    Cohort.objects.filter(pk=cohort.pk).update(title_en="Spring run")
    cohort.refresh_from_db()
    other = make_cohort(tree["district"], cohort.version, title="夏季班", title_en="Summer run")
    make_enrolment(other, cast.trainee.person)
    sheet = send((cast.trainee.person.name, "", cast.trainee.email))
    client.force_login(cast.administrator)
    address = reverse("imports:detail", args=[sheet.pk])
    shown = client.get(address, headers={"accept-language": "en"}).content.decode()
    assert "List of Spring run" in shown and "Has a place in Summer run already" in shown
    shown = client.get(address).content.decode()
    assert f"{cohort.title} 名单：" in shown and "夏季班" in shown and "Summer run" not in shown
