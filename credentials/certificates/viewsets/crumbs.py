"""Where an officer is among the pages of certificates."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _


def crumbs(*last: tuple[str, str]) -> list[dict[str, str]]:
    """Where an officer is: home, certificates, and what follows as (address, label)."""
    known = (
        (reverse("wagtailadmin_home"), _("Home")),
        (reverse("certificates:index"), _("Certificates")),
    )
    return [{"url": url, "label": label} for url, label in (*known, *last)]
