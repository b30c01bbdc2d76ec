"""The store of statements as units of cmi5 speak to it (xAPI 1.0.3), on the content's own host and below its signed address.

No session and no cookie is read here: a unit shows the token of its launch, and sees nothing but its own registration.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict, UnreadablePostError
from django.utils import timezone

from lms.packages.actions import drop_documents, fetch_token, keep_document, keep_statements
from lms.packages.models import Launch, PackageVersion
from lms.packages.policy.xapi.faults import FORBIDDEN, MALFORMED, Fault, NotTaken
from lms.packages.policy.xapi.launch import LAUNCH_DATA, PREFERENCES, VERSION
from lms.packages.policy.xapi.reading import read_json
from lms.packages.policy.xapi.shape import read_statement
from lms.packages.queries import package_version
from lms.packages.queries.faults import said_of
from lms.packages.queries.statements import (
    checked,
    document_asked,
    document_names,
    is_own_agent,
    is_own_registration,
    named,
    statement_asked,
    statements_asked,
    tag_of,
)
from lms.packages.queries.units import launch_of, unit_of

BODY_MOST, BATCH_MOST = 2**20, 100
STATUS = {Fault.NO_TOKEN: 401, Fault.CONFLICT: 409, Fault.CHANGED: 412, Fault.NOTHING: 404, Fault.METHOD: 405}
STATUS |= {Fault.TOO_LARGE: 413, **dict.fromkeys(MALFORMED, 400), **dict.fromkeys(FORBIDDEN, 403)}
STATE = frozenset(["activityId", "agent", "registration", "stateId", "since"])


def serve_store(request: HttpRequest, path: str, version_id: int, base: str) -> HttpResponse:
    """Answer one request of a unit. Whatever is wrong with it is said in words, and never with a fault of ours."""
    try:
        answer = _answer(request, path, version_id, base)
    except NotTaken as refused:
        answer = JsonResponse(said_of(refused), status=STATUS[refused.fault])
    answer["X-Experience-API-Version"] = VERSION
    return answer


def _answer(request: HttpRequest, path: str, version_id: int, base: str) -> HttpResponse:
    version = _version(version_id)
    if path.startswith("fetch/"):
        return _fetch(request, path.removeprefix("fetch/"), version)
    if path == "about":
        return JsonResponse({"version": [VERSION]})
    said = request.headers.get("X-Experience-API-Version", "")
    if said != "1.0" and not said.startswith("1.0."):
        raise NotTaken(Fault.NO_VERSION, detail=said)
    resource = RESOURCES.get(path)
    if resource is None:
        raise NotTaken(Fault.NOTHING)
    launch = launch_of(request.headers.get("Authorization", ""), version_id)
    if launch.terminated_at is not None and not (path == "statements" and request.method in ("PUT", "POST")):
        raise NotTaken(Fault.CLOSED)  # a statement that comes twice is still known; anything new is refused
    return resource(request, launch, version, base)


def _version(version_id: int) -> PackageVersion:
    try:
        version: PackageVersion = package_version(version_id)
    except PackageVersion.DoesNotExist:
        raise NotTaken(Fault.NOTHING)
    return version


def _fetch(request: HttpRequest, key: str, version: PackageVersion) -> HttpResponse:
    """The token of a launch, once; after that the error of cmi5."""
    if request.method != "POST":
        raise NotTaken(Fault.METHOD)
    token = fetch_token(key=key, version_id=version.pk)
    if token is None:
        return JsonResponse({"error-code": "1", "error-text": "The key was used already, or has run out."})
    return JsonResponse({"auth-token": token})


def _body(request: HttpRequest) -> bytes:
    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError):
        raise NotTaken(Fault.TOO_LARGE, detail=str(BODY_MOST))
    if len(body) > BODY_MOST:
        raise NotTaken(Fault.TOO_LARGE, detail=str(BODY_MOST))
    return body


def _json(request: HttpRequest) -> Any:
    kind = request.content_type or ""
    if kind != "application/json":
        raise NotTaken(Fault.TYPE, "Content-Type", kind)
    return read_json(_body(request))


def _parameters(request: HttpRequest) -> dict[str, str]:
    """Each parameter once, as the last of its name says."""
    query: QueryDict = request.GET
    return query.dict()  # type: ignore[return-value]


def _statements(request: HttpRequest, launch: Launch, version: PackageVersion, base: str) -> HttpResponse:
    parameters = _parameters(request)
    if request.method in ("GET", "HEAD"):
        return _read(parameters, launch, version, base)
    if request.method == "PUT":
        checked(parameters, frozenset(["statementId"]))
        one = _json(request)
        said = read_statement(
            {"id": named(parameters, "statementId"), **one} if isinstance(one, dict) else one
        )
        if str(said.id) != parameters["statementId"].lower():
            raise NotTaken(Fault.PARAMETER, "statementId", parameters["statementId"])
        keep_statements(launch=launch, version=version, said=[said])
        return HttpResponse(status=204)
    if request.method != "POST":
        raise NotTaken(Fault.METHOD)
    checked(parameters, frozenset())
    sent = _json(request)
    batch = sent if isinstance(sent, list) else [sent]
    if not 0 < len(batch) <= BATCH_MOST:
        raise NotTaken(Fault.TOO_MANY, detail=str(BATCH_MOST))
    ids = keep_statements(launch=launch, version=version, said=[read_statement(one) for one in batch])
    return JsonResponse([str(one) for one in ids], safe=False)


def _read(parameters: dict[str, str], launch: Launch, version: PackageVersion, base: str) -> HttpResponse:
    if "statementId" in parameters or "voidedStatementId" in parameters:
        answer = JsonResponse(statement_asked(launch, parameters))
    else:
        found = statements_asked(launch, parameters, unit_of(launch, version).account)
        if found["more"]:
            found["more"] = f"{urlsplit(base).path}xapi/statements?{found['more']}"
        answer = JsonResponse(found)
    answer["X-Experience-API-Consistent-Through"] = timezone.now().isoformat()
    return answer


def _state(request: HttpRequest, launch: Launch, version: PackageVersion, base: str) -> HttpResponse:
    """Documents that the unit keeps for its next session (Activity State)."""
    parameters = checked(_parameters(request), STATE)
    activity = parameters.get("activityId", "")
    if activity != unit_of(launch, version).activity:
        raise NotTaken(Fault.OTHER_ACTIVITY, "activityId", activity)
    is_own_agent(parameters.get("agent", ""), unit_of(launch, version).account)
    is_own_registration(launch, parameters)
    name = named(parameters, "stateId") if "stateId" in parameters else None
    if request.method in ("GET", "HEAD"):
        if name is None:
            return JsonResponse(document_names(launch, activity, parameters.get("since")), safe=False)
        found = document_asked(launch, version, activity, name, base)
        return _document(bytes(found.content), found.content_type, found.updated_at)
    if name == LAUNCH_DATA:
        raise NotTaken(Fault.READ_ONLY, LAUNCH_DATA)
    if request.method == "DELETE":
        drop_documents(launch=launch, activity=activity, name=name)
        return HttpResponse(status=204)
    if request.method not in ("PUT", "POST"):
        raise NotTaken(Fault.METHOD)
    return _keep(request, launch, version, activity, named(parameters, "stateId"), base)


def _keep(
    request: HttpRequest, launch: Launch, version: PackageVersion, activity: str, name: str, base: str
) -> HttpResponse:
    content, kind = _body(request), request.headers.get("Content-Type", "application/octet-stream")
    if not 0 < len(kind) <= 100 or not kind.isprintable():
        raise NotTaken(Fault.TYPE, "Content-Type", kind)
    wanted, unwanted = request.headers.get("If-Match"), request.headers.get("If-None-Match")
    if wanted or unwanted:
        try:
            tag = tag_of(bytes(document_asked(launch, version, activity, name, base).content))
        except NotTaken:
            tag = ""
        if (wanted and wanted not in (tag, "*" if tag else "")) or (
            unwanted and unwanted in (tag, "*" if tag else "")
        ):
            raise NotTaken(Fault.CHANGED, name)
    if (request.content_type or "") == "application/json":
        read_json(content)
    keep_document(
        launch=launch,
        activity=activity,
        name=name,
        content=content,
        content_type=kind,
        joined=request.method == "POST",
    )
    return HttpResponse(status=204)


def _document(content: bytes, kind: str, changed: Any) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["ETag"] = tag_of(content)
    answer["Last-Modified"] = changed.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return answer


def _learner(request: HttpRequest, launch: Launch, version: PackageVersion, _base: str) -> HttpResponse:
    """What the learner likes (Agent Profile): the language of the platform. It can only be read."""
    if request.method not in ("GET", "HEAD"):
        raise NotTaken(Fault.READ_ONLY, "agents/profile")
    parameters = checked(_parameters(request), frozenset(["agent", "profileId", "since"]))
    is_own_agent(parameters.get("agent", ""), unit_of(launch, version).account)
    if "profileId" not in parameters:
        return JsonResponse([PREFERENCES], safe=False)
    if parameters["profileId"] != PREFERENCES:
        raise NotTaken(Fault.NOTHING)
    content = b'{"languagePreference": "zh-CN,en", "audioPreference": "on"}'
    return _document(content, "application/json", launch.created_at)


def _activity(request: HttpRequest, launch: Launch, version: PackageVersion, _base: str) -> HttpResponse:
    """Documents about an activity for everybody (Activity Profile): there are none, and none is taken."""
    if request.method not in ("GET", "HEAD"):
        raise NotTaken(Fault.READ_ONLY, "activities/profile")
    parameters = checked(_parameters(request), frozenset(["activityId", "profileId", "since"]))
    named(parameters, "activityId")
    if "profileId" in parameters:
        raise NotTaken(Fault.NOTHING)
    return JsonResponse([], safe=False)


RESOURCES: dict[str, Callable[[HttpRequest, Launch, PackageVersion, str], HttpResponse]] = {
    "statements": _statements,
    "activities/state": _state,
    "activities/profile": _activity,
    "agents/profile": _learner,
}
