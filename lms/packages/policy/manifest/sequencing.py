"""IMS Simple Sequencing with ADL's extensions, kept whole in the words in which the player's engine wants it.

Attributes are those of the SCORM 2004 4th edition, Sequencing and Navigation; what is not written has its default there.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from lms.packages.policy.manifest.values import flag, number, whole
from lms.packages.policy.refusals import Reason, Refusal, Refused
from lms.packages.policy.xml import attribute, child, children, local, space, text

CONTROL_FLAGS = (
    "choice",
    "choiceExit",
    "flow",
    "forwardOnly",
    "useCurrentAttemptObjectiveInfo",
    "useCurrentAttemptProgressInfo",
)
LIMITS = {
    "attemptAbsoluteDurationLimit": "attemptAbsoluteDurationLimit",
    "activityAbsoluteDurationLimit": "activityAbsoluteDurationLimit",
    "beginTimeLimit": "beginTimeLimit",
    "endTimeLimit": "endTimeLimit",
}
MAPS = (
    *("readSatisfiedStatus", "readNormalizedMeasure", "writeSatisfiedStatus", "writeNormalizedMeasure"),
    *("readCompletionStatus", "writeCompletionStatus", "readProgressMeasure", "writeProgressMeasure"),
    *("readRawScore", "writeRawScore", "readMinScore", "writeMinScore", "readMaxScore", "writeMaxScore"),
)
READ_BY_ITSELF = frozenset(
    ["readSatisfiedStatus", "readNormalizedMeasure"]
)  # of imsss; those of adlseq are asked for
RULES = {
    "preConditionRule": "preConditionRules",
    "exitConditionRule": "exitConditionRules",
    "postConditionRule": "postConditionRules",
}
CONSIDERED = (
    "requiredForSatisfied",
    "requiredForNotSatisfied",
    "requiredForCompleted",
    "requiredForIncomplete",
)
REQUIREMENTS = frozenset(["always", "ifAttempted", "ifNotSkipped", "ifNotSuspended"])
TIMINGS = frozenset(["never", "once", "onEachNewAttempt"])
ACTIONS = frozenset(
    "skip disabled hiddenFromChoice stopForwardTraversal exit exitParent exitAll retry retryAll continue previous".split()
)
ROLLUPS = frozenset(["satisfied", "notSatisfied", "completed", "incomplete"])
CONDITIONS = frozenset(
    "satisfied objectiveStatusKnown objectiveMeasureKnown objectiveMeasureGreaterThan objectiveMeasureLessThan completed "
    "activityProgressKnown attempted attemptLimitExceeded timeLimitExceeded outsideAvailableTimeRange always never".split()
)
PRIMARY = "PRIMARYOBJ"
Data = dict[str, Any]


def sequencing_of(element: Element, collections: dict[str, Element], item: str = "") -> Data:
    """One <sequencing> element. An empty dict when it says nothing.

    Where it names one of the collection (IDRef), it stands on that: each element of its own takes the place of that one.
    """
    name = attribute(element, "IDRef")
    if name and name not in collections:
        raise Refused(Refusal(Reason.UNKNOWN_RESOURCE, item[:200], name[:200]))
    own = {one.tag for one in element}
    whole = Element("sequencing")
    whole.extend(element)
    whole.extend([one for one in collections.get(name, ()) if one.tag not in own])
    found: Data = {}
    for one in whole:
        if isinstance(one.tag, str) and (read := READERS.get(local(one.tag))):
            for key, value in read(one).items():
                found[key] = {**found[key], **value} if isinstance(found.get(key), dict) else value
    found |= objectives_in(whole)
    return {**found, "sequencingIdRef": name} if name else found


def collections_of(root: Element) -> dict[str, Element]:
    """The <sequencingCollection>, by ID: what items refer to."""
    found: dict[str, Element] = {}
    for collection in children(root, "sequencingCollection"):
        for one in children(collection, "sequencing"):
            name = attribute(one, "ID")
            if name in found:
                raise Refused(Refusal(Reason.SAME_IDENTIFIER, name[:200]))
            found[name] = one
    return found


def _control(element: Element) -> Data:
    said = {name: attribute(element, name) for name in CONTROL_FLAGS}
    controls = {name: flag(value, True, name) for name, value in said.items() if value}
    return {"sequencingControls": controls} if controls else {}


def _rules(element: Element) -> Data:
    rules: dict[str, list[Data]] = {}
    for one in children(element, *RULES):
        said = child(one, "ruleAction")
        action = attribute(said, "action") if said is not None else ""
        _known(action, ACTIONS, local(one.tag))
        rules.setdefault(RULES[local(one.tag)], []).append(
            {"action": action, **_conditions(one, "ruleConditions")}
        )
    return {"sequencingRules": rules} if rules else {}


def _conditions(rule: Element, name: str) -> Data:
    group = child(rule, name)
    if group is None:
        return {"conditions": []}
    combined = attribute(group, "conditionCombination", "all" if name == "ruleConditions" else "any")
    _known(combined, frozenset(["all", "any"]), name)
    found = []
    for one in children(group, "ruleCondition", "rollupCondition"):
        condition = attribute(one, "condition")
        _known(condition, CONDITIONS, local(one.tag))
        data: Data = {"condition": condition, "operator": attribute(one, "operator", "noOp")}
        _known(data["operator"], frozenset(["not", "noOp"]), local(one.tag))
        if condition == "activityProgressKnown" and name == "rollupConditions":
            data["condition"] = "progressKnown"  # what the engine calls it
        if objective := attribute(one, "referencedObjective"):
            data["referencedObjective"] = objective
        threshold = number(attribute(one, "measureThreshold"), "measureThreshold", -1, 1)
        if threshold is not None:
            data["parameters"] = {"threshold": threshold}
        found.append(data)
    return {"conditionCombination": combined, "conditions": found}


def _limits(element: Element) -> Data:
    found: Data = {LIMITS[name]: value for name in LIMITS if (value := attribute(element, name))}
    attempts = whole(attribute(element, "attemptLimit"), "attemptLimit")
    return {**found, **({"attemptLimit": attempts} if attempts is not None else {})}


def _rollup(element: Element) -> Data:
    controls: Data = {}
    for name in ("rollupObjectiveSatisfied", "rollupProgressCompletion"):
        if said := attribute(element, name):
            controls[name] = flag(said, True, name)
    weight = number(attribute(element, "objectiveMeasureWeight"), "objectiveMeasureWeight", 0, 1)
    if weight is not None:
        controls["objectiveMeasureWeight"] = weight
    rules = [_rollup_rule(one) for one in children(element, "rollupRule")]
    found: Data = {"rollupRules": {"rules": rules}} if rules else {}
    return {**found, "sequencingControls": controls} if controls else found


def _rollup_rule(rule: Element) -> Data:
    action = child(rule, "rollupAction")
    said = attribute(action, "action") if action is not None else ""
    _known(said, ROLLUPS, "rollupAction")
    consideration = attribute(rule, "childActivitySet", "all")
    _known(consideration, frozenset(["all", "any", "none", "atLeastCount", "atLeastPercent"]), "rollupRule")
    found: Data = {"action": said, "consideration": consideration, **_conditions(rule, "rollupConditions")}
    found["minimumCount"] = whole(attribute(rule, "minimumCount"), "minimumCount") or 0
    found["minimumPercent"] = number(attribute(rule, "minimumPercent"), "minimumPercent", 0, 1) or 0
    return found


def _objectives(element: Element) -> Data:
    """Objectives and, in ADL's own element of that name, more maps for the same ones."""
    found: Data = {}
    primary = child(element, "primaryObjective")
    if primary is not None:
        read = _objective(primary)
        name = read["objectiveID"] or PRIMARY  # it may go without, but the engine drops what has no name
        found["primaryObjective"] = {**read, "objectiveID": name, "isPrimary": True}
    others = [_objective(one) for one in children(element, "objective")]
    return {**found, **({"objectives": others} if others else {})}


