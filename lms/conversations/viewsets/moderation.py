"""Moderating at the desk: hide or show a post, silence somebody for a time, keep the list of words."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.organisations.models import Organisation
from core.states import Refused
from lms.conversations.actions import moderation as actions
from lms.conversations.forms import MuteForm, ReasonForm, WordsForm
from lms.conversations.models import Mute, Post, ReviewWord
from lms.conversations.viewsets.place import attempt, desk_cohort, desk_context
from lms.enrolments.models import Enrolment


@require_http_methods(["GET", "POST"])
def hide(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide a post; the reason is for the author and the cohort to read."""
    post = _post(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = _("The post is hidden, and %(name)s has been told.") % {"name": post.author}
        attempt(request, lambda: actions.hide_post(post=post, actor=request.user, reason=reason), done)
        return redirect("talk:thread", post.thread_id)
    context = desk_context(request, post.thread.cohort, "discussion", _("Hide the post"))
    context |= {"post": post, "form": form, "act": _("Hide the post")}
    return render(request, "lms/conversations/admin/hide.html", context)


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a post: nothing is wrong with it."""
    post = _post(request, pk)
    done = _("The post is shown, and the reports are settled.")
    attempt(request, lambda: actions.keep_post(post=post, actor=request.user), done)
    return redirect("talk:thread", post.thread_id)


def _post(request: HttpRequest, pk: int) -> Post:
    rows = Post.objects.visible_to(request.user).select_related("author__person", "thread__author__person")
    post = get_object_or_404(rows, pk=pk)
    post.thread.cohort = desk_cohort(request, post.thread.cohort_id)
    if not request.user.has_perm("lms.moderate_post", post):
        raise Http404
    return post


@require_http_methods(["GET", "POST"])
def mute(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Let somebody read but not write in the discussion of this cohort, to the end of a day."""
    rows = Enrolment.objects.visible_to(request.user).learning()
    enrolment = get_object_or_404(rows.select_related("person__user"), pk=enrolment_id)
    cohort = desk_cohort(request, enrolment.cohort_id, to_teach=True)
    user, name = enrolment.person.user, enrolment.person.name
    if user is None:
        raise Http404
    form = MuteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.mute_person(cohort=cohort, user=user, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Done. %(name)s has been told.") % {"name": name})
            return redirect("talk:discussion", cohort.pk)
    label = _("Silence %(name)s for a time") % {"name": name}
    context = desk_context(request, cohort, "discussion", label)
    context |= {"form": form, "act": label, "name": name}
    return render(request, "lms/conversations/admin/hide.html", context)


@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody write again."""
    row = get_object_or_404(Mute.objects.select_related("cohort__organisation", "user__person"), pk=pk)
    desk_cohort(request, row.cohort_id, to_teach=True)
    done = _("%(name)s can write again.") % {"name": row.user}
    attempt(request, lambda: actions.lift_mute(mute=row, actor=request.user), done)
    return redirect("talk:discussion", row.cohort_id)


@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """The words to review of one organisation, and those that its cohorts inherit from above."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=organisation_id)
    if not request.user.has_perm("lms.change_reviewwords", organisation):
        raise Http404
    held = ReviewWord.objects.filter(organisation=organisation).values_list("word", flat=True)
    form = WordsForm(request.POST or None, initial={"words": "\n".join(held)})
    if request.method == "POST" and form.is_valid():
        save = form.cleaned_data["words"]
        attempt(
            request,
            lambda: actions.save_review_words(organisation=organisation, words=save, actor=request.user),
            _("The list is saved. It counts for what is posted from now on."),
        )
        return redirect("talk:words", organisation.pk)
    above = organisation.get_ancestors()
    inherited = ReviewWord.objects.filter(organisation__in=above).select_related("organisation")
    context = {
        "organisation": organisation,
        "form": form,
        "inherited": inherited.order_by("organisation__path", "word"),
        "header_title": _("Words to review: %(name)s") % {"name": organisation.name},
        "header_icon": "comment",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("cohorts:index"), "label": _("Cohorts")},
            {"url": "", "label": _("Words to review")},
        ],
    }
    return render(request, "lms/conversations/admin/words.html", context)
