"""Crediting minutes, once."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.organisations.models import Organisation
from core.people.models import Person
from core.states import Refused
from credentials.hours.models import HoursEntry, HoursRule
from lms.public import CourseCompleted, completions
from supervision.public import confirmations
from supervision.signals import SessionConfirmed

DEFAULT_STARTS = datetime.date(2009, 1, 1)
DEFAULT_RULE = {"minutes_per_hour": 45, "source": "通行做法：45 分钟计 1 学时（可由主管部门调整）"}


class CannotCorrect(Exception):
    """The entry is a correction itself, or has been corrected already."""


def rule_on(day: datetime.date, organisation: Organisation) -> HoursRule:
    """The rule in force on this day at this organisation: its own, else that of the nearest one above it."""
    known = HoursRule.objects.for_organisation(organisation.path).filter(starts_on__lte=day)
    rules = list(known.select_related("organisation"))
    if not rules:
        return HoursRule.objects.get_or_create(
            organisation=None, starts_on=DEFAULT_STARTS, defaults=DEFAULT_RULE
        )[0]
    return max(
        rules, key=lambda rule: (len(rule.organisation.path) if rule.organisation else 0, rule.starts_on)
    )


@transaction.atomic
def add_rule(
    *,
    organisation: Organisation | None,
    starts_on: datetime.date,
    minutes_per_hour: int,
    source: str,
    actor: Asker,
) -> HoursRule:
    """Say how minutes become hours from a day on; what is credited already keeps its rule.

    Raises Refused when this organisation has a rule from that very day. Side effects: a row, an audit entry.
    """
    rule = HoursRule(
        organisation=organisation,
        starts_on=starts_on,
        minutes_per_hour=minutes_per_hour,
        source=source.strip(),
    )
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        raise Refused(_("There is a rule from this day already. Choose another day."))
    record(
        action="credentials.add_rule",
        target=rule,
        actor=actor,
        organisation=organisation,
        after={
            "starts_on": starts_on.isoformat(),
            "minutes_per_hour": minutes_per_hour,
            "source": rule.source,
        },
    )
    return rule


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
    organisation = Organisation.objects.get(pk=organisation_id)
    try:
        with transaction.atomic():
            entry = HoursEntry.objects.create(
                person_id=person_id,
                organisation=organisation,
                kind=kind,
                minutes=minutes,
                occurred_on=occurred_on,
                title=title[:255],
                title_en=title_en[:255],
                source=source,
                evidence=evidence,
                rule=rule_on(occurred_on, organisation),
            )
    except IntegrityError:
        if HoursEntry.objects.filter(person_id=person_id, source=source).exists():
            return None
        raise
    record(
        action="credentials.credit",
        target=entry,
        actor=None,
        organisation=organisation,
        after={"minutes": minutes, "source": source},
        label=f"{minutes} min · {source}",
    )
    return entry


@transaction.atomic
def correct(*, entry: HoursEntry, reason: str, actor: Asker) -> HoursEntry:
    """Take an entry back by a new row of the opposite sign; the entry itself stays.

    Raises ValueError without a reason, CannotCorrect when that is done already or the entry is a correction.
    Side effects, in order: the row; an audit entry; a notice to the person.
    """
    if not reason.strip():
        raise ValueError("a reason is required")
    if entry.corrects_id is not None:
        raise CannotCorrect("a correction is not corrected")
    try:
        with transaction.atomic():
            row = HoursEntry.objects.create(
                person=entry.person,
                organisation=entry.organisation,
                kind=HoursEntry.Kind.CORRECTION,
                minutes=-entry.minutes,
                occurred_on=timezone.localdate(),
                title=entry.title,
                title_en=entry.title_en,
                source=f"credentials.hours:{entry.pk}",
                evidence={"reason": reason.strip(), "corrects": entry.source},
                rule=entry.rule,
                corrects=entry,
            )
    except IntegrityError as error:
        raise CannotCorrect("this entry has been corrected already") from error
    record(
        action="credentials.correct",
        target=entry,
        actor=actor,
        organisation=entry.organisation,
        before={"minutes": entry.minutes},
        after={"minutes": 0},
        reason=reason.strip(),
        label=f"{entry.minutes} min · {entry.source}",
    )
    notify(
        user=entry.person.user,
        kind="hours",
        title=gettext_noop("Your hours for “%(what)s” were corrected"),
        body=gettext_noop("%(minutes)s minutes were taken back. Reason: %(reason)s"),
        url=reverse("credentials:hours-evidence", args=[row.pk]),
        source=f"credentials.correct:{entry.pk}",
        what=entry.title,
        minutes=entry.minutes,
        reason=reason.strip(),
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
    """Credit a confirmed supervision session to both sides, each in their own kind, titled by who sat opposite."""
    mentee, supervisor = event.mentee_person_id, event.supervisor_person_id
    names = dict(Person.objects.filter(pk__in=(mentee, supervisor)).values_list("pk", "name"))
    by, of = names[supervisor], names[mentee]
    sides = (
        (mentee, HoursEntry.Kind.SUPERVISION, f"接受督导：{by}", f"Supervised by {by}"),
        (supervisor, HoursEntry.Kind.SUPERVISING, f"开展督导：{of}", f"Supervising {of}"),
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


def reconcile() -> list[str]:
    """Credit every completed course and confirmed session that is not in the ledger; a line for each gap."""
    known = set(HoursEntry.objects.filter(corrects=None).values_list("person_id", "source"))
    lines = []
    for done in [event for event in completions() if event.minutes > 0]:
        if (done.person_id, f"lms.enrolment:{done.enrolment_id}") not in known:
            with transaction.atomic():
                credit_course(event=done)
            lines.append(f"enrolment {done.enrolment_id}: hours credited")
    for held in list(confirmations()):
        source = f"supervision.session:{held.session_id}"
        if {(held.mentee_person_id, source), (held.supervisor_person_id, source)} - known:
            with transaction.atomic():
                credit_session(event=held)
            lines.append(f"session {held.session_id}: hours credited")
    return lines
