"""Reading the ledger: totals, the latest entries, and what an entry rests on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, overload

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.people.models import Person, PersonQuerySet
from credentials.hours.models import COUNTED, Again, CreditedLesson, EntryKind, HoursEntry, HoursRule
from credentials.hours.policy import Counting, Covered, Taught, counting_of
from credentials.qualifications.models import RegistrationPeriod
from credentials.qualifications.policy import PRESSING_DAYS, Progress
from credentials.qualifications.queries import verified_period
from lms import public as lms
from supervision import public as supervision

KINDS = COUNTED
RECENT_SHOWN = 3


@dataclass(frozen=True)
class KindTotal:
    """What a person holds of one kind: minutes, and the hours that they are worth by the rules they were credited by."""

    kind: str
    minutes: int = 0
    hours: Decimal = Decimal("0.0")
    counted: Decimal = Decimal("0.0")  # of these, towards a registration period

    @property
    def label(self) -> str:
        return str(EntryKind(self.kind).label)


@dataclass(frozen=True)
class RecentHours:
    """One of the latest entries, as other apps may show it."""

    title: str
    kind: str
    minutes: int
    occurred_on: date
    entry_id: int


@dataclass(frozen=True)
class HoursTotals:
    """What a person holds, by kind; a correction is taken off the kind it corrects."""

    kinds: tuple[KindTotal, ...] = ()
    recent: tuple[RecentHours, ...] = ()

    @property
    def learned(self) -> Decimal:
        """Hours of everything but of supervising others."""
        return sum((each.hours for each in self.kinds if each.kind != EntryKind.SUPERVISING), Decimal(0))

    @property
    def rows(self) -> list[tuple[str, Decimal]]:
        """Label and hours of each kind; of the rarer kinds only those that somebody holds."""
        always = (EntryKind.COURSE, EntryKind.SUPERVISION)
        shown = (each for each in self.kinds if each.minutes or each.kind in always)
        return [(each.label, each.hours) for each in shown]

    @property
    def chart(self) -> list[tuple[str, Decimal]]:
        """The kinds that hold anything, for a chart; empty when there is nothing to compare."""
        held = [(each.label, each.hours) for each in self.kinds if each.minutes]
        return held if len(held) > 1 else []


@dataclass(frozen=True)
class Group:
    """Entries of one person, kind, rule and length, and whether they count towards a period."""

    person_id: int
    kind: str
    minutes: int
    times: int
    rule_id: int | None
    counting: Counting
    counts: bool


def grouped(rows: QuerySet[HoursEntry]) -> list[Group]:
    """The entries by person, kind, rule and length, corrections under the kind that they correct. One statement.

    Steps are worth something per entry, so the length has to be known; equal entries are counted together.
    """
    names = ("person_id", "kind", "corrects__kind", "minutes", "rule_id")
    rule = ("rule__minutes_per_hour", "rule__steps", "rule__counts")
    found = rows.order_by().values_list(*names, *rule).annotate(times=Count("pk"))
    return [
        Group(
            person,
            corrected or kind,
            minutes,
            times,
            rule_id,
            counting_of(an_hour, steps),
            counts is not False,
        )
        for person, kind, corrected, minutes, rule_id, an_hour, steps, counts, times in found
    ]


def worth_of(groups: Iterable[Group]) -> Decimal:
    """The hours that these are worth: minutes of an even rule are added up first, steps count entry by entry."""
    even: Counter[tuple[int | None, Counting]] = Counter()
    hours = Decimal("0.0")
    for group in groups:
        if group.counting.steps:
            hours += group.counting.hours_of(group.minutes, group.times)
        else:
            even[group.rule_id, group.counting] += group.minutes * group.times
    return hours + sum((counting.hours_of(total) for (_, counting), total in even.items()), Decimal(0))


def totals_of(person: Person) -> HoursTotals:
    """The person's totals, in one statement."""
    return totals_from(grouped(HoursEntry.objects.filter(person=person)))


