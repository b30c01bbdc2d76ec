"""Crediting minutes, once."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from credentials.hours.models import HoursEntry, HoursRule
from lms.signals import CourseCompleted
from supervision.signals import SessionConfirmed

DEFAULT_RULE = {"code": "default", "starts_on": datetime.date(2009, 1, 1)}
DEFAULT_RULE_VALUES = {"minutes_per_hour": 45, "source": "通行做法:45 分钟计 1 学时(可由主管部门调整)"}


def rule_on(day: datetime.date, code: str = "default") -> HoursRule:
    """The rule in force on this day."""
    found = HoursRule.objects.filter(code=code, starts_on__lte=day).order_by("-starts_on").first()
    return found or HoursRule.objects.get_or_create(**DEFAULT_RULE, defaults=DEFAULT_RULE_VALUES)[0]


def credit(
    *,
    person_id: int,
    organisation_id: int,
    kind: str,
    minutes: int,
    occurred_on: datetime.date,
    title: str,
    title_en: str = "",
    source: str,
    evidence: dict[str, Any],
) -> HoursEntry | None:
    """Add minutes to a person's ledger; None when this source has been credited already, or there is nothing to credit.

    Call it inside the transaction of the act it rests on: hours are there if and only if the act is.
    Side effects: one ledger row, one audit entry.
    """
    if minutes <= 0:
        return None
    try:
        with transaction.atomic():
            entry = HoursEntry.objects.create(
                person_id=person_id,
                organisation_id=organisation_id,
                kind=kind,
                minutes=minutes,
                occurred_on=occurred_on,
                title=title[:255],
                title_en=title_en[:255],
                source=source,
                evidence=evidence,
                rule=rule_on(occurred_on),
            )
    except IntegrityError:
        if HoursEntry.objects.filter(person_id=person_id, source=source).exists():
            return None
        raise
    record(
        action="credentials.credit",
        target=entry,
        actor=None,
        organisation=Organisation.objects.get(pk=organisation_id),
        after={"minutes": minutes, "source": source},
        label=f"{minutes} min · {source}",
    )
    return entry


@transaction.atomic
def correct(*, entry: HoursEntry, reason: str, actor: Asker) -> HoursEntry:
    """Take an entry back by a new row of the opposite sign; the entry itself stays. Raises IntegrityError if done."""
    row = HoursEntry.objects.create(
        person=entry.person,
        organisation=entry.organisation,
        kind=HoursEntry.Kind.CORRECTION,
        minutes=-entry.minutes,
        occurred_on=timezone.localdate(),
        title=entry.title,
        title_en=entry.title_en,
        source=f"credentials.hours:{entry.pk}",
        evidence={"reason": reason, "corrects": entry.source},
        rule=entry.rule,
        corrects=entry,
    )
    record(
        action="credentials.correct",
        target=entry,
        actor=actor,
        organisation=entry.organisation,
        before={"minutes": entry.minutes},
        after={"minutes": 0},
        reason=reason,
        label=f"{entry.minutes} min · {entry.source}",
    )
    return row


def credit_course(*, event: CourseCompleted) -> None:
    """Credit the minutes of a completed course to the one who completed it."""
    credit(
        person_id=event.person_id,
        organisation_id=event.organisation_id,
        kind=HoursEntry.Kind.COURSE,
        minutes=event.minutes,
        occurred_on=timezone.localtime(event.completed_at).date(),
        title=event.course_title,
        title_en=event.course_title_en,
        source=f"lms.enrolment:{event.enrolment_id}",
        evidence={
            "course": event.course_code,
            "version": event.version_number,
            "cohort": event.cohort_title,
            "completed_at": event.completed_at.isoformat(),
        },
    )


def credit_session(*, event: SessionConfirmed) -> None:
    """Credit a confirmed supervision session to both sides, each in their own kind."""
    sides = (
        (event.mentee_person_id, HoursEntry.Kind.SUPERVISION, "被督导", "Being supervised"),
        (event.supervisor_person_id, HoursEntry.Kind.SUPERVISING, "开展督导", "Supervising"),
    )
    for person_id, kind, title, title_en in sides:
        credit(
            person_id=person_id,
            organisation_id=event.organisation_id,
            kind=kind,
            minutes=event.minutes,
            occurred_on=event.held_on,
            title=title,
            title_en=title_en,
            source=f"supervision.session:{event.session_id}",
            evidence={
                "session": event.session_id,
                "form": event.form,
                "mode": event.mode,
                "supervisor": event.supervisor_person_id,
                "mentee": event.mentee_person_id,
            },
        )
