"""How the Wagtail admin looks: our colours, our mark, and a start page without advertisements."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin.views.home import UpgradeNotificationPanel, WhatsNewInWagtailVersionPanel


def house_style() -> SafeString:
    """The style sheet for every page of the admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))


def house_script() -> SafeString:
    """The search in long lists of organisations, on every page of the admin that has one."""
    return format_html('<script src="{}" type="module"></script>', static("cms/find.js"))


def trim_start_page(request: HttpRequest, panels: list[Any]) -> None:
    """Takes the panels about Wagtail itself from the start page."""
    foreign = (UpgradeNotificationPanel, WhatsNewInWagtailVersionPanel)
    panels[:] = [panel for panel in panels if not isinstance(panel, foreign)]


def name_the_site(request: HttpRequest, items: list[Any]) -> None:
    """The counts of pages, images and documents name the platform in the reader's language; Wagtail keeps one name."""
    for item in items:
        item.get_context_data = partial(_named, item.get_context_data)


def _named(context_of: Callable[[Any], dict[str, Any]], parent_context: Any) -> dict[str, Any]:
    return context_of(parent_context) | {"site_name": _("Xinhuo")}


def trim_help(request: HttpRequest, items: list[Any]) -> None:
    """Empties the help menu: its pages lie on foreign hosts. Our help is a page of the site."""
    items[:] = []
