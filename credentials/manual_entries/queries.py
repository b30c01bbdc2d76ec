"""Reading manual entries, and finding what was entered before."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.audit.models import AuditEntry
from core.people.models import Person, User
from core.people.queries import independence_at
from credentials.hours.models import EntryKind, HoursEntry
from credentials.manual_entries.models import ManualEntry
from credentials.manual_entries.policy import Other, Said, is_near, may_be_same, plain_title
from credentials.manual_entries.states import Training
from credentials.qualifications.models import RegistrationPeriod

MOST_COMPARED = 1000  # of one person's entries, the latest


def own_manual(person: Person) -> QuerySet[ManualEntry]:
    """What somebody has asked for or had entered, the latest first."""
    return ManualEntry.objects.filter(person=person).select_related("organisation", "entry")


def desk_manual(user: Asker) -> QuerySet[ManualEntry]:
    """The manual entries that this user may read, with what a row and a page of the desk show."""
    rows = ManualEntry.objects.visible_to(user)
    return rows.select_related(
        "person__user", "person__employer", "organisation", "proof", "entry",
        "asked_by__person", "entered_by__person", "decided_by__person",
    )  # fmt: skip


def to_decide(user: Asker) -> QuerySet[ManualEntry]:
    """What waits for this administrator, the oldest first."""
    mine = ManualEntry.objects.filter(scope_of(user).q("organisation", Role.ADMINISTRATOR))
    return mine.waiting_for(user)


def leans_on_entering(entry: ManualEntry, actor: Asker) -> bool:
    """Whether this officer is no second one: made or let in by the officer who entered the entry, or the other way; or
    one of the two is an officer by the doing of the person whose hours they are."""
    if entry.entered_by is None or not isinstance(actor, User):
        return False
    known: dict[int, bool] = entry.__dict__.setdefault("_leaning", {})  # asked by rule, page and act alike
    if actor.pk not in known:
        known[actor.pk] = actor not in independent_of(entry, [actor])
    return known[actor.pk]


def independent_of(entry: ManualEntry, officers: Iterable[User]) -> list[User]:
    """Of these officers those who can take the next step: nobody whom the person has let in, and for the second step
    nobody who leans on the first officer. Two queries."""
    asked, holder, first = list(officers), entry.person.user, entry.entered_by
    known = independence_at(entry.organisation, [*asked, holder, *([first] if first else [])])
    free = [officer for officer in asked if not known.let_in(officer, holder)]
    if first is None:
        return free
    if known.let_in(first, holder):
        return []
    return [officer for officer in free if not known.leans(officer, first)]


@dataclass(frozen=True)
class Twin:
    """Another person's manual entry with the very same proof."""

    entry_id: int
    name: str
    title: str
    state_label: str
    visible: bool


def twins_of(entry: ManualEntry, user: Asker) -> list[Twin]:
    """Entries of other people that were proven by the same file, for the second officer to look at. Two queries.

    Who they are about is said only to whoever may see them.
    """
    rows = ManualEntry.objects.alive().filter(proof_sha256=entry.proof_sha256).exclude(person=entry.person_id)
    seen = set(ManualEntry.objects.visible_to(user).filter(pk__in=rows).values_list("pk", flat=True))
    return [
        Twin(row.pk, row.person.name, row.title, row.get_state_display(), row.pk in seen)
        for row in rows.select_related("person").order_by("pk")[:20]
    ]


def entered_before(person: Person, *, sha256: str, title: str, said: Said) -> tuple[ManualEntry, str] | None:
    """An entry of the same person that is the same thing again, and by what: "proof", "time" or "title". One query.

    A title is the same however it is written: see `plain_title`.
    """
    same = Q(proof_sha256=sha256) | Q(occurred_on=said.occurred_on)
    if said.starts_at and said.ends_at:
        same |= Q(starts_at__lt=said.ends_at, ends_at__gt=said.starts_at)
    for row in ManualEntry.objects.alive().filter(same, person=person).order_by("pk"):
        if row.proof_sha256 == sha256:
            return row, "proof"
        if said.starts_at and said.ends_at and row.starts_at and row.ends_at:
            if row.starts_at < said.ends_at and said.starts_at < row.ends_at:
                return row, "time"
        elif row.occurred_on == said.occurred_on and plain_title(row.title) == plain_title(title):
            return row, "title"
    return None


@dataclass(frozen=True)
class Clash:
    """Something of the same day that may be the same training, and where it comes from, in the reader's language."""

    source: str
    title: str
    minutes: int
    origin: tuple[str, str]


