"""The site's side of the player: what a window reports of a SCO, and how the person stands in a unit."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from lms.enrolments.models import Enrolment
from lms.packages.actions import NotHolder, save_state
from lms.packages.models import Registration, ScoState
from lms.packages.queries import package_version
from lms.packages.states import Completion, Success

MOST_BYTES = 4 * 2**20


@require_POST
def save(request: HttpRequest, key: UUID) -> JsonResponse:
    """Keep what the window reports. 409 tells it that the SCO is open elsewhere now; 400 that this is no report."""
    own = Enrolment.objects.learning().filter(person__user=request.user.pk)
    said = _said(request)
    if said is None:
        get_object_or_404(Registration.objects.filter(enrolment__in=own), key=key)
        return JsonResponse({"error": "report"}, status=400)
    rows = ScoState.objects.select_related("registration").defer("data")
    state = get_object_or_404(rows, registration__key=key, item=said["item"], registration__enrolment__in=own)
    version = package_version(state.registration.version_id)
    state.registration.version = version
    try:
        state = save_state(
            state=state,
            version=version,
            holder=said["holder"],
            sequence=said["sequence"],
            values=said["values"],
        )
    except NotHolder:
        return JsonResponse({"error": "elsewhere"}, status=409)
    except ValueError:
        return JsonResponse({"error": "values"}, status=400)
    done = {"completion": state.completion, "success": state.success, "score": state.score}
    return JsonResponse({"sequence": state.sequence, **done, "seconds": state.total_seconds})


@require_safe
def standing(request: HttpRequest, key: UUID) -> JsonResponse:
    """How the person stands in a unit of cmi5, which tells the server itself what is done in it. 400: no unit is named."""
    own = Enrolment.objects.learning().filter(person__user=request.user.pk)
    item = request.GET.get("item", "").replace("\0", "")
    if not item:
        get_object_or_404(Registration.objects.filter(enrolment__in=own), key=key)
        return JsonResponse({"error": "item"}, status=400)
    rows = ScoState.objects.filter(registration__enrolment__in=own, registration__key=key).defer("data")
    state = get_object_or_404(rows, item=item)
    over = state.satisfied_at is not None
    completion = Completion.COMPLETED if over else Completion.INCOMPLETE
    success = Success.UNKNOWN if over else state.success
    return JsonResponse({"completion": completion, "success": success, "score": state.score})


def _said(request: HttpRequest) -> dict[str, Any] | None:
    """The report, if it has the shape of one."""
    if len(request.body) > MOST_BYTES:
        return None
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    texts = all(isinstance(said.get(name), str) and "\0" not in said[name] for name in ("item", "holder"))
    number = said.get("sequence")
    counted = isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**31
    return said if texts and counted and len(said["item"]) <= 255 else None
