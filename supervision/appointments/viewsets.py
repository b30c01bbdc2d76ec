"""Applications as supervisor in the Wagtail admin: what waits, and one of them with its documents."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_crumbs
from core.access.scope import holds
from core.access.states import READERS
from core.attachments.actions import attachment_response
from core.audit.models import AuditEntry
from core.people.qualifications import qualifications_of
from core.states import IllegalMove, Refused
from supervision.appointments.actions import (
    appoint,
    open_application_file,
    refuse_application,
    return_application,
)
from supervision.appointments.forms import AppointForm
from supervision.appointments.models import SupervisorApplication
from supervision.appointments.queries import desk_applications, last_issuer, next_first_day, supervisor_of
from supervision.appointments.states import ApplicationKind, ApplicationState
from supervision.supervisors.forms import ReasonForm
from supervision.trainings.queries import own_trainings, standing


class ApplicationFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=ApplicationState.choices)
    kind = django_filters.ChoiceFilter(
        label=pgettext_lazy("supervisor application", "kind"), choices=ApplicationKind.choices
    )

    class Meta:
        model = SupervisorApplication
        fields = ["state", "kind"]


class ApplicationIndex(ReadersIndex):
    """Every application in scope, the newest first."""

    model = SupervisorApplication
    name = "appointments"
    page_title = gettext_lazy("Applications as supervisor")
    header_icon = "form"
    filterset_class = ApplicationFilterSet
    search_fields = ["person__name", "person__name_search"]

    def get_base_queryset(self) -> QuerySet[SupervisorApplication]:
        return desk_applications(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "person",
                label=gettext_lazy("person"),
                accessor="person.name",
                url_name="appointments:inspect",
            ),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation.name"),
            Column(
                "kind",
                label=pgettext_lazy("supervisor application", "kind"),
                accessor="get_kind_display",
            ),
            Column("tier", label=gettext_lazy("tier wanted"), accessor="get_tier_display"),
            Column("handed_in_at", label=gettext_lazy("handed in"), sort_key="handed_in_at"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.is_waiting,
            ),
        ]


def _application(request: HttpRequest, pk: int) -> SupervisorApplication:
    if not holds(request.user, *READERS):
        raise Http404
    rows = desk_applications(request.user).prefetch_related("documents", "fields")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One application: appoint, return it, or refuse it with a reason."""
    application = _application(request, pk)
    may = request.user.has_perm("supervision.decide_supervisorapplication", application)
    if request.method == "POST" and not may:
        raise Http404
    supervisor = supervisor_of(application.person)
    stands = standing(application.person, supervisor)
    appoints = "appoint" in request.POST
    reason = ReasonForm(request.POST if request.POST and not appoints else None)
    form = AppointForm(
        request.POST if appoints else None,
        is_new=supervisor is None,
        lacks_training=bool(stands.missing),
        initial={
            "tier": application.tier,
            "starts_on": next_first_day(supervisor),
            "issuer": last_issuer(supervisor),
        },
    )
    if request.method == "POST" and (answer := _decide(request, application, form if appoints else reason)):
        return answer
    context = {
        "application": application,
        "supervisor": supervisor,
        "stands": stands,
        "trainings": own_trainings(application.person).live(),
        "qualifications": qualifications_of([application.person_id])[application.person_id],
        "form": form,
        "reason": reason,
        "may_decide": may and application.is_waiting,
        "trail": AuditEntry.objects.trail_of(application),
        "header_title": str(application),
        "header_icon": "form",
        "breadcrumbs_items": desk_crumbs(
            (reverse("appointments:index"), _("Applications as supervisor")), ("", application.person.name)
        ),
    }
    return render(request, "supervision/appointments/admin/inspect.html", context)


def _decide(
    request: HttpRequest, application: SupervisorApplication, form: forms.Form
) -> HttpResponse | None:
    if not form.is_valid():  # what is marked stands far down the page
        messages.error(request, _("Nothing was decided. Please check what is marked below."))
        return None
    data: dict[str, Any] = form.cleaned_data | {"seen": request.POST.get("seen", "")}
    try:
        if isinstance(form, AppointForm):
            appoint(application=application, actor=request.user, **data)
            messages.success(request, _("Appointed, and the person has been told."))
        elif "refuse" in request.POST:
            refuse_application(application=application, actor=request.user, **data)
            messages.success(request, _("The application is refused, and the person has been told why."))
        else:
            return_application(application=application, actor=request.user, **data)
            messages.success(request, _("The application is returned, and the person has been told why."))
    except IllegalMove:
        messages.warning(request, _("This application was decided in the meantime. Nothing was changed now."))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        application.refresh_from_db(fields=["state", "decided_by", "decided_at", "reason"])
        return None
    return redirect("appointments:inspect", application.pk)


@require_safe
def file(request: HttpRequest, pk: int, file_id: int) -> HttpResponseBase:
    """A document of an application. Opened by anybody but the applicant, that is audited."""
    application = _application(request, pk)
    found = get_object_or_404(application.documents.all(), pk=file_id)
    if request.method == "GET":  # who asks for the headers has seen nothing
        open_application_file(application=application, file=found, actor=request.user)
    return attachment_response(found, download="download" in request.GET)


class ApplicationViewSet(ViewSet):
    name = "appointments"
    url_prefix = "supervisor-applications"
    icon = "form"
    menu_label = gettext_lazy("Applications as supervisor")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *ApplicationIndex.urls(),
            path("<int:pk>/", inspect, name="inspect"),
            path("<int:pk>/files/<int:file_id>/", file, name="file"),
        ]
