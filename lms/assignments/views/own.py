"""An assignment on the phone: read it, write, look it over, hand it in, read the mark. Only one's own is found."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments.actions import attachment_response
from lms.assignments import actions
from lms.assignments.forms import WorkForm
from lms.assignments.models import SubmissionFile
from lms.assignments.policy import MOST_FILES, fitting, missing_parts, rubric_of
from lms.assignments.queries import TONES, Standing, listed_for, received_of, standing_of, to_write
from lms.assignments.states import SubmissionState
from lms.cohorts.queries import titled, words
from lms.courses.versions import AssignmentVersion, assignment_at, version_of
from lms.enrolments.models import Enrolment


def _own(request: HttpRequest, enrolment_id: int) -> Enrolment:
    own = Enrolment.objects.learning().filter(person__user_id=request.user.pk or 0)
    enrolment = get_object_or_404(own.select_related("cohort"), pk=enrolment_id)
    enrolment.version = version_of(enrolment.version_id)
    return enrolment


def _at(enrolment: Enrolment, key: UUID) -> AssignmentVersion:
    try:
        return assignment_at(enrolment.version_id, key)
    except AssignmentVersion.DoesNotExist as missing:
        raise Http404 from missing


@require_safe
@never_cache
def index(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """All assignments of one's course, and how each stands."""
    enrolment = _own(request, enrolment_id)
    context = {"enrolment": enrolment, "assignments": listed_for(enrolment)}
    return render(request, "lms/assignments/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def detail(request: HttpRequest, enrolment_id: int, key: UUID) -> HttpResponse:
    """What is to be done, what was handed in, and the draft; posting keeps the draft and leads to the review."""
    enrolment = _own(request, enrolment_id)
    assignment = _at(enrolment, key)
    standing = standing_of(enrolment, assignment)
    form = WorkForm(
        request.POST or None,
        request.FILES or None,
        assignment=assignment,
        draft_url=reverse("lms:assignment-draft", args=[enrolment.pk, key]),
        initial={"text": standing.draft.text if standing.draft else ""},
    )
    if request.method == "POST":
        _keep(request, standing, enrolment, form)
        if form.is_valid():
            return redirect("lms:assignment-review", enrolment.pk, key)
        standing = standing_of(enrolment, assignment)
    prefetch_related_objects(standing.submissions, "marks__criteria")
    context = _context(enrolment, standing) | _peers(enrolment, standing) | {"form": form}
    return render(request, "lms/assignments/detail.html", context)


def _keep(request: HttpRequest, standing: Standing, enrolment: Enrolment, form: WorkForm) -> None:
    """Keep what is right of the posted draft; what is not, and what finds no place, is told in the form."""
    drops = {int(pk) for pk in request.POST.getlist("drop") if pk.isascii() and pk.isdigit() and len(pk) < 19}
    files = form.right_files
    if not (form.is_valid() or files or drops):
        return
    taken = (
        {row.position for row in standing.draft.kept_files if row.pk not in drops} if standing.draft else ()
    )
    number, left_out = fitting([file.name for file in files], taken)
    try:
        actions.save_draft(
            enrolment=enrolment,
            assignment=standing.assignment,
            actor=request.user,
            text=form.cleaned_data.get("text"),
            uploads=files[:number],
            drops=drops,
        )
    except actions.NotPossible as refused:
        form.add_error(None, str(refused))
    else:
        if left_out:
            words = _("At most %(most)s files can be handed in. Not taken: %(names)s")
            form.add_error("work_files", words % {"most": MOST_FILES, "names": "、".join(left_out)})


@require_POST
def draft(request: HttpRequest, enrolment_id: int, key: UUID) -> HttpResponse:
    """Keep the text while it is being written (htmx, after every pause); answers with how it went, in a line."""
    enrolment = _own(request, enrolment_id)
    assignment = _at(enrolment, key)
    form = WorkForm(request.POST, assignment=assignment)
    refusal = ""
    if not form.is_valid():
        refusal = str(next(iter(form.errors.values()))[0])
    elif "text" in request.POST:
        text = form.cleaned_data.get("text")
        try:
            actions.save_draft(enrolment=enrolment, assignment=assignment, actor=request.user, text=text)
        except actions.NotPossible as refused:
            refusal = str(refused)
    return render(request, "lms/assessments/saved.html", {"refusal": refusal})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def review(request: HttpRequest, enrolment_id: int, key: UUID) -> HttpResponse:
    """The work as the teacher will see it; posting hands it in. Handed in twice it is handed in once."""
    enrolment = _own(request, enrolment_id)
    assignment = _at(enrolment, key)
    standing = standing_of(enrolment, assignment)
    if standing.draft is None:
        return redirect("lms:assignment-detail", enrolment.pk, key)
    if request.method == "POST":
        try:
            actions.submit_assignment(submission=standing.draft, actor=request.user)
        except actions.NotPossible as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Handed in. Your teacher marks it, and we tell you at once."))
        return redirect("lms:assignment-detail", enrolment.pk, key)
    missing = missing_parts(
        takes_text=assignment.takes_text,
        takes_file=assignment.takes_file,
        text=standing.draft.text,
        has_file=bool(standing.draft.kept_files),
    )
    context = _context(enrolment, standing) | {"missing": [words(sentence) for sentence in missing]}
    return render(request, "lms/assignments/review.html", context)


@require_safe
def file(request: HttpRequest, enrolment_id: int, file_id: int) -> FileResponse:
    """A file of one's own submission."""
    enrolment = _own(request, enrolment_id)
    rows = SubmissionFile.objects.filter(submission__enrolment=enrolment).select_related("attachment")
    return attachment_response(get_object_or_404(rows, pk=file_id).attachment)


def _peers(enrolment: Enrolment, standing: Standing) -> dict[str, object]:
    """The reviews to write, and what others said. No query for an assignment without any."""
    if not standing.assignment.peer_reviews:
        return {}
    reviews = to_write(enrolment, standing.assignment.key)
    reviewed = [row for row in (received_of(work) for work in standing.handed_in) if row]
    return {
        "reviews": reviews,
        "reviews_due": reviews[0].round.due_at if reviews else None,
        "received": reviewed,
    }


def _context(enrolment: Enrolment, standing: Standing) -> dict[str, object]:
    assignment = standing.assignment
    for row in standing.submissions:
        row.tone = TONES[SubmissionState(row.state)]  # type: ignore[attr-defined]
    first = standing.first
    return {
        "enrolment": enrolment,
        "assignment": assignment,
        "assignment_title": titled(assignment.title, assignment.title_en),
        "standing": standing,
        "may_write": standing.may_write,
        "rubric": rubric_of(assignment.rubric),
        "first_title": titled(first.title, first.title_en) if first else "",
    }
