"""Learning: the outline, a lesson, its check questions. Everything is fetched through one's own enrolments."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from csp.constants import NONE
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.documents.models import AbstractDocument

from lms.courses.versions import LessonVersion, lesson_at, version_of
from lms.enrolments.models import Enrolment
from lms.enrolments.queries import checklist_of, shown_conditions
from lms.enrolments.states import EnrolmentState
from lms.learning import actions
from lms.learning.models import LessonProgress
from lms.learning.policy import Standing, Step
from lms.learning.queries import (
    Way,
    address_of,
    check_shown,
    fault_words,
    may_read,
    own_enrolments,
    refusal_words,
    shown_frames,
    shown_parts,
    way_of,
)
from lms.packages.actions import NoSuchItem, begin_session, launch_unit
from lms.packages.queries import package_version
from lms.packages.queries.addresses import content_origin
from lms.packages.queries.player import item_asked, launch_session_of, player_of, session_of
from lms.packages.states import Kind
from lms.videos.actions import open_videos
from lms.videos.queries import players_of


def _own(request: HttpRequest, enrolment_id: int, *with_: str) -> Enrolment:
    rows = own_enrolments(request.user)
    enrolment = get_object_or_404(rows.select_related(*with_) if with_ else rows, pk=enrolment_id)
    enrolment.version = version_of(enrolment.version_id)
    return enrolment


@require_safe
def outline(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """The whole course as it stands for the trainee."""
    way = way_of(_own(request, enrolment_id, "cohort"))
    checklist = checklist_of(way.enrolment, way.done)
    context = {
        "way": way,
        "enrolment": way.enrolment,
        "conditions": shown_conditions(way.enrolment, checklist),
        "conditions_met": sum(condition.is_met for condition in checklist.conditions),
    }
    return render(request, "lms/learning/outline.html", context)


@require_safe
def resume(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """To where the trainee stopped; to the outline when nothing is left to do."""
    enrolment = _own(request, enrolment_id)
    step = way_of(enrolment).resume
    return redirect(
        address_of(enrolment, step) if step else reverse("lms:learning-outline", args=[enrolment.pk])
    )


def _open_lesson(
    request: HttpRequest, enrolment_id: int, key: UUID, *with_: str
) -> tuple[Way, Step, LessonVersion | None]:
    """The way, the step with this key and its lesson (None for a quiz). 404 when the course has no such item."""
    way = way_of(_own(request, enrolment_id, *with_))
    step = way.step(key)
    if step is None:
        raise Http404
    lesson = lesson_at(way.enrolment.version_id, key) if step.item.kind == "lesson" and step.is_open else None
    return way, step, lesson


@require_safe
def lesson(request: HttpRequest, enrolment_id: int, key: UUID) -> HttpResponse:
    """One lesson. The first view notes when it was opened; a locked lesson says what must be finished first."""
    way, step, row = _open_lesson(request, enrolment_id, key)
    before, after = way.around(key)
    context = {"way": way, "enrolment": way.enrolment, "step": step, "before": before, "after": after}
    if not step.is_open:
        return render(request, "lms/learning/locked.html", context)
    if row is None:
        return redirect(address_of(way.enrolment, step))
    progress = way.progress.get(str(key))
    if request.method == "GET":
        progress = actions.open_lesson(enrolment=way.enrolment, lesson=row, progress=progress)
    watched = open_videos(enrolment=way.enrolment, lesson=row) if request.method == "GET" else None
    players = players_of(way.enrolment, row, watched)
    context |= {"lesson": row, "progress": progress, "players": players}
    for name, other in (("before_url", before), ("after_url", after)):
        context[name] = address_of(way.enrolment, other) if other else ""
    frames = shown_frames(row)
    context["parts"] = shown_parts(row, progress.answers if progress else {}, players, frames)
    if row.package_id is not None:
        context["player"] = player = player_of(request, way.enrolment, row)
        if "go" in request.GET and not player.is_blocked:  # a page that is loaded again goes no further
            return redirect(f"{request.path}?{urlencode({'item': player.current})}")
    response = render(request, "lms/learning/lesson.html", context)
    if frames or row.package_id is not None:
        # On this page alone a frame may show something of another host: of exactly these, and of no other.
        response._csp_update = {"frame-src": _origins(frames, context.get("player"))}  # type: ignore[attr-defined]
    return response


def _origins(frames: list[dict[str, Any]], player: Any) -> list[str]:
    """Where the frames of a lesson come from: other sites that are allowed, and the host of its package."""
    found = [f"https://{host}" for host in dict.fromkeys(frame["host"] for frame in frames) if host]
    found += [player.origin] if player is not None and player.origin else []
    return found or [NONE]


@require_POST
def begin_package(request: HttpRequest, enrolment_id: int, key: UUID) -> JsonResponse:
    """Open a SCO or a unit of the lesson's package in this window, which takes it over from any other."""
    way, _step, row = _open_lesson(request, enrolment_id, key, "cohort")
    if row is None or row.package_id is None or not content_origin(request):
        raise Http404
    version = package_version(row.package_id)
    try:
        state = begin_session(enrolment=way.enrolment, version=version, item=item_asked(request.body))
    except NoSuchItem:
        raise Http404
    if version.kind == Kind.CMI5:
        opened = launch_unit(state=state, version=version)
        return JsonResponse(
            launch_session_of(request, opened.launch, opened.fetch, version, way.enrolment.person)
        )
    return JsonResponse(session_of(request, state, version, way.enrolment.person))


