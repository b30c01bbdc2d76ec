"""What an officer plans: a plan of a year, its targets, and what is passed on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation, Tier
from credentials.plans.models import FIRST_YEAR, LAST_YEAR, MOST
from credentials.plans.policy import misfits
from credentials.plans.queries import PASSES_ON, Share
from credentials.plans.states import TargetKind
from credentials.posts.models import Sector
from credentials.posts.states import Route
from credentials.qualifications.models import QualificationLevel
from lms.public import course_titles

WITH_PLANS = (Tier.PROVINCE, *PASSES_ON)
NO_MATCH = {
    "course": _("Only people trained are counted by course."),
    "level": _("Posts are not counted by level."),
    "route": _("Only people trained are counted by route."),
    "sector": _("Only posts are counted by sector."),
}


def this_year() -> int:
    return timezone.localdate().year


class PlanForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, initial=this_year)
    title = forms.CharField(label=_("Title"), max_length=80)
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.active().filter(
            scope_of(user).q("", Role.ADMINISTRATOR), tier__in=WITH_PLANS
        )
        offer_organisations(self.fields["organisation"], mine)


class TargetForm(forms.Form):
    """One target: what counts, narrowed down or not, and how many people."""

    kind = forms.ChoiceField(label=pgettext_lazy("talent plan", "What counts"), choices=TargetKind.choices)
    course = forms.TypedChoiceField(label=_("Course"), required=False, coerce=int, empty_value=None)
    level = forms.ModelChoiceField(
        label=_("Qualification level"), queryset=QualificationLevel.objects.none(), required=False
    )
    route = forms.ChoiceField(label=_("Route"), choices=[("", _("All"))], required=False)
    sector = forms.ModelChoiceField(label=_("Sector"), queryset=Sector.objects.none(), required=False)
    number = forms.IntegerField(label=_("How many people"), min_value=0, max_value=MOST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course, level, route, sector = (self.fields[name] for name in ("course", "level", "route", "sector"))
        assert isinstance(course, forms.ChoiceField)
        assert isinstance(route, forms.ChoiceField)
        assert isinstance(level, forms.ModelChoiceField)
        assert isinstance(sector, forms.ModelChoiceField)
        course.choices = [("", _("All")), *course_titles()]
        route.choices = [("", _("All")), *Route.choices]
        level.queryset, sector.queryset = QualificationLevel.objects.active(), Sector.objects.active()
        level.empty_label = sector.empty_label = str(_("All"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        given = {name: bool(data.get(name)) for name in NO_MATCH}
        for name in misfits(data.get("kind", ""), **given) if data.get("kind") else ():
            self.add_error(name, NO_MATCH[name])
        return data

    @property
    def what(self) -> dict[str, Any]:
        """The target as the action takes it."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "course_id": data["course"],
            "level": data["level"],
            "route": data["route"],
            "sector": data["sector"],
            "number": data["number"],
        }


class DivideForm(forms.Form):
    """How many of a target each organisation right below is given; left empty: nothing given or changed."""

    def __init__(self, *args: Any, shares: Iterable[Share], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for share in shares:
            self.fields[f"to_{share.organisation.pk}"] = forms.IntegerField(
                label=share.organisation.name,
                min_value=0,
                max_value=MOST,
                required=False,
                initial=share.number,
            )

    @property
    def numbers(self) -> dict[int, int | None]:
        return {int(name.removeprefix("to_")): number for name, number in self.cleaned_data.items()}
