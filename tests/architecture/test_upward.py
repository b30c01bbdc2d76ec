"""A feature's queries name no relation of a feature that stands above or beside it: Django would follow it without an import,
so that import-linter sees nothing (docs/adr/0010)."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2]
READ_FROM_BELOW = {
    # A cohort counts who is in it, who waits and who is asked for: its seats are its own invariant, and each of its lists
    # would else cost a statement more. Places are given out in one order with those kept for organisations.
    "lms": {
        "admissions": {"enrolments"},
        "cohorts": {"enrolments"},
        "courses": {"enrolments"},
    },
    # How much a supervisor holds and has promised is what a place in the registry means; a pairing is quiet by its own
    # sessions and the rhythm agreed on; a conflict is declared of whom one has met, asked or may be given.
    "supervision": {
        "conflicts": {"pairings", "supervision_requests", "matching_rounds"},
        "evaluations": {"sessions"},
        "pairings": {"sessions", "agreements"},
        "supervisors": {"pairings", "led_gatherings"},
    },
}


def above_and_below(app: str, feature: str) -> tuple[set[str], set[str]]:
    """The features of the app that stand above this one or beside it, and those on which it stands, itself among them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(each["layers"] for each in contracts if each["id"] == f"inside-{app}")
    rooms = [{room.strip(" ()") for room in layer.split("|")} for layer in layers]
    place = next(number for number, layer in enumerate(rooms) if feature in layer)
    over = set().union(*rooms[: place + 1]) - {feature}
    return over, set().union(*rooms) - over


def relations(app: str, features: set[str]) -> set[str]:
    """The names by which the models of these features are reached from others."""
    return {
        field.related_query_name()
        for model in apps.get_app_config(app).get_models()
        if model.__module__.split(".")[1] in features
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and not field.remote_field.hidden
    }


def features(app: str) -> list[str]:
    return sorted(
        path.name
        for path in (ROOT / app).iterdir()
        if (path / "__init__.py").exists()
        and path.name not in ("management", "migrations", "templatetags", "locale", "public")
    )


@pytest.mark.parametrize(
    ("app", "feature"), [(app, feature) for app in READ_FROM_BELOW for feature in features(app)]
)
def test_no_query_names_a_relation_of_what_stands_above(app, feature):
    over, under = above_and_below(app, feature)
    names = relations(app, over) - relations(app, under)
    pattern = re.compile(
        rf"(?<![a-z_])(?:[a-z_]+__)?({'|'.join(sorted(names)) or '$'})__(?!lte?\b|gte?\b)[a-z]"
    )
    found = [
        (match[1], f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
        for path in sorted((ROOT / app / feature).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := pattern.search(line))
    ]
    allowed = READ_FROM_BELOW[app].get(feature, set())
    assert [where for name, where in found if name not in allowed] == []
    assert allowed <= {name for name, _where in found}, "no longer read: take it off the list"


@pytest.mark.parametrize(("app", "topmost"), [("lms", "teaching"), ("supervision", "reports")])
def test_the_test_knows_relations_of_every_storey_but_the_topmost(app, topmost):
    without = [each for each in features(app) if not relations(app, above_and_below(app, each)[0])]
    assert without == [topmost]
