"""Reading the store of statements and the documents: what a unit may see is what belongs to its own registration."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet

from lms.packages.models import Launch, PackageVersion, StateDocument, Statement
from lms.packages.policy.xapi.faults import Fault, NotTaken
from lms.packages.policy.xapi.launch import LAUNCH_DATA, launch_data
from lms.packages.policy.xapi.pieces import time_of
from lms.packages.policy.xapi.reading import check, read_json
from lms.packages.policy.xapi.shape import UUID_FORM, account_of, read_agent
from lms.packages.queries.states import item_of
from lms.packages.queries.units import unit_of

PAGE, NAME_MOST = 100, 255
ONE = frozenset(["statementId", "voidedStatementId", "format", "attachments"])
MANY = frozenset(
    "agent verb activity registration related_activities related_agents since until limit ascending format attachments "
    "before".split()
)
Parameters = Mapping[str, str]


def checked(parameters: Parameters, known: frozenset[str]) -> Parameters:
    """The parameters of a request, all known and all of texts that can be kept. Raises NotTaken."""
    check(dict(parameters))
    for name in parameters:
        if name not in known:
            raise NotTaken(Fault.UNKNOWN_PARAMETER, name)
    return parameters


def statement_asked(launch: Launch, parameters: Parameters) -> dict[str, Any]:
    """The one statement that is asked for by its id. Raises NotTaken. One query."""
    checked(parameters, ONE)
    if "voidedStatementId" in parameters:  # none is ever voided
        raise NotTaken(Fault.NOTHING)
    row = Statement.objects.filter(
        registration=launch.registration_id, uuid=_uuid(parameters, "statementId")
    ).first()
    if row is None:
        raise NotTaken(Fault.NOTHING)
    body: dict[str, Any] = row.body
    return body


def statements_asked(launch: Launch, parameters: Parameters, account: tuple[str, str]) -> dict[str, Any]:
    """The statements that are asked for, newest first, and the parameters that ask for the next ones. Raises NotTaken. One query."""
    checked(parameters, MANY)
    rows = _chosen(launch, parameters, account)
    ascending = _flag(parameters, "ascending")
    if before := parameters.get("before"):
        rows = rows.filter(**{"pk__gt" if ascending else "pk__lt": _whole(before, "before")})
    limit = _whole(parameters.get("limit", "0"), "limit") or PAGE
    limit = min(limit, PAGE)
    found = list(rows.order_by("pk" if ascending else "-pk")[: limit + 1])
    more = ""
    if len(found) > limit:
        found = found[:limit]
        more = urlencode({**parameters, "before": str(found[-1].pk)})
    return {"statements": [row.body for row in found], "more": more}


def _chosen(launch: Launch, parameters: Parameters, account: tuple[str, str]) -> QuerySet[Statement]:
    rows = Statement.objects.filter(registration=launch.registration_id)
    if "agent" in parameters:
        is_own_agent(parameters["agent"], account)
    if "registration" in parameters:
        is_own_registration(launch, parameters)
    if "verb" in parameters:
        rows = rows.filter(verb=parameters["verb"])
    if "activity" in parameters:
        rows = rows.filter(object=parameters["activity"])
    for name, lookup in (("since", "stored__gt"), ("until", "stored__lte")):
        if name in parameters:
            rows = rows.filter(**{lookup: time_of(parameters[name], name)})
    for name in ("related_activities", "related_agents", "attachments"):
        _flag(parameters, name)
    return rows


def is_own_agent(said: str, account: tuple[str, str]) -> None:
    """Raises NotTaken for any agent but the one for whom the unit was launched."""
    if account_of(read_agent(read_json(said))) != account:
        raise NotTaken(Fault.OTHER_ACTOR, "agent")


def is_own_registration(launch: Launch, parameters: Parameters) -> None:
    """Raises NotTaken for any registration but that of the launch."""
    if _uuid(parameters, "registration") != launch.registration.key:
        raise NotTaken(Fault.OTHER_REGISTRATION, "registration", parameters["registration"])


def _uuid(parameters: Parameters, name: str) -> UUID:
    said = parameters.get(name, "")
    if not UUID_FORM.fullmatch(said):
        raise NotTaken(Fault.PARAMETER, name, said)
    return UUID(said)


def _whole(said: str, name: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) < 16):
        raise NotTaken(Fault.PARAMETER, name, said)
    return int(said)


def _flag(parameters: Parameters, name: str) -> bool:
    said = parameters.get(name, "false")
    if said not in ("true", "false"):
        raise NotTaken(Fault.PARAMETER, name, said)
    return said == "true"


def named(parameters: Parameters, name: str) -> str:
    """A parameter that has to be there, no longer than it can be kept. Raises NotTaken."""
    said = parameters.get(name, "")
    if not 0 < len(said) <= NAME_MOST:
        raise NotTaken(Fault.PARAMETER, name, said)
    return said


def document_asked(
    launch: Launch, version: PackageVersion, activity: str, name: str, base: str
) -> StateDocument:
    """The document of this name; LMS.LaunchData is made for each launch. Raises NotTaken. One query."""
    unit = unit_of(launch, version)
    if name == LAUNCH_DATA and activity == unit.activity:
        data = launch_data(item_of(version, launch.item), unit, f"{base}player/over.html")
        content = json.dumps(data, ensure_ascii=False).encode()
        return StateDocument(content=content, content_type="application/json", updated_at=launch.created_at)
    rows = StateDocument.objects.filter(registration=launch.registration_id, activity=activity, name=name)
    found = rows.first()
    if found is None:
        raise NotTaken(Fault.NOTHING)
    return found


def document_names(launch: Launch, activity: str, since: str | None) -> list[str]:
    """The names of the documents of an activity, those changed since then. Raises NotTaken. One query."""
    rows = StateDocument.objects.filter(registration=launch.registration_id, activity=activity)
    if since is not None:
        rows = rows.filter(updated_at__gt=time_of(since, "since"))
    return list(rows.order_by("name").values_list("name", flat=True))


def tag_of(content: bytes) -> str:
    """What HTTP calls a document by (ETag)."""
    return f'"{hashlib.sha1(content, usedforsecurity=False).hexdigest()}"'