@require_POST
def complete(request: HttpRequest, enrolment_id: int, key: UUID) -> HttpResponse:
    """Finish the lesson and go on to the next item; what is still missing is said in words."""
    way, _step, row = _open_lesson(request, enrolment_id, key, "cohort")
    here = reverse("lms:learning-lesson", args=[enrolment_id, key])
    if row is None:
        return redirect(here)
    was_enrolled = way.enrolment.state == EnrolmentState.ENROLLED
    try:
        actions.complete_lesson(enrolment=way.enrolment, lesson=row)
    except actions.NotYet as refused:
        for refusal in refused.refusals:
            messages.warning(request, refusal_words(refusal))
        return redirect(here)
    return _go_on(request, way.with_done(key), key, was_enrolled=was_enrolled)


def _go_on(request: HttpRequest, way: Way, key: UUID, *, was_enrolled: bool) -> HttpResponse:
    """To the next item if it is still to do, else to the first that is; to the outline when nothing is left."""
    enrolment = way.enrolment  # `complete_if_done` leaves the new state on it
    if was_enrolled and enrolment.state == EnrolmentState.COMPLETED:
        messages.success(request, _("You have completed the whole course. Well done!"))
        return redirect("lms:learning-outline", enrolment.pk)
    _before, after = way.around(key)
    step = after if after is not None and after.standing == Standing.OPEN else way.resume
    return redirect(
        address_of(enrolment, step) if step else reverse("lms:learning-outline", args=[enrolment.pk])
    )


@require_POST
def check(request: HttpRequest, enrolment_id: int, key: UUID, check_key: str) -> HttpResponse:
    """Take the answer to a check question: with htmx the question with its explanation, else back to the lesson."""
    way, step, row = _open_lesson(request, enrolment_id, key)
    question = next((one for one in row.checks if one["key"] == check_key), None) if row else None
    if row is None or question is None:
        raise Http404
    progress = way.progress.get(str(key))
    answer = progress.answers.get(check_key) if progress else None
    fault = ""
    try:
        answer = actions.answer_check(
            enrolment=way.enrolment, lesson=row, check=question, chosen=request.POST.getlist("choice")
        )
    except actions.AnswerRefused as refused:
        fault = fault_words(refused.fault)
    except LessonProgress.DoesNotExist:
        fault = _("Please open the lesson and read it first.")
    return _answered(request, way, step, check_shown(question, answer, fault=fault))


def _answered(request: HttpRequest, way: Way, step: Step, shown: dict[str, Any]) -> HttpResponse:
    if getattr(request, "htmx", False):
        context = {"check": shown, "enrolment": way.enrolment, "step": step}
        return render(request, "lms/learning/check.html", context)
    if shown["fault"]:
        messages.warning(request, shown["fault"])
    here = reverse("lms:learning-lesson", args=[way.enrolment.pk, step.item.key])
    return HttpResponseRedirect(f"{here}#check-{shown['key']}")


def guard_document(document: AbstractDocument, request: HttpRequest) -> HttpResponse | None:
    """Wagtail's hook before a document is served: what lessons show is for the enrolled; for others it is not there."""
    if not may_read(document, request.user):
        raise Http404
    return None
