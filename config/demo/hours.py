"""Sample registration periods, two manual entries that wait (one for each officer), and an hours statement."""

from __future__ import annotations

import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import Person, User
from core.pdf.paper import DocumentInfo, close_canvas, open_canvas
from core.pdf.text import draw_text
from credentials.manual_entries.actions import Facts, enter_manual, request_manual
from credentials.manual_entries.policy import Said
from credentials.models import QualificationLevel, RegistrationPeriod
from credentials.qualifications.actions import declare_period, verify_period
from credentials.qualifications.policy import PERIOD_YEARS
from credentials.statements.actions import StatementRefused, issue_statement

ENDS_SOON = 60  # days until the end of the one period that presses


def hold_hours(accounts: dict[str, User]) -> None:
    """Periods of the three demo trainees, what two of them ask for, and a statement. Idempotent."""
    if RegistrationPeriod.objects.exists():
        return
    officer, second = accounts["district@example.com"], accounts["city@example.com"]
    trainee, halfway, graduate = (
        accounts[f"{name}@example.com"].person for name in ("trainee", "halfway", "graduate")
    )
    today = timezone.localdate()
    ends_on = today + datetime.timedelta(days=ENDS_SOON)
    _declare(graduate, "social_worker", _years_before(ends_on) + datetime.timedelta(days=1), second)
    _declare(halfway, "assistant", today - datetime.timedelta(days=400), officer)
    _declare(trainee, "assistant", today - datetime.timedelta(days=30), None)
    _ask(trainee, "老年人认知障碍识别与转介", today - datetime.timedelta(days=9))
    _ask(halfway, "未成年人保护个案研讨", today - datetime.timedelta(days=16), by=officer)
    try:
        issue_statement(
            person=graduate, first_on=today - datetime.timedelta(days=365), last_on=today, actor=graduate.user
        )
    except StatementRefused:  # a demo without any hours yet
        pass


def _years_before(day: datetime.date) -> datetime.date:
    last = day if (day.month, day.day) != (2, 29) else day.replace(day=28)
    return last.replace(year=last.year - PERIOD_YEARS)


def _declare(person: Person, code: str, starts_on: datetime.date, verifier: User | None) -> None:
    level = QualificationLevel.objects.get(code=code)
    number = f"示例{starts_on.year}{person.pk:06}"
    period = declare_period(person=person, level=level, starts_on=starts_on, number=number, actor=person.user)
    if verifier is not None:
        verify_period(period=period, actor=verifier)


def _ask(person: Person, title: str, day: datetime.date, by: User | None = None) -> None:
    zone = timezone.get_current_timezone()
    starts_at, ends_at = (datetime.datetime.combine(day, datetime.time(hour, 30), zone) for hour in (13, 16))
    facts = Facts("training", title, "示例市社会工作协会（示例）", Said(day, 180, starts_at, ends_at))
    proof = SimpleUploadedFile(
        f"{title}培训证明.pdf", training_paper(person.name, title, day), "application/pdf"
    )
    if by is None:
        request_manual(person=person, facts=facts, upload=proof, actor=person.user)
    else:
        enter_manual(person=person, facts=facts, upload=proof, actor=by)


def training_paper(name: str, title: str, day: datetime.date, minutes: int = 180) -> bytes:
    """What such a confirmation looks like: one sentence, marked as a sample."""
    return paper_of("培训证明（样例）", f"{name} 参加了“{title}”，共{minutes}分钟。", day)


def paper_of(title: str, words: str, day: datetime.date) -> bytes:
    """A paper of one sentence below its title."""
    canvas = open_canvas(DocumentInfo(title=title, author="示例", subject="样例", keywords="", dated=day))
    draw_text(canvas, title, 420, 420, 28, bold=True, align="centre")
    draw_text(canvas, words, 420, 340, 15, align="centre")
    return close_canvas(canvas)
