"""Reading the audit: what an entry says in words and in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.log_actions import registry

from core.access.scope import Asker
from core.audit.models import AuditEntry

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)$")
_names: dict[str, Promise | str] = {}


def name_acts(names: Mapping[str, Promise | str]) -> None:
    """Say what acts are called, facts about them ("fact.minutes") and values ("value.educational").

    The apps above core have acts of their own. A fact that is a field of its target is called as that field is, unless
    it means something else in one act ("fact.lms.set_quota.organisation"). A value that means something else in one act ("lms.approve_step.state.waiting") or one fact ("value.tier.senior")
    has its own name there.
    """
    _names.update(names)


def act_words(action: str) -> str:
    """What an act is called, ours or Wagtail's; one that has lost its name shows its code."""
    if action in _names:
        return str(_names[action])
    return str(registry.get_action_label(action)) if registry.action_exists(action) else action


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
    """What changed, and why, on one line, in the reader's words: "name: 王明 → 王鸣; reason: …"."""
    data: dict[str, Any] = entry.data or {}
    before, after = data.get("before") or {}, data.get("after") or {}
    parts = []
    for key in [*before, *(key for key in after if key not in before)]:
        field = _field(entry, key)
        name, new = _name(entry.action, field, key), _said(entry.action, field, key, after.get(key))
        old = _said(entry.action, field, key, before.get(key))
        said = f"{old} → {new}" if key in before else new
        if key not in after:
            said = pgettext("audit, of what an act has ended", "was %(value)s") % {"value": old}
        parts.append(f"{name}{pgettext('after a label', ': ')}{said}")
    if data.get("reason"):
        parts.append(f"“{data['reason']}”")
    return pgettext("between facts", "; ").join(parts)


def _field(entry: AuditEntry, key: str) -> Any:
    """The field of the target that a fact is about, if it is one."""
    model = entry.content_type.model_class() if entry.content_type else None
    try:
        return model._meta.get_field(key.removesuffix("_id")) if model else None
    except FieldDoesNotExist:
        return None


def _name(action: str, field: Any, key: str) -> str:
    known = _names.get(f"fact.{action}.{key}") or getattr(field, "verbose_name", None)
    if field is not None and known == field.name.replace(
        "_", " "
    ):  # Django's own name for a field without one
        known = _names.get(f"fact.{key}") or known
    known = known or _names.get(f"fact.{key}") or _names.get(f"value.{key}")
    return str(known or key)


def _said(action: str, field: Any, key: str, value: Any) -> str:
    """A value as a reader would say it: the label of a choice, yes and no, a local time; long ones are cut."""
    if value in (None, ""):
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and MOMENT.match(value):
        text = f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    else:
        text = _word(action, field, key, value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _word(action: str, field: Any, key: str, value: Any) -> str:
    """One code in words: as this act calls it, as its field does, as this fact does anywhere, as we do anywhere.

    A source ("lms.enrolment:66") keeps its number behind the word. What is no code is said as it stands, and what has
    parts, part by part: whatever an act has told is shown.
    """
    if isinstance(value, dict):
        parts = (
            f"{_name(action, None, part)} {_word(action, None, part, each)}" for part, each in value.items()
        )
        return pgettext("between parts", ", ").join(parts)
    if isinstance(value, list):
        return "、".join(_word(action, field, key, each) for each in value)
    choices = dict(getattr(field, "flatchoices", None) or ())
    if (name := f"{action}.{key}.{value}") in _names:
        return str(_names[name])
    if value in choices:
        return str(choices[value])
    for name in (f"value.{key}.{value}", f"value.{value}"):
        if name in _names:
            return str(_names[name])
    if key == "act":
        return act_words(str(value))
    kind, colon, number = str(value).partition(":")
    return f"{_names[kind]} {number}" if colon and (kind := f"value.{key}.{kind}") in _names else str(value)


def when(entry: AuditEntry) -> str:
    """The moment in the place's own time, to the second."""
    return f"{timezone.localtime(entry.timestamp):%Y-%m-%d %H:%M:%S}"
