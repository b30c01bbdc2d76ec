"""What a trial changes, and whom it moves."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from core.access.scope import Asker
from supervision.matching.models import (
    RoundMentee,
    RoundRun,
    RoundSupervisor,
)


@dataclass(frozen=True)
class Moved:
    """A mentee for whom a trial changes something."""

    mentee: RoundMentee
    before: RoundSupervisor | None
    after: RoundSupervisor | None
    points: int  # more or less than before


def moves_of(trial: RoundRun, current: RoundRun, user: Asker) -> list[Moved]:
    """Who would have another supervisor, or none, or one at last. Four statements."""
    pairs: dict[int, list[tuple[int | None, int]]] = defaultdict(lambda: [(None, 0), (None, 0)])
    for place, run in enumerate((current, trial)):
        for mentee, by, score in run.lines.order_by().values_list("mentee", "supervisor", "score"):
            pairs[mentee][place] = (by, score)
    moved = {mentee: both for mentee, both in pairs.items() if both[0][0] != both[1][0]}
    mentees = RoundMentee.objects.visible_to(user).select_related("person__employer").in_bulk(list(moved))
    keys = {by for both in moved.values() for by, _score in both if by}
    supervisors = RoundSupervisor.objects.visible_to(user).select_related("supervisor__person").in_bulk(keys)
    found = [
        Moved(
            mentees[mentee],
            supervisors.get(before[0] or 0),
            supervisors.get(after[0] or 0),
            after[1] - before[1],
        )
        for mentee, (before, after) in moved.items()
        if mentee in mentees
    ]
    return sorted(
        found, key=lambda one: (one.after is not None, one.before is not None, one.mentee.person.pinyin)
    )


@dataclass(frozen=True)
class Changes:
    """What an officer changed for a calculation, in words."""

    pinned: list[tuple[RoundMentee, RoundSupervisor]]
    forbidden: list[tuple[RoundMentee, RoundSupervisor]]
    places: list[tuple[RoundSupervisor, int]]

    @property
    def is_empty(self) -> bool:
        return not (self.pinned or self.forbidden or self.places)


def changes_of(run: RoundRun, user: Asker) -> Changes:
    """Two statements."""
    pairs = [*run.pinned, *run.forbidden]
    mentees = (
        RoundMentee.objects.visible_to(user).select_related("person").in_bulk([one for one, _by in pairs])
    )
    keys = [by for _one, by in pairs] + [int(key) for key in run.places]
    supervisors = RoundSupervisor.objects.visible_to(user).select_related("supervisor__person").in_bulk(keys)

    def named(rows: list[list[int]]) -> list[tuple[RoundMentee, RoundSupervisor]]:
        return [(mentees[one], supervisors[by]) for one, by in rows if one in mentees and by in supervisors]

    numbers = [
        (supervisors[int(key)], number) for key, number in run.places.items() if int(key) in supervisors
    ]
    return Changes(named(run.pinned), named(run.forbidden), numbers)


@dataclass(frozen=True)
class Overfull:
    """A supervisor to whom a calculation gives more mentees than have a place in the registry, because an officer tried
    more places."""

    member: RoundSupervisor
    given: int
    free: int

    @property
    def capacity(self) -> int:
        """The places that are needed: those taken now, and those given."""
        return self.member.supervisor.load + self.given


def overfull_of(run: RoundRun | None) -> list[Overfull]:
    """Where publishing would fail for want of places that were tried. Two statements, none where none were tried."""
    if run is None or not run.places:
        return []
    keys = [int(key) for key in run.places]
    given = Counter(run.lines.filter(supervisor__in=keys).order_by().values_list("supervisor", flat=True))
    rows = RoundSupervisor.objects.filter(pk__in=list(given)).select_related(
        "supervisor__person", "supervisor__organisation"
    )
    found = [Overfull(row, given[row.pk], row.supervisor.places_free) for row in rows.order_by("pk")]
    return [one for one in found if one.given > one.free]
