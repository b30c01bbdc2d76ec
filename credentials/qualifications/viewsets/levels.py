"""The levels with their targets and their dated terms in the Wagtail admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import CreateView

from core.access.desk import (
    DatedCreate,
    DatedIndex,
    DatedViewSet,
    KeptViewSet,
    SavedByAction,
    ScopedEditView,
)
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


class TermsIndex(DatedIndex):
    """The terms there are, the latest first."""

    model = LevelTerms
    name = "level-terms"
    page_title = gettext_lazy("Level terms")
    header_icon = "list-ul"
    add_item_label = gettext_lazy("Add terms")
    related = ("organisation", "level")
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


class TermsCreate(DatedCreate):
    """Terms are added, never changed: others from a later day take their place."""

    name = "level-terms"
    model = LevelTerms
    form_class = TermsForm
    page_title = gettext_lazy("Add terms")
    header_icon = "list-ul"

    def save_instance(self) -> LevelTerms:
        return add_level_terms(actor=self.request.user, **self.form.cleaned_data)


class TermsViewSet(DatedViewSet):
    name = "level-terms"
    icon = "list-ul"
    menu_label = gettext_lazy("Level terms")
    index_view_class = TermsIndex
    add_view_class = TermsCreate