def totals_from(groups: Sequence[Group]) -> HoursTotals:
    return HoursTotals(kinds=tuple(_total(kind, groups) for kind in KINDS))


def _total(kind: str, groups: Sequence[Group]) -> KindTotal:
    mine = [group for group in groups if group.kind == kind]
    minutes = sum(group.minutes * group.times for group in mine)
    return KindTotal(
        kind=kind,
        minutes=minutes,
        hours=worth_of(mine),
        counted=worth_of(group for group in mine if group.counts),
    )


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


def recent_of(person: Person) -> tuple[RecentHours, ...]:
    """The latest entries of a person, in one statement."""
    rows = HoursEntry.objects.filter(person=person)[:RECENT_SHOWN]
    return tuple(RecentHours(row.title_here, row.kind, row.minutes, row.occurred_on, row.pk) for row in rows)


@dataclass(frozen=True)
class KindProgress:
    """What one kind adds to a period, and by which rules it was counted."""

    label: str
    minutes: int
    counted: Decimal
    uncounted: Decimal
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class PeriodProgress:
    """How far one registration period has come."""

    period: RegistrationPeriod
    progress: Progress
    kinds: tuple[KindProgress, ...]

    @property
    def rules(self) -> list[str]:
        """The rules by which anything of it was counted, each once."""
        return list(dict.fromkeys(rule for each in self.kinds for rule in each.rules))

    @property
    def chart(self) -> list[tuple[str, Decimal]]:
        return [(each.label, each.counted) for each in self.kinds if each.counted]


def progress_of(period: RegistrationPeriod) -> PeriodProgress:
    """What was done within a period, by kind. Two queries."""
    rows = HoursEntry.objects.filter(person=period.person_id).in_period(period.starts_on, period.ends_on)
    groups = grouped(rows)
    totals = totals_from(groups)
    rules = HoursRule.objects.filter(pk__in={group.rule_id for group in groups if group.rule_id})
    words = {rule.pk: f"{rule.counting_words} · {rule.source_here}" for rule in rules}
    kinds = tuple(
        KindProgress(
            label=total.label,
            minutes=total.minutes,
            counted=total.counted,
            uncounted=total.hours - total.counted,
            rules=tuple(
                dict.fromkeys(
                    words[group.rule_id]
                    for group in groups
                    if group.kind == total.kind and group.rule_id in words
                )
            ),
        )
        for total in totals.kinds
        if total.minutes
    )
    done = sum((total.counted for total in totals.kinds), Decimal(0))
    return PeriodProgress(period, Progress(done, period.level.target_hours, period.ends_on), kinds)


@dataclass(frozen=True)
class Holding:
    """One person at the desk: what they hold in all, and how far their current period has come (None: none declared)."""

    person: Person
    hours: Decimal
    period: RegistrationPeriod | None
    progress: Progress | None


class Holdings(Sequence[Holding]):
    """People at the desk with what they hold, which is worked out for a page of them when that page is asked for."""

    def __init__(self, people: QuerySet[Person]) -> None:
        self.people = people

    def __len__(self) -> int:
        return self.people.count()

    def __iter__(self) -> Iterator[Holding]:
        return iter(self[:])

    @overload
    def __getitem__(self, place: int) -> Holding: ...
    @overload
    def __getitem__(self, place: slice) -> list[Holding]: ...
    def __getitem__(self, place: int | slice) -> Holding | list[Holding]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        return _holdings_of(self.people[place])


def holders_for(user: Asker) -> PersonQuerySet:
    """The people whose hours this user may read in sum, whoever credited them: those employed in their tree.

    The ledger (`HoursEntry.visible_to`) shows the entries that organisations of their tree credited, so the two can
    differ. The rule is `credentials.read_holdings`.
    """
    return Person.objects.filter(scope_of(user).q("employer", *READERS))