def _objective(element: Element) -> Data:
    found: Data = {"objectiveID": attribute(element, "objectiveID")}
    if said := attribute(element, "satisfiedByMeasure"):
        found["satisfiedByMeasure"] = flag(said, False, "satisfiedByMeasure")
    measure = number(text(child(element, "minNormalizedMeasure")), "minNormalizedMeasure", -1, 1)
    if measure is not None:
        found["minNormalizedMeasure"] = measure
    maps = [_map_info(one) for one in children(element, "mapInfo")]
    return {**found, **({"mapInfo": maps} if maps else {})}


def _map_info(element: Element) -> Data:
    said = {name: attribute(element, name) for name in MAPS}
    flags = {name: flag(value, name in READ_BY_ITSELF, name) for name, value in said.items() if value}
    return {"targetObjectiveID": attribute(element, "targetObjectiveID"), **flags}


def _randomization(element: Element) -> Data:
    controls: Data = {}
    for name in ("randomizationTiming", "selectionTiming"):
        if said := attribute(element, name):
            controls[name] = _known(said, TIMINGS, name)
    if said := attribute(element, "reorderChildren"):
        controls["randomizeChildren"] = flag(said, False, "reorderChildren")
    count = whole(attribute(element, "selectCount"), "selectCount")
    if count is not None:
        controls["selectCount"] = count
    return {"sequencingControls": controls} if controls else {}


