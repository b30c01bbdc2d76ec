"""Surveys in the Wagtail admin: writing them, putting them to a cohort, the results."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import KeptViewSet, SavedByAction, ScopedEditView
from core.sheets.writing import sheet_response
from core.states import Refused
from lms.cohorts.models import Cohort
from lms.cohorts.viewsets import crumbs
from lms.surveys import actions
from lms.surveys.forms import AssignForm, DesignForm, RaterForm, StopForm
from lms.surveys.models import CohortSurvey, SurveyDesign, SurveyInvitation
from lms.surveys.queries import design_uses, results_of, sheets_of, surveys_in, usable_designs
from lms.surveys.states import Level

PER_PAGE = 50


# --- Writing -------------------------------------------------------------------------------------------------


class DesignFilterSet(WagtailFilterSet):
    level = django_filters.ChoiceFilter(label=pgettext_lazy("survey", "level"), choices=Level.choices)
    is_active = django_filters.BooleanFilter(label=gettext_lazy("in use"))

    class Meta:
        model = SurveyDesign
        fields = ["level", "is_active"]


class DesignIndex(IndexView):
    """The surveys of one's own tree and those shared from above; the latter cannot be edited."""

    def get_base_queryset(self) -> QuerySet[Any]:
        return design_uses(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        def address(design: SurveyDesign) -> str | None:
            may = self.request.user.has_perm("lms.change_surveydesign", design)
            url: str | None = self.get_edit_url(design) if may else None
            return url

        return [
            TitleColumn(
                "title",
                label=gettext_lazy("title"),
                accessor="title_here",
                get_url=address,
                sort_key="title",
            ),
            Column("level", label=pgettext_lazy("survey", "level"), accessor="get_level_display"),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation.name"),
            Column("newest", label=gettext_lazy("versions"), accessor="newest"),
            Column("uses", label=gettext_lazy("cohorts"), accessor="uses"),
            BooleanColumn("is_active", label=gettext_lazy("in use")),
        ]


class DesignCreate(SavedByAction, CreateView):
    def save_instance(self) -> SurveyDesign:
        return actions.save_design(design=self.form.save(commit=False), actor=self.request.user)


class DesignEdit(SavedByAction, ScopedEditView):
    def save_instance(self) -> SurveyDesign:
        return actions.save_design(design=self.form.save(commit=False), actor=self.request.user)


class DesignViewSet(KeptViewSet):
    model = SurveyDesign
    name = "survey-designs"
    icon = "list-ul"
    menu_label = gettext_lazy("Surveys")
    menu_order = 220
    add_to_admin_menu = True
    index_view_class = DesignIndex
    add_view_class = DesignCreate
    edit_view_class = DesignEdit
    filterset_class = DesignFilterSet
    search_fields = ("title", "title_en")
    default_ordering = "level"
    panels = [
        FieldPanel("organisation"),
        FieldRowPanel([FieldPanel("title"), FieldPanel("title_en")]),
        FieldRowPanel([FieldPanel("level"), FieldPanel("is_active")]),
        FieldPanel("introduction"),
        FieldPanel("introduction_en"),
        FieldPanel("body"),
    ]

    def get_edit_handler(self) -> Any:
        return ObjectList(self.panels, base_form_class=DesignForm).bind_to_model(self.model)


# --- One cohort ----------------------------------------------------------------------------------------------


def _cohort(request: HttpRequest, cohort_id: int, perm: str = "") -> Cohort:
    rows = Cohort.objects.visible_to(request.user).select_related("organisation", "course", "version")
    cohort = get_object_or_404(rows, pk=cohort_id)
    if perm and not request.user.has_perm(perm, cohort):
        raise Http404
    return cohort


def _survey(request: HttpRequest, pk: int, perm: str = "") -> CohortSurvey:
    rows = CohortSurvey.objects.visible_to(request.user).select_related(
        "cohort__organisation", "version", "class_session", "before"
    )
    survey = get_object_or_404(rows, pk=pk)
    if perm and not request.user.has_perm(perm, survey):
        raise Http404
    return survey


def _crumbs(cohort: Cohort, *labels: str) -> list[dict[str, Any]]:
    return crumbs(cohort, _("Surveys"), *labels)


@require_safe
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The surveys of one cohort: when each is open, how many have answered, and who is missing."""
    shown = _cohort(request, cohort_id)
    context = {
        "cohort": shown,
        "surveys": surveys_in(shown),
        "may_assign": request.user.has_perm("lms.assign_survey", shown) and shown.cancelled_at is None,
        "header_title": _("Surveys: %(cohort)s") % {"cohort": shown.title_here},
        "header_icon": "list-ul",
        "breadcrumbs_items": crumbs(shown, _("Surveys")),
    }
    return render(request, "lms/surveys/admin/cohort.html", context)


@require_safe
def choose(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Which survey the cohort is to get."""
    shown = _cohort(request, cohort_id, "lms.assign_survey")
    context = {
        "cohort": shown,
        "page": Paginator(usable_designs(request.user), PER_PAGE).get_page(request.GET.get("page")),
        "header_title": _("Put a survey to the cohort"),
        "header_icon": "list-ul",
        "breadcrumbs_items": _crumbs(shown, _("Put a survey to the cohort")),
    }
    return render(request, "lms/surveys/admin/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, cohort_id: int, design_id: int) -> HttpResponse:
    """When it opens, who answers, with names or without."""
    shown = _cohort(request, cohort_id, "lms.assign_survey")
    design = get_object_or_404(usable_designs(request.user), pk=design_id)
    form = AssignForm(request.POST or None, cohort=shown, design=design)
    if request.method == "POST" and form.is_valid():
        try:
            survey = actions.assign_survey(
                cohort=shown,
                design=design,
                plan=form.plan,
                actor=request.user,
                class_session=form.cleaned_data.get("class_session")
                if form.plan.opens_from == "class"
                else None,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("The cohort gets the survey “%(title)s”.") % {"title": survey.version}
            )
            return redirect("cohort-surveys:cohort", shown.pk)
    context = {
        "cohort": shown,
        "design": design,
        "form": form,
        "header_title": design.title_here,
        "header_icon": "list-ul",
        "breadcrumbs_items": _crumbs(shown, design.title_here),
    }
    return render(request, "lms/surveys/admin/assign.html", context)


@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """What the survey came to, with charts; of an anonymous one after it has closed, and from so many answers on that nobody stands out."""
    survey = _survey(request, pk)
    context = {
        "survey": survey,
        "cohort": survey.cohort,
        "results": results_of(survey, request.user),
        "may_stop": survey.stopped_at is None and request.user.has_perm("lms.stop_survey", survey),
        "header_title": survey.version.title_here,
        "header_icon": "list-ul",
        "breadcrumbs_items": _crumbs(survey.cohort, survey.version.title_here),
    }
    return render(request, "lms/surveys/admin/results.html", context)


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The results as a workbook; of an anonymous survey no row stands for a person."""
    survey = _survey(request, pk)
    found = results_of(survey, request.user)
    if not found.is_shown:
        words = _("There are not enough answers yet to take out.")
        if survey.is_anonymous:
            words = _(
                "This survey is anonymous: its results are shown after it has closed or been stopped, and only from "
                "%(n)s answers on."
            ) % {"n": found.least}
        messages.info(request, words)
        return redirect("cohort-surveys:results", survey.pk)
    if request.method == "GET":
        actions.export_survey(survey=survey, actor=request.user, answers=found.answered)
    return sheet_response(
        f"{survey.version.title_here}-{survey.cohort.title_here}.xlsx", *sheets_of(survey, found)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask nobody any more; what was answered stays."""
    survey = _survey(request, pk, "lms.stop_survey")
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if actions.stop_survey(survey=survey, actor=request.user, reason=form.cleaned_data["reason"]):
            messages.success(request, _("The survey is stopped. What was answered stays."))
        else:
            messages.info(request, _("This survey was stopped before."))
        return redirect("cohort-surveys:cohort", survey.cohort_id)
    context = {
        "survey": survey,
        "cohort": survey.cohort,
        "form": form,
        "header_title": _("Stop the survey: %(title)s") % {"title": survey.version.title_here},
        "header_icon": "cross",
        "breadcrumbs_items": _crumbs(survey.cohort, _("Stop the survey")),
    }
    return render(request, "lms/surveys/admin/stop.html", context)


@require_safe
def raters(request: HttpRequest, pk: int) -> HttpResponse:
    """About whom nobody can be asked, so that somebody is named by hand; and of a named survey who has answered."""
    survey = _survey(request, pk)
    rows = survey.invitations.select_related("subject__employer", "respondent__person")
    if survey.is_anonymous:
        rows = rows.none()  # who has answered is nobody's business here
    context = {
        "survey": survey,
        "cohort": survey.cohort,
        "page": Paginator(rows.order_by("respondent", "state", "pk"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "may_name": request.user.has_perm("lms.stop_survey", survey),
        "header_title": _("Who answers: %(title)s") % {"title": survey.version.title_here},
        "header_icon": "user",
        "breadcrumbs_items": _crumbs(survey.cohort, _("Who answers")),
    }
    return render(request, "lms/surveys/admin/raters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def name_rater(request: HttpRequest, pk: int) -> HttpResponse:
    """Name somebody in one's own tree to answer about one trainee."""
    rows = SurveyInvitation.objects.visible_to(request.user).without_rater()
    invitation = get_object_or_404(
        rows.select_related("survey__cohort__organisation", "survey__version", "subject"), pk=pk
    )
    if not request.user.has_perm("lms.name_rater", invitation):
        raise Http404
    form = RaterForm(request.POST or None, asker=request.user, invitation=invitation)
    if request.method == "POST" and form.is_valid():
        try:
            actions.name_rater(
                invitation=invitation, respondent=form.cleaned_data["respondent"], actor=request.user
            )
        except Refused as refused:
            messages.warning(request, str(refused))
        else:
            messages.success(request, _("%(name)s is asked now.") % {"name": form.cleaned_data["respondent"]})
        return redirect("cohort-surveys:raters", invitation.survey_id)
    context = {
        "survey": invitation.survey,
        "cohort": invitation.survey.cohort,
        "invitation": invitation,
        "form": form,
        "header_title": _("Who answers about %(name)s") % {"name": invitation.subject.name},
        "header_icon": "user",
        "breadcrumbs_items": _crumbs(invitation.survey.cohort, _("Who answers")),
    }
    return render(request, "lms/surveys/admin/name_rater.html", context)


class CohortSurveyViewSet(ViewSet):
    name = "cohort-surveys"
    icon = "list-ul"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("cohort/<int:cohort_id>/", cohort, name="cohort"),
            path("cohort/<int:cohort_id>/add/", choose, name="choose"),
            path("cohort/<int:cohort_id>/add/<int:design_id>/", assign, name="assign"),
            path("<int:pk>/", results, name="results"),
            path("<int:pk>/xlsx/", download, name="download"),
            path("<int:pk>/stop/", stop, name="stop"),
            path("<int:pk>/raters/", raters, name="raters"),
            path("raters/<int:pk>/", name_rater, name="name-rater"),
        ]
