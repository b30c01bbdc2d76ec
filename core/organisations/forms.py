"""The officer's forms for organisations."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.models import Organisation, Region
from core.organisations.policy import may_sit_under

INDENT = "\u2003"  # one wide space a storey
TOO_HIGH = _("An organisation stands below one of a higher level.")


def offer_organisations(field: forms.Field, rows: QuerySet[Organisation]) -> None:
    """Let a field choose among these organisations: in the order of the tree, each one storey further to the right than
    the one above it that is offered too. A long list can be searched (cms/find.js), by the names above as well."""
    assert isinstance(field, forms.ModelChoiceField)
    above: list[str] = []

    def indented(node: Organisation) -> str:
        while above and not (node.path.startswith(above[-1]) and node.path != above[-1]):
            above.pop()
        above.append(node.path)
        return f"{INDENT * (len(above) - 1)}{node.name}"

    field.label_from_instance = indented  # type: ignore[method-assign,assignment]
    field.queryset = rows.order_by("path")
    field.widget.attrs |= {"data-find": _("Find by name"), "data-found": _("Found:")}


class OrganisationFilter(django_filters.ModelChoiceFilter):
    """The same choice in the filter of a list."""

    @property
    def field(self) -> forms.Field:
        made: forms.ModelChoiceField[Organisation] = super().field
        if "data-find" not in made.widget.attrs:
            offer_organisations(made, cast("QuerySet[Organisation]", made.queryset))
        return made


class ChangeOrganisationForm(WagtailAdminModelForm):
    """What may be changed of an organisation. Where it stands in the tree stays as it is."""

    region_code = forms.CharField(
        label=_("Region code"),
        max_length=9,
        required=False,
        help_text=_("GB/T 2260: six digits, of a street or township nine."),
    )

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = ("name", "tier", "kind", "uscc", "is_active")
        help_texts = {
            "is_active": _(
                "An organisation that is closed stays in the records, but nobody can choose it any more."
            )
        }

    field_order: tuple[str, ...] = ("parent", "name", "tier", "kind", "region_code", "uscc", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
        self.fields["region_code"].initial = self.instance.region_id or ""
        if self.instance.pk and self._is_top():
            for name in ("tier", "is_active"):
                self.fields[name].disabled = True

    def _is_top(self) -> bool:
        """One's own organisation is closed or re-ranked from above, not by oneself."""
        scope = scope_of(self.for_user)
        return not scope.everything and self.instance.path in scope.paths(Role.ADMINISTRATOR)

    def clean_region_code(self) -> str:
        code: str = self.cleaned_data["region_code"].strip()
        if code and not Region.objects.filter(pk=code).exists():
            raise ValidationError(
                _("There is no region with this code. Look it up in the list of GB/T 2260.")
            )
        self.instance.region_id = code or None
        return code

    def clean_tier(self) -> str:
        tier: str = self.cleaned_data["tier"]
        if self.instance.pk:
            above = self.instance.get_parent()
            if not may_sit_under(tier, above.tier if above else None):
                raise ValidationError(TOO_HIGH)
            if any(not may_sit_under(below.tier, tier) for below in self.instance.get_children()):
                raise ValidationError(_("The organisations below this one would stand as high as it."))
        return tier


class AddOrganisationForm(ChangeOrganisationForm):
    """A new organisation below one of one's own tree."""

    parent = forms.ModelChoiceField(label=_("Stands below"), queryset=Organisation.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.active().filter(scope_of(self.for_user).q("", Role.ADMINISTRATOR))
        offer_organisations(self.fields["parent"], mine.exclude(tier="station"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        parent, tier = data.get("parent"), data.get("tier")
        if parent and tier and not may_sit_under(tier, parent.tier):
            self.add_error("tier", TOO_HIGH)
        return data
