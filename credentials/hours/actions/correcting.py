"""Taking back what the ledger has credited: once, by a row of its own; and crediting what becomes free by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop, override

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import both, notify
from core.people.models import User
from credentials.hours.actions.ledger import add_entry, entry_label, lock_people, room_in_year
from credentials.hours.models import Again, CreditedLesson, EntryKind, HoursEntry
from credentials.hours.policy import Credit, credit_of, lessons_left
from credentials.hours.queries import counts_anew_in, covered_by, cut_short, place_of, rests_of, taught_by
from credentials.signals import StandingChanged, standing_changed
from lms import public as lms

LEFT_OUT = ("asked", "taken", "by", "beyond")  # what the evidence says of minutes that were not credited


class CannotCorrect(Exception):
    """The entry is a correction itself, or has been corrected already."""


@transaction.atomic
def correct_hours(
    *, entry: HoursEntry, reason: str, actor: Asker | None, values: Mapping[str, Any] | None = None
) -> HoursEntry:
    """Take an entry back by a new row of the opposite sign; the entry itself stays. `actor` is None for the system.

    `reason` is what the officer wrote; with `values`, a msgid whose places they fill in the reader's language.
    What was credited later as its rest rests on the same act, and goes with it. What others had not got because of it is
    credited to them.
    Raises ValueError without a reason, CannotCorrect when that is done already or the entry is a correction.
    Side effects, in order: the person's row is locked; the row; its lessons are free; an audit entry; the same
    for each rest; one notice to the person, of all that was taken back; the rests of others.
    """
    row = take_back(entry=entry, reason=reason, actor=actor, values=values)
    credit_rests(person_id=entry.person_id)
    return row


@transaction.atomic
def take_back(
    *, entry: HoursEntry, reason: str, actor: Asker | None, values: Mapping[str, Any] | None = None
) -> HoursEntry:
    """As correct_hours, but what others may get by it waits for `credit_rests`, in the same transaction: whoever replaces
    the entry comes before them."""
    if not reason.strip():
        raise ValueError("a reason is required")
    if entry.corrects_id is not None:
        raise CannotCorrect("a correction is not corrected")
    lock_people(entry.person_id)
    row = _take_back(entry, reason.strip(), actor, values)
    rests = list(rests_of(entry).filter(correction=None))
    for rest in rests:
        _take_back(rest, reason.strip(), actor, values)
    _tell(row, reason.strip(), sum(each.minutes for each in (entry, *rests)), values)
    return row


def credit_rests(*, person_id: int) -> None:
    """Credit to this person's entries, in order, what they had not got and is free now (see credit_rest)."""
    for entry in cut_short(person_id):
        credit_rest(entry=entry)


def _take_back(
    entry: HoursEntry, reason: str, actor: Asker | None, values: Mapping[str, Any] | None
) -> HoursEntry:
    evidence: dict[str, Any] = {"reason": reason, "corrects": entry.source, "by": _name_of(actor)}
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
                evidence=evidence | ({"values": dict(values)} if values else {}),
                rule=entry.rule,
                corrects=entry,
            )
    except IntegrityError as error:
        raise CannotCorrect("this entry has been corrected already") from error
    CreditedLesson.objects.filter(entry=entry).delete()
    with override(settings.LANGUAGE_CODE):
        said = row.reason_here
    record(
        action="credentials.correct_hours",
        target=entry,
        actor=actor,
        organisation=entry.organisation,
        before={"minutes": entry.minutes},
        after={"minutes": 0},
        reason=said,
        label=entry_label(entry.title, entry.minutes),
    )
    standing_changed.send(HoursEntry, event=StandingChanged((entry.person_id,)))
    return row


def _tell(row: HoursEntry, reason: str, minutes: int, values: Mapping[str, Any] | None) -> None:
    """Tell the person once of a correction, however many rests went with its entry: so many minutes in all."""
    notify(
        user=row.person.user,
        kind="hours",
        title=gettext_noop("Your hours for “%(what)s” were corrected"),
        body=reason if values else gettext_noop("%(minutes)s minutes were taken back. Reason: %(reason)s"),
        url=reverse("credentials:hours-evidence", args=[row.pk]),
        source=f"credentials.correct_hours:{row.corrects_id}",
        **{"what": both(row.title, row.title_en), "minutes": minutes, "reason": reason, **(values or {})},
    )


