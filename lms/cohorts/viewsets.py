"""Cohorts in the Wagtail admin: the list with where each stands, the form, cancelling."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages as wagtail_messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import KeptViewSet, SavedByAction, ScopedEditView
from lms.cohorts.actions import cancel_cohort, change_cohort, create_cohort
from lms.cohorts.forms import CancelForm, ChangeCohortForm, CreateCohortForm
from lms.cohorts.models import Cohort, CohortQuerySet
from lms.cohorts.policy import JOINABLE, NOT_COUNTED, RunState, Standing
from lms.cohorts.queries import desk_cohorts, missing_in, state_of, state_words, titled
from lms.courses.models import CoursePage

_state_words = lazy(state_words, str)
RUNS = [(state.value, _state_words(state)) for state in RunState] + [
    ("waiting", gettext_lazy("With applications to decide on")),
    ("below", gettext_lazy("Below the minimum")),
]


def runs(rows: Any, kind: str) -> QuerySet[Cohort]:
    """The rows behind a choice of the filter; `rows` are `desk_cohorts`, with what that counts."""
    if kind in set(RunState):
        return rows.in_state(RunState(kind))
    if kind == "waiting":
        return rows.filter(applications__gt=0)
    before = Q(starts_on=None) | Q(starts_on__gt=timezone.localdate())  # as `shortfall` counts
    counted = rows.in_state(*set(RunState) - NOT_COUNTED)
    return counted.filter(before, min_members__gt=F("members_count"))


class CohortFilterSet(WagtailFilterSet):
    run = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=RUNS, method="filter_run")
    course = django_filters.ModelChoiceFilter(
        label=gettext_lazy("course"), queryset=CoursePage.objects.filter(cohorts__isnull=False).distinct()
    )

    class Meta:
        model = Cohort
        fields = ["run", "course"]

    def filter_run(self, queryset: CohortQuerySet, name: str, value: str) -> QuerySet[Cohort]:
        return runs(queryset, value)


def tag_of(cohort: Cohort) -> str:
    return state_words(state_of(cohort))


def places_of(cohort: Cohort) -> str:
    """The places taken; beside them what is missing to the minimum, and how many wait."""
    parts = [f"{cohort.seats_taken} / {cohort.capacity}"]
    if cohort.waiting:
        parts.append(_("%(n)s waiting") % {"n": cohort.waiting})
    if missing := missing_in(cohort):
        parts.append(_("below the minimum by %(n)s") % {"n": missing})
    return " · ".join(parts)


def offered_in(cohort: Cohort) -> set[int]:
    """The enrolments for which a place is held now."""
    rows = cohort.enrolments.filter(state=Standing.OFFERED)
    return set(rows.order_by().values_list("pk", flat=True))


class CohortIndexView(IndexView):
    """Whoever may see a cohort reaches its applications; only who runs it may change it."""

    def get_base_queryset(self) -> QuerySet[Cohort]:
        return desk_cohorts(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        def address(cohort: Cohort) -> str:
            return reverse("applications:cohort", args=[cohort.pk])

        return [
            TitleColumn(
                "title",
                label=gettext_lazy("cohort"),
                accessor="title_here",
                get_url=address,
                sort_key="title",
            ),
            Column("course", label=gettext_lazy("course"), accessor="course.title_here"),
            StatusTagColumn(
                "run",
                label=gettext_lazy("state"),
                accessor=tag_of,
                primary=lambda cohort: state_of(cohort) in JOINABLE,
            ),
            Column(
                "places",
                label=gettext_lazy("places"),
                accessor=places_of,
            ),
            Column(
                "applications",
                label=gettext_lazy("to decide on"),
                accessor="applications",
                sort_key="applications",
            ),
            Column("starts_on", label=gettext_lazy("first day"), accessor="starts_on", sort_key="starts_on"),
            Column("organisation", label=gettext_lazy("run by"), accessor="organisation.name"),
        ]


class CohortCreateView(SavedByAction, CreateView):
    def save_instance(self) -> Cohort:
        data = dict(self.form.cleaned_data)
        if data["plan"] is None:
            del data["plan"]  # then it is the one of the course
        return create_cohort(actor=self.request.user, **data)

    def get_success_message(self, instance: Cohort) -> str:
        """With the plan that applications will follow, where there is one: it may have come from the course."""
        message = str(super().get_success_message(instance))
        plan = instance.plan
        if plan is None:
            return message
        words = _("Applications follow the plan “%(plan)s”.") % {"plan": titled(plan.name, plan.name_en)}
        return f"{message} {words}"

    def get_success_buttons(self) -> list[Any]:
        """Nobody can apply by invitation before there is a code: that is the next step."""
        buttons: list[Any] = super().get_success_buttons()
        if self.object.by_invitation:
            address = reverse("admissions:cohort", args=[self.object.pk])
            buttons.insert(0, wagtail_messages.button(address, _("Make a code")))
        return buttons


class CohortEditView(SavedByAction, ScopedEditView):
    offered = 0  # how many got an offer by this change

    def save_instance(self) -> Cohort:
        cohort = Cohort.objects.get(pk=self.object.pk)
        before = offered_in(cohort)
        changed = change_cohort(cohort=cohort, actor=self.request.user, **self.form.cleaned_data)
        self.offered = len(offered_in(cohort) - before)
        return changed

    def get_success_message(self) -> str:
        """With how many of the waiting list got an offer, where places were added."""
        message = super().get_success_message() or ""
        if not self.offered:
            return str(message)
        text = ngettext(
            "%(n)s person on the waiting list is offered a place and has been told.",
            "%(n)s people on the waiting list are offered a place and have been told.",
            self.offered,
        )
        return f"{message} {text % {'n': self.offered}}"

    def get_success_url(self) -> str:
        return reverse("applications:cohort", args=[self.object.pk])

    @cached_property
    def header_more_buttons(self) -> list[HeaderButton]:
        links = [
            (gettext_lazy("Applications"), reverse("applications:cohort", args=[self.object.pk]), "group"),
            (
                gettext_lazy("Course version"),
                reverse("applications:versions", args=[self.object.pk]),
                "history",
            ),
        ]
        if self.object.cancelled_at is None:
            links.append(
                (gettext_lazy("Cancel the cohort"), reverse("cohorts:cancel", args=[self.object.pk]), "cross")
            )
        return [
            HeaderButton(label=label, url=url, icon_name=icon, priority=number)
            for number, (label, url, icon) in enumerate(links)
        ]


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the cohort does not take place, and why; everybody in it is told."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm("lms.cancel_cohort", cohort):
        raise Http404
    back = redirect("applications:cohort", cohort.pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if cancel_cohort(cohort=cohort, actor=request.user, reason=form.cleaned_data["reason"]):
            messages.success(request, _("The cohort is cancelled, and everybody in it has been told."))
        else:
            messages.info(request, _("This cohort was cancelled before."))
        return back
    context = {
        "cohort": cohort,
        "form": form,
        "header_title": _("Cancel the cohort: %(cohort)s") % {"cohort": cohort.title_here},
        "header_icon": "cross",
        "affected": cohort.enrolments.active().exclude(state=Standing.COMPLETED).count(),
        "breadcrumbs_items": crumbs(cohort, _("Cancel the cohort")),
    }
    return render(request, "lms/cohorts/admin/cancel.html", context)


def crumbs(cohort: Cohort, *labels: str) -> list[dict[str, Any]]:
    """Where a page about one cohort stands in the admin."""
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    rows = [home, {"url": reverse("cohorts:index"), "label": _("Cohorts")}]
    rows.append({"url": reverse("applications:cohort", args=[cohort.pk]), "label": cohort.title_here})
    return [*rows, *({"url": "", "label": label} for label in labels)]


class CohortViewSet(KeptViewSet):
    model = Cohort
    name = "cohorts"
    icon = "group"
    menu_label = gettext_lazy("Cohorts")
    menu_order = 210
    add_to_admin_menu = True
    index_view_class = CohortIndexView
    add_view_class = CohortCreateView
    edit_view_class = CohortEditView
    filterset_class = CohortFilterSet
    search_fields = ("title", "title_en", "course__title", "organisation__name")
    default_ordering = "-starts_on"

    def get_form_class(self, for_update: bool = False) -> type:
        return ChangeCohortForm if for_update else CreateCohortForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*super().get_urlpatterns(), path("cancel/<int:pk>/", cancel, name="cancel")]
