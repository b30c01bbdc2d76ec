"""The work of another on the phone, without who it is: read it, say what is good and what could be better.

Nothing here names anybody: not the text, the files, their names and properties, the address or the headers.
"""

from __future__ import annotations

from pathlib import PurePath
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.attachments.neutral import without_author
from lms.assignments import actions
from lms.assignments.forms import PeerForm, initial_of
from lms.assignments.models import PeerReview, SubmissionFile
from lms.assignments.policy import rubric_of
from lms.assignments.queries import own_review, picks_in, work_shown
from lms.cohorts.queries import titled


def _asked(request: HttpRequest, uid: UUID) -> PeerReview:
    review = own_review(request.user, uid)
    if review is None:
        raise Http404
    return review


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def peer_review(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One work of another and one's review of it; posting keeps it, or sends it."""
    review = _asked(request, uid)
    assignment = review.round.assignment
    rubric = rubric_of(assignment.rubric)
    before = {"score": review.score, "comment": review.comment} | initial_of(rubric, picks_in(review))
    form = PeerForm(request.POST or None, initial=before, rubric=rubric)
    if request.method == "POST" and form.is_valid():
        sends = request.POST.get("go") == "send"
        verb = actions.submit_peer_review if sends else actions.save_review
        try:
            verb(review=review, actor=request.user, **form.facts())
        except actions.NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Sent. Thank you.") if sends else _("Saved. You can go on later."))
            return redirect("lms:peer-review", uid)
    context = {
        "review": review,
        "round": review.round,
        "enrolment": review.reviewer,
        "assignment": assignment,
        "assignment_title": titled(assignment.title, assignment.title_en),
        "text": work_shown(review),
        "files": [_neutral_name(file) for file in review.submission.kept_files],
        "form": form,
        "may_write": not review.is_done and not review.round.is_over,
    }
    return render(request, "lms/assignments/peer.html", context)


@require_safe
def peer_file(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """A file of that work under a neutral name, without what it says of its author."""
    files = _asked(request, uid).submission.kept_files
    found = next((file for file in files if file.position == number), None)
    if found is None:
        raise Http404
    try:
        with storages["private"].open(found.attachment.stored) as stored:
            content = without_author(PurePath(found.attachment.stored).suffix, stored.read())
    except FileNotFoundError:
        raise Http404
    if content is None:
        return render(request, "lms/assignments/peer_no_file.html", {"uid": uid}, status=409)
    answer = HttpResponse(content, content_type=found.attachment.content_type)
    name = _neutral_name(found)["name"]
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _neutral_name(file: SubmissionFile) -> dict[str, object]:
    ending = PurePath(file.attachment.stored).suffix
    return {"number": file.position, "name": f"work-{file.position}{ending}"}
