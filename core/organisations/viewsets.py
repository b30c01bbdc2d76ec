"""Organisations in the Wagtail admin: one's own tree, top first."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView

from core.access.desk import KeptViewSet, SavedByAction, ScopedEditView
from core.access.scope import scope_of
from core.organisations.actions import FIELDS, add_organisation, change_organisation
from core.organisations.forms import INDENT, AddOrganisationForm, ChangeOrganisationForm
from core.organisations.models import Kind, Organisation, Tier


class OrganisationFilterSet(WagtailFilterSet):
    tier = django_filters.ChoiceFilter(label=_("level"), choices=Tier.choices)
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=Kind.choices)
    is_active = django_filters.BooleanFilter(label=_("active"))

    class Meta:
        model = Organisation
        fields = ["tier", "kind", "is_active"]


class OrganisationIndex(IndexView):
    """In the order of the tree, each one storey further to the right; people are counted in one query."""

    def get_base_queryset(self) -> QuerySet[Organisation]:
        return Organisation.objects.visible_to(self.request.user).select_related("region").order_by("path")

    @cached_property
    def top(self) -> int:
        depths = [len(path) // Organisation.steplen for path in scope_of(self.request.user).paths()]
        return min(depths, default=1)

    @cached_property
    def columns(self) -> list[Column]:
        def indented(node: Organisation) -> str:
            return f"{INDENT * max(0, node.depth - self.top)}{node.name}"

        return [
            TitleColumn("name", label=_("name"), accessor=indented, get_url=self.get_edit_url),
            Column("tier", label=_("level"), accessor="get_tier_display"),
            Column("kind", label=_("kind"), accessor="get_kind_display"),
            Column("region", label=_("region"), accessor="region"),
            Column("uscc", label=_("unified social credit code"), accessor=lambda node: node.uscc or ""),
            BooleanColumn("is_active", label=_("active")),
        ]


class OrganisationCreate(SavedByAction, CreateView):
    def save_instance(self) -> Organisation:
        typed = self.form.instance  # cleaned: the code is normalised there
        fields = {name: getattr(typed, name) for name in FIELDS}
        return add_organisation(parent=self.form.cleaned_data["parent"], actor=self.request.user, **fields)


class OrganisationEdit(SavedByAction, ScopedEditView):
    def save_instance(self) -> Organisation:
        organisation: Organisation = self.form.save(commit=False)
        change_organisation(organisation=organisation, actor=self.request.user)
        return organisation


class OrganisationViewSet(KeptViewSet):
    model = Organisation
    name = "organisations"
    icon = "site"
    menu_label = _("Organisations")
    menu_order = 310
    add_to_admin_menu = True
    index_view_class = OrganisationIndex
    add_view_class = OrganisationCreate
    edit_view_class = OrganisationEdit
    filterset_class = OrganisationFilterSet
    search_fields = ("name", "uscc")
    default_ordering = "path"
    list_per_page = 50

    def get_form_class(self, for_update: bool = False) -> type:
        return ChangeOrganisationForm if for_update else AddOrganisationForm
