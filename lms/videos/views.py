"""What the players of a lesson ask and report. Only one's own watchings are found; everything is answered as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lms.videos import actions
from lms.videos.models import Watching
from lms.videos.policy import Beat, Begin, Note, claims_of, frontier, lack_of, whole
from lms.videos.queries import clock_words, next_gap, percent_of, point_shown


@require_POST
def begin(request: HttpRequest, enrolment_id: int, key: UUID, medium: str) -> HttpResponse:
    """A player is about to run; another one that does is named first, unless `wants` says that it may stop."""
    try:
        found, _row = actions.begin_watching(
            asker=request.user,
            enrolment_id=enrolment_id,
            key=key,
            medium=medium,
            token=_token(request),
            wants_it=request.POST.get("wants") == "1",
        )
    except Watching.DoesNotExist as missing:
        raise Http404 from missing
    if found == Begin.ELSEWHERE:
        said = _(
            "You are watching a video on another device or in another window. Only one counts at a time."
        )
        return JsonResponse({"state": "asked", "said": said})
    return JsonResponse({"state": "on", "said": ""})


@require_POST
def beat(request: HttpRequest, enrolment_id: int, key: UUID, medium: str) -> HttpResponse:
    """Take a report of what was played; answer with what counts now, and what the player has to do about it."""
    post = request.POST
    said = Beat(
        number=whole(post.get("number", "")),
        claims=claims_of(post.get("claims", "")),
        runs=post.get("runs") == "1",
        played=whole(post.get("played", "")),
    )
    try:
        heard = actions.keep_beat(
            asker=request.user,
            enrolment_id=enrolment_id,
            key=key,
            medium=medium,
            token=_token(request),
            beat=said,
            position=whole(post.get("position", "")),
        )
    except Watching.DoesNotExist as missing:
        raise Http404 from missing
    return JsonResponse(_answer(heard))


def _token(request: HttpRequest) -> str:
    """The mark that the player has given itself; it decides nothing but which player is meant."""
    return request.POST.get("token", "")[:32].replace("\x00", "")


def _answer(heard: actions.Heard) -> dict[str, Any]:
    row, rules = heard.row, heard.rules
    if heard.judgement is None:
        said = _(
            "The video goes on on another device or in another window. Here nothing is counted any more."
        )
        return {"state": "elsewhere", "said": said}
    notes, lack = heard.judgement.notes, lack_of(rules, row.watched)
    to = frontier(row.watched.spans)
    answer: dict[str, Any] = {
        "state": "on",
        "spans": row.spans,
        "percent": percent_of(rules, row.covered),
        "left": lack.left,
        "next": next_gap(rules, row.spans),
        "said": "",
    }
    if Note.CAP in notes:
        said = _(
            "You have watched as many minutes as count today. Go on tomorrow; what you have done is kept."
        )
        return answer | {"state": "cap", "said": said}
    if Note.SKIPPED in notes:
        words = _("What was skipped does not count. Go on from %(time)s.")
        return answer | {"back": to, "said": words % {"time": clock_words(to)}}
    return answer


@require_POST
def checkpoint(request: HttpRequest, enrolment_id: int, key: UUID, medium: str, point: str) -> HttpResponse:
    """Take the answer to a question in the video; the question comes back with its explanation."""
    try:
        question, answer = actions.answer_checkpoint(
            asker=request.user,
            enrolment_id=enrolment_id,
            key=key,
            medium=medium,
            point=point,
            chosen=request.POST.getlist("choice")[:50],
        )
    except (Watching.DoesNotExist, KeyError) as missing:
        raise Http404 from missing
    except ValueError:
        return JsonResponse({"said": _("Please choose an answer first.")}, status=422)
    return render(request, "lms/videos/answered.html", {"check": point_shown(question, answer)})
