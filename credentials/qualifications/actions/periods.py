"""Declaring a registration period and verifying it."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.people.models import Person, User
from core.people.queries import BOUND, deciders_at, is_bound_to
from core.states import Refused, move
from credentials.qualifications.actions.telling import settle_asked
from credentials.qualifications.models import QualificationLevel, RegistrationPeriod
from credentials.qualifications.policy import last_day_of, overlap
from credentials.qualifications.states import MOVES, PeriodState
from credentials.signals import StandingChanged, standing_changed

EARLIEST = datetime.date(2008, 1, 1)  # the first national examination


class PeriodRefused(Refused):
    """The period cannot be declared or verified; the sentence says why."""


@transaction.atomic
def declare_period(
    *, person: Person, level: QualificationLevel, starts_on: datetime.date, number: str = "", actor: Asker
) -> RegistrationPeriod:
    """Declare the three years of one's own registration.

    Raises PeriodRefused for anybody else, when the day is impossible, a period of this person overlaps, or nobody could verify it.
    Side effects: the person's row is locked; a row; an audit entry; notices to those who can verify it.
    """
    assert isinstance(actor, User)
    if actor.pk != person.user_id:
        raise PeriodRefused(_("Only the person themself can do this."))
    person = (
        Person.objects.select_for_update(no_key=True, of=("self",))
        .select_related("employer", "user")
        .get(pk=person.pk)
    )
    ends_on = _require_possible(person, starts_on)
    period = RegistrationPeriod.objects.create(
        person=person, level=level, starts_on=starts_on, ends_on=ends_on, number=number.strip(), declared_by_id=actor.pk
    )  # fmt: skip
    _record(
        "credentials.declare_period",
        period,
        actor,
        after={"starts_on": starts_on.isoformat(), "level": level.code},
    )
    _ask_officers(period)
    return period


def _ask_officers(period: RegistrationPeriod) -> None:
    """Ask those who can verify it: neither the person nor an officer by the person's doing."""
    assert period.person.employer is not None
    for officer in deciders_at(period.person.employer, [period.person.user]):
        notify(
            user=officer,
            kind="hours",
            title=gettext_noop("%(name)s has declared a registration period"),
            body=gettext_noop("Compare it with the registration certificate and verify it, or return it."),
            url=reverse("periods:inspect", args=[period.pk]),
            source=_asked(period),
            name=period.person.name,
        )


def _asked(period: RegistrationPeriod) -> str:
    """How the source of what officers are asked begins; with its end, lest 1 be the beginning of 12."""
    return f"credentials.declare_period:{period.pk}:"


def _require_possible(person: Person, starts_on: datetime.date) -> datetime.date:
    """The last day of a period that may begin on this day."""
    if person.employer is None:
        raise PeriodRefused(
            _("Enter your employer in your profile first: its administrators verify the period.")
        )
    if starts_on < EARLIEST:
        raise PeriodRefused(_("No registration began before 2008. Compare the day with the certificate."))
    if starts_on > timezone.localdate():
        raise PeriodRefused(_("This day lies in the future. Declare the period when it has begun."))
    ends_on = last_day_of(starts_on)
    for other in RegistrationPeriod.objects.filter(person=person).in_force():
        if overlap(starts_on, ends_on, (other.starts_on, other.ends_on)):
            words = _(
                "It overlaps with your period from %(first)s to %(last)s. Withdraw that one first, or check the day."
            )
            days = {"first": date_format(other.starts_on), "last": date_format(other.ends_on)}
            raise PeriodRefused(words % days)
    return ends_on


@transaction.atomic
def verify_period(*, period: RegistrationPeriod, actor: Asker) -> RegistrationPeriod:
    """Say that a declared period is as the certificate says. Never one's own: the database refuses it too.

    Raises PeriodRefused, StaleState or IllegalMove. Side effects: the state, an audit entry, a notice.
    """
    if actor.pk in (period.person.user_id, period.declared_by_id):
        raise PeriodRefused(_("Nobody verifies their own period. Ask another administrator."))
    if is_bound_to(actor, period.person):
        raise PeriodRefused(BOUND)
    move(period, PeriodState.VERIFIED, MOVES, verified_by_id=actor.pk, decided_at=timezone.now())
    _record(
        "credentials.verify_period", period, actor, before={"state": "declared"}, after={"state": "verified"}
    )
    _settle(period)
    _tell(
        period,
        gettext_noop("Your registration period has been verified"),
        gettext_noop("It runs from %(first)s to %(last)s."),
    )
    standing_changed.send(RegistrationPeriod, event=StandingChanged((period.person_id,)))
    return period


@transaction.atomic
def return_period(*, period: RegistrationPeriod, reason: str, actor: Asker) -> RegistrationPeriod:
    """Say what is wrong with a period; its holder declares it anew. Raises as verify_period does."""
    if not reason.strip():
        raise PeriodRefused(_("Write the reason: the person will read it."))
    if actor.pk == period.person.user_id:
        raise PeriodRefused(_("Nobody decides about their own period. Withdraw it instead."))
    if is_bound_to(actor, period.person):
        raise PeriodRefused(BOUND)
    old = move(period, PeriodState.RETURNED, MOVES, reason=reason.strip(), decided_at=timezone.now())
    _record(
        "credentials.return_period",
        period,
        actor,
        before={"state": old},
        after={"state": "returned"},
        reason=reason.strip(),
    )
    _settle(period)
    _tell(
        period,
        gettext_noop("Your registration period was returned"),
        gettext_noop("Reason: %(reason)s. Correct it and declare it again."),
    )
    standing_changed.send(RegistrationPeriod, event=StandingChanged((period.person_id,)))
    return period


@transaction.atomic
def withdraw_period(*, period: RegistrationPeriod, actor: Asker) -> RegistrationPeriod:
    """Take back what one has declared oneself, before it is verified.

    Raises PeriodRefused for anybody else, StaleState or IllegalMove. Side effects: the state, an audit entry.
    """
    if actor.pk != period.person.user_id:
        raise PeriodRefused(_("Only the person themself can do this."))
    move(period, PeriodState.WITHDRAWN, MOVES, decided_at=timezone.now())
    _record(
        "credentials.withdraw_period",
        period,
        actor,
        before={"state": "declared"},
        after={"state": "withdrawn"},
    )
    _settle(period)
    return period


def _record(action: str, period: RegistrationPeriod, actor: Asker, **facts: Any) -> None:
    record(action=action, target=period, actor=actor, organisation=period.person.employer, **facts)


def _settle(period: RegistrationPeriod) -> None:
    """What the officers were asked is done: those of the place where the person worked when they declared it."""
    settle_asked(_asked(period), period.person.user_id)


def _tell(period: RegistrationPeriod, title: str, body: str) -> None:
    notify(
        user=period.person.user,
        kind="hours",
        title=title,
        body=body,
        url=reverse("credentials:period-list"),
        source=f"credentials.period:{period.pk}:{period.state}",
        first=period.starts_on,
        last=period.ends_on,
        reason=period.reason,
    )
