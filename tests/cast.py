"""The one cast of people that every test uses, and the tree they live in."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from core.models import Organisation, User
from tests.factories import give_role, make_organisation, make_user
from tests.kept import Kept

# Each part: a name, the node of the tree that employs the person, and the role held there.
PARTS = {
    "trainee": ("林小荷", "station", "trainee"),
    "other_trainee": ("周一鸣", "station", "trainee"),
    "supervisor": ("欧阳若水", "agency", "supervisor"),
    "instructor": ("曾可", "district", "instructor"),
    "administrator": ("单于明", "district", "administrator"),
    "city_administrator": ("解安", "city", "administrator"),
    "finance": ("仇敏", "district", "finance"),
    "auditor": ("查理明", "district", "auditor"),
    "outsider": ("任远", "other_district", "administrator"),
    "outside_trainee": ("华清", "other_station", "trainee"),
}
CAST = list(PARTS)


def _make_tree() -> dict[str, Organisation]:
    from django.contrib.auth.models import Group

    for group in ("Editors", "Authors"):
        Group.objects.get_or_create(name=group)
    tree: dict[str, Organisation] = {}
    tree["province"] = make_organisation("示例省民政厅", tier="province", kind="bureau")
    tree["city"] = make_organisation("示例市民政局", tree["province"], tier="city", kind="bureau")
    for prefix, name in (("", "和平区"), ("other_", "河东区")):
        district = make_organisation(f"{name}指导中心", tree["city"], tier="county", kind="centre")
        street = make_organisation(f"{name}新街道办", district, tier="street", kind="bureau")
        tree[f"{prefix}district"] = district
        tree[f"{prefix}street"] = street
        tree[f"{prefix}station"] = make_organisation(f"{name}新街社工站", street)
    tree["agency"] = make_organisation("同心社工机构", tree["district"], kind="agency")
    return {name: Organisation.objects.get(pk=node.pk) for name, node in tree.items()}


def _make_cast(tree: dict[str, Organisation]) -> SimpleNamespace:
    people: dict[str, User] = {}
    for part, (name, place, role) in PARTS.items():
        people[part] = make_user(name, tree[place], email=f"{part}@example.com")
        give_role(people[part], role, tree[place])
    return SimpleNamespace(**people)


_TREE = Kept(_make_tree, alone="core_organisation")
_CAST = Kept(_make_cast, alone="core_person")


@pytest.fixture
def tree(db: None) -> dict[str, Organisation]:
    """Two districts of one city: `district` is where the story plays, `other_district` is where outsiders live."""
    return _TREE.get()


@pytest.fixture
def cast(tree: dict[str, Organisation]) -> SimpleNamespace:
    """Trainee, supervisor, instructor, administrators of two tiers, finance, auditor, and two outsiders."""
    return _CAST.get(tree)
