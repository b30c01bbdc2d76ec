"""What a statement of xAPI 1.0.3 looks like. Whatever does not is refused with the entry that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from lms.packages.policy.runtime import seconds_of
from lms.packages.policy.xapi.faults import Fault, NotTaken
from lms.packages.policy.xapi.pieces import (
    LANGUAGE,
    Check,
    Data,
    entries,
    extensions_in,
    flag_in,
    iri_in,
    matching,
    number_in,
    text_in,
    time_of,
    words_in,
)

UUID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
MAILBOX = re.compile(r"mailto:[^\s@]{1,64}@[^\s@]{1,255}")
SHA1 = re.compile(r"[0-9a-f]{40}", re.IGNORECASE | re.ASCII)
SPAN = re.compile(
    r"P(?=.)(\d+W|(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?D)?(T(?=.)(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?)",
    re.ASCII,
)
SESSION_ID = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")


@dataclass(frozen=True)
class Said:
    """One statement, as far as it is judged. `body` is all of it, as it came."""

    body: Data
    id: UUID | None
    account: tuple[str, str] | None  # home page and name of the actor; None for any other kind of actor
    verb: str
    activity: str  # "" when the object is none
    registration: UUID | None
    session: str
    categories: frozenset[str]
    success: bool | None = None
    completion: bool | None = None
    score: Mapping[str, float] = field(default_factory=dict)
    seconds: int | None = None
    timestamp: datetime | None = None
    mastery: Any = None  # as the context repeats it


def read_statement(data: Any) -> Said:
    """The statement that is written there. Raises NotTaken."""
    entries(data, "statement", STATEMENT, needed=("actor", "verb", "object"))
    context, result = data.get("context", {}), data.get("result", {})
    added = context.get("extensions", {})
    thing = data["object"]
    is_activity = thing.get("objectType", "Activity") == "Activity"
    if not is_activity and ("revision" in context or "platform" in context):
        raise NotTaken(Fault.UNKNOWN, "context.revision")
    session = added.get(SESSION_ID)
    return Said(
        body=data,
        id=UUID(data["id"]) if "id" in data else None,
        account=account_of(data["actor"]),
        verb=data["verb"]["id"],
        activity=thing["id"] if is_activity else "",
        registration=UUID(context["registration"]) if "registration" in context else None,
        session=session if isinstance(session, str) else "",
        categories=frozenset(
            one["id"] for one in _listed(context.get("contextActivities", {}).get("category", []))
        ),
        success=result.get("success"),
        completion=result.get("completion"),
        score=result.get("score", {}),
        seconds=seconds_of(whole_seconds(result["duration"])) if "duration" in result else None,
        timestamp=time_of(data["timestamp"], "timestamp") if "timestamp" in data else None,
        mastery=added.get(MASTERY),
    )


def account_of(actor: Data) -> tuple[str, str] | None:
    """Home page and name of an agent that is known by an account."""
    account = actor.get("account")
    if account is None or actor.get("objectType", "Agent") != "Agent":
        return None
    return account["homePage"], account["name"]


def read_agent(data: Any, where: str = "agent") -> Data:
    """An agent or a group. Raises NotTaken."""
    found: Data = _agent(data, where)
    return found


def whole_seconds(span: str) -> str:
    """A span without the fractions of its other parts, which nobody can count."""
    return re.sub(r"\.\d+(?=[YMDH])", "", span)


def _account(value: Any, where: str) -> None:
    entries(value, where, {"homePage": iri_in, "name": text_in}, needed=("homePage", "name"))


def _agent(value: Any, where: str) -> Data:
    known: dict[str, Check] = {
        "objectType": matching(re.compile("Agent|Group")),
        "name": text_in,
        "openid": iri_in,
        "mbox": matching(MAILBOX),
        "mbox_sha1sum": matching(SHA1),
        "account": _account,
    }
    is_group = isinstance(value, dict) and value.get("objectType") == "Group"
    if is_group:
        known["member"] = _members
    entries(value, where, known)
    count = sum(name in value for name in IDENTIFIERS)
    if count > 1 or (count == 0 and not (is_group and "member" in value)):
        raise NotTaken(Fault.MISSING if count == 0 else Fault.VALUE, f"{where}.account")
    found: Data = value
    return found


def _members(value: Any, where: str) -> None:
    if not isinstance(value, list):
        raise NotTaken(Fault.VALUE, where, str(value))
    for one in value:
        if isinstance(one, dict) and one.get("objectType", "Agent") != "Agent":
            raise NotTaken(Fault.VALUE, where, "Group")
        _agent(one, where)


def _score(value: Any, where: str) -> None:
    said = entries(value, where, dict.fromkeys(("scaled", "raw", "min", "max"), number_in))
    least, most = said.get("min", float("-inf")), said.get("max", float("inf"))
    if least >= most or not least <= said.get("raw", max(least, min(most, 0))) <= most:
        raise NotTaken(Fault.VALUE, where, str(said))
    if not -1 <= said.get("scaled", 0) <= 1:
        raise NotTaken(Fault.VALUE, f"{where}.scaled", str(said["scaled"]))


def _result(value: Any, where: str) -> None:
    entries(
        value,
        where,
        {
            "score": _score,
            "success": flag_in,
            "completion": flag_in,
            "response": text_in,
            "duration": matching(SPAN),
            "extensions": extensions_in,
        },
    )


def _anything(value: Any, where: str) -> None:
    """Said of what is kept and not judged: interaction components and the like."""


def _definition(value: Any, where: str) -> None:
    components = ("choices", "scale", "source", "target", "steps", "correctResponsesPattern")
    entries(
        value,
        where,
        {
            "name": words_in,
            "description": words_in,
            "type": iri_in,
            "moreInfo": iri_in,
            "extensions": extensions_in,
            "interactionType": text_in,
            **dict.fromkeys(components, _anything),
        },
    )


def _activity(value: Any, where: str) -> None:
    known: dict[str, Check] = {"objectType": matching(re.compile("Activity")), "id": iri_in}
    entries(value, where, {**known, "definition": _definition}, needed=("id",))


def _reference(value: Any, where: str) -> None:
    kind = matching(re.compile("StatementRef"))
    entries(value, where, {"objectType": kind, "id": matching(UUID_FORM)}, needed=("objectType", "id"))


def _sub_statement(value: Any, where: str) -> None:
    known = {**INNER, "objectType": matching(re.compile("SubStatement"))}
    entries(value, where, known, needed=("actor", "verb", "object"))
    if value["object"].get("objectType") == "SubStatement":
        raise NotTaken(Fault.VALUE, f"{where}.object", "SubStatement")


def _thing(value: Any, where: str) -> None:
    """What a statement is about."""
    kinds: dict[str, Check] = {"Activity": _activity, "Agent": _agent, "Group": _agent}
    kinds |= {"StatementRef": _reference, "SubStatement": _sub_statement}
    if not isinstance(value, dict):
        raise NotTaken(Fault.VALUE, where, str(value))
    kind = value.get("objectType", "Activity")
    if not isinstance(kind, str) or kind not in kinds:
        raise NotTaken(Fault.VALUE, f"{where}.objectType", str(kind))
    kinds[kind](value, where)


def _listed(value: Any) -> list[Data]:
    """One activity may stand without a list around it."""
    return value if isinstance(value, list) else [value]


def _activities(value: Any, where: str) -> None:
    for one in _listed(value):
        _activity(one, where)


def _context(value: Any, where: str) -> None:
    kinds = dict.fromkeys(("parent", "grouping", "category", "other"), _activities)
    entries(
        value,
        where,
        {
            "registration": matching(UUID_FORM),
            "instructor": _agent,
            "team": _agent,
            "contextActivities": lambda one, here: entries(one, here, kinds),
            "revision": text_in,
            "platform": text_in,
            "language": matching(LANGUAGE),
            "statement": _reference,
            "extensions": extensions_in,
        },
    )


def _verb(value: Any, where: str) -> None:
    entries(value, where, {"id": iri_in, "display": words_in}, needed=("id",))


def _attachments(value: Any, where: str) -> None:
    """Only what lies elsewhere may be named: nothing is taken in beside the statement."""
    if not isinstance(value, list):
        raise NotTaken(Fault.VALUE, where, str(value))
    for one in value:
        known: dict[str, Check] = {"usageType": iri_in, "display": words_in, "description": words_in}
        known |= {"contentType": text_in, "length": number_in, "sha2": text_in, "fileUrl": iri_in}
        entries(
            one, where, known, needed=("usageType", "display", "contentType", "length", "sha2", "fileUrl")
        )


INNER: dict[str, Check] = {
    "actor": _agent,
    "verb": _verb,
    "object": _thing,
    "result": _result,
    "context": _context,
    "timestamp": time_of,
    "attachments": _attachments,
}
STATEMENT: dict[str, Check] = {
    **INNER,
    "id": matching(UUID_FORM),
    "stored": time_of,
    "authority": _agent,
    "version": matching(re.compile(r"1\.0(\.\d{1,3})?", re.ASCII)),
}
