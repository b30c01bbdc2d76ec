"""The order of the parts of a package, where its manifest says anything of it (SCORM 2004), for one person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.packages.models import PackageVersion, ScoState
from lms.packages.policy.runtime import number_in
from lms.packages.policy.sequencing import Fact, Tree, is_sequenced, tree_of
from lms.packages.queries.states import items_of_version, states_of
from lms.packages.states import Completion, Success

COMPLETED = {Completion.COMPLETED.value: True, Completion.INCOMPLETE.value: False}
SATISFIED = {Success.PASSED.value: True, Success.FAILED.value: False}
OBJECTIVES_MOST = 200  # of one part


def has_order(version: PackageVersion) -> bool:
    """Whether the manifest says anything of the order. Read once, as the version is."""
    kept = vars(version).get("_has_order")
    if kept is None:
        kept = version.__dict__["_has_order"] = is_sequenced(version.manifest)
    return bool(kept)


def _shares(version: PackageVersion) -> bool:
    """Whether a part has objectives of its own, which stand in its data model."""
    return any(one["sequencing"].get("objectives") for one in items_of_version(version))


def ordered_states(enrolment_id: int, version: PackageVersion) -> dict[str, ScoState]:
    """How far the person is in each part that was opened, with what the order needs of it. One query."""
    return states_of(enrolment_id, version.pk, data=_shares(version))


def tree_with(version: PackageVersion, states: Mapping[str, ScoState]) -> Tree:
    """The activities with what these states say of them."""
    return tree_of(version.manifest, {item: _fact(state) for item, state in states.items()})


def last_of(states: Mapping[str, ScoState]) -> str:
    """The part that was opened last; "" for none."""
    return max(states.values(), key=lambda one: (one.began_at, one.pk)).item if states else ""


def _fact(state: ScoState) -> Fact:
    data = state.data if "data" in vars(state) else {}
    completed, satisfied = COMPLETED.get(state.completion), SATISFIED.get(state.success)
    return Fact(completed, satisfied, state.score, dict(_objectives(data)))


def _objectives(data: Mapping[str, Any]) -> Any:
    """The objectives that a part has reported: by id, whether satisfied and the measure."""
    for number in range(OBJECTIVES_MOST):
        at = f"cmi.objectives.{number}."
        if f"{at}id" not in data:
            return
        satisfied = {"passed": True, "failed": False}.get(data.get(f"{at}success_status", ""))
        yield data[f"{at}id"], (satisfied, scaled(data.get(f"{at}score.scaled", "")))


def scaled(said: str) -> float | None:
    """A scaled score; None for anything else."""
    found = number_in(said)
    return found if found is not None and -1 <= found <= 1 else None


def is_order_done(enrolment_id: int, version: PackageVersion) -> bool:
    """Whether the whole is completed and not failed, rolled up from its parts. One query."""
    tree = tree_with(version, ordered_states(enrolment_id, version))
    status = tree.status(tree.root)
    return status.completed is True and status.satisfied is not False
