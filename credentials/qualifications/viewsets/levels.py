"""The levels with their targets and their dated terms in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import KeptViewSet, ReaderMenuItem, SavedByAction, ScopedEditView
from credentials.qualifications.actions import add_level_terms, save_level
from credentials.qualifications.forms import LevelForm, TermsForm
from credentials.qualifications.models import LevelTerms, QualificationLevel


class _Saving(SavedByAction):
    """Saved by the action, so that the audit knows whose act it was and where."""

    form: LevelForm
    request: HttpRequest

    def save_instance(self) -> QualificationLevel:
        return save_level(level=self.form.save(commit=False), actor=self.request.user)


class LevelCreate(_Saving, CreateView):
    pass


class LevelEdit(_Saving, ScopedEditView):
    pass


class LevelViewSet(KeptViewSet):
    """The levels and their targets. A level is closed, not deleted: periods point at it."""

    model = QualificationLevel
    name = "levels"
    icon = "list-ul"
    menu_label = gettext_lazy("Qualification levels")
    menu_order = 910
    add_to_settings_menu = True
    add_view_class = LevelCreate
    edit_view_class = LevelEdit
    list_display = [
        "name",
        "name_en",
        "target_hours",
        "position",
        BooleanColumn("is_active", label=gettext_lazy("in use"), sort_key="is_active"),
    ]
    search_fields = ("name", "name_en", "code")
    default_ordering = "position"

    def get_form_class(self, for_update: bool = False) -> type:
        return LevelForm


class TermsIndex(IndexView):
    """The terms there are, the latest first."""

    model = LevelTerms
    any_permission_required = ["view"]
    page_title = gettext_lazy("Level terms")
    header_icon = "list-ul"
    index_url_name = "level-terms:index"
    index_results_url_name = "level-terms:index_results"
    add_url_name = "level-terms:add"
    add_item_label = gettext_lazy("Add terms")
    default_ordering = "-starts_on"
    is_searchable = False
    columns = [
        TitleColumn("name", label=gettext_lazy("name")),
        Column("level", label=pgettext_lazy("qualification", "level"), accessor="level"),
        Column("starts_on", label=gettext_lazy("from"), sort_key="starts_on"),
        Column(
            "organisation",
            label=gettext_lazy("where it applies"),
            accessor=lambda row: row.organisation or _("Everywhere"),
        ),
        Column("department", label=gettext_lazy("competent department")),
        Column("source", label=gettext_lazy("source")),
    ]

    def get_base_queryset(self) -> QuerySet[LevelTerms]:
        return LevelTerms.objects.visible_to(self.request.user).select_related("organisation", "level")


class TermsCreate(SavedByAction, CreateView):
    """Terms are added, never changed: others from a later day take their place."""

    model = LevelTerms
    form_class = TermsForm
    permission_required = "add"
    page_title = gettext_lazy("Add terms")
    header_icon = "list-ul"
    index_url_name = "level-terms:index"
    add_url_name = "level-terms:add"
    refused_field = "starts_on"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("credentials.add_levelterms"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def save_instance(self) -> LevelTerms:
        return add_level_terms(actor=self.request.user, **self.form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("level-terms:index")


class TermsViewSet(ViewSet):
    name = "level-terms"
    icon = "list-ul"
    menu_label = gettext_lazy("Level terms")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", TermsIndex.as_view(), name="index"),
            path("results/", TermsIndex.as_view(results_only=True), name="index_results"),
            path("add/", TermsCreate.as_view(), name="add"),
        ]
