"""Finding keys: the one in use, the published ones, one by its fingerprint."""

from __future__ import annotations

import re

from django.db.models import QuerySet

from core.audit.models import AuditEntry
from credentials.keys.models import SigningKey

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


def active_key(purpose: str) -> SigningKey | None:
    """The key in use for this purpose, if there is one. One query."""
    return SigningKey.objects.active().filter(purpose=purpose).first()


def key_by_fingerprint(fingerprint: str) -> SigningKey | None:
    """Any key of ours, also a withdrawn one: ask `is_trusted` before believing what it signed."""
    if not _FINGERPRINT.fullmatch(fingerprint):
        return None
    return SigningKey.objects.filter(fingerprint=fingerprint).first()


def trail_of_keys() -> QuerySet[AuditEntry]:
    """Everything that was done to keys, the latest first."""
    rows = AuditEntry.objects.filter(content_type__app_label="credentials", content_type__model="signingkey")
    return rows.select_related("user__person").order_by("-pk")
