"""The public holidays in the Wagtail admin: one list for all, kept by those who lead a tree."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import CreateView
from wagtail.admin.widgets import AdminDateInput

from core.access.desk import KeptViewSet, SavedByAction, ScopedEditView
from core.calendars.actions import save_holiday
from core.calendars.models import Holiday


class HolidayForm(WagtailAdminModelForm):
    class Meta:
        model = Holiday
        fields = ["name", "starts_on", "ends_on", "is_worked", "is_active"]
        widgets = {"starts_on": AdminDateInput, "ends_on": AdminDateInput}


class _Saving(SavedByAction):
    """Saved by the action, so that the audit knows whose act it was."""

    form: HolidayForm
    request: HttpRequest

    def save_instance(self) -> Holiday:
        return save_holiday(holiday=self.form.save(commit=False), actor=self.request.user)


class HolidayCreate(_Saving, CreateView):
    pass


class HolidayEdit(_Saving, ScopedEditView):
    pass


class HolidayViewSet(KeptViewSet):
    """The public holidays. One is put out of use, not deleted."""

    model = Holiday
    name = "holidays"
    icon = "date"
    menu_label = gettext_lazy("Holidays")
    menu_order = 920
    add_to_settings_menu = True
    add_view_class = HolidayCreate
    edit_view_class = HolidayEdit
    list_display = [
        "name",
        "starts_on",
        "ends_on",
        BooleanColumn("is_worked", label=gettext_lazy("working day at a weekend"), sort_key="is_worked"),
        BooleanColumn("is_active", label=gettext_lazy("in use"), sort_key="is_active"),
    ]
    search_fields = ("name",)
    default_ordering = "-starts_on"

    def get_form_class(self, for_update: bool = False) -> type:
        return HolidayForm
