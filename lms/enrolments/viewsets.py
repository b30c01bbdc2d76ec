"""The applications of one cohort in the Wagtail admin: decide, and move the cohort to another course version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.viewsets.base import ViewSet

from core.states import IllegalMove, Refused
from core.templatetags.times import day
from lms.cohorts.models import Cohort
from lms.cohorts.queries import missing_in, state_of, state_words
from lms.cohorts.viewsets import crumbs
from lms.courses.versions import CourseVersion
from lms.enrolments import actions
from lms.enrolments.forms import DeskFilter, ReasonForm
from lms.enrolments.jobs import AT_ONCE, start_approving, start_moving
from lms.enrolments.models import Enrolment
from lms.enrolments.queries import (
    DESK_ORDER,
    Choices,
    choices_of,
    desk_enrolments,
    leaving_of,
    version_change,
)
from lms.enrolments.states import EnrolmentState

PER_PAGE = 50


def _cohort(request: HttpRequest, cohort_id: int, perm: str = "") -> Cohort:
    rows = Cohort.objects.visible_to(request.user).with_waiting()
    rows = rows.select_related("organisation", "course", "version")
    cohort = get_object_or_404(rows, pk=cohort_id)
    if perm and not request.user.has_perm(perm, cohort):
        raise Http404
    return cohort


def _enrolment(request: HttpRequest, pk: int, perm: str) -> Enrolment:
    rows = Enrolment.objects.visible_to(request.user).select_related(
        "cohort__organisation", "person__user", "version"
    )
    enrolment = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm(perm, enrolment):
        raise Http404
    return enrolment


def _found(asked: QueryDict, rows: QuerySet[Enrolment]) -> tuple[QuerySet[Enrolment], dict[str, str]]:
    """The rows that the search and the state chips ask for. Nonsense asks for nothing."""
    form = DeskFilter(asked)
    form.is_valid()
    wanted = {"q": form.cleaned_data.get("q", "").strip(), "state": form.cleaned_data.get("state", "")}
    if wanted["q"]:
        plain = wanted["q"].lower()
        rows = rows.filter(Q(person__name__icontains=plain) | Q(person__name_search__contains=plain))
    if wanted["state"]:
        rows = rows.filter(state=wanted["state"])
    return rows, wanted


@require_safe
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Everybody who applied: chips by state, search by name or pinyin, and what may be decided."""
    shown = _cohort(request, cohort_id)
    everybody = desk_enrolments(request.user, shown)
    counts = dict(everybody.order_by().values_list("state").annotate(number=Count("pk")))
    rows, wanted = _found(request.GET, everybody)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    runs_it = request.user.has_perm("lms.change_cohort", shown)
    choices = choices_of(page.object_list, request.user) if runs_it else {}
    context = {
        "cohort": shown,
        "page": page,
        "wanted": wanted,
        "chips": [(state.value, state.label, counts.get(state.value, 0)) for state in DESK_ORDER],
        "total": sum(counts.values()),
        "may_tick": any(choice.approves for choice in choices.values()),
        "to_approve": _to_approve(request, rows, page, choices) if runs_it else 0,
        "state_label": state_words(state_of(shown)),
        "runs_it": runs_it,
        "choices": choices,
        "missing": missing_in(shown),
        "header_title": shown.title_here,
        "header_icon": "group",
        "breadcrumbs_items": crumbs(shown),
    }
    return render(request, "lms/enrolments/admin/cohort.html", context)


def _to_approve(
    request: HttpRequest, rows: QuerySet[Enrolment], page: Page[Enrolment], choices: dict[int, Choices]
) -> int:
    """How many of these rows wait for the officer. All on one page: no further query. On several, those whose step is
    another tier's are counted as well; the job names them."""
    if not page.has_other_pages():
        return sum(choice.approves for choice in choices.values())
    return rows.filter(state=EnrolmentState.APPLIED).exclude(person__user=request.user.pk).order_by().count()


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Admit one applicant, or approve the step of theirs that waits here."""
    enrolment = _enrolment(request, pk, "lms.approve_enrolment")
    outcome = actions.decide(enrolment=enrolment, actor=request.user, approves=True)
    (messages.success if outcome.done else messages.warning)(request, outcome.sentence)
    return redirect("applications:cohort", enrolment.cohort_id)


@require_POST
def approve_many(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Admit all that were ticked, or all that the search and the chips show; many of them become a job.

    Each is decided by itself, and who cannot be admitted is named.
    """
    shown = _cohort(request, cohort_id, "lms.change_cohort")
    rows: QuerySet[Enrolment] = Enrolment.objects.visible_to(request.user).filter(cohort=shown)
    if "all" in request.POST:
        rows = _found(request.POST, rows)[0].filter(state=EnrolmentState.APPLIED)
        rows = rows.exclude(person__user=request.user.pk)
    else:
        chosen = request.POST.getlist("chosen")
        rows = rows.filter(pk__in=[int(value) for value in chosen if value.isdecimal() and len(value) < 19])
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if len(ids) > AT_ONCE:
        job = start_approving(cohort=shown, enrolment_ids=ids, actor=request.user)
        messages.success(request, _("The applications are being approved. This page follows the work."))
        return redirect("core:job", job.pk)
    _approve_now(request, rows)
    return redirect("applications:cohort", shown.pk)


