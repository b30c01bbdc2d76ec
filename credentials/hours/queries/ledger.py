"""Reading the ledger as the verbs need it: what stands, what was taught, who comes first, and what got less than was asked."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db.models import Q, QuerySet, Sum

from credentials.hours.models import Again, CreditedLesson, HoursEntry
from credentials.hours.policy import Covered, Taught
from credentials.qualifications.models import RegistrationPeriod
from credentials.qualifications.queries import verified_period


def covered_by(
    person_id: int, starts_at: datetime | None, ends_at: datetime | None, *, before: int | None = None
) -> list[Covered]:
    """The clock time between two moments that entries of this person, not taken back, were credited for. One query.

    `before`: only of those whose place in line is before this one (see `place_of`).
    """
    if starts_at is None or ends_at is None:
        return []
    rows = HoursEntry.objects.standing().filter(
        person_id=person_id, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    return [
        Covered(row.starts_at, row.ends_at, row.title, row.pk)
        for row in rows.order_by("pk").only("starts_at", "ends_at", "title", "evidence")
        if row.starts_at and row.ends_at and (before is None or place_of(row) < before)
    ]


def used_in_year(person_id: int, kind: str, year: int, *, together: bool) -> int:
    """The minutes of supervision, together with others or one to one, that a person has been credited with in a calendar
    year. One query."""
    rows = HoursEntry.objects.standing().filter(person_id=person_id, kind=kind, occurred_on__year=year)
    shared = Q(evidence__has_key="together")
    rows = (
        rows.filter(shared) if together else rows.filter(~shared, source__startswith="supervision.session:")
    )
    return rows.aggregate(sum=Sum("minutes", default=0))["sum"] or 0


def place_of(entry: HoursEntry) -> int:
    """The place of an entry in line, by which whoever came first goes first: its own number. A rest came with the entry
    that it completes, and what was settled anew within the same time with the entry that it replaces."""
    evidence = entry.evidence
    return int(evidence.get("place") or evidence.get("rest_of") or entry.pk)


def counts_anew_in(person_id: int, day: date, again: str) -> RegistrationPeriod | None:
    """The registration period in which a lesson completed on this day counts whatever was credited outside it; None when
    it counts once in a lifetime.

    By the rule's word (`again`) each verified period is one; where none is verified, nobody can tell another one from it.
    """
    return verified_period(person_id, day) if again == Again.PERIOD else None


def taught_by(person_id: int, period: RegistrationPeriod | None) -> list[Taught]:
    """The lessons that the person's standing entries were credited for, with a period only those of its days. One query."""
    rows = CreditedLesson.objects.filter(person=person_id)
    if period is not None:
        rows = rows.filter(entry__occurred_on__range=(period.starts_on, period.ends_on))
    lessons: dict[tuple[int, str], set[str]] = defaultdict(set)
    for entry_id, title, lesson in rows.order_by("entry", "pk").values_list(
        "entry", "entry__title", "lesson"
    ):
        lessons[entry_id, title].add(lesson)
    return [Taught(frozenset(keys), title, entry_id) for (entry_id, title), keys in lessons.items()]


def standing_of(person_id: int, about: str) -> list[HoursEntry]:
    """What stands of one act and of its later revisions, whose sources begin with it. A rest goes with its entry and is
    not among them. One query."""
    mine = HoursEntry.objects.standing().filter(person_id=person_id)
    rows = mine.filter(Q(source=about) | Q(source__startswith=f"{about}:"))
    found = rows.select_related("person__user", "organisation", "rule")
    return [entry for entry in found if "rest_of" not in entry.evidence]


def rests_of(entry: HoursEntry) -> QuerySet[HoursEntry]:
    """What was credited later of what this entry had not got, in that order, taken back or not."""
    rows = HoursEntry.objects.filter(person=entry.person_id, evidence__rest_of=entry.pk)
    return rows.select_related("person__user", "organisation", "rule", "correction").order_by("pk")


def cut_short(person_id: int | None = None) -> list[HoursEntry]:
    """Standing entries that got less than was asked for and may get more, in order: something that had taken the rest, or
    the room of the year, was taken back since, and with the rests they are not whole yet. A rest that was taken back has
    been had all the same (see credit_rest). Of one person or of everybody; two queries, and one for the rests where
    anything was taken back."""
    mine = HoursEntry.objects.all() if person_id is None else HoursEntry.objects.filter(person=person_id)
    short = Q(evidence__has_key="taken") | Q(evidence__has_key="beyond")
    rows = mine.standing().filter(short).select_related("rule").order_by("pk")
    names = ("corrects_id", "person_id", "corrects__kind", "corrects__occurred_on__year")
    gone, freed = set(), set()
    for entry_id, *year in mine.filter(corrects__isnull=False).values_list(*names):
        gone.add(entry_id)
        freed.add(tuple(year))

    def may_get_more(row: HoursEntry) -> bool:
        if any(one["entry"] in gone for one in row.evidence.get("by", ())):
            return True
        return "beyond" in row.evidence and (row.person_id, row.kind, row.occurred_on.year) in freed

    found = [row for row in rows if may_get_more(row)]
    if not found:
        return []
    rests = mine.filter(evidence__has_key="rest_of").order_by().values_list("evidence__rest_of")
    had = dict(rests.annotate(total=Sum("minutes")))
    return [row for row in found if row.minutes + had.get(row.pk, 0) < row.evidence["asked"]]
