"""Choosing an organisation: one order, one look, and a search for whoever has many, in every form and filter."""

from __future__ import annotations

from types import SimpleNamespace

from django import forms
from django.test import Client
from django.urls import reverse

from core.models import Organisation
from core.organisations.forms import INDENT, offer_organisations
from tests.factories import make_cohort


def labels(*names: str, tree: dict[str, Organisation]) -> list[str]:
    field = forms.ModelChoiceField(Organisation.objects.none(), empty_label=None)
    rows = Organisation.objects.filter(pk__in=[tree[name].pk for name in names])
    offer_organisations(field, rows.order_by("name"))
    for _ in range(2):  # a form is drawn more than once
        found = [str(label) for _pk, label in field.choices]
    return [f"{label.count(INDENT)} {label.strip()}" for label in found]


def test_organisations_stand_in_the_order_of_the_tree_each_below_the_next_that_is_offered(
    tree: dict[str, Organisation],
) -> None:
    assert labels("city", "station", "district", "other_district", tree=tree) == [
        f"0 {tree['city']}",
        f"1 {tree['district']}",
        f"2 {tree['station']}",
        f"1 {tree['other_district']}",
    ]
    assert labels("station", "other_district", tree=tree) == [
        f"0 {tree['station']}",
        f"0 {tree['other_district']}",
    ]
    assert labels("station", tree=tree) == [f"0 {tree['station']}"]


PLACES = (
    "application-plans:add",
    "audit:index",
    "certificates:index",
    "cohorts:add",
    "hours:people",
    "imports:add-people",
    "organisations:add",
    "pathways:add",
    "people:index",
    "survey-designs:add",
    "supervisors:add",
)


def test_every_choice_of_an_organisation_can_be_searched(
    client: Client, cast: SimpleNamespace, tree: dict[str, Organisation]
) -> None:
    client.force_login(cast.city_administrator)
    places = [reverse(name) for name in PLACES]
    places.append(reverse("admissions:cohort", args=[make_cohort(tree["city"]).pk]))
    pages = {place: client.get(place).content.decode() for place in places}
    assert [place for place, page in pages.items() if "data-find=" not in page] == []
    assert "cms/find" in pages[places[0]]
