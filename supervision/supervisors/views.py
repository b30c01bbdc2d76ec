"""A supervisor's own entry, and the windows in which an officer chooses a person or a supervisor: searchable, and
scoped like every list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView, ChosenMultipleView, ChosenView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from core.access.scope import holds, scope_of
from core.access.states import Role
from core.attachments.actions import attachment_response
from core.people.models import Person
from core.people.qualifications import qualifications_of
from supervision.supervisors.actions import (
    SupervisorRefused,
    closed_words,
    drop_speciality,
    keep_own_entry,
    name_speciality,
)
from supervision.supervisors.forms import OwnEntryForm, SpecialityForm
from supervision.supervisors.models import Supervisor
from supervision.supervisors.queries import fields_words, has_run_out, month_words, places_words, tiers_words


def own_row(request: HttpRequest) -> Supervisor:
    """The row of whoever asks; nobody else has this page."""
    rows = Supervisor.objects.with_month().select_related("person", "organisation")
    return get_object_or_404(rows.filter(person__user_id=request.user.pk or 0))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """My entry in the registry: what I am designated as, and what I offer."""
    supervisor = own_row(request)
    form = OwnEntryForm(request.POST or None, instance=own_row(request))
    if request.method == "POST" and form.is_valid():
        try:
            keep_own_entry(supervisor=supervisor, actor=request.user, **form.entry())
        except SupervisorRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your entry is saved."))
            return redirect("supervision:own-entry")
    return _show_own(request, supervisor, form, SpecialityForm(supervisor=supervisor))


def _show_own(
    request: HttpRequest, supervisor: Supervisor, form: OwnEntryForm, speciality_form: SpecialityForm
) -> HttpResponse:
    today = timezone.localdate()
    rows = supervisor.designations.select_related("document")
    context = {
        "supervisor": supervisor,
        "form": form,
        "speciality_form": speciality_form,
        "rows": [
            (row, row.is_in_force(today), row.ends_on is not None and row.ends_on < today) for row in rows
        ],
        "places": places_words(supervisor),
        "month": month_words(supervisor),
        "fields": fields_words(supervisor),
        "regions": "、".join(each.name for each in supervisor.regions.all()),
        "run_out": has_run_out(supervisor),
        "closed": closed_words(supervisor) if supervisor.is_closed else "",
        "qualifications": qualifications_of([supervisor.pk])[supervisor.pk],
    }
    return render(request, "supervision/supervisors/own.html", context)


@require_POST
def speciality_name(request: HttpRequest) -> HttpResponse:
    """Name a speciality of mine under one of my fields."""
    supervisor = own_row(request)
    form = SpecialityForm(request.POST, supervisor=supervisor)
    if form.is_valid():
        try:
            name_speciality(supervisor=supervisor, actor=request.user, **form.cleaned_data)
        except SupervisorRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The speciality is named."))
            return redirect(f"{reverse('supervision:own-entry')}#specialities")
    return _show_own(request, supervisor, OwnEntryForm(instance=supervisor), form)


@require_POST
def speciality_drop(request: HttpRequest, speciality_id: int) -> HttpResponse:
    """Remove a speciality of mine."""
    rows = own_row(request).specialities.select_related(
        "supervisor__person", "supervisor__organisation", "field"
    )
    drop_speciality(speciality=get_object_or_404(rows, pk=speciality_id), actor=request.user)
    messages.success(request, _("The speciality is removed."))
    return redirect(f"{reverse('supervision:own-entry')}#specialities")


@require_safe
def own_document(request: HttpRequest, designation_id: int) -> HttpResponseBase:
    """The document of one of my own designations."""
    rows = own_row(request).designations.select_related("document").exclude(document=None)
    designation = get_object_or_404(rows, pk=designation_id)
    assert designation.document is not None
    return attachment_response(designation.document, download="download" in request.GET)


class NameFilter(BaseFilterForm):
    """Searches by name, pinyin or number, in the database itself."""

    q = forms.CharField(
        label=gettext_lazy("Name, pinyin or number"), required=False, max_length=60, widget=forms.TextInput
    )

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        self.search_query = self.cleaned_data.get("q", "").strip()
        self.is_searching = bool(self.search_query)
        return objects.named(self.search_query) if self.is_searching else objects  # type: ignore[attr-defined]


class OnlyAdministrators:
    """Windows show people: only who may act on them gets them open, and only with the rows of their own scope."""

    request: HttpRequest
    filter_form_class = NameFilter

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not holds(request.user, Role.ADMINISTRATOR):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def can_create(self) -> bool:
        return False

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def get_object_list(self) -> QuerySet[Any]:
        return self.rows()

    def get_object(self, pk: str) -> Model:
        if not pk.isdecimal() or len(pk) > 18:
            raise Http404
        return self.rows().get(pk=pk)

    def get_objects(self, pks: list[str]) -> QuerySet[Any]:
        return self.rows().filter(pk__in=[pk for pk in pks if pk.isdecimal() and len(pk) < 19])

    def get_edit_item_url(self, instance: Model) -> None:
        return None


class PeopleRows(OnlyAdministrators):
    """The people employed in one's tree."""

    def rows(self) -> QuerySet[Person]:
        mine = scope_of(self.request.user).q("employer", Role.ADMINISTRATOR)
        return Person.objects.filter(mine).select_related("employer")

    @property
    def columns(self) -> list[Column]:
        return [self.title_column, Column("employer", label=gettext_lazy("employer"), accessor="employer")]  # type: ignore[attr-defined]


class SupervisorRows(OnlyAdministrators):
    """Who takes new mentees and serves places of one's own. The emptiest first."""

    ordering = (F("load") * 100 / (F("capacity") + 1), "code")

    def rows(self) -> QuerySet[Supervisor]:
        rows = Supervisor.objects.active().in_reach_of(self.request.user).with_month()
        return rows.select_related("person", "organisation").prefetch_related("designations", "fields")

    @property
    def columns(self) -> list[Column]:
        return [
            self.title_column,  # type: ignore[attr-defined]
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation"),
            Column("tiers", label=pgettext_lazy("designation", "tier"), accessor=tiers_words),
            Column("places", label=gettext_lazy("places"), accessor=places_words),
            Column("fields", label=gettext_lazy("service fields"), accessor=fields_words),
        ]


def window(name: str, model: type[Model], rows: type[OnlyAdministrators], title: Any) -> ChooserViewSet:
    """A chooser whose every view asks `rows`."""

    class Window(ChooserViewSet):
        icon = "user"
        register_widget = False
        choose_one_text = page_title = title
        choose_view_class = type("Choose", (rows, ChooseView), {})
        choose_results_view_class = type("Results", (rows, ChooseResultsView), {})
        chosen_view_class = type("Chosen", (rows, ChosenView), {})
        chosen_multiple_view_class = type("ChosenMultiple", (rows, ChosenMultipleView), {})

        def get_urlpatterns(self) -> list[URLPattern]:
            return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]

    made = Window(name, url_prefix=name.replace("_", "-"))
    made.model = model
    return made
