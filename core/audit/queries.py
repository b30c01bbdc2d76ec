"""Reading the audit: what an entry says in words and in a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from core.access.scope import Asker
from core.audit.models import AuditEntry

_names: dict[str, Promise | str] = {}


def name_acts(names: Mapping[str, Promise | str]) -> None:
    """Say what acts are called; the apps above core have acts of their own."""
    _names.update(names)


def act_words(action: str) -> str:
    """What an act is called; one that has lost its name, and those of Wagtail's own views, show their code."""
    return str(_names.get(action, action))


def entries_for(user: Asker) -> QuerySet[AuditEntry]:
    """What this user may read, newest first, with everything that a row of the list shows."""
    return (
        AuditEntry.objects.visible_to(user)
        .select_related("user__person", "organisation", "content_type")
        .order_by("-timestamp", "-pk")
    )


def known_actions(user: Asker) -> list[tuple[str, str]]:
    """The acts that occur in what this user may read."""
    names = AuditEntry.objects.visible_to(user).order_by("action").values_list("action", flat=True).distinct()
    return [(name, act_words(name)) for name in names]


def details(entry: AuditEntry) -> str:
    """What changed, and why, on one line: "name: 王明 → 王鸣; reason: …"."""
    data: dict[str, Any] = entry.data or {}
    before, after = data.get("before") or {}, data.get("after") or {}
    parts = [f"{key}: {_short(before[key])} → {_short(after.get(key))}" for key in before]
    parts += [f"{key}: {_short(value)}" for key, value in after.items() if key not in before]
    if data.get("reason"):
        parts.append(f"“{data['reason']}”")
    return "; ".join(parts)


def _short(value: Any) -> str:
    text = "—" if value in (None, "") else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def when(entry: AuditEntry) -> str:
    """The moment in the place's own time, to the second."""
    return f"{timezone.localtime(entry.timestamp):%Y-%m-%d %H:%M:%S}"
