"""How a unit is opened, and what the platform itself says of it: the words of cmi5, as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, UUID, uuid5

from lms.packages.policy.manifest import units_of
from lms.packages.policy.manifest.values import with_parameters
from lms.packages.policy.xapi.cmi5 import ADL, CATEGORY, W3ID, Unit, is_satisfied
from lms.packages.policy.xapi.shape import MASTERY, SESSION_ID

Data = dict[str, Any]
LAUNCH_DATA, PREFERENCES = "LMS.LaunchData", "cmi5LearnerPreferences"
EXTENSION = "https://w3id.org/xapi/cmi5/context/extensions/"
REASON = "https://w3id.org/xapi/cmi5/result/extensions/reason"
KINDS = {name: f"https://w3id.org/xapi/cmi5/activitytype/{name}" for name in ("block", "course")}
VERSION = "1.0.3"


def activity_of(content: str, identifier: str) -> str:
    """The id that a unit has here: that of its author is not known to be the only one of its name. `content`: its digest."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{content}/{identifier}')}"


def actor_of(account: tuple[str, str], name: str = "") -> Data:
    """The agent that a unit learns: an account that says nothing outside of its registration, and a name to greet."""
    home, key = account
    named = {"name": name} if name else {}
    return {"objectType": "Agent", **named, "account": {"homePage": home, "name": key}}


def launch_address(href: str, *, endpoint: str, fetch: str, unit: Unit, name: str) -> str:
    """The address of a unit with the five parameters of a launch."""
    actor = json.dumps(actor_of(unit.account, name), ensure_ascii=False, separators=(",", ":"))
    said = {
        "endpoint": endpoint,
        "fetch": fetch,
        "actor": actor,
        "registration": str(unit.registration),
        "activityId": unit.activity,
    }
    return with_parameters(href, urlencode(said))


def launch_data(item: Mapping[str, Any], unit: Unit, return_address: str) -> Data:
    """The state document LMS.LaunchData: how a unit is to behave, and what each of its statements has to hold."""
    found: Data = {
        "contextTemplate": context_of(unit, item["identifier"]),
        "launchMode": unit.mode,
        "launchMethod": item["launch_method"],
        "moveOn": item["move_on"],
        "returnURL": return_address,
    }
    if unit.mastery is not None:
        found["masteryScore"] = unit.mastery
        found["contextTemplate"]["extensions"][MASTERY] = unit.mastery
    if item["launch_parameters"]:
        found["launchParameters"] = item["launch_parameters"]
    if item["entitlement_key"]:
        found["entitlementKey"] = {"courseStructure": item["entitlement_key"]}
    return found


def context_of(unit: Unit, publisher: str) -> Data:
    """What every statement of a session says of where it belongs."""
    return {
        "contextActivities": {"grouping": [{"objectType": "Activity", "id": publisher}]},
        "extensions": {SESSION_ID: str(unit.session)},
    }


def of_platform(verb: str, unit: Unit, item: Mapping[str, Any], *, home: str, **more: Any) -> Data:
    """A statement that the platform makes. `more` takes the place of its entries, extensions of its context are added."""
    context = context_of(unit, item["identifier"])
    context["contextActivities"]["category"] = [{"objectType": "Activity", "id": CATEGORY}]
    context["registration"] = str(unit.registration)
    context["extensions"] |= more.pop("extensions", {})
    return {
        "actor": actor_of(unit.account),
        "verb": {"id": verb, "display": {"en": verb.rpartition("/")[2]}},
        "object": {"objectType": "Activity", "id": unit.activity},
        "context": context,
        "authority": {"objectType": "Agent", "account": {"homePage": home, "name": "lms"}},
        **more,
    }


def launched(unit: Unit, item: Mapping[str, Any], *, home: str) -> Data:
    """What is said before a unit is opened. Its address is named without what only the unit may know."""
    said = {"launchmode": unit.mode, "launchurl": item["href"], "moveon": item["move_on"]}
    if unit.mastery is not None:
        said["masteryscore"] = unit.mastery
    extensions = {f"{EXTENSION}{name}": value for name, value in said.items()}
    return of_platform(f"{ADL}launched", unit, item, home=home, extensions=extensions)


def abandoned(unit: Unit, item: Mapping[str, Any], *, home: str, seconds: int) -> Data:
    """What is said of a session that began and never ended."""
    result = {"duration": f"PT{seconds}S"}
    return of_platform(f"{W3ID}abandoned", unit, item, home=home, result=result)


def satisfied(unit: Unit, item: Mapping[str, Any], part: Mapping[str, Any], *, home: str) -> Data:
    """What is said of a block or the course when nothing is left to do in it."""
    kind = "block" if part.get("kind") == "block" else "course"
    thing = {
        "objectType": "Activity",
        "id": part["identifier"],
        "definition": {"type": KINDS[kind], **({"name": part["title"]} if part["title"] else {})},
    }
    return of_platform(f"{W3ID}satisfied", unit, item, home=home, object=thing)


def satisfied_id(registration: UUID, part: Mapping[str, Any]) -> UUID:
    """Its id: said once in a registration, whoever comes first."""
    return uuid5(registration, f"satisfied {part['identifier']}")


def satisfied_parts(course: Mapping[str, Any], done: frozenset[str]) -> Iterator[Mapping[str, Any]]:
    """The blocks in which every unit is done, and at last the course itself. `done`: identifiers of units."""
    for one in course["children"]:
        if one["kind"] == "block":
            yield from satisfied_parts(one, done)
    if all(unit["identifier"] in done for unit in units_of(dict(course))):
        yield course


def done_from_start(course: Mapping[str, Any]) -> frozenset[str]:
    """The units that ask nothing (moveOn NotApplicable)."""
    asked = (unit for unit in units_of(dict(course)))
    nothing = {"completed": False, "passed": False}
    return frozenset(unit["identifier"] for unit in asked if is_satisfied(unit["move_on"], **nothing))
