"""The rules of cmi5 (Quartz, 1st edition): which statements a unit may send when, and what it has come to with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from lms.packages.policy.xapi.faults import Fault, NotTaken
from lms.packages.policy.xapi.shape import Said

ADL, W3ID = "http://adlnet.gov/expapi/verbs/", "https://w3id.org/xapi/adl/verbs/"
VERBS = {f"{ADL}{name}": name for name in ("initialized", "completed", "passed", "failed", "terminated")}
OF_LMS = {f"{ADL}launched": "launched"} | {
    f"{W3ID}{name}": name for name in ("abandoned", "waived", "satisfied")
}
VOIDED = f"{ADL}voided"
CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
MOVE_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon"
JUDGING = frozenset(["completed", "passed", "failed"])  # which only a session in the mode Normal may say
NORMAL, REVIEW = "Normal", "Review"


@dataclass(frozen=True)
class Unit:
    """What was launched, and for whom: a statement has to agree with it."""

    account: tuple[str, str]
    registration: UUID
    session: UUID
    activity: str
    mode: str = NORMAL
    mastery: float | None = None


@dataclass(frozen=True)
class Standing:
    """How far somebody is: what this session has said, and what the registration has come to in all its sessions."""

    said: frozenset[str] = frozenset()  # verbs of cmi5, in this session
    completed: bool = False
    passed: bool = False
    failed: bool = False
    score: float | None = None  # scaled
    raw: float | None = None
    seconds: int = 0  # of this session, as the unit claims


def with_statement(standing: Standing, said: Said, unit: Unit) -> Standing:
    """How somebody stands after one more statement. Raises NotTaken for one that may not come from this unit, now."""
    _is_own(said, unit)
    name = VERBS.get(said.verb) if CATEGORY in said.categories else None
    if said.verb in OF_LMS:
        raise NotTaken(Fault.VERB_OF_LMS, "verb.id", OF_LMS[said.verb])
    if said.verb == VOIDED:
        raise NotTaken(Fault.VOIDING, "verb.id")
    if name is None and CATEGORY in said.categories:
        raise NotTaken(Fault.VALUE, "verb.id", said.verb)
    if "terminated" in standing.said:
        raise NotTaken(Fault.TERMINATED, "verb.id", said.verb)
    if "initialized" not in standing.said and name != "initialized":
        raise NotTaken(Fault.NOT_INITIALIZED, "verb.id", said.verb)
    if name is None:
        if MOVE_ON in said.categories:
            raise NotTaken(Fault.CATEGORY, "context.contextActivities.category", MOVE_ON)
        return standing
    _in_turn(name, standing, unit)
    _result(name, said, unit)
    return _after(name, standing, said)


def _is_own(said: Said, unit: Unit) -> None:
    if said.account != unit.account:
        raise NotTaken(Fault.OTHER_ACTOR, "actor")
    if said.registration != unit.registration:
        raise NotTaken(Fault.OTHER_REGISTRATION, "context.registration", str(said.registration or ""))
    if said.session.lower() != str(unit.session):
        raise NotTaken(Fault.OTHER_SESSION, "context.extensions.sessionid", said.session)
    if CATEGORY in said.categories and said.activity != unit.activity:
        raise NotTaken(Fault.OTHER_ACTIVITY, "object.id", said.activity)


def _in_turn(name: str, standing: Standing, unit: Unit) -> None:
    """Each verb once in a session; "completed" and "passed" once in a registration; a session passes or fails."""
    once = {"completed": standing.completed, "passed": standing.passed}
    if name in standing.said or once.get(name):
        raise NotTaken(Fault.TWICE, "verb.id", name)
    if name in JUDGING and unit.mode != NORMAL:
        raise NotTaken(Fault.MODE, "verb.id", unit.mode)
    if name in ("passed", "failed") and standing.said & {"passed", "failed"}:
        raise NotTaken(Fault.CONTRADICTION, "verb.id", name)


def _result(name: str, said: Said, unit: Unit) -> None:
    """What stands in the result of a statement that cmi5 defines; a score is held against the mark by us."""
    wanted = {"passed": True, "failed": False}.get(name)
    if said.success is not wanted:
        raise NotTaken(Fault.RESULT, "result.success", name)
    if said.completion is not (True if name == "completed" else None):
        raise NotTaken(Fault.RESULT, "result.completion", name)
    if name != "initialized" and said.seconds is None:
        raise NotTaken(Fault.RESULT, "result.duration", name)
    if said.score and wanted is None:
        raise NotTaken(Fault.RESULT, "result.score", name)
    if (MOVE_ON in said.categories) != (name in JUDGING):
        raise NotTaken(Fault.CATEGORY, "context.contextActivities.category", name)
    if wanted is not None and unit.mastery is not None:
        _mastery(said, unit.mastery, passed=wanted)


def _mastery(said: Said, mastery: float, *, passed: bool) -> None:
    scaled = said.score.get("scaled")
    if said.mastery is not None and said.mastery != mastery:
        raise NotTaken(Fault.VALUE, "context.extensions.masteryscore", str(said.mastery))
    if scaled is None and passed:
        raise NotTaken(Fault.SCORE_NEEDED, "result.score.scaled", f"{mastery:g}")
    if scaled is not None and passed != (scaled >= mastery):
        fault = Fault.BELOW_MASTERY if passed else Fault.ABOVE_MASTERY
        raise NotTaken(fault, "result.score.scaled", f"{scaled:g} / {mastery:g}")


def _after(name: str, standing: Standing, said: Said) -> Standing:
    """Completed and passed stay, whatever comes later, and so does the score that it was passed with."""
    after = replace(standing, said=standing.said | {name}, seconds=max(standing.seconds, said.seconds or 0))
    if name == "completed":
        return replace(after, completed=True)
    if name not in ("passed", "failed") or (name == "failed" and standing.passed):
        return after
    judged = replace(after, passed=name == "passed", failed=name == "failed")
    return replace(judged, score=scaled_of(said), raw=said.score.get("raw"))


def scaled_of(said: Said) -> float | None:
    """The scaled score; reckoned from the points where only these are there."""
    score = said.score
    if "scaled" in score:
        return score["scaled"]
    if not {"raw", "min", "max"} <= score.keys():
        return None
    return (score["raw"] - score["min"]) / (score["max"] - score["min"])


def is_satisfied(move_on: str, *, completed: bool, passed: bool) -> bool:
    """Whether a unit asks nothing more of the person (moveOn)."""
    return {
        "Passed": passed,
        "Completed": completed,
        "CompletedAndPassed": completed and passed,
        "CompletedOrPassed": completed or passed,
        "NotApplicable": True,
    }[move_on]


def mode_of(move_on: str, mastery: float | None, *, completed: bool, passed: bool) -> str:
    """In which mode the unit opens: for review when nothing more can be said of it, otherwise to be worked in."""
    over = is_satisfied(move_on, completed=completed, passed=passed) and (completed or passed)
    return REVIEW if over and (passed or mastery is None) else NORMAL
