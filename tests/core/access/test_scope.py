"""The one question of access: does this role of this user cover this organisation?"""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.access.scope import Scope, covers, scope_of
from core.models import Organisation, Person, RoleAssignment, User

paths = st.text("ABC1", min_size=4, max_size=16).filter(lambda text: len(text) % 4 == 0)


@given(st.lists(st.tuples(st.sampled_from(["administrator", "trainee"]), paths), max_size=6))
def test_paths_are_the_shortest_and_cover_the_same(grants: list[tuple[str, str]]) -> None:
    scope = Scope(grants=tuple(grants))
    short = scope.paths()
    assert all(any(path.startswith(kept) for kept in short) for _, path in grants)
    assert not any(one != two and one.startswith(two) for one in short for two in short)


def test_a_role_covers_its_organisation_and_all_below_and_nothing_else(
    cast: SimpleNamespace, tree: dict[str, Organisation]
) -> None:
    inside = {name for name, node in tree.items() if covers(cast.administrator, node, "administrator")}
    assert inside == {"district", "street", "station", "agency"}
    assert not covers(cast.administrator, tree["district"], "auditor")
    assert not covers(AnonymousUser(), tree["district"])
    assert not covers(cast.administrator, None)


def test_a_role_holds_from_its_first_to_its_last_day(
    cast: SimpleNamespace, tree: dict[str, Organisation]
) -> None:
    today, day = timezone.localdate(), datetime.timedelta(days=1)
    held = RoleAssignment.objects.get(user=cast.auditor)
    for first, last, holds in [
        (today, today, True),
        (today + day, None, False),
        (today - 2 * day, today - day, False),
    ]:
        RoleAssignment.objects.filter(pk=held.pk).update(starts_on=first, ends_on=last)
        fresh = User.objects.get(pk=cast.auditor.pk)
        assert covers(fresh, tree["street"], "auditor") is holds


def test_a_superuser_sees_everything_also_next_to_another_condition(cast: SimpleNamespace) -> None:
    root = User.objects.create_superuser("root@example.com")
    assert Person.objects.visible_to(root).count() == Person.objects.count()
    assert RoleAssignment.objects.visible_to(root).count() == RoleAssignment.objects.count()


def test_an_account_that_is_closed_has_no_scope(cast: SimpleNamespace) -> None:
    cast.administrator.is_active = False
    assert scope_of(cast.administrator) == Scope()


@pytest.mark.django_db
def test_nobody_is_nobody() -> None:
    assert not Person.objects.visible_to(AnonymousUser()).exists()
    assert not Organisation.objects.visible_to(AnonymousUser()).exists()
