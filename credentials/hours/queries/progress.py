"""How far registration periods have come, of one person and of everybody in scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, overload

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.people.models import Person, PersonQuerySet
from credentials.hours.models import HoursEntry, HoursRule
from credentials.hours.queries.totals import Group, grouped, totals_from
from credentials.qualifications.models import RegistrationPeriod
from credentials.qualifications.policy import PRESSING_DAYS, Progress


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