def holdings_in(
    user: Asker, *, words: str = "", below: bool = False, ending: bool = False, place: str = ""
) -> Sequence[Holding]:
    """The people in this user's scope who hold hours or are registered, by pinyin.

    `below`: below the target of their period; `ending`: it ends within 90 days; `place`: the path of an organisation.
    Who is below the target is known only when everybody's hours are added up; otherwise only a page of them is.
    """
    today = timezone.localdate()
    held = HoursEntry.objects.order_by().values("person")
    registered = RegistrationPeriod.objects.in_force().order_by().values("person")
    people = holders_for(user).filter(Q(pk__in=held) | Q(pk__in=registered))
    if place:
        people = people.filter(employer__path__startswith=place)
    if words.strip():
        people = people.named(words)
    if ending:
        last = today + timedelta(days=PRESSING_DAYS)
        current = RegistrationPeriod.objects.on(today).filter(ends_on__lte=last).order_by()
        people = people.filter(pk__in=current.values("person"))
    rows = Holdings(people.select_related("employer"))
    if not below:
        return rows
    return [each for each in rows[:] if each.progress and not each.progress.reached]


def _holdings_of(people: QuerySet[Person]) -> list[Holding]:
    """What these people hold, in their order. Four queries, however many; a page of them is named one by one."""
    today = timezone.localdate()
    mine: Any = [person.pk for person in people] if people.query.is_sliced else people.order_by().values("pk")
    periods = RegistrationPeriod.objects.filter(person__in=mine).on(today).select_related("level")
    current = {period.person_id: period for period in periods}
    of_person: dict[int, list[Group]] = defaultdict(list)
    in_period: dict[int, list[Group]] = defaultdict(list)
    entries = HoursEntry.objects.filter(person__in=mine)
    for group in grouped(entries):
        of_person[group.person_id].append(group)
    spans = RegistrationPeriod.objects.on(today).filter(
        person=OuterRef("person"),
        starts_on__lte=Coalesce(OuterRef("corrects__occurred_on"), OuterRef("occurred_on")),
    )
    for group in grouped(entries.filter(Exists(spans))):
        in_period[group.person_id].append(group)
    return [_holding(person, of_person, in_period, current) for person in people]


def _holding(
    person: Person,
    of_person: dict[int, list[Group]],
    in_period: dict[int, list[Group]],
    current: dict[int, RegistrationPeriod],
) -> Holding:
    hours = sum((kind.hours for kind in totals_from(of_person[person.pk]).kinds), Decimal(0))
    period = current.get(person.pk)
    if period is None:
        return Holding(person, hours, None, None)
    done = sum((kind.counted for kind in totals_from(in_period[person.pk]).kinds), Decimal(0))
    return Holding(person, hours, period, Progress(done, period.level.target_hours, period.ends_on))


def entries_for(user: Asker) -> QuerySet[HoursEntry]:
    """The entries that this user may read, with everything that a row of the list shows."""
    return HoursEntry.objects.visible_to(user).select_related("person", "organisation", "rule", "correction")


Evidence = lms.Evidence | lms.AttendanceEvidence | supervision.SessionEvidence | supervision.GatheringEvidence


def evidence_of(entry: HoursEntry, reader: Asker) -> Evidence | None:
    """What an entry rests on, asked of the app that it came from; None when that app does not know it.

    Whoever may read the entry may read this: times and results, never what was said or written. `reader` is led on to
    the register of a class only where they may see that.
    """
    source = entry.corrects.source if entry.corrects else entry.source
    where, number, *_ = [*source.split(":"), ""]
    if not number.isdecimal():
        return None
    if where == "lms.enrolment":
        return lms.evidence_of(int(number))
    if where == "lms.attendance":
        return lms.attendance_evidence_of(int(number), reader)
    if where == "supervision.session":
        return supervision.evidence_of(int(number))
    if where == "supervision.participation":
        return supervision.participation_evidence_of(int(number))
    if where == "supervision.gathering":
        return supervision.gathering_evidence_of(int(number))
    return None
