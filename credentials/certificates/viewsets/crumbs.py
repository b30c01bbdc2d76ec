"""Where an officer is among the pages of certificates."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.desk import desk_crumbs


def crumbs(*last: tuple[str, str]) -> list[dict[str, Any]]:
    """Where an officer is: home, certificates, and what follows as (address, label)."""
    return desk_crumbs((reverse("certificates:index"), _("Certificates")), *last)
