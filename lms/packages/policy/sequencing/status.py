"""The tree of activities, and what each has come to: of a part what it reports, of the rest what is rolled up from below.

What is not known is None, and a rule about it does not apply (three-valued, as the specification has it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

RULES = frozenset(["sequencingControls", "sequencingRules", "rollupRules"])


@dataclass(frozen=True)
class Fact:
    """What one part has reported. `objectives`: by id, whether it is satisfied and its measure."""

    completed: bool | None = None
    satisfied: bool | None = None
    measure: float | None = None
    objectives: Mapping[str, tuple[bool | None, float | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Status:
    """What an activity has come to."""

    attempted: bool = False
    completed: bool | None = None
    satisfied: bool | None = None
    measure: float | None = None


@dataclass(frozen=True, eq=False)
class Activity:
    """A part, or what holds parts. Compared as the thing it is."""

    identifier: str
    is_part: bool
    visible: bool
    said: Mapping[str, Any]
    parent: Activity | None = None
    children: list[Activity] = field(default_factory=list)

    def control(self, name: str, default: bool) -> bool:
        """A control mode; the default where the manifest says nothing."""
        return bool(self.said.get("sequencingControls", {}).get(name, default))

    @cached_property
    def way_up(self) -> list[Activity]:
        """Itself, and all above it."""
        return [self, *(self.parent.way_up if self.parent else [])]

    def rules(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.said.get("sequencingRules", {}).get(kind, [])
        return found

    def objectives(self) -> Iterator[dict[str, Any]]:
        """Its objectives, the primary one first."""
        if "primaryObjective" in self.said:
            yield self.said["primaryObjective"]
        yield from self.said.get("objectives", [])


class Tree:
    """The activities of a package with what is known of each."""

    def __init__(self, root: Activity, facts: Mapping[str, Fact]) -> None:
        self.root, self.facts = root, facts
        self.parts = [one for one in walk(root) if one.is_part]
        self.by_name = {one.identifier: one for one in self.parts}
        self._statuses: dict[Activity, Status] = {}
        self.shared = self._shared()

    def _shared(self) -> dict[str, tuple[bool | None, float | None]]:
        """The objectives that parts share, as those that write them have reported (mapInfo)."""
        found: dict[str, tuple[bool | None, float | None]] = {}
        for part in self.parts:
            for objective in part.objectives():
                satisfied, measure = self._own(part, objective)
                for one in objective.get("mapInfo", ()):
                    old = found.get(one["targetObjectiveID"], (None, None))
                    writes = (one.get("writeSatisfiedStatus"), one.get("writeNormalizedMeasure"))
                    new = (satisfied if writes[0] else None, measure if writes[1] else None)
                    joined = tuple(b if b is not None else a for a, b in zip(old, new, strict=True))
                    found[one["targetObjectiveID"]] = (joined[0], joined[1])  # type: ignore[assignment]
        return found

    def _own(self, part: Activity, objective: Mapping[str, Any]) -> tuple[bool | None, float | None]:
        fact = self.facts.get(part.identifier, Fact())
        if objective.get("isPrimary"):
            return fact.satisfied, fact.measure
        return fact.objectives.get(objective["objectiveID"], (None, None))

    def objective(self, activity: Activity, name: str) -> tuple[bool | None, float | None]:
        """How an objective of an activity stands: by itself, else by the shared one that it reads."""
        for one in activity.objectives():
            if one["objectiveID"] != name:
                continue
            satisfied, measure = self._own(activity, one) if activity.is_part else (None, None)
            for read in one.get("mapInfo", ()):
                shared = self.shared.get(read["targetObjectiveID"], (None, None))
                if satisfied is None and read.get("readSatisfiedStatus", True):
                    satisfied = shared[0]
                if measure is None and read.get("readNormalizedMeasure", True):
                    measure = shared[1]
            return satisfied, measure
        return None, None

    def status(self, activity: Activity) -> Status:
        """What an activity has come to."""
        if activity not in self._statuses:
            known = self._reported(activity) if activity.is_part else rolled_up(self, activity)
            self._statuses[activity] = known
        return self._statuses[activity]

    def _reported(self, part: Activity) -> Status:
        fact = self.facts.get(part.identifier)
        found = fact or Fact()
        primary = part.said.get("primaryObjective", {}).get("objectiveID", "")
        shared = self.objective(part, primary) if primary else (None, None)
        satisfied = found.satisfied if found.satisfied is not None else shared[0]
        measure = found.measure if found.measure is not None else shared[1]
        return Status(fact is not None, found.completed, satisfied, measure)

    def applies(self, rule: Mapping[str, Any], activity: Activity) -> bool:
        """Whether a rule of an activity applies to it now."""
        said = [self._holds(one, activity) for one in rule.get("conditions", ())]
        if not said:
            return False
        if rule.get("conditionCombination") == "any":
            return any(one is True for one in said)
        return all(one is True for one in said)

    def _holds(self, condition: Mapping[str, Any], activity: Activity) -> bool | None:
        status = self.status(activity)
        if name := condition.get("referencedObjective"):
            satisfied, measure = self.objective(activity, name)
            status = Status(status.attempted, status.completed, satisfied, measure)
        return holds(condition, status)


def holds(condition: Mapping[str, Any], status: Status) -> bool | None:
    """Whether a condition holds; None when what it asks is not known."""
    measure, threshold = status.measure, condition.get("parameters", {}).get("threshold", 0)
    values: dict[str, bool | None] = {
        "satisfied": status.satisfied,
        "objectiveStatusKnown": status.satisfied is not None,
        "objectiveMeasureKnown": measure is not None,
        "objectiveMeasureGreaterThan": None if measure is None else measure > threshold,
        "objectiveMeasureLessThan": None if measure is None else measure < threshold,
        "completed": status.completed,
        "activityProgressKnown": status.completed is not None,
        "progressKnown": status.completed is not None,
        "attempted": status.attempted,
        "always": True,
    }
    value = values.get(condition["condition"], False)
    return value if value is None or condition.get("operator") != "not" else not value


def rolled_up(tree: Tree, activity: Activity) -> Status:
    """What those below have come to. One that is passed over now is not asked for: else nobody could ever finish."""
    below = [one for one in activity.children if one.said.get("deliveryControls", {}).get("tracked", True)]
    asked = [one for one in below if not is_passed_over(tree, one)]
    statuses = {one: tree.status(one) for one in asked}
    measure = _measure(statuses)
    goals = [one for one in asked if one.control("rollupObjectiveSatisfied", True)]
    progress = [one for one in asked if one.control("rollupProgressCompletion", True)]
    primary = activity.said.get("primaryObjective", {})
    satisfied = _by_rules(activity, [statuses[one] for one in goals], ("satisfied", "notSatisfied"))
    if primary.get("satisfiedByMeasure") and measure is not None:
        satisfied = measure >= primary.get("minNormalizedMeasure", 1.0)
    completed = _by_rules(activity, [statuses[one] for one in progress], ("completed", "incomplete"))
    attempted = any(one.attempted for one in statuses.values())
    return Status(attempted, completed, satisfied, measure)


def is_passed_over(tree: Tree, activity: Activity) -> bool:
    """Whether a rule says to skip the activity."""
    return any(
        one["action"] == "skip" and tree.applies(one, activity) for one in activity.rules("preConditionRules")
    )


def _measure(statuses: Mapping[Activity, Status]) -> float | None:
    """The mean of the measures by their weights; what is not known counts as nothing, once anything is known."""
    weighed = [
        (one.said.get("sequencingControls", {}).get("objectiveMeasureWeight", 1.0), status.measure)
        for one, status in statuses.items()
    ]
    total = sum(weight for weight, _measure in weighed)
    if not total or all(measure is None for _weight, measure in weighed):
        return None
    return sum(weight * (measure or 0) for weight, measure in weighed) / total


def _by_rules(activity: Activity, below: list[Status], actions: tuple[str, str]) -> bool | None:
    """By the rules of the manifest, the good one last; by all of them where it has none of this kind."""
    good, bad = actions
    rules = [one for one in activity.said.get("rollupRules", {}).get("rules", ()) if one["action"] in actions]
    if rules:
        came: bool | None = None
        for action, value in ((bad, False), (good, True)):
            if any(one["action"] == action and _counts(one, below) for one in rules):
                came = value
        return came
    said = [one.satisfied if good == "satisfied" else one.completed for one in below]
    if said and all(one is True for one in said):
        return True
    known = (
        all(one is not None for one in said) if good == "satisfied" else any(one.attempted for one in below)
    )
    return False if said and known else None


def _counts(rule: Mapping[str, Any], below: list[Status]) -> bool:
    """Whether so many of those below fulfil the conditions of a rule as it asks for."""
    every = all if rule.get("conditionCombination") == "all" else any
    met = [every(holds(one, status) is True for one in rule["conditions"]) for status in below]
    count = sum(met)
    return {
        "all": bool(met) and count == len(met),
        "any": count > 0,
        "none": count == 0,
        "atLeastCount": count >= rule["minimumCount"],
        "atLeastPercent": bool(met) and count / len(met) >= rule["minimumPercent"],
    }[rule["consideration"]]


def walk(activity: Activity) -> Iterator[Activity]:
    """An activity and all below it, in reading order."""
    yield activity
    for one in activity.children:
        yield from walk(one)


def tree_of(manifest: Mapping[str, Any], facts: Mapping[str, Fact]) -> Tree:
    """The tree of the organisation that is played."""
    return Tree(_activity(_played(manifest), None), facts)


def _played(manifest: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in manifest["organisations"] if one["default"])
    return found


def _activity(item: Mapping[str, Any], parent: Activity | None) -> Activity:
    is_part = bool(item["href"])
    found = Activity(item["identifier"], is_part, item["visible"], item["sequencing"], parent)
    found.children.extend(_activity(one, found) for one in item["children"])
    return found


def is_sequenced(manifest: Mapping[str, Any]) -> bool:
    """Whether the manifest says anything of the order of its parts, and there are several."""
    if "organisations" not in manifest:
        return False
    activities = list(walk(_activity(_played(manifest), None)))
    return sum(one.is_part for one in activities) > 1 and any(RULES & one.said.keys() for one in activities)
