"""The open list of sectors."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import CreateView

from core.access.desk import KeptViewSet, SavedByAction, ScopedEditView
from credentials.posts.actions import save_sector
from credentials.posts.forms import SectorForm
from credentials.posts.models import Sector


class _SavingSector(SavedByAction):
    form: SectorForm
    request: HttpRequest

    def save_instance(self) -> Sector:
        return save_sector(sector=self.form.save(commit=False), actor=self.request.user)


class SectorCreate(_SavingSector, CreateView):
    pass


class SectorEdit(_SavingSector, ScopedEditView):
    pass


class SectorViewSet(KeptViewSet):
    """The open list of sectors. A sector is closed, not deleted: posts point at it."""

    model = Sector
    name = "sectors"
    icon = "list-ul"
    menu_label = gettext_lazy("Sectors of posts")
    menu_order = 912
    add_to_settings_menu = True
    add_view_class = SectorCreate
    edit_view_class = SectorEdit
    list_display = [
        "name",
        "name_en",
        "position",
        BooleanColumn("is_active", label=gettext_lazy("in use"), sort_key="is_active"),
    ]
    search_fields = ("name", "name_en", "code")
    default_ordering = "position"

    def get_form_class(self, for_update: bool = False) -> type:
        return SectorForm
