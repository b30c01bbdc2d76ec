"""A table of qualifications: forty bad rows of three thousand, what clashes side by side, nothing half taken over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.imports import actions
from core.imports.models import SheetImport
from core.imports.queries import counts_of
from core.imports.states import ImportState, Outcome
from core.jobs.actions import run_job
from core.models import AuditEntry, Notice, User
from core.sheets.writing import Heading, Table, workbook
from credentials.models import QualificationLevel, QualificationRecord
from tests.factories import make_qualification, make_table_of_qualifications

HEADINGS = ("姓名", "手机号", "邮箱", "级别", "证书编号", "发证日期", "考试年份")
LEVELS = (("assistant", "助理社会工作师", 72), ("social_worker", "社会工作师", 90), ("senior", "高级社会工作师", 90))  # fmt: skip


@pytest.fixture
def levels(db: None) -> None:
    for code, name, hours in LEVELS:
        QualificationLevel.objects.get_or_create(code=code, defaults={"name": name, "target_hours": hours})


@pytest.fixture
def send(cast: Any, tree: Any, levels: None) -> Any:
    """Send a table as the district's administrator: checked, and taken over when it is said so."""

    def sent(*rows: tuple[str, ...], take: bool = True, all_or_none: bool = False) -> SheetImport:
        table = workbook(Table("名单", [Heading(name) for name in HEADINGS], rows))
        sheet = actions.start_import(
            kind="qualifications",
            organisation=tree["district"],
            title="名单",
            upload=SimpleUploadedFile("资格.xlsx", table),
            all_or_none=all_or_none,
            actor=cast.administrator,
        )
        return _go_on(sheet, cast.administrator, take)

    return sent


def _go_on(sheet: SheetImport, officer: User, take: bool) -> SheetImport:
    run_job(sheet.job_id or 0)
    sheet.refresh_from_db()
    if take and sheet.state == ImportState.CHECKED:
        actions.apply_import(sheet=sheet, actor=officer)
        run_job(sheet.job_id or 0)
        sheet.refresh_from_db()
    return sheet


def row(user: User, number: str, level: str = "助理社会工作师", day: str = "2025-09-01", year: str = "2025") -> tuple[str, ...]:  # fmt: skip
    return (user.person.name, "", user.email, level, number, day, year)


def test_a_person_who_is_not_found_is_said_at_the_column_that_named_them(send, cast):
    unknown = ("无此人", "", "nobody@example.com", "助理社会工作师", "20250001", "2025-09-01", "2025")
    lines = list(send(unknown, ("无此人", "13800138000", *unknown[2:]), take=False).lines.order_by("number"))
    assert [str(line.column_here) for line in lines] == ["邮箱", "手机号"]


def test_rows_become_verified_qualifications_and_a_second_time_changes_nothing(send, cast, client):
    rows = [
        row(cast.trainee, "20250001"),
        row(cast.supervisor, "2025 0002", "社会工作师", "2025年9月1日", ""),
    ]
    sheet = send(*rows)
    assert counts_of(sheet)[Outcome.APPLIED] == 2 and sheet.state == ImportState.DONE
    held = QualificationRecord.objects.get(person=cast.trainee.person)
    assert (held.state, held.origin, held.verified_by, held.exam_year) == ("verified", "imported", cast.administrator, 2025)  # fmt: skip
    assert Notice.objects.filter(user=cast.trainee, source__endswith=":verified").exists()
    assert AuditEntry.objects.filter(action="credentials.import_qualification").count() == 2
    client.force_login(cast.administrator)
    page = client.get(reverse("imports:detail", args=[sheet.pk])).text
    assert "已导入 2 行" in page and reverse("qualifications:index") in page
    assert reverse("qualifications:conflicts", args=[sheet.pk]) not in page  # nothing clashes
    again = send(*rows, take=False)
    assert counts_of(again) == {"new": 0, "known": 2, "wrong": 0, "applied": 0}


def test_what_somebody_had_declared_is_verified_by_the_table(send, cast):
    day = timezone.localdate() - timedelta(days=100)
    declared = make_qualification(cast.trainee.person, state="declared", number="20250001")
    send(row(cast.trainee, "20250001", day=f"{day:%Y-%m-%d}", year=f"{day.year}"))
    declared.refresh_from_db()
    assert (declared.state, declared.verified_by) == ("verified", cast.administrator)


