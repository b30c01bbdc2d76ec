"""The drawings in the documents are those of the code, and the documents name only what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.draw_docs import PAGE, drawn

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def test_the_drawn_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == drawn(), "make docs"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(path: Path) -> None:
    links = re.findall(r"(?<!!)\[[^\]]*\]\((?!https?:|mailto:|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert not [link for link in links if not (path.parent / link).exists()]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_make_target_that_is_named_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8")))
    assert named <= targets


def test_every_decision_is_listed_where_one_looks_for_it() -> None:
    listed = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    assert [
        path.name for path in (ROOT / "docs/adr").glob("*.md") if f"(adr/{path.name})" not in listed
    ] == []
