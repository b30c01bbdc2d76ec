"""Sample registers at Tianjin's desks: conduct that stands and that was lifted, a commendation that was struck off, and a table of
qualifications that has been checked and waits: right rows, wrong ones, and one that clashes with what we have."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.imports.actions import start_import
from core.jobs.actions import run_job
from core.models import Organisation, Person, User
from core.sheets.writing import Heading, Table, workbook
from credentials.commendations.actions import register_commendation, strike_commendation
from credentials.conduct.actions import lift_conduct, record_conduct
from credentials.models import ConductRecord, QualificationRecord
from credentials.qualifications.actions import QUALIFICATIONS

TABLE = "2026年度考试合格人员（示例）"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = ("姓名", "邮箱", "级别", "证书编号", "发证日期", "考试年份")
SOURCE = "示例区民政局〔示例〕%d号"


def keep_registers(people: Sequence[Person], accounts: dict[str, User], district: Organisation) -> None:
    """What the module says, about people whom the district's accounts see. Idempotent."""
    mine = [person for person in people if person.employer and person.employer.path.startswith(district.path)]
    if len(mine) < 7 or ConductRecord.objects.filter(person__in=mine).exists():
        return
    officer, second = accounts["district@example.com"], accounts["city@example.com"]
    _conduct(mine[0], "discipline", 300, officer)
    mistaken = _conduct(mine[1], "unlawful", 500, officer)
    lift_conduct(kept=mistaken, reason="经复核为同名误录，予以解除（示例）。", actor=second)
    _commend(mine, officer)
    _send_table(mine[3:], district, officer)


def _conduct(person: Person, head: str, days: int, officer: User) -> ConductRecord:
    day = timezone.localdate() - datetime.timedelta(days=days)
    return record_conduct(
        person=person,
        head=head,
        occurred_on=day,
        established_on=day + datetime.timedelta(days=20),
        source=SOURCE % days,
        details="样例，内容为虚构。",
        actor=officer,
    )


def _commend(people: Sequence[Person], officer: User) -> None:
    """Of every rank one; the last was entered twice in other words, so one of the two is struck off."""
    year = timezone.localdate().year
    for person, rank, title, issuer in (
        (people[2], "national", "全国优秀社会工作者（示例）", "示例协会（示例）"),
        (people[3], "provincial", "社会工作先进个人（示例）", "示例市民政局（示例）"),
        (people[4], "city", "最美社工（示例）", "示例区民政局（示例）"),
    ):
        register_commendation(
            person=person, rank=rank, title=title, issuer=issuer, year=year - 1, actor=officer
        )
    twice = register_commendation(
        person=people[4], rank="city", title="寻找最美社工（示例）", issuer="示例区民政局（示例）", year=year - 1, actor=officer
    )  # fmt: skip
    strike_commendation(
        commendation=twice, reason="与“最美社工”为同一表彰，重复登记（示例）。", actor=officer
    )


def _send_table(people: Sequence[Person], district: Organisation, officer: User) -> None:
    """Two right rows, three wrong ones, and a number that somebody else holds as verified."""
    day = (timezone.localdate() - datetime.timedelta(days=30)).isoformat()
    year = day[:4]
    held = QualificationRecord.objects.verified().filter(person__employer__path__startswith=district.path)
    taken = held.filter(level__code="assistant").values_list("number", flat=True).first() or "示例津00120002"
    first, second, third, fourth = people[:4]
    rows = [
        (first.name, first.user.email, "助理社会工作师", "示例津00260001", day, year),
        (second.name, second.user.email, "社会工作师", "示例津00260002", day, year),
        (third.name, third.user.email, "助理社会工作师", taken, day, year),
        (fourth.name, fourth.user.email, "特级社会工作师", "示例津00260003", day, year),
        (fourth.name, fourth.user.email, "助理社会工作师", "示例津00260004", "去年九月", year),
        ("查无此人", "nobody@example.com", "助理社会工作师", "示例津00260005", day, year),
    ]
    content = workbook(Table("合格人员", [Heading(each) for each in COLUMNS], rows))
    sheet = start_import(
        kind=QUALIFICATIONS.key,
        organisation=district,
        title=f"导入资格：{TABLE}.xlsx",
        upload=SimpleUploadedFile(f"{TABLE}.xlsx", content, SPREADSHEET),
        all_or_none=False,
        actor=officer,
    )
    run_job(sheet.job_id or 0)
