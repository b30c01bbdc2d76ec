"""The list of competencies in the Wagtail admin. The goals of the pairs are nowhere here."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import CreateView

from core.access.desk import KeptViewSet, SavedByAction, ScopedEditView
from supervision.goals.actions import save_competency
from supervision.goals.models import Competency


class CompetencyForm(WagtailAdminModelForm):
    class Meta:
        model = Competency
        fields = ["name", "service_field", "position", "is_active"]


class _Saving(SavedByAction):
    """Saved by the action, so that the audit knows whose act it was."""

    form: CompetencyForm
    request: HttpRequest

    def save_instance(self) -> Competency:
        return save_competency(competency=self.form.save(commit=False), actor=self.request.user)


class CompetencyCreate(_Saving, CreateView):
    pass


class CompetencyEdit(_Saving, ScopedEditView):
    pass


class CompetencyViewSet(KeptViewSet):
    """The open list of competencies. One is closed, not deleted: goals point at it."""

    model = Competency
    name = "competencies"
    icon = "list-ul"
    menu_label = gettext_lazy("Competencies")
    menu_order = 910
    add_to_settings_menu = True
    add_view_class = CompetencyCreate
    edit_view_class = CompetencyEdit
    list_display = [
        "name",
        "service_field",
        "position",
        BooleanColumn("is_active", label=gettext_lazy("in use"), sort_key="is_active"),
    ]
    search_fields = ("name",)
    default_ordering = "position"

    def get_form_class(self, for_update: bool = False) -> type:
        return CompetencyForm
