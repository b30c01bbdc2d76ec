"""What an officer looks for, keeps and takes out; and the facets: each value with its number and the address that chooses
it, or takes the choice back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from credentials.posts.states import Route
from credentials.talent.policy import MOST_WORDS, Wanted, words_of, words_typed
from credentials.talent.queries import NO_YEAR, Found, Names, names_now
from credentials.talent.states import HOURS, YEARS, Awarded, Order, Part, span_label


class SearchForm(forms.Form):
    """Words, place and order are typed or chosen, and nothing of them is dropped in silence: a search whose words or place
    cannot be read finds nobody. The facets are links, and only read here; a value that there is not is left out."""

    q = forms.CharField(
        label=_("Name, pinyin, employer or post"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
    place = forms.ModelChoiceField(
        label=_("Organisation, with all below it"), queryset=Organisation.objects.none(), required=False
    )
    order = forms.ChoiceField(
        label=pgettext_lazy("talent pool", "Order"), choices=Order.choices, required=False
    )

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["place"]
        assert isinstance(place, forms.ModelChoiceField)
        offer_organisations(place, Organisation.objects.filter(scope_of(user).q("", *READERS)))
        place.empty_label = str(_("All"))

    @cached_property
    def names(self) -> Names:
        """What can be chosen of the lists. One query."""
        return names_now()

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if words_typed(text) > MOST_WORDS:
            raise forms.ValidationError(
                gettext("At most %(most)s words are looked for together.") % {"most": MOST_WORDS}
            )
        return text

    @property
    def is_clear(self) -> bool:
        """Whether it is known whom to look for: words and place can be read. An order that there is not is the usual one."""
        return not {"q", "place"} & set(self.errors)

    @cached_property
    def query(self) -> str:
        """The search as an address keeps it: only what it asks for, in one order, without the page."""
        asked = {name: self.data.get(name, "").strip() for name in ("q", "place")}
        order = self.wanted.order
        asked |= {"order": order if order != Order.NAME else ""}
        asked |= {name: str(value) for name, value in self.chosen.items()}
        return urlencode({name: text for name, text in asked.items() if text})

    @cached_property
    def wanted(self) -> Wanted:
        """The search as the queries take it."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        place = data.get("place")
        return Wanted(
            words=words_of(data.get("q") or ""),
            place=place.path if place else "",
            order=data.get("order") or Order.NAME,
            chosen=self.chosen,
        )

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """The facets that the address asks for, of values that there are."""
        known: dict[str, Collection[Any]] = {
            "part": Part.values,
            "route": Route.values,
            "awarded": Awarded.values,
            "years": range(len(YEARS) + 1),
            "span": range(len(HOURS)),
            "level": self.names.level,
            "sector": self.names.sector,
            "field": self.names.field,
        }
        found: dict[str, Any] = {}
        for name, values in known.items():
            text = self.data.get(name, "")
            value: Any = text if isinstance(values, list) else int(text) if _is_number(text) else None
            if value in values:
                found[name] = value
        return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


class TakeOutForm(forms.Form):
    """Why a list of people leaves the site. The sentence stands in the audit."""

    purpose = forms.CharField(
        label=_("What is the list needed for?"),
        help_text=_("Your name, the time, the search and this sentence are recorded."),
        min_length=4,
        max_length=300,
        error_messages={"required": _("Write what the list is needed for.")},
    )


class CvForm(forms.Form):
    """Why somebody's CV leaves the site. The sentence stands in the audit."""

    purpose = forms.CharField(
        label=_("What is the CV needed for?"),
        help_text=_("Your name, the time, the person and this sentence are recorded."),
        min_length=4,
        max_length=300,
        error_messages={"required": _("Write what the CV is needed for.")},
    )


class SaveForm(forms.Form):
    name = forms.CharField(
        label=_("Keep this search as"),
        max_length=60,
        error_messages={"required": _("Give the search a name.")},
    )


@dataclass(frozen=True)
class Choice:
    """One value: choosing it leads to the search `query`; chosen already, `query` is the search without it."""

    value: Any
    label: str
    number: int
    query: str
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """One question with its answers."""

    name: str
    label: str
    choices: list[Choice]


def facets_shown(
    given: QueryDict, wanted: Wanted, found: Found, names: Names, places: Mapping[str, Organisation]
) -> list[Facet]:
    """All facets that have anything to choose, in their order; `places` are the organisations by their path."""
    years = {
        number: span_label(YEARS, number, pgettext("talent pool", "years")) for number in range(len(YEARS))
    }
    hours = {
        number: span_label(HOURS, number, pgettext("talent pool", "hours")) for number in range(len(HOURS))
    }
    hours[0] = gettext("None yet")
    named: list[tuple[str, str, Mapping[Any, Any]]] = [
        ("level", gettext("Qualification level"), names.level),
        ("field", gettext("Service field"), names.field),
        ("years", gettext("Years of practice"), years | {NO_YEAR: gettext("not stated")}),
        ("span", gettext("Hours held"), hours),
        ("part", gettext("Supervision"), dict(Part.choices)),
        ("sector", gettext("Sector of the post"), names.sector),
        ("route", gettext("Route"), dict(Route.choices)),
        ("awarded", gettext("Commendations"), dict(Awarded.choices)),
    ]
    shown = [
        Facet(name, label, _choices(given, name, labels, found.facets[name], wanted.chosen.get(name)))
        for name, label, labels in named
    ]
    below = [
        Choice(place.pk, place.name, found.places[path], _with(given, "place", place.pk), False)
        for path, place in places.items()
        if path in found.places
    ]
    return [facet for facet in [Facet("place", gettext("Region"), below), *shown] if facet.choices]


def _choices(
    given: QueryDict, name: str, labels: Mapping[Any, Any], numbers: Mapping[Any, int], chosen: Any
) -> list[Choice]:
    return [
        Choice(
            value=value,
            label=str(label),
            number=numbers.get(value, 0),
            query=_with(given, name, None if value == chosen else value),
            chosen=value == chosen,
        )
        for value, label in labels.items()
        if numbers.get(value) or value == chosen
    ]


def _with(given: QueryDict, name: str, value: Any) -> str:
    """The same search with another value of this one (None: without it), from its first page."""
    query = given.copy()
    query.pop("page", None)
    query.pop(name, None)
    if value is not None:
        query[name] = str(value)
    return query.urlencode()