def _name_of(actor: Asker | None) -> str:
    """Who did it, as frozen in the evidence; empty for the system."""
    return actor.get_full_name() if isinstance(actor, User) else ""


@transaction.atomic
def credit_rest(*, entry: HoursEntry) -> HoursEntry | None:
    """Credit what an entry had not got and is free now; None when it has been taken back or nothing is free.

    Whoever came first goes first, as when they were credited: later entries yield to this one with their whole time.
    Of supervision no more than the year has room for, by the rule that the entry was credited by. A rest that an
    officer took back is not credited again. Side effects, in order: the person's row is locked; one ledger row; one
    audit entry; a notice to the person.
    """
    lock_people(entry.person_id)
    if HoursEntry.objects.filter(corrects=entry).exists():
        return None
    rests, period = list(rests_of(entry)), None
    evidence = {name: value for name, value in entry.evidence.items() if name not in LEFT_OUT}
    if "lessons" in evidence:
        again = entry.rule.lessons_again if entry.rule else Again.PERIOD
        period = counts_anew_in(entry.person_id, entry.occurred_on, again)
        found, evidence["lessons"] = lessons_left(_missing(entry, rests), taught_by(entry.person_id, period))
    else:
        found = _time_free(entry, rests)
    if found.minutes <= 0:
        return None
    rest = add_entry(
        period=period,
        person=entry.person,
        organisation=entry.organisation,
        kind=entry.kind,
        minutes=found.minutes,
        occurred_on=entry.occurred_on,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        title=entry.title,
        title_en=entry.title_en,
        source=f"{entry.source}:again:{len(rests) + 1}",
        evidence=evidence | {"rest_of": entry.pk},
        rule=entry.rule,
    )
    notify(
        user=entry.person.user,
        kind="hours",
        title=gettext_noop("%(minutes)s minutes of “%(what)s” have been credited"),
        body=gettext_noop("This is the rest of another entry: what had stood in its way was taken back."),
        url=reverse("credentials:hours-evidence", args=[rest.pk]),
        source=f"credentials.credit_rest:{rest.pk}",
        what=both(entry.title, entry.title_en),
        minutes=rest.minutes,
    )
    return rest


def _time_free(entry: HoursEntry, rests: list[HoursEntry]) -> Credit:
    asked, starts_at, ends_at = entry.evidence["asked"], entry.starts_at, entry.ends_at
    earlier = covered_by(entry.person_id, starts_at, ends_at, before=place_of(entry))
    had = entry.minutes + sum(rest.minutes for rest in rests)
    free = credit_of(asked, starts_at, ends_at, earlier).minutes - had
    form = str(entry.evidence.get("form", ""))
    room = room_in_year(entry.rule, entry.person_id, entry.kind, entry.occurred_on, form)
    return Credit(free if room is None else min(free, room), asked - had)


def _missing(entry: HoursEntry, rests: list[HoursEntry]) -> dict[str, int]:
    """The lessons of a completion that neither its entry nor a rest was credited for, with their minutes."""
    told = lms.completion_told(int(entry.source.rpartition(":")[2]))
    had = {key for row in (entry, *rests) for key in row.evidence["lessons"]}
    return {key: minutes for key, minutes in told.lessons.items() if key not in had} if told else {}


def place_kept(
    replaced: Sequence[HoursEntry], starts_at: datetime | None, ends_at: datetime | None
) -> int | None:
    """The place in line that a newer revision keeps; None when it has none, or reaches beyond the former time, where
    others may have been credited since."""
    return min(
        (
            place_of(entry)
            for entry in replaced
            if entry.starts_at and starts_at and entry.starts_at <= starts_at
            if entry.ends_at and ends_at and ends_at <= entry.ends_at
        ),
        default=None,
    )
