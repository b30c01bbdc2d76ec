"""Where one may go from a part: on, back, or to a part of one's choice (control modes and rules of the manifest)."""

from __future__ import annotations

from dataclasses import dataclass

from lms.packages.policy.sequencing.status import Activity, Tree, is_passed_over


@dataclass(frozen=True)
class Ways:
    """The parts that can be opened. `after` and `before` are "" where there is no way; `flows` is whether there are such ways
    at all."""

    start: str
    after: str = ""
    before: str = ""
    choices: frozenset[str] = frozenset()
    flows: bool = False

    def may_open(self, item: str, current: str) -> bool:
        """Whether this part can be opened by somebody who was last in `current` ("": in none)."""
        return item in self.choices or item in {current or self.start, self.start, self.after, self.before}


def ways_of(tree: Tree, current: str) -> Ways:
    """The ways from the part somebody was last in ("" for none)."""
    here = tree.by_name.get(current)
    start = _start(tree)
    if here is None:
        return Ways(start, choices=_choices(tree, None), flows=_flows(tree.by_name[start]))
    after, before = _beside(tree, here, 1), _beside(tree, here, -1)
    after, before = _after_rules(tree, here, start, after, before)
    return Ways(start, after, before, _choices(tree, here), _flows(here))


def _flows(part: Activity) -> bool:
    return part.parent is None or part.parent.control("flow", False)


def _is(tree: Tree, activity: Activity, action: str) -> bool:
    """Whether a rule says this of the activity before it is opened."""
    rules = activity.rules("preConditionRules")
    return any(one["action"] == action and tree.applies(one, activity) for one in rules)


def _start(tree: Tree) -> str:
    """The first part that can be opened, by flow where there is one; the first of all where the rules leave none."""
    open_ones = [one for one in tree.parts if not _is_closed(tree, one)]
    flowing = [one for one in open_ones if all(up.control("flow", False) for up in one.way_up[1:])]
    return (flowing or open_ones or tree.parts)[0].identifier


def _is_closed(tree: Tree, part: Activity) -> bool:
    """Whether it, or what it lies in, is skipped or shut. The root is neither: its rules are for what stands beside it."""
    below_root = [one for one in part.way_up if one.parent is not None]
    return any(is_passed_over(tree, one) or _is(tree, one, "disabled") for one in below_root)


def _common(here: Activity, there: Activity) -> Activity:
    above = set(there.way_up)
    return next(one for one in here.way_up if one in above)


def _beside(tree: Tree, here: Activity, step: int) -> str:
    """The next part that is not skipped in this direction; "" where the flow ends before it."""
    if not _flows(here):
        return ""
    place = tree.parts.index(here)
    row = tree.parts[place + 1 :] if step > 0 else reversed(tree.parts[:place])
    passed = here
    for there in row:
        if step > 0 and _is(tree, passed, "stopForwardTraversal"):
            return ""
        common = _common(here, there)
        between = there.way_up[1 : there.way_up.index(common) + 1]
        if not all(one.control("flow", False) for one in between):
            return ""
        if step < 0 and any(one.control("forwardOnly", False) for one in between):
            return ""
        below = there.way_up[: there.way_up.index(common)]
        if not any(is_passed_over(tree, one) for one in below):
            return "" if any(_is(tree, one, "disabled") for one in below) else there.identifier
        passed = there
    return ""


def _choices(tree: Tree, here: Activity | None) -> frozenset[str]:
    return frozenset(one.identifier for one in tree.parts if _may_choose(tree, here, one))


def _may_choose(tree: Tree, here: Activity | None, there: Activity) -> bool:
    """Whether a part can be chosen: shown, not hidden or shut, where choice is allowed, and out of where one is now."""
    if there.parent is not None and not there.parent.control("choice", True):
        return False
    below_root = [one for one in there.way_up if one.parent is not None]
    if any(
        not one.visible or _is(tree, one, "hiddenFromChoice") or _is(tree, one, "disabled")
        for one in below_root
    ):
        return False
    if here is None:
        return True
    left = here.way_up[: here.way_up.index(_common(here, there))]
    return all(one.control("choiceExit", True) for one in left)


def _after_rules(tree: Tree, here: Activity, start: str, after: str, before: str) -> tuple[str, str]:
    """What a rule says of leaving a part: again, from the start, back, on, or out of the whole."""
    said = next((one["action"] for one in here.rules("postConditionRules") if tree.applies(one, here)), "")
    ways = {"retry": here.identifier, "retryAll": start, "previous": before, "exitAll": ""}
    return ways.get(said, after), before
