"""What the templates of the site ask for: words in the visitor's language, and the lists of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page as Slice
from django.db.models import prefetch_related_objects
from django.template.context import RequestContext
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from wagtail.models import Page

from cms.navigation import queries as menus
from cms.navigation.queries import is_english
from cms.pages import queries

register = template.Library()


@register.simple_tag
def words(thing: Any, name: str) -> SafeString:
    """A field in the visitor's language; where only the Chinese is there, it is marked as Chinese."""
    chinese, english = _both(thing, name)
    if not is_english() or not chinese:
        return conditional_escape(chinese or english)
    return conditional_escape(english) if english else format_html('<span lang="zh-Hans">{}</span>', chinese)


@register.simple_tag
def plain_words(thing: Any, name: str) -> str:
    """The same without the mark, for titles of windows and attributes."""
    chinese, english = _both(thing, name)
    return (is_english() and english) or chinese


@dataclass(frozen=True)
class Lines:
    """The lines of a field and the language they are in, "" when it is the page's own."""

    items: Sequence[str]
    lang: str


@register.simple_tag
def lines(thing: Any, name: str) -> Lines:
    """A field of one entry a line, as a list in the visitor's language."""
    chinese, english = _both(thing, name)
    text = (is_english() and english) or chinese
    lang = "zh-Hans" if is_english() and not english else ""
    return Lines([line.strip() for line in text.splitlines() if line.strip()], lang)


@register.simple_tag
def chinese_only() -> SafeString:
    """The attribute that marks what exists in Chinese only, for a visitor who reads the site in English."""
    return format_html(' lang="{}"', "zh-Hans") if is_english() else SafeString("")


def _both(thing: Any, name: str) -> tuple[str, str]:
    if isinstance(thing, dict) or hasattr(thing, "bound_blocks"):
        return str(thing.get(name) or ""), str(thing.get(f"{name}_en") or "")
    return str(getattr(thing, name, "") or ""), str(getattr(thing, f"{name}_en", "") or "")


@register.simple_tag(takes_context=True)
def list_url(context: RequestContext, kind: str) -> str:
    """The address of a list: `{% list_url "notice" %}`."""
    return menus.list_url(context["request"], f"{kind}indexpage")


@register.simple_tag(takes_context=True)
def kept_as(context: RequestContext) -> dict[str, Any]:
    """How long a part of a page that all visitors see alike may be kept, and under which name; in a preview, not at all."""
    request = context["request"]
    if getattr(request, "is_preview", False):
        return {"seconds": 0, "name": "preview"}
    return {"seconds": menus.KEPT_SECONDS, "name": f"{request.get_host()}.{menus.site_version()}"}


@register.simple_tag
def all_programmes() -> list[Page]:
    """The published programmes."""
    return [*queries.programmes()]


@register.simple_tag
def latest(kind: str, limit: int) -> list[Page]:
    """The newest pages of a kind: `{% latest "notice" 4 as notices %}`."""
    return queries.latest(kind, limit)


@register.simple_tag(takes_context=True)
def entries(context: RequestContext, page: Page) -> Slice[Any]:
    """One page of what a list page lists, by ?page=."""
    request = context.get("request")
    return queries.entries_of(page, request.GET.get("page", "1") if request else 1)


@register.simple_tag(takes_context=True)
def public_notices(context: RequestContext) -> Slice[Any]:
    """One page of the public notices, by ?page=."""
    request = context.get("request")
    return queries.public_notices_of(request.GET.get("page", "1") if request else 1)


@register.simple_tag(takes_context=True)
def honours(context: RequestContext) -> dict[str, Any]:
    """The honour roll of the year in ?year=, or of the latest; and the years there are."""
    request = context.get("request")
    return queries.honours_of(request.GET.get("year", "") if request else "")


def _visitor(context: RequestContext) -> Any:
    """Who looks; a page rendered without a request is looked at by nobody."""
    return context.get("user") or AnonymousUser()


@register.simple_tag(takes_context=True)
def offers_of(context: RequestContext, page: Page) -> list[Any]:
    """The cohorts of a programme's courses, with what they offer to this visitor; asked for once a page."""
    kept = context.render_context.get("offers")
    if kept is None:
        kept = context.render_context["offers"] = queries.offers_of(page, _visitor(context))
    return kept


@register.simple_tag(takes_context=True)
def open_offers(context: RequestContext, limit: int) -> list[queries.OpenOffer]:
    """The cohorts that take people now or soon, those first that close first."""
    return queries.open_offers(_visitor(context))[:limit]


@register.simple_tag
def courses_of(page: Page) -> list[Page]:
    """The published courses of a programme."""
    return queries.courses_of(queries.course_ids_of(page))


@register.simple_tag
def attachments(page: Page) -> list[Any]:
    """The papers of a notice with their files; of unsaved changes too."""
    found = list(page.attachments.all())
    prefetch_related_objects(found, "document")
    return found


@register.simple_tag
def neighbours(page: Page) -> dict[str, Page | None]:
    """The published page before and after this one in its list."""
    return queries.neighbours_of(page) if page.path else {}
