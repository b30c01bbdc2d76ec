"""Writing in the ledger: minutes credited once, and taken back once."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.organisations.models import Organisation
from core.people.models import Person, User
from credentials.hours.actions.rules import rule_on
from credentials.hours.models import EntryKind, HoursEntry, SkippedCredit
from credentials.hours.policy import Credit, Taught, credit_of, lessons_left
from credentials.hours.queries import covered_by, taught_by

SKIPPED_WORDS = {
    "time": gettext_noop(
        "Its %(minutes)s minutes lie wholly within “%(other)s”, which has been credited already."
    ),
    "lessons": gettext_noop(
        "The %(minutes)s minutes of its lessons have been credited already, with “%(other)s”. A lesson counts once."
    ),
}


class CannotCorrect(Exception):
    """The entry is a correction itself, or has been corrected already."""


def lock_people(*person_ids: int) -> None:
    """Lock the rows of these people, always in the same order, until the transaction ends.

    Whatever credits minutes holds this lock, so that two credits at once never take the same minutes.
    """
    rows = Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=person_ids)
    list(rows.order_by("pk").values_list("pk"))


@transaction.atomic
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
    starts_at: datetime.datetime | None = None,
    ends_at: datetime.datetime | None = None,
    lessons: Mapping[str, int] | None = None,
) -> HoursEntry | None:
    """Add minutes to a person's ledger; None when this source has been credited already, or there is nothing to credit.

    Clock time that an earlier entry of this person covers is not credited again, and neither is a lesson (`lessons`:
    their minutes by key, which add up to `minutes`); what was left out, and because of what, stands in the evidence. Nothing left is no entry: the person is told and the audit says why, once.
    Call it inside the transaction of the act it rests on: hours are there if and only if the act is.
    Side effects, in order: the person's row is locked; one ledger row; one audit entry.
    """
    if minutes <= 0:
        return None
    lock_people(person_id)
    if HoursEntry.objects.filter(person_id=person_id, source=source).exists():
        return None
    organisation = Organisation.objects.get(pk=organisation_id)
    rule = rule_on(occurred_on, organisation, kind)
    if lessons:
        found, left = lessons_left(lessons, taught_by(person_id, occurred_on, rule.lessons_again))
        evidence = evidence | {"lessons": left}
    else:
        found = credit_of(minutes, starts_at, ends_at, covered_by(person_id, starts_at, ends_at))
    if not found.minutes:
        skip_credit(person_id=person_id, credit=found, title=title, source=source, organisation=organisation)
        return None
    entry = HoursEntry.objects.create(
        person_id=person_id,
        organisation=organisation,
        kind=kind,
        minutes=found.minutes,
        occurred_on=occurred_on,
        starts_at=starts_at,
        ends_at=ends_at,
        title=title[:255],
        title_en=title_en[:255],
        source=source,
        evidence=evidence | _left_out(found),
        rule=rule,
    )
    record(
        action="credentials.credit",
        target=entry,
        actor=None,
        organisation=organisation,
        after={"minutes": found.minutes, "source": source},
        label=_label(entry.title, found.minutes),
    )
    return entry


def _label(title: str, minutes: int) -> str:
    """What the audit calls an entry; its source stands among the facts."""
    return f"{title} · {gettext('%(minutes)s minutes') % {'minutes': minutes}}"


def _left_out(found: Credit) -> dict[str, Any]:
    """For the evidence: the minutes asked for that were not credited, and what had taken them."""
    if not found.taken:
        return {}
    by = [{"entry": one.entry_id, "title": one.title} for one in found.by]
    return {"asked": found.asked, "taken": found.taken, "by": by}


def skip_credit(
    *, person_id: int, credit: Credit, title: str, source: str, organisation: Organisation
) -> bool:
    """Say once that nothing is credited, since earlier entries cover the whole time or had all its lessons; False when
    it was said before.

    Should those be corrected later, the reconciler credits it then. Side effects: a row that remembers it; a notice;
    an audit entry at the entry that covers it.
    """
    first = credit.by[0]
    known = {"minutes": credit.asked, "covered_by_id": first.entry_id}
    if not SkippedCredit.objects.get_or_create(person_id=person_id, source=source, defaults=known)[1]:
        return False
    notify(
        user=User.objects.get(person=person_id),
        kind="hours",
        title=gettext_noop("“%(what)s” adds no hours"),
        body=SKIPPED_WORDS["lessons" if isinstance(first, Taught) else "time"],
        url=reverse("credentials:hours-evidence", args=[first.entry_id]),
        source=f"credentials.skip_credit:{source}",
        what=title,
        minutes=credit.asked,
        other=first.title,
    )
    record(
        action="credentials.skip_credit",
        target=HoursEntry.objects.get(pk=first.entry_id),
        actor=None,
        organisation=organisation,
        after={"minutes": 0, "source": source},
        label=_label(title, 0),
    )
    return True


@transaction.atomic
def correct_hours(*, entry: HoursEntry, reason: str, actor: Asker | None) -> HoursEntry:
    """Take an entry back by a new row of the opposite sign; the entry itself stays. `actor` is None for the system.

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
                kind=EntryKind.CORRECTION,
                minutes=-entry.minutes,
                occurred_on=timezone.localdate(),
                title=entry.title,
                title_en=entry.title_en,
                source=f"credentials.hours:{entry.pk}",
                evidence={"reason": reason.strip(), "corrects": entry.source, "by": _name_of(actor)},
                rule=entry.rule,
                corrects=entry,
            )
    except IntegrityError as error:
        raise CannotCorrect("this entry has been corrected already") from error
    record(
        action="credentials.correct_hours",
        target=entry,
        actor=actor,
        organisation=entry.organisation,
        before={"minutes": entry.minutes},
        after={"minutes": 0},
        reason=reason.strip(),
        label=_label(entry.title, entry.minutes),
    )
    notify(
        user=entry.person.user,
        kind="hours",
        title=gettext_noop("Your hours for “%(what)s” were corrected"),
        body=gettext_noop("%(minutes)s minutes were taken back. Reason: %(reason)s"),
        url=reverse("credentials:hours-evidence", args=[row.pk]),
        source=f"credentials.correct_hours:{entry.pk}",
        what=entry.title,
        minutes=entry.minutes,
        reason=reason.strip(),
    )
    return row


def _name_of(actor: Asker | None) -> str:
    """Who did it, as frozen in the evidence; empty for the system."""
    return actor.get_full_name() if isinstance(actor, User) else ""
