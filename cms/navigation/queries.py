"""What the menus show, and where in them the visitor is."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

from django.core.cache import cache
from django.core.exceptions import DisallowedHost
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from wagtail.models import PageViewRestriction, Site
from wagtail.query import PageQuerySet

VERSION = "cms.site-version"
KEPT_SECONDS = 60
ICONS = {
    "programmeindexpage": "sparkles",
    "noticeindexpage": "scroll-text",
    "honourrollpage": "award",
    "publicnoticeindexpage": "clipboard-list",
    "newsindexpage": "file-text",
    "storyindexpage": "heart",
    "caseindexpage": "folder",
    "courseindexpage": "book-open",
}
FOOTER = (
    "publicnoticeindexpage",
    "honourrollpage",
    "staticpage",
)  # stand in the foot when not in the main menu
Entry = dict[str, Any]


def is_english() -> bool:
    """Whether this visitor reads the site in English."""
    return (get_language() or "").startswith("en")


def site_version() -> int:
    """A number that changes with every publication; part of the name of whatever is kept of the site."""
    return cache.get_or_set(VERSION, 1, None) or 1


def open_to_all(pages: PageQuerySet) -> PageQuerySet:
    """Of these pages the published ones that no restriction covers; as .live().public(), but asked once a minute."""
    key = f"cms.restricted.{site_version()}"
    closed: list[str] | None = cache.get(key)
    if closed is None:
        closed = list(PageViewRestriction.objects.order_by().values_list("page__path", flat=True))
        cache.set(key, closed, KEPT_SECONDS)
    pages = pages.live()
    for path in closed:
        pages = pages.exclude(path__startswith=path)
    return pages


def menus(request: HttpRequest) -> dict[str, Any]:
    """A context processor: site_nav (the main menu), footer_nav, site_tabs (a phone's bottom bar) and side_nav (one's own area)."""
    return {
        "site_nav": SimpleLazyObject(partial(_shown, request, "nav")),
        "footer_nav": SimpleLazyObject(partial(_shown, request, "footer")),
        "site_tabs": SimpleLazyObject(partial(_tabs, request)),
        "side_nav": SimpleLazyObject(partial(_side, request)),
    }


def _shown(request: HttpRequest, menu: str) -> list[Entry]:
    """The entries of one menu in the visitor's language, the one that they are in marked."""
    english = is_english()
    return [
        {
            "label": (english and entry["title_en"]) or entry["title"],
            "url": entry["url"],
            "icon": entry["icon"],
            "kind": entry["kind"],
            "current": _current(request, entry["url"]),
        }
        for entry in _kept_menus(request)[menu]
    ]


def list_url(request: HttpRequest, kind: str) -> str:
    """The address of the list of this kind (`noticeindexpage`), "" where the site has none in its main menu."""
    return next((entry["url"] for entry in _kept_menus(request)["nav"] if entry["kind"] == kind), "")


def _current(request: HttpRequest, url: str) -> str | bool:
    return "page" if request.path == url else url != "/" and request.path.startswith(url)


def find_site(request: HttpRequest) -> Site | None:
    """The site that answers on this host, asked for once a minute; Wagtail finds it on the request from then on."""
    key = f"cms.site.{request.get_host()}.{site_version()}"
    site: Site | None = cache.get(key)
    if site is None:
        site = Site.find_for_request(request)
        cache.set(key, site, KEPT_SECONDS)
    request._wagtail_site = site  # type: ignore[attr-defined]
    return site


def _kept_menus(request: HttpRequest) -> dict[str, list[Entry]]:
    """The entries of all menus in both languages, kept until something is published."""
    try:
        key = f"cms.menus.{request.get_host()}.{site_version()}"
    except DisallowedHost:  # the page that refuses it has a menu too
        return {"nav": [], "footer": []}
    kept: dict[str, list[Entry]] | None = cache.get(key)
    if kept is None:
        site: Site | None = Site.find_for_request(request)
        kept = _read_menus(request, site) if site else {"nav": [], "footer": []}
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _read_menus(request: HttpRequest, site: Site) -> dict[str, list[Entry]]:
    """One query, whatever the kinds of page: the English titles are joined from the tables of all kinds."""
    home = site.root_page
    kinds = [kind for kind in home.specific_class.allowed_subpage_models() if hasattr(kind, "title_en")]
    titles = [
        f"{kind._meta.get_field('page_ptr').remote_field.get_accessor_name()}__title_en" for kind in kinds
    ]
    english = Coalesce(*titles, Value("")) if titles else Value("")
    found: dict[str, list[Entry]] = {"nav": [], "footer": []}
    for page in open_to_all(home.get_children()).annotate(english=english):
        kind = page.specific_class._meta.model_name
        menu = "nav" if page.show_in_menus else "footer" if kind in FOOTER else None
        if menu:
            words = {"title": page.title, "title_en": page.english, "url": page.get_url(request)}
            found[menu].append({**words, "icon": ICONS.get(kind, "file"), "kind": kind})
    return found


def _side(request: HttpRequest) -> list[Entry]:
    """The places of one's own area, for those who are signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    places = (
        (_("My desk"), "dashboard", "layout-grid"),
        (_("My timetable"), "lms:timetable-mine", "calendar-days"),
        (_("Pathways"), "lms:pathway-list", "target"),
        (_("My supervision"), "supervision:home", "users-round"),
        (_("Surveys"), "lms:survey-list", "clipboard-list"),
        (_("My qualifications"), "credentials:qualification-list", "badge-check"),
        (_("My certificates"), "credentials:certificate-list", "award"),
        (_("My hours"), "credentials:hours-list", "clock"),
        (_("Awards"), "credentials:award-list", "star"),
        (_("Subsidies"), "credentials:claim-list", "wallet"),
        (_("My record"), "credentials:record", "history"),
        (_("Notices"), "core:notices", "bell"),
        (_("My profile"), "core:profile", "user-round"),
    )
    entries: list[Entry] = [
        {"label": label, "url": _address(name), "icon": icon} for label, name, icon in places
    ]
    return [entry | {"current": _current(request, entry["url"])} for entry in entries]


def _address(name: str) -> str:
    """The address of a place that every page leads to; worked out once."""
    return _kept_address(name, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=256)
def _kept_address(name: str, _prefix: str, _urlconf: str | None) -> str:
    return reverse(name)


def _tabs(request: HttpRequest) -> list[Entry]:
    """At most five places within the thumb's reach."""
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    nav = _shown(request, "nav")[:2]
    ends = (
        [(pgettext("tab", "Desk"), "dashboard", "layout-grid")] if known else [(_("Home"), "home", "house")]
    )
    rest = (
        [(_("Notices"), "core:notices", "bell"), (_("Me"), "core:profile", "user-round")]
        if known
        else [(_("Verify"), "verify", "badge-check"), (_("Sign in"), "account_login", "log-in")]
    )
    first, last = (
        [{"label": label, "url": _address(name), "icon": icon} for label, name, icon in group]
        for group in (ends, rest)
    )
    tabs = [*first, *nav, *last]
    for tab in tabs:
        tab["current"] = request.path == tab["url"] or (
            tab["url"] != "/" and request.path.startswith(tab["url"])
        )
    return tabs
