"""Whom a text addresses: 你 on the pages of the site and the admin, 您 in letters and e-mails."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted(ROOT.glob("*/locale/zh_Hans/LC_MESSAGES/django*.po"))
LETTERS = ("templates/account/email/", "templates/core/notices/letter")


def is_of_letters(entry: polib.POEntry) -> bool:
    """Whether this text stands in letters alone."""
    places = [place for place, _line in entry.occurrences]
    return bool(places) and all(place.startswith(LETTERS) for place in places)


def said(entry: polib.POEntry) -> str:
    return entry.msgstr + "".join(entry.msgstr_plural.values())


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.parts[-5])
def test_pages_say_ni_and_letters_nin(catalogue: Path) -> None:
    texts = list(polib.pofile(str(catalogue)))
    on_pages = [said(each) for each in texts if not is_of_letters(each) and "您" in said(each)]
    in_letters = [said(each) for each in texts if is_of_letters(each) and "你" in said(each)]
    assert (on_pages, in_letters) == ([], [])


def test_some_texts_are_of_letters_alone() -> None:
    core = polib.pofile(str(ROOT / "core/locale/zh_Hans/LC_MESSAGES/django.po"))
    assert sum("您" in said(each) for each in core if is_of_letters(each)) > 5
