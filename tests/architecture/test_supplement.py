"""Wagtail's Chinese leaves a quarter of its screens in English; our supplement closes the gap, and says in our words what
Wagtail and allauth say in others."""

from __future__ import annotations

import json
from pathlib import Path

import polib
import pytest
import wagtail
from django.test import RequestFactory
from django.utils.translation import gettext, override
from django.views.i18n import JavaScriptCatalog

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
SUPPLEMENT = ROOT / "config/supplement/zh_Hans/LC_MESSAGES/django.po"
# The parts of Wagtail whose screens we use.
PARTS = ("", "admin", "contrib/forms", "contrib/redirects", "contrib/settings", "documents", "embeds", "images", "sites", "snippets", "users")  # fmt: skip
LEFT_OUT = {"Application"}  # a heading of the shortcuts' help; for us the word is an application for a place

Key = tuple[str, str]


def translated(path: Path) -> set[Key]:
    rows = polib.pofile(str(path)) if path.exists() else []
    return {(row.msgctxt or "", row.msgid) for row in rows if row.translated() and not row.obsolete}


def ours() -> set[Key]:
    """What our own apps say; that they are translated is what `make translations` checks."""
    rows = [row for path in ROOT.glob(f"*/{CATALOGUE}") for row in polib.pofile(str(path))]
    return {(row.msgctxt or "", row.msgid) for row in rows if not row.obsolete}


@pytest.mark.parametrize("part", PARTS)
def test_every_text_of_the_screens_we_use_is_chinese(part: str) -> None:
    folder = Path(wagtail.__file__).parent / part
    known = translated(folder / CATALOGUE) | translated(SUPPLEMENT) | ours()
    said = {
        (row.msgctxt or "", row.msgid)
        for language in ("en", "zh_Hans")
        if (path := folder / "locale" / language / "LC_MESSAGES/django.po").exists()
        for row in polib.pofile(str(path))
        if not row.obsolete and row.msgid not in LEFT_OUT
    }
    assert said and not sorted(text for _, text in said - known)


def test_the_editor_is_chinese_too() -> None:
    """What Wagtail's scripts say, such as the button that adds a block."""
    folder = Path(wagtail.__file__).parent / "admin/locale"
    known = translated(folder / "zh_Hans/LC_MESSAGES/djangojs.po") | translated(
        SUPPLEMENT.with_name("djangojs.po")
    )
    said = polib.pofile(str(folder / "en/LC_MESSAGES/djangojs.po"))
    assert not sorted({row.msgid for row in said if (row.msgctxt or "", row.msgid) not in known})


def test_the_scripts_of_the_editor_read_it(rf: RequestFactory) -> None:
    with override("zh-hans"):
        answer = JavaScriptCatalog.as_view(packages=["wagtail.admin"])(rf.get("/"))
    assert f'"Insert a block": {json.dumps("添加一项")}' in answer.content.decode()


def test_the_supplement_overrules_none_of_our_own_texts() -> None:
    """It stands before all apps, so a text of ours in it would be read from there."""
    both = sorted(text for _, text in translated(SUPPLEMENT) & ours())
    assert not both, f"take these out of {SUPPLEMENT.relative_to(ROOT)}: {both}"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Your primary email address must be verified.", "你的主邮箱必须被验证。"),
        ("Email Address", "邮箱"),
        ("This email address is already associated with this account.", "这个邮箱已在这个账号下。"),
    ],
)
def test_the_account_pages_speak_as_we_do(said: str, words: str) -> None:
    with override("zh-hans"):
        assert gettext(said) == words


@pytest.mark.parametrize(
    ("said", "facts", "words"),
    [
        ("%(label)s and Publish", {"label": "通过"}, "通过并发布"),
        ("%(model_name)s '%(object)s' created.", {"model_name": "班次", "object": "甲"}, "班次“甲”已创建。"),
        ("Request changes", {}, "退回修改"),
        ("Live", {}, "已发布"),
    ],
)
def test_the_editor_s_buttons_and_news_are_natural(said: str, facts: dict[str, str], words: str) -> None:
    with override("zh-hans"):
        assert gettext(said) % facts == words


def test_no_name_stands_between_straight_quotes() -> None:
    """Ours come before Wagtail's, so what is said of an object is quoted as Chinese is."""
    rows = polib.pofile(str(SUPPLEMENT))
    assert not [row.msgid for row in rows if "'%(" in row.msgstr]


def test_django_reads_it() -> None:
    with override("zh-hans"):
        assert gettext("Schedule to publish") == "定时发布"
