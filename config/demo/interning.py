"""Sample internships in Jingzhou: eleven and twelve months of employment after one, one to sign, one to place, one that is
planned and one that was cancelled."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from config.demo.hours import paper_of
from core.access.states import Role
from core.models import Organisation, Person, User
from core.organisations.actions import grant_role
from credentials.internships.actions import (
    Employment,
    Plan,
    cancel_internship,
    confirm_internship,
    declare_employment,
    end_internship,
    open_employment_paper,
    open_internship_paper,
    place_internship,
    propose_internship,
    sign_internship,
    verify_employment,
)
from credentials.internships.policy import last_day, months_after
from credentials.models import Internship

ONE_DAY = datetime.timedelta(days=1)
SCHOOL, DISTRICT = "示例师范学院（示例）", "421002"


def place_interns(
    people: Sequence[Person], named: dict[str, Organisation], accounts: dict[str, User]
) -> None:
    """What the module says; `people` work in Jingzhou, the last of them supervises. Idempotent."""
    if len(people) < 6 or Internship.objects.exists():
        return
    bureau, officer, supervisor = named["jingzhou"], accounts["jingzhou@example.com"], people[-1].user
    grant_role(user=supervisor, role=Role.SUPERVISOR, organisation=named["jingzhou_agency"], actor=officer)
    today = timezone.localdate()
    for person, months in zip(people, (12, 11), strict=False):
        # Employed for so many months, the last of which was full yesterday: today it can be claimed.
        first = months_after(today, -months)
        row = _planned(person, bureau, officer, supervisor, first - datetime.timedelta(days=100))
        _lead_to_end(row, officer, supervisor)
        for until in (last_day(first, 6), last_day(first, months)):
            _employ(row, first, min(until, today), officer)
    waiting = _planned(people[2], bureau, officer, supervisor, today - datetime.timedelta(days=300))
    _lead_to_end(waiting, officer, supervisor)
    _employ(waiting, waiting.ends_on + ONE_DAY, today)
    to_sign = _planned(people[3], bureau, officer, supervisor, today - datetime.timedelta(days=95))
    _place(to_sign, officer)
    _confirm(_planned(people[4], bureau, officer, supervisor, today + datetime.timedelta(days=10)))
    _planned(people[4], bureau, officer, supervisor, today + datetime.timedelta(days=200))
    off = _planned(people[4], bureau, officer, supervisor, today - datetime.timedelta(days=200))
    cancel_internship(internship=off, reason="学生改到外地实习（示例）。", actor=officer)


def _planned(
    person: Person, bureau: Organisation, officer: User, supervisor: User, day: datetime.date
) -> Internship:
    station = person.employer or bureau
    plan = Plan(
        SCHOOL, "社会工作", True, True, 4, bureau, station, supervisor, day, day + datetime.timedelta(days=89)
    )  # fmt: skip
    return propose_internship(person=person, plan=plan, actor=officer)


def _file(name: str, words: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(
        f"{name}.pdf", paper_of(f"{name}（样例）", words, timezone.localdate()), "application/pdf"
    )


def _confirm(row: Internship) -> None:
    words = f"{row.person.name} · {row.school} · {row.major} · 四年级 · 全日制"
    confirm_internship(internship=row, upload=_file("学校实习证明", words), actor=row.person.user)


def _place(row: Internship, officer: User) -> None:
    _confirm(row)
    open_internship_paper(internship=row, actor=officer)
    place_internship(internship=row, actor=officer)


def _lead_to_end(row: Internship, officer: User, supervisor: User) -> None:
    _place(row, officer)
    sign_internship(
        internship=row, words="按时到岗，独立完成入户走访和个案记录，督导后能改进（示例）。", minutes=360 * 60,
        ends_on=row.ends_on, actor=supervisor,
    )  # fmt: skip
    end_internship(internship=row, actor=officer)


def _employ(row: Internship, first: datetime.date, until: datetime.date, officer: User | None = None) -> None:
    own = row.person.employer
    said = Employment(own.name if own else "示例单位", DISTRICT, True, first, until, employer=own)
    words = f"{row.person.name} · {first} – {until}"
    proof = declare_employment(
        internship=row, said=said, contract=_file("劳动合同", words), insurance=_file("社保缴纳记录", words),
        actor=row.person.user,
    )  # fmt: skip
    if officer:
        for paper in (proof.contract, proof.insurance):
            if paper:
                open_employment_paper(proof=proof, paper=paper, actor=officer)
        verify_employment(proof=proof, actor=officer)
