"""Sample qualifications in every state: the people of Jingzhou whose certificates policies ask about, two who claim one
number, somebody on the way to a level, conduct, commendations, and a renewal pack."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.demo.hours import paper_of
from core.models import Organisation, Person, User
from core.organisations.queries import administrators_of
from credentials.commendations.actions import register_commendation
from credentials.conduct.actions import record_conduct
from credentials.models import QualificationLevel, QualificationRecord
from credentials.qualifications.actions import (
    add_level_terms,
    declare_qualification,
    note_exam,
    open_scan,
    return_qualification,
    verify_qualification,
    withdraw_qualification,
)
from credentials.qualifications.policy import Said
from credentials.renewals.actions import make_pack

# Level, days since the issue, what became of it. Day 365 and 366 are what a year of a policy is tried with.
JINGZHOU = (
    ("assistant", 30, "verified"),
    ("assistant", 365, "verified"),
    ("assistant", 366, "verified"),
    ("social_worker", 200, "verified"),
    ("social_worker", 500, "verified"),
    ("senior", 90, "verified"),
    ("assistant", 60, "declared"),
    ("social_worker", 45, "declared"),
    ("assistant", 20, "returned"),
    ("social_worker", 15, "withdrawn"),
)


def qualify(people: Sequence[Person], accounts: dict[str, User], named: dict[str, Organisation]) -> None:
    """What the module says. Idempotent."""
    if QualificationRecord.objects.exists():
        return
    _name_levels(named["tianjin"], accounts["city@example.com"])
    officer, second = accounts["district@example.com"], accounts["city@example.com"]
    trainee, halfway, graduate = (
        accounts[f"{name}@example.com"].person for name in ("trainee", "halfway", "graduate")
    )
    verify_sample(declare_sample(graduate, "social_worker", 1200, "示例津00120001"), second)
    verify_sample(declare_sample(halfway, "assistant", 420, "示例津00120002"), officer)
    unclear = declare_sample(trainee, "assistant", 40, "示例津0012003")
    return_qualification(
        qualification=unclear, reason="编号少一位，请对照证书原件重新填写（示例）。", actor=officer
    )
    declare_sample(trainee, "assistant", 40, "示例津00120003")
    middle, year = QualificationLevel.objects.get(code="social_worker"), timezone.localdate().year
    for subject, passed in ((1, year - 1), (2, year)):
        note_exam(person=halfway, level=middle, subject=subject, year=passed)
    register_commendation(
        person=graduate, rank="city", title="最美社工（示例）", issuer="示例市民政局（示例）", year=year - 1, actor=second
    )  # fmt: skip
    current = graduate.registration_periods.filter(state="verified").first()
    if current is not None:
        make_pack(period=current, actor=graduate.user)
    _claim(people)


def _name_levels(top: Organisation, actor: User) -> None:
    """What the middle level was called before, and since when another department answers for it."""
    level = QualificationLevel.objects.get(code="social_worker")
    for day, department in (
        (datetime.date(2008, 1, 1), "民政部门"),
        (datetime.date(2023, 3, 1), "社会工作部门"),
    ):
        add_level_terms(
            level=level, organisation=top, starts_on=day, name="社会工作师", name_en="Social worker",
            department=f"{department}（示例）", window_years=2, source="示例文件", actor=actor,
        )  # fmt: skip


def _claim(people: Sequence[Person]) -> None:
    """Jingzhou: every state, one number that two claim, and a conduct record of each of two heads."""
    for place, (person, (code, days, state)) in enumerate(zip(people, JINGZHOU, strict=False)):
        row = declare_sample(person, code, days, f"示例鄂{place:08}")
        officer = _officer(person)
        if state == "verified" and officer:
            verify_sample(row, officer)
        elif state == "returned" and officer:
            return_qualification(qualification=row, reason="扫描件看不清编号（示例）。", actor=officer)
        elif state == "withdrawn":
            withdraw_qualification(qualification=row, actor=person.user)
    rest = people[len(JINGZHOU) :]
    if len(rest) < 4:
        return
    for person in rest[:2]:
        declare_sample(person, "assistant", 70, "示例鄂88880000")
    for person, head in zip(rest[2:4], ("ethics", "industry"), strict=True):
        officer = _officer(person)
        day = timezone.localdate() - datetime.timedelta(days=400)
        if officer:
            record_conduct(
                person=person, head=head, occurred_on=day, established_on=day + datetime.timedelta(days=30),
                source="示例市民政局〔示例〕1号", details="样例，内容为虚构。", actor=officer,
            )  # fmt: skip
            register_commendation(
                person=person, rank="provincial", title="优秀社会工作者（示例）", issuer="示例省民政厅（示例）", year=2024,
                actor=officer,
            )  # fmt: skip


def verify_sample(row: QualificationRecord, officer: User) -> None:
    open_scan(qualification=row, actor=officer)
    verify_qualification(qualification=row, actor=officer)


def _officer(person: Person) -> User | None:
    found = administrators_of(person.employer) if person.employer else []
    return next((user for user in found if user.pk != person.user_id), None)


def declare_sample(person: Person, code: str, days_ago: int, number: str) -> QualificationRecord:
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    level = QualificationLevel.objects.get(code=code)
    paper = paper_of("职业资格证书（样例）", f"{person.name} · {level.name} · {number}", day)
    scan = SimpleUploadedFile(f"{level.name}证书.pdf", paper, "application/pdf")
    slip = (
        day - datetime.timedelta(days=500) if code == "senior" else None
    )  # the review came a year and a half later
    said = Said(number, day, (slip or day).year, slip_on=slip)
    return declare_qualification(person=person, level=level, said=said, upload=scan, actor=person.user)
