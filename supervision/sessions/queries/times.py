"""When somebody was in a session, and within how many days one is to be recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.organisations.models import Organisation
from core.people.engagements import Engagement
from supervision.pairings.models import Pairing
from supervision.sessions.models import LoggingRule, Session
from supervision.sessions.policy import days_late
from supervision.sessions.states import SessionState
from supervision.slots.policy import overlaps
from supervision.supervisors.queries import nearest


def clashes_with(
    pairing: Pairing, starts_at: datetime, ends_at: datetime, *, besides: int | None = None
) -> Session | None:
    """A live session at that time in which either of the pair takes part, on whichever side; None when there is none."""
    return session_at((pairing.supervisor_id, pairing.mentee_id), starts_at, ends_at, besides=besides)


def session_at(
    people: Collection[int], starts_at: datetime, ends_at: datetime, *, besides: int | None = None
) -> Session | None:
    """A live session at that time in which one of these people takes part, on whichever side."""
    rows = (
        Session.objects.live()  # type: ignore[misc]
        .filter(Q(pairing__supervisor__in=people) | Q(pairing__mentee__in=people))
        .filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
        .exclude(pk=besides)
        .with_people()
        .order_by("starts_at")
    )
    found = rows.first()
    assert found is None or overlaps((found.starts_at, found.ends_at), (starts_at, ends_at))
    return found


DAYS_TO_RECORD = 14  # usual practice; the local rule is data


def days_to_record(pairing: Pairing, on: dt.date) -> tuple[int, str]:
    """Within how many days a session of this pairing is to be recorded, and by which source. One query."""
    return days_to_record_at(pairing.organisation, on)


def logging_rule_at(
    organisation: Organisation, on: dt.date, *, known_at: datetime | None = None
) -> LoggingRule | None:
    """The rule of the nearest place above, the one that began last; None: the usual two weeks. One query.

    `known_at`: only of those that had been entered by then, so that a rule which is entered later changes nothing that
    was recorded before.
    """
    rows = LoggingRule.objects.in_force(on)
    if known_at is not None:
        rows = rows.known_at(known_at)
    return nearest(rows, organisation.path)


@dataclass(frozen=True)
class HowLate:
    """How many days too late, of how many allowed, by which rule (None: usual practice)."""

    days: int
    allowed: int
    rule: LoggingRule | None


def how_late(organisation: Organisation, starts_at: datetime, said_at: datetime) -> HowLate:
    """How late what was held then was said, by the rule that was in force at the place and entered by then. One query."""
    held_on, said_on = timezone.localtime(starts_at).date(), timezone.localtime(said_at).date()
    rule = logging_rule_at(organisation, said_on, known_at=said_at)
    allowed = rule.days if rule else DAYS_TO_RECORD
    return HowLate(days_late(held_on, said_on, allowed), allowed, rule)


def days_to_record_at(organisation: Organisation, on: dt.date) -> tuple[int, str]:
    """Within how many days something is to be recorded at a place, and by which source: the rule of the nearest place
    above it, the one that began last, or the usual two weeks. One query."""
    rule = logging_rule_at(organisation, on)
    if rule is None:
        return DAYS_TO_RECORD, _("usual practice, no local rule is entered")
    return rule.days, f"{rule.source} · {date_format(rule.starts_on)}"


def in_session(person_ids: Collection[int], starts_at: datetime, ends_at: datetime) -> Iterable[Engagement]:
    """The sessions that these people were in, on whichever side, without with whom. One query."""
    people = set(person_ids)
    rows = (
        Session.objects.live()
        .filter(Q(pairing__supervisor__in=people) | Q(pairing__mentee__in=people))
        .filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
        .select_related("pairing")
    )
    for row in rows:
        agreed = row.state == SessionState.CONFIRMED
        for person_id in people & {row.pairing.supervisor_id, row.pairing.mentee_id}:
            yield Engagement(person_id, row.starts_at, row.ends_at, _("a supervision session"), agreed)
