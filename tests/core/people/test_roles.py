"""Roles at the desk: given and ended within one's own tree, and never one's own."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from core.access.states import Role
from core.models import AuditEntry, Organisation, RoleAssignment
from core.organisations.actions import NotAllowed, end_role, grant_role


def test_a_role_is_given_by_email_within_the_tree(
    desk: Client, cast: SimpleNamespace, tree: dict[str, Organisation]
) -> None:
    said = {"account": "TRAINEE@example.com", "role": "instructor", "organisation": tree["street"].pk}
    assert desk.post("/admin/roles/grant/", said).status_code == 302
    held = RoleAssignment.objects.get(user=cast.trainee, role="instructor")
    assert (held.organisation, held.granted_by) == (tree["street"], cast.administrator)
    assert cast.trainee.groups.filter(name="Authors").exists()
    assert AuditEntry.objects.filter(action="core.grant_role", organisation=tree["street"]).exists()


@pytest.mark.parametrize("place", ["city", "province", "other_district", "other_station"])
def test_no_role_above_or_beside_the_own_tree(
    desk: Client, cast: SimpleNamespace, tree: dict[str, Organisation], place: str
) -> None:
    said = {"account": cast.trainee.email, "role": "administrator", "organisation": tree[place].pk}
    assert desk.post("/admin/roles/grant/", said).context["form"].errors["organisation"]
    with pytest.raises(NotAllowed):
        grant_role(
            user=cast.trainee, role=Role.ADMINISTRATOR, organisation=tree[place], actor=cast.administrator
        )


def test_nobody_gives_themself_a_role(
    desk: Client, cast: SimpleNamespace, tree: dict[str, Organisation]
) -> None:
    said = {"account": cast.administrator.email, "role": "finance", "organisation": tree["district"].pk}
    assert desk.post("/admin/roles/grant/", said).context["form"].non_field_errors()
    held = RoleAssignment.objects.get(user=cast.administrator)
    assert desk.get(f"/admin/roles/{held.pk}/end/").status_code == 404
    with pytest.raises(NotAllowed):
        end_role(assignment=held, actor=cast.administrator)


def test_an_unknown_account_is_said_in_words(desk: Client, tree: dict[str, Organisation]) -> None:
    said = {"account": "nobody@example.com", "role": "trainee", "organisation": tree["station"].pk}
    assert desk.post("/admin/roles/grant/", said).context["form"].errors["account"]


def test_a_role_that_ends_stays_as_a_row_and_no_longer_holds(desk: Client, cast: SimpleNamespace) -> None:
    held = RoleAssignment.objects.get(user=cast.instructor)
    assert desk.post(f"/admin/roles/{held.pk}/end/").status_code == 302
    held.refresh_from_db()
    assert held.ends_on == timezone.localdate() - datetime.timedelta(days=1)
    assert not cast.instructor.groups.filter(name="Authors").exists()
    other = Client()
    other.force_login(cast.instructor)
    assert other.get("/admin/").status_code in (302, 403)
