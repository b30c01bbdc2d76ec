"""The lock files pin everything, know no place of download, and agree with pyproject.toml and with each other."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(found[1]): found[2] for line in lines if (found := PIN.match(line))}


def wanted(group: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = project["project"]["dependencies"] + (
        project["dependency-groups"]["dev"] if group == "dev" else []
    )
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(
        r"--(index-url|extra-index-url|find-links|trusted-host)|(^|\s)-[if]\s", text, re.MULTILINE
    )
    assert not re.search(r"(^|\s)/\w+/", text), "a path of somebody's machine"


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_hashed(name: str) -> None:
    text = re.sub(r"\\\n", " ", (ROOT / name).read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert lines
    for line in lines:
        assert PIN.match(line), f"not pinned: {line[:80]}"
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", line), f"no hash: {line[:80]}"


@pytest.mark.parametrize(("name", "group"), [("requirements.lock", "prod"), ("requirements-dev.lock", "dev")])
def test_a_lock_file_answers_pyproject(name: str, group: str) -> None:
    pinned = pins(name)
    for requirement in wanted(group):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version, f"{requirement} is not in {name}: make locks"
        assert requirement.specifier.contains(version, prereleases=True), (
            f"{requirement} but {version}: make locks"
        )


def test_what_is_tested_is_what_runs() -> None:
    production, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: development.get(name) for name in production} == production
