"""Organisations in the Wagtail admin: added, changed and closed within one's own tree, never moved or deleted."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from core.models import AuditEntry, Organisation, Region
from core.organisations.actions import NotAllowed, add_organisation, change_organisation
from core.organisations.policy import uscc_check_character

USCC = "12120101" + "MA0000000"
USCC += uscc_check_character(USCC)


@pytest.fixture
def desk(client: Client, cast: SimpleNamespace) -> Client:
    client.force_login(cast.administrator)
    return client


def said(parent: Organisation | None = None, **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": "南市街社工站",
        "tier": "station",
        "kind": "station",
        "region_code": "",
        "uscc": "",
        "is_active": "on",
    }
    return fields | ({"parent": parent.pk} if parent else {}) | changes


def test_the_list_is_the_own_tree_in_its_order(desk: Client, tree: dict[str, Organisation]) -> None:
    body = desk.get("/admin/organisations/").content.decode()
    assert (
        body.index(tree["district"].name) < body.index(tree["street"].name) < body.index(tree["station"].name)
    )
    assert tree["other_district"].name not in body and tree["city"].name not in body


def test_a_child_is_added_below_the_own_tree(
    desk: Client, tree: dict[str, Organisation], cast: SimpleNamespace
) -> None:
    Region.objects.create(code="120101", name="和平区", level="county")
    answer = desk.post(
        "/admin/organisations/new/", said(tree["street"], uscc=USCC.lower(), region_code="120101")
    )
    assert answer.status_code == 302
    made = Organisation.objects.get(name="南市街社工站")
    assert (made.get_parent(), made.uscc, made.region_id) == (tree["street"], USCC, "120101")
    assert AuditEntry.objects.get(action="core.add_organisation").organisation == made


@pytest.mark.parametrize(
    ("place", "changes", "field"),
    [
        ("other_street", {}, "parent"),
        ("city", {}, "parent"),
        ("street", {"tier": "county"}, "tier"),
        ("street", {"uscc": "91350100M000100Y4X"}, "uscc"),
        ("street", {"region_code": "999999"}, "region_code"),
        ("street", {"name": ""}, "name"),
    ],
)
def test_what_cannot_be_is_refused(
    desk: Client, tree: dict[str, Organisation], place: str, changes: dict[str, str], field: str
) -> None:
    answer = desk.post("/admin/organisations/new/", said(tree[place], **changes))
    assert answer.status_code == 200 and answer.context["form"].errors[field]
    assert not Organisation.objects.filter(name="南市街社工站").exists()


def test_a_change_is_kept_and_audited_with_before_and_after(
    desk: Client, tree: dict[str, Organisation]
) -> None:
    station = tree["station"]
    assert desk.post(f"/admin/organisations/edit/{station.pk}/", said(name="新名社工站")).status_code == 302
    entry = AuditEntry.objects.get(action="core.change_organisation")
    assert entry.data["before"] == {"name": station.name} and entry.data["after"] == {"name": "新名社工站"}
    assert Organisation.objects.get(pk=station.pk).path == station.path


def test_tiers_keep_their_order(desk: Client, tree: dict[str, Organisation]) -> None:
    answer = desk.post(f"/admin/organisations/edit/{tree['street'].pk}/", said(tier="station", kind="bureau"))
    assert answer.context["form"].errors["tier"]


@pytest.mark.parametrize("place", ["other_district", "other_station", "city", "province"])
def test_organisations_above_and_beside_are_not_there(
    desk: Client, tree: dict[str, Organisation], cast: SimpleNamespace, place: str
) -> None:
    node = tree[place]
    assert desk.get(f"/admin/organisations/edit/{node.pk}/").status_code == 404
    assert desk.post(f"/admin/organisations/edit/{node.pk}/", said(name="别人的")).status_code == 404
    with pytest.raises(NotAllowed):
        change_organisation(organisation=node, actor=cast.administrator)
    with pytest.raises(NotAllowed):
        add_organisation(parent=node, actor=cast.administrator, name="x", tier="station", kind="station")


def test_nobody_closes_the_own_organisation(desk: Client, tree: dict[str, Organisation]) -> None:
    fields = said(name="和平区指导中心", tier="county", kind="centre")
    del fields["is_active"]
    desk.post(f"/admin/organisations/edit/{tree['district'].pk}/", fields)
    assert Organisation.objects.get(pk=tree["district"].pk).is_active


@pytest.mark.parametrize("part", ["auditor", "finance", "instructor"])
def test_others_look_and_do_not_touch(
    client: Client, cast: SimpleNamespace, tree: dict[str, Organisation], part: str
) -> None:
    client.force_login(getattr(cast, part))
    assert client.get("/admin/organisations/").status_code == 200
    assert client.post(f"/admin/organisations/edit/{tree['station'].pk}/", said(name="x")).status_code in (
        302,
        404,
    )
    assert client.post("/admin/organisations/new/", said(tree["street"])).status_code == 302
    assert not Organisation.objects.filter(name__in=["x", "南市街社工站"]).exists()


@pytest.mark.django_db
def test_regions_load_twice_without_a_second_row() -> None:
    from django.core.management import call_command

    call_command("import_regions", verbosity=0)
    count = Region.objects.count()
    assert count > 3000
    call_command("import_regions", verbosity=0)
    assert Region.objects.count() == count
