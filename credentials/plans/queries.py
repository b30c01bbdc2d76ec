"""Reading plans: what was reached, from completed courses, verified registrations and filled posts; and where the gaps are."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone

from core.access.scope import Asker
from core.organisations.models import Organisation, Tier
from credentials.plans.models import PlanTarget, TalentPlan
from credentials.plans.policy import Division, Progress, below
from credentials.plans.states import PlanState, TargetKind
from credentials.posts.queries import filled_by_sector
from credentials.qualifications.models import QualificationRecord
from credentials.qualifications.states import RecordState
from credentials.talent.models import TalentProfile
from lms.public import completed_in_year

PASSES_ON = (Tier.CITY, Tier.COUNTY, Tier.STREET)


@dataclass(frozen=True)
class Share:
    """What one organisation below was given of a target, and has reached. `number` None: nothing was given."""

    organisation: Organisation
    number: int | None
    progress: Progress
    plan: TalentPlan | None


@dataclass(frozen=True)
class TargetRow:
    """One target of a plan with how far it has come and how it was passed on."""

    target: PlanTarget
    progress: Progress
    division: Division
    shares: list[Share] = field(default_factory=list)

    @property
    def given(self) -> list[Share]:
        return [share for share in self.shares if share.number is not None]


class Achieved:
    """What the people employed below a path have reached in a year; each kind is read when it is first asked for."""

    def __init__(self, path: str, year: int) -> None:
        self.path, self.year = path, year
        self._counted: dict[str, Counter[str]] = {}

    def done(self, target: PlanTarget, path: str) -> int:
        """How many people at or below this path count for the target."""
        if target.key not in self._counted:
            self._counted[target.key] = below(self.facts(target), Organisation.steplen)
        return self._counted[target.key][path]

    def facts(self, target: PlanTarget) -> Iterable[tuple[str, int]]:
        """Who counts for the target: the path and the person, some several times. No page shows it."""
        if target.kind == TargetKind.QUALIFIED:
            rows = self._qualified
            return [(path, person) for path, person, level in rows if target.level_id in (None, level)]
        if target.kind == TargetKind.POSTED:
            held = self._posted
            return [(path, person) for path, sector, person in held if target.sector_id in (None, sector)]
        found = [
            (path, person) for path, person, course in self._trained if target.course_id in (None, course)
        ]
        if target.level_id is None and not target.route:
            return found
        wanted = (target.level_id, target.route)
        return [each for each in found if self._is_such(each[1], *wanted)]

    def _is_such(self, person: int, level: int | None, route: str) -> bool:
        has_level, has_route = self._people.get(person, (None, ""))
        return level in (None, has_level) and route in ("", has_route)

    @cached_property
    def _trained(self) -> list[tuple[str, int, int]]:
        return completed_in_year(self.path, self.year)

    @cached_property
    def _people(self) -> dict[int, tuple[int | None, str]]:
        rows = TalentProfile.objects.filter(path__startswith=self.path).exclude(level=None, route="")
        return {
            pk: (level, route) for pk, level, route in rows.order_by().values_list("pk", "level_id", "route")
        }

    @cached_property
    def _qualified(self) -> list[tuple[str, int, int]]:
        """Whoever holds a certificate of a level that was issued in the year, as an officer has verified."""
        rows = QualificationRecord.objects.filter(
            person__employer__path__startswith=self.path,
            state=RecordState.VERIFIED,
            issued_on__year=self.year,
        )
        found = rows.order_by().values_list("person__employer__path", "person_id", "level_id")
        return list(found.distinct())

    @cached_property
    def _posted(self) -> list[tuple[str, int, int]]:
        last = datetime.date(self.year, 12, 31)
        return filled_by_sector(self.path, min(last, timezone.localdate()))


def desk_plans(user: Asker) -> QuerySet[TalentPlan]:
    """The plans that this user may read, with their organisations."""
    return TalentPlan.objects.visible_to(user).select_related("organisation", "parent__organisation")


def targets_of(plans: Iterable[TalentPlan]) -> list[PlanTarget]:
    """The targets of these plans, with what they are narrowed by. One query."""
    rows = PlanTarget.objects.filter(plan__in=list(plans))
    return list(rows.select_related("course", "level", "sector", "plan"))


def children_of(organisation: Organisation) -> list[Organisation]:
    """The organisations right below that may have a plan of their own. One query; asked by the path, because a row that
    was read before its first child was added believes that it has none."""
    rows = Organisation.objects.filter(path__startswith=organisation.path, depth=organisation.depth + 1)
    return list(rows.filter(is_active=True, tier__in=PASSES_ON))


def rows_of(plan: TalentPlan) -> list[TargetRow]:
    """The targets of a plan with their progress and shares. At most nine queries, however many there are of anything."""
    achieved = Achieved(plan.organisation.path, plan.year)
    targets, children = targets_of([plan]), children_of(plan.organisation)
    passed = PlanTarget.objects.filter(parent__in=targets).select_related("plan")
    shares = {(each.parent_id, each.plan.organisation_id): each for each in passed}
    return [_row(plan, target, children, shares, achieved) for target in targets]


def _row(
    plan: TalentPlan,
    target: PlanTarget,
    children: list[Organisation],
    shares: dict[tuple[int | None, int], PlanTarget],
    achieved: Achieved,
) -> TargetRow:
    found = []
    for child in children:
        share = shares.get((target.pk, child.pk))
        number = share.number if share else None
        done = achieved.done(target, child.path)
        found.append(Share(child, number, Progress(number or 0, done), share.plan if share else None))
    given = [share.number for share in found if share.number is not None]
    return TargetRow(
        target=target,
        progress=Progress(target.number, done_of(plan, target, achieved)),
        division=Division(target.number, sum(given), len(given)),
        shares=found,
    )


def done_of(plan: TalentPlan, target: PlanTarget, achieved: Achieved) -> int:
    """What a target has reached; of a closed plan what it had reached when it was closed."""
    if plan.state == PlanState.CLOSED:
        return int(plan.figures.get(str(target.pk), 0))
    return achieved.done(target, plan.organisation.path)


@dataclass(frozen=True)
class PlanRow:
    """One plan in the overview: its progress by kind of target, in the order of the kinds; None where it has none."""

    plan: TalentPlan
    kinds: list[Progress | None]

    @property
    def by_kind(self) -> list[tuple[str, Progress | None]]:
        """The same with the name of each kind."""
        return list(zip(map(str, TargetKind.labels), self.kinds, strict=True))

    @property
    def missing(self) -> int:
        return sum(each.missing for each in self.kinds if each)


def overview(plans: list[TalentPlan]) -> list[PlanRow]:
    """How far these plans of one year have come, by kind: the sums of their targets. At most six queries."""
    if not plans:
        return []
    paths = [plan.organisation.path for plan in plans]
    achieved = Achieved(_common(paths), plans[0].year)
    targets = targets_of(plans)
    of_plan: dict[int, list[PlanTarget]] = {}
    for target in targets:
        of_plan.setdefault(target.plan_id, []).append(target)
    return [PlanRow(plan, _by_kind(plan, of_plan.get(plan.pk, []), achieved)) for plan in plans]


def _common(paths: list[str]) -> str:
    """The longest path above all of these."""
    first, last = min(paths), max(paths)
    same = next(
        (n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last))
    )
    return first[: same - same % Organisation.steplen]


def _by_kind(plan: TalentPlan, targets: list[PlanTarget], achieved: Achieved) -> list[Progress | None]:
    found: list[Progress | None] = []
    for kind in TargetKind:
        whole, parts = None, []
        for target in targets:
            if target.kind != kind:
                continue
            progress = Progress(target.number, done_of(plan, target, achieved))
            if target.is_narrowed:
                parts.append(progress)
            else:
                whole = progress
        found.append(_together(whole, parts) if whole or parts else None)
    return found


def _together(whole: Progress | None, parts: list[Progress]) -> Progress:
    """The targets of one kind in one figure. Whoever counts for a narrowed target counts for the one that is not narrowed
    too: where that one is set its numbers stand, so that nobody is counted twice, and the gap is no less than the parts'."""
    gap = sum(each.missing for each in parts)
    if whole:
        return _Summed(whole.number, whole.done, max(whole.missing, gap))
    return _Summed(sum(each.number for each in parts), sum(each.done for each in parts), gap)


@dataclass(frozen=True)
class _Summed(Progress):
    """Several targets together: what one has more than enough of fills no gap of another."""

    gap: int = 0

    @property
    def missing(self) -> int:
        return self.gap

    @property
    def is_of_parts(self) -> bool:
        """Whether the whole is reached, and yet something is missing in one of its parts."""
        return bool(self.gap) and self.done >= self.number

    @property
    def reached(self) -> bool:
        return not self.gap

    @property
    def percent(self) -> int:
        return max(100 * (self.number - self.gap) // self.number, 0) if self.number else 100