def test_each_wrong_row_says_which_column_and_why_and_clashes_stand_side_by_side(send, cast, client):
    theirs = make_qualification(cast.other_trainee.person, number="TAKEN001")
    mine = make_qualification(cast.trainee.person, number="OTHER001")
    far = make_qualification(cast.outside_trainee.person, number="FAR00001")
    sheet = send(
        row(cast.trainee, "OTHER002"),
        row(cast.supervisor, "TAKEN001"),
        row(cast.instructor, "FAR00001"),
        row(cast.finance, "20250009", level="特级"),
        row(cast.finance, "20250009", day="昨天"),
        row(cast.finance, "20250009", day="2050-01-01"),
        ("没有的人", "", "nobody@example.com", "助理社会工作师", "20250010", "2025-09-01", ""),
        row(cast.outside_trainee, "20250011"),
        row(cast.administrator, "20250012"),
        row(cast.auditor, "20250013", year="今年"),
        row(cast.auditor, "1.23456789012346e+17"),
        row(cast.finance, "20250014"),
        row(cast.auditor, "20250014"),
        take=False,
    )
    assert counts_of(sheet) == {"new": 1, "known": 0, "wrong": 12, "applied": 0}
    lines = {line.number: line for line in sheet.lines.filter(outcome="wrong")}
    assert [lines[n].subject_id for n in (2, 3, 4)] == [mine.pk, theirs.pk, far.pk]
    assert [lines[n].column for n in (5, 6)] == ["级别", "发证日期"]
    assert all(line.message and line.message_en for line in lines.values())
    client.force_login(cast.administrator)
    page = client.get(reverse("qualifications:conflicts", args=[sheet.pk])).content.decode()
    for text in ("OTHER001", "OTHER002", "TAKEN001", cast.other_trainee.person.name):
        assert text in page
    assert cast.outside_trainee.person.name not in page.replace(lines[9].label, "")
    assert reverse("qualifications:conflicts", args=[sheet.pk]) in client.get(reverse("imports:detail", args=[sheet.pk])).content.decode()  # fmt: skip
    actions.drop_import(sheet=sheet, actor=cast.administrator)
    client.force_login(cast.outsider)
    assert client.get(reverse("qualifications:conflicts", args=[sheet.pk])).status_code == 404


@pytest.mark.parametrize(
    ("number", "day", "year"),
    [
        ("'20250001", "'2025-09-01", "２０２５"),
        ("‘２０２５０００１", "２０２５年９月１日", "２０２５年"),
        ("20250001.0", "2025.9.1", "2025"),
    ],
)
def test_what_other_programs_make_of_a_number_and_a_day_is_read(send, cast, number, day, year):
    send(row(cast.trainee, number, day=day, year=year))
    held = QualificationRecord.objects.get(person=cast.trainee.person)
    assert (held.number, f"{held.issued_on}", held.exam_year) == ("20250001", "2025-09-01", 2025)


def test_a_level_that_is_not_written_is_said_to_be_missing(send, cast):
    line = send(row(cast.trainee, "20250001", level=""), take=False).lines.get()
    assert (str(line.column_here), line.message) == ("级别", "没有填写。")


def test_all_or_nothing_leaves_nothing_behind(send, cast):
    with pytest.raises(actions.ImportRefused):
        send(row(cast.trainee, "20250001"), row(cast.supervisor, "1"), all_or_none=True)
    assert not QualificationRecord.objects.exists()


def test_a_number_that_somebody_verified_meanwhile_makes_one_row_wrong(send, cast):
    sheet = send(row(cast.trainee, "20250001"), row(cast.supervisor, "20250002"), take=False)
    make_qualification(cast.outside_trainee.person, number="20250001")
    _go_on_again(sheet, cast.administrator)
    assert counts_of(sheet) == {"new": 0, "known": 0, "wrong": 1, "applied": 1}


def _go_on_again(sheet: SheetImport, officer: User) -> None:
    actions.apply_import(sheet=sheet, actor=officer)
    run_job(sheet.job_id or 0)
    sheet.refresh_from_db()


def test_three_hundred_rows_with_forty_bad_ones(send, cast, tree, django_assert_max_num_queries):
    """As a job with progress: 260 are taken over, forty say what is wrong, whatever becomes of the machine between."""
    number = 300  # the journey has three thousand
    rows = [
        (name, phone, "", *rest)
        for name, phone, *rest in make_table_of_qualifications(number, tree["station"], wrong=40)
    ]
    sheet = send(*rows, take=False)
    assert counts_of(sheet) == {"new": 260, "known": 0, "wrong": 40, "applied": 0}
    actions.apply_import(sheet=sheet, actor=cast.administrator)
    with django_assert_max_num_queries(60):
        run_job(sheet.job_id or 0)
    sheet.job.refresh_from_db()
    assert (sheet.job.state, sheet.job.done, sheet.job.total) == ("done", number, number)
    assert QualificationRecord.objects.verified().count() == 260
    assert counts_of(sheet)[Outcome.APPLIED] == 260
