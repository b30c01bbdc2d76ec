"""The contracts cover every feature there is: a new folder cannot stand outside of them."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_FEATURES = {"management", "migrations", "templatetags", "public"}  # wiring, and a door that is a folder


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


def test_every_package_stands_on_a_storey() -> None:
    """A new package at the top is either one of ours, with its storey, or holds tests and scripts."""
    packages = {path.parent.name for path in ROOT.glob("[a-z]*/__init__.py")} - {"tests", "scripts"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    storeys = {name.strip() for layer in contracts()["storeys"]["layers"] for name in layer.split("|")}
    assert packages == set(project["tool"]["importlinter"]["root_packages"]) == storeys


def test_every_app_but_the_top_has_its_doors() -> None:
    guarded = {
        app for app in ("lms", "supervision", "credentials") for id in contracts() if id == f"door-{app}"
    }
    assert guarded == {"lms", "supervision", "credentials"}
    assert all(contracts()[f"door-{app}"]["protected_modules"] == [f"{app}.*"] for app in guarded)


@pytest.mark.parametrize(
    ("stray", "contract"),
    [
        ("lms/cohorts/extras.py", "feature-shape"),
        ("supervision/sessions/signals.py", "feature-shape"),
        ("lms/extras/__init__.py", "inside-lms"),
        ("core/extras.py", "inside-core"),
        ("core/extras/__init__.py", "inside-core"),
        ("cms/services.py", "inside-cms"),
    ],
)
def test_a_file_that_no_contract_names_breaks_them(tmp_path: Path, stray: str, contract: str) -> None:
    kept = shutil.ignore_patterns("migrations", "static", "templates", "locale", "__pycache__", "data")
    for app in ("config", "cms", "credentials", "supervision", "lms", "core"):
        shutil.copytree(ROOT / app, tmp_path / app, ignore=kept)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    (tmp_path / stray).parent.mkdir(exist_ok=True)
    (tmp_path / stray).write_text("", encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
    ]
    asked = subprocess.run(
        [*command, "--contract", contract, "--no-cache"], cwd=tmp_path, capture_output=True, text=True
    )
    assert asked.returncode != 0, asked.stdout
    assert "extras" in asked.stdout or Path(stray).stem in asked.stdout