def clashes_of(person: Person, *, training: str, title: str, said: Said) -> list[Clash]:
    """What this person was credited for, has asked for or had entered on that day and is not told apart from this by the
    clock (see `may_be_same`). What was returned, withdrawn or taken back is left out. Two queries."""
    that_day, is_degree = Q(person=person, occurred_on=said.occurred_on), training == Training.DEGREE
    found = []
    for row in ManualEntry.objects.alive().filter(that_day, entry=None).order_by("pk"):
        other = Other(row.title, bool(row.starts_at), False, row.training == Training.DEGREE)
        if may_be_same(said, title, is_degree=is_degree, other=other):
            origin = (_("manual entry"), row.organiser)
            found.append(Clash(f"credentials.manual:{row.pk}", row.title, row.minutes, origin))
    credits = HoursEntry.objects.standing().filter(that_day).select_related("organisation")
    for held in credits.order_by("pk"):
        was_degree = held.evidence.get("training") == Training.DEGREE
        other = Other(held.title, bool(held.starts_at), True, was_degree)
        if may_be_same(said, title, is_degree=is_degree, other=other):
            origin = (held.get_kind_display(), held.organisation.name)
            found.append(Clash(held.source, held.title_here, held.minutes, origin))
    return found


def degree_before(
    person: Person, *, period: RegistrationPeriod | None, but: int | None = None
) -> ManualEntry | None:
    """The degree of this person that counts, so that another one does not; with a period, one of its days. One query.

    One whose hours were taken back counts no more.
    """
    rows = ManualEntry.objects.alive().filter(person=person, training=Training.DEGREE, entry__correction=None)
    if period is not None:
        rows = rows.filter(occurred_on__range=(period.starts_on, period.ends_on))
    return rows.exclude(pk=but or 0).exclude(degree_slot=None).order_by("pk").first()


def minutes_of_day(person: Person, day: datetime.date, *, with_open: bool) -> int:
    """What a person was credited for on a day, and with `with_open` what still waits. Two queries.

    Neither a degree, which is no work of one day, nor a course, which is dated by its last lesson.
    """
    held = HoursEntry.objects.standing().filter(person=person, occurred_on=day)
    degrees = ManualEntry.objects.filter(person=person, training=Training.DEGREE, entry__isnull=False)
    held = held.exclude(kind=EntryKind.COURSE).exclude(pk__in=degrees.values("entry"))
    waiting = ManualEntry.objects.open().filter(person=person, occurred_on=day)
    sums = [held, waiting.exclude(training=Training.DEGREE)] if with_open else [held]
    return sum(rows.order_by().aggregate(sum=Sum("minutes"))["sum"] or 0 for rows in sums)


@dataclass(frozen=True)
class Beside:
    """Another entry or credit of the same person that may be the same training; `address` where the officer may read it."""

    day: datetime.date
    title: str
    label: str
    minutes: int
    address: str
    is_near: bool


def beside(entry: ManualEntry, user: Asker) -> list[Beside]:
    """What else this person was credited for or has asked for on the same day, and what has nearly the same title on
    any day, for the second officer to compare. Four queries."""
    others = ManualEntry.objects.alive().filter(person=entry.person_id, entry=None).exclude(pk=entry.pk)
    credits = HoursEntry.objects.standing().filter(person=entry.person_id).exclude(pk=entry.entry_id or 0)
    found = []
    for rows, url, label in (
        (others, "manual-entries:inspect", "get_state_display"),
        (credits, "credentials:hours-evidence", "get_kind_display"),
    ):
        compared: list[Any] = list(rows[:MOST_COMPARED])
        near = {row.pk: is_near(row.title, entry.title) for row in compared}
        shown = [row for row in compared if near[row.pk] or row.occurred_on == entry.occurred_on]
        readable = set(
            rows.model.objects.visible_to(user)
            .filter(pk__in=[row.pk for row in shown])
            .values_list("pk", flat=True)
        )
        for row in shown:
            address = reverse(url, args=[row.pk]) if row.pk in readable else ""
            words = str(getattr(row, label)())
            found.append(Beside(row.occurred_on, row.title, words, row.minutes, address, near[row.pk]))
    return sorted(found, key=lambda each: (each.day, each.title))


def has_opened(entry: ManualEntry, user: Asker) -> bool:
    """Whether this officer has opened the proof: each time is audited (`open_proof`). One query."""
    return AuditEntry.objects.has_done(user, "credentials.open_proof", entry)


def minutes_asked(trail: Iterable[AuditEntry]) -> int | None:
    """How many minutes were asked for, where the first officer entered fewer; `trail` is what was done to the entry."""
    for act in trail:
        if act.action == "credentials.accept_manual":
            before, after = (act.data.get(side, {}).get("minutes") for side in ("before", "after"))
            return before if before != after else None
    return None
