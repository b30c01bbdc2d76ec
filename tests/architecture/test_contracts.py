"""The contracts cover every feature there is: a new folder cannot stand outside of them."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_FEATURES = {"management", "migrations", "templatetags"}


def contracts() -> dict[str, dict]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in project["tool"]["importlinter"]["contracts"]}


def features(*apps: str) -> set[str]:
    folders = (path.parent for app in apps for path in (ROOT / app).glob("*/__init__.py"))
    return {f"{path.parent.name}.{path.name}" for path in folders if path.name not in NOT_FEATURES}


def test_every_feature_has_the_shape_of_a_feature() -> None:
    assert set(contracts()["feature-shape"]["containers"]) == features(
        "lms", "supervision", "credentials", "cms"
    )


def test_every_app_has_its_inner_order() -> None:
    ordered = {
        name
        for id, contract in contracts().items()
        if id.startswith("inside-")
        for name in contract["containers"]
    }
    assert ordered == {"core", "lms", "supervision", "credentials", "cms"}


def test_no_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "helpers", "services", "managers", "common", "misc"}
    apps = ("core", "lms", "supervision", "credentials", "cms", "config")
    found = [
        path for app in apps for path in (ROOT / app).rglob("*.py") if drawers & {path.stem, *path.parts}
    ]
    assert not found