def _approve_now(request: HttpRequest, rows: QuerySet[Enrolment]) -> None:
    rows = rows.select_related("cohort__organisation", "person__user", "version")
    outcomes = [actions.decide(enrolment=row, actor=request.user, approves=True) for row in rows]
    for outcome in outcomes:
        if not outcome.done:
            messages.warning(request, outcome.sentence)
    if done := sum(outcome.done for outcome in outcomes):
        text = ngettext("%(count)s application approved.", "%(count)s applications approved.", done)
        messages.success(request, text % {"count": done})
    elif not outcomes:
        messages.info(request, _("Tick the applications first that you want to approve."))


@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse one applicant; the reason is theirs to read."""
    enrolment = _enrolment(request, pk, "lms.refuse_enrolment")
    return _with_reason(request, enrolment, actions.refuse, _("Refuse the application"))


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a place that was given; the reason is the trainee's to read."""
    enrolment = _enrolment(request, pk, "lms.withdraw_enrolment")
    if not request.user.has_perm("lms.change_cohort", enrolment.cohort):
        raise Http404
    return _with_reason(
        request, enrolment, actions.withdraw, _("Take the place back"), warning=_late_words(enrolment)
    )


def _late_words(enrolment: Enrolment) -> str:
    """What being taken out after the last day to leave means for the trainee; "" before it."""
    until = enrolment.cohort.withdraw_until
    if until is None or not leaving_of(enrolment).is_late:
        return ""
    words = _(
        "The last day to leave was %(day)s. Taken out now, %(name)s is recorded as having left late, which counts as dropping out. Hours already earned stay."
    )
    return words % {"day": day(until), "name": enrolment.person.name}


def _with_reason(
    request: HttpRequest, enrolment: Enrolment, act: Any, title: str, *, warning: str = ""
) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            act(enrolment=enrolment, actor=request.user, reason=form.cleaned_data["reason"])
        except IllegalMove:
            messages.warning(request, actions.decided_already(enrolment))
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("Done. %(name)s has been told.") % {"name": enrolment.person.name})
        return redirect("applications:cohort", enrolment.cohort_id)
    context = {
        "enrolment": enrolment,
        "form": form,
        "act": title,
        "warning": warning,
        "header_title": _("%(a)s: %(b)s") % {"a": title, "b": enrolment.person.name},
        "header_icon": "user",
        "breadcrumbs_items": crumbs(enrolment.cohort, title),
    }
    return render(request, "lms/enrolments/admin/reason.html", context)


@require_safe
def versions(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The versions of the course, and what moving to each newer one would change."""
    shown = _cohort(request, cohort_id, "lms.move_to_version")
    others = (
        CourseVersion.objects.filter(course=shown.course_id).exclude(pk=shown.version_id).order_by("-number")
    )
    context = {
        "cohort": shown,
        "changes": [version_change(shown, version) for version in others[:3]],
        "header_title": _("Course version"),
        "header_icon": "history",
        "breadcrumbs_items": crumbs(shown, _("Course version")),
    }
    return render(request, "lms/enrolments/admin/versions.html", context)


@require_POST
def move(request: HttpRequest, cohort_id: int, version_id: int) -> HttpResponse:
    """Move the cohort, with everybody who has not completed it, to another version of its course."""
    shown = _cohort(request, cohort_id, "lms.move_to_version")
    version = get_object_or_404(CourseVersion, pk=version_id, course=shown.course_id)
    moving = shown.enrolments.active().exclude(state=EnrolmentState.COMPLETED)
    if moving.count() > AT_ONCE:
        job = start_moving(cohort=shown, version=version, actor=request.user)
        messages.success(request, _("The cohort is being moved. This page follows the work."))
        return redirect("core:job", job.pk)
    people = actions.move_to_version(cohort=shown, version=version, actor=request.user)
    values = {"number": version.number, "people": people}
    messages.success(
        request, _("The cohort now follows version %(number)s; people moved: %(people)s.") % values
    )
    return redirect("applications:cohort", shown.pk)


class ApplicationViewSet(ViewSet):
    name = "applications"
    icon = "user"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:cohort_id>/", cohort, name="cohort"),
            path("<int:cohort_id>/approve/", approve_many, name="approve_many"),
            path("<int:cohort_id>/versions/", versions, name="versions"),
            path("<int:cohort_id>/versions/<int:version_id>/", move, name="move"),
            path("approve/<int:pk>/", approve, name="approve"),
            path("refuse/<int:pk>/", refuse, name="refuse"),
            path("withdraw/<int:pk>/", withdraw, name="withdraw"),
        ]
