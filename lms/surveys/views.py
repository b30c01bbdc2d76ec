"""Answering surveys on the phone: what waits, the questions with a draft that is kept, the review, the thanks."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.cohorts.queries import titled
from lms.courses.versions import version_of
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING
from lms.surveys import actions
from lms.surveys.models import SurveyInvitation
from lms.surveys.policy import check
from lms.surveys.queries import card_of, shown, surveys_of
from lms.surveys.states import InvitationState, Rater


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every survey that asks this person, as a trainee or about somebody else; what waits stands on top."""
    cards = surveys_of(request.user)
    return render(request, "lms/surveys/list.html", _listed(cards))


@require_safe
def room(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """The surveys of one enrolment, for its trainee."""
    own = Enrolment.objects.filter(person__user_id=request.user.pk or 0, state__in=LEARNING)
    enrolment = get_object_or_404(own.select_related("cohort"), pk=enrolment_id)
    enrolment.version = version_of(enrolment.version_id)
    context = _listed(surveys_of(request.user, enrolment)) | {"enrolment": enrolment}
    return render(request, "lms/surveys/list.html", context)


def _listed(cards: list) -> dict[str, object]:
    return {
        "waiting": [card for card in cards if card.state == "open"],
        "past": [card for card in cards if card.state != "open"],
    }


def _own(request: HttpRequest, invitation_id: int) -> SurveyInvitation:
    """The invitation, when it asks this user and has opened; for everybody else it is not there."""
    rows = SurveyInvitation.objects.mine(request.user).filter(opens_on__lte=timezone.localdate())
    chosen = rows.select_related("survey__version", "survey__cohort__organisation", "subject", "enrolment")
    return get_object_or_404(chosen, pk=invitation_id)


def _context(invitation: SurveyInvitation) -> dict[str, object]:
    version, cohort = invitation.survey.version, invitation.survey.cohort
    return {
        "invitation": invitation,
        "survey": invitation.survey,
        "card": card_of(invitation),
        "survey_title": version.title_here,
        "introduction": titled(version.introduction, version.introduction_en),
        "cohort_title": titled(cohort.title, cohort.title_en),
        "organisation": cohort.organisation,
        "least": settings.SURVEY_LEAST,
        "is_self": invitation.rater == Rater.SELF,
        "is_paired": invitation.pair is not None and invitation.survey.is_anonymous,
    }


def _over(request: HttpRequest, invitation: SurveyInvitation) -> HttpResponse | None:
    """The page that stands in place of the questions once nothing is taken any more."""
    if invitation.state == InvitationState.ANSWERED:
        return redirect("lms:survey-done", invitation.pk)
    if invitation.is_closed(timezone.localdate()):
        return render(request, "lms/surveys/closed.html", _context(invitation))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """All questions on one page. Posting keeps them and goes on to the review, or says what is missing."""
    invitation = _own(request, invitation_id)
    over = _over(request, invitation)
    if over is not None:
        return over
    checked = None
    if request.method == "POST":
        try:
            actions.keep_draft(invitation=invitation, raw=_typed(request))
        except actions.SurveyRefused as refused:
            messages.warning(request, str(refused))
            return redirect("lms:survey-answer", invitation.pk)
        checked = check(invitation.survey.version.parts, invitation.draft)
        if not checked.faults:
            return redirect("lms:survey-review", invitation.pk)
    elif "missing" in request.GET:
        checked = check(invitation.survey.version.parts, invitation.draft)
    parts = shown(invitation.survey.version.parts, invitation.draft, checked)
    context = _context(invitation) | _progress(parts) | {"faults": [part for part in parts if part.fault]}
    return render(request, "lms/surveys/answer.html", context)


def _progress(parts: list) -> dict[str, object]:
    asked = [part for part in parts if part.part.is_asked]
    return {"parts": parts, "total": len(asked), "done": sum(part.is_answered for part in asked)}


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    """What the form sent, under the keys of the questions."""
    return {name[2:]: request.POST.getlist(name) for name in request.POST if name.startswith("q-")}


@require_POST
def draft(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Keep what was typed so far while the page stays open (htmx); answers with how far one is, in a line."""
    invitation = _own(request, invitation_id)
    context: dict[str, object] = {}
    try:
        kept = actions.keep_draft(invitation=invitation, raw=_typed(request))
        context = _progress(shown(invitation.survey.version.parts, kept))
    except actions.SurveyRefused as refused:
        context = {"refusal": str(refused)}
    return render(request, "lms/surveys/saved.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """All answers once more; posting sends them. Sent twice they are there once."""
    invitation = _own(request, invitation_id)
    over = _over(request, invitation)
    if over is not None:
        return over
    version = invitation.survey.version
    if request.method == "POST":
        try:
            actions.send_answers(invitation=invitation)
            return redirect("lms:survey-done", invitation.pk)
        except actions.SurveyRefused as refused:
            messages.warning(request, str(refused))
    if check(version.parts, invitation.draft).faults:
        response = redirect("lms:survey-answer", invitation.pk)
        response["Location"] += "?missing=1"
        return response
    context = _context(invitation) | _progress(shown(version.parts, invitation.draft))
    return render(request, "lms/surveys/review.html", context)


@require_safe
def done(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Thanks, and what happens to the answers now."""
    invitation = _own(request, invitation_id)
    if invitation.state != InvitationState.ANSWERED:
        return redirect("lms:survey-answer", invitation.pk)
    others = [card for card in surveys_of(request.user) if card.state == "open"]
    return render(request, "lms/surveys/done.html", _context(invitation) | {"others": others})