def _delivery(element: Element) -> Data:
    names = ("tracked", "completionSetByContent", "objectiveSetByContent")
    said = {name: attribute(element, name) for name in names}
    return {
        "deliveryControls": {
            name: flag(value, name == "tracked", name) for name, value in said.items() if value
        }
    }


def _choice(element: Element) -> Data:
    said = {name: attribute(element, name) for name in ("preventActivation", "constrainChoice")}
    return {"sequencingControls": {name: flag(value, False, name) for name, value in said.items() if value}}


def _considered(element: Element) -> Data:
    found: Data = {}
    for name in CONSIDERED:
        if said := attribute(element, name):
            found[name] = _known(said, REQUIREMENTS, name)
    if said := attribute(element, "measureSatisfactionIfActive"):
        found["measureSatisfactionIfActive"] = flag(said, True, "measureSatisfactionIfActive")
    return {"rollupConsiderations": found}


def _known(value: str, allowed: frozenset[str], what: str) -> str:
    if value not in allowed:
        raise Refused(Refusal(Reason.BAD_VALUE, what, value[:80]))
    return value


READERS = {
    "controlMode": _control,
    "sequencingRules": _rules,
    "limitConditions": _limits,
    "rollupRules": _rollup,
    "randomizationControls": _randomization,
    "deliveryControls": _delivery,
    "constrainedChoiceConsiderations": _choice,
    "rollupConsiderations": _considered,
}


def objectives_in(element: Element) -> Data:
    """The objectives of a <sequencing>: those of IMS, with the maps that ADL's extension adds to them."""
    groups = sorted(children(element, "objectives"), key=lambda group: "adlseq" in space(group.tag))
    found = _objectives(groups[0]) if groups else {}
    known = {one["objectiveID"]: one for one in found.get("objectives", [])}
    if "primaryObjective" in found:
        known[found["primaryObjective"]["objectiveID"]] = found["primaryObjective"]
    for group in groups[1:]:
        for one in children(group, "objective"):
            more = _objective(one)
            _join_maps(known.setdefault(more["objectiveID"], more), more)
    return found


def _join_maps(objective: Data, more: Data) -> None:
    """Add what the extension says of each target to what IMS said of it."""
    if objective is more:
        return
    maps = {one["targetObjectiveID"]: one for one in objective.get("mapInfo", [])}
    for one in more.get("mapInfo", []):
        maps[one["targetObjectiveID"]] = {**maps.get(one["targetObjectiveID"], {}), **one}
    objective["mapInfo"] = list(maps.values())
