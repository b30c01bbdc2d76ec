"""The address of a page, made from its Chinese title where the editor gave none."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page


def pinyin_slug(title: str) -> str:
    """An address of plain letters for a title: 督导进站 becomes du-dao-jin-zhan."""
    # Imported here because the dictionary takes 55 MB, which most processes do not need.
    from pypinyin import lazy_pinyin

    return slugify("-".join(lazy_pinyin(title)))[:60].strip("-") or "page"


class AddressedPageForm(WagtailAdminPageForm):
    """The editor's form of every page of ours; an address that was left empty is made from the title."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean_slug(self) -> str:
        typed: str = self.cleaned_data.get("slug") or ""
        if typed:
            return typed
        base = slug = pinyin_slug(self.cleaned_data.get("title") or "")
        number = 1
        while not Page._slug_is_available(slug, self.parent_page, self.instance):
            number += 1
            slug = f"{base}-{number}"
        return slug
