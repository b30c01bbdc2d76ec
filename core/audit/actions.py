"""Recording an act in the audit."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from core.access.scope import Asker
from core.audit.middleware import current_request
from core.audit.models import AuditEntry
from core.organisations.models import Organisation


def record(
    *,
    action: str,
    target: models.Model,
    actor: Asker | None,
    organisation: Organisation | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    label: str = "",
) -> AuditEntry:
    """Add one audit entry for `action` (named like the action function: `lms.approve_enrolment`).

    `before` and `after` hold only what changed and never an ID, bank or phone number. `actor` is None for the system.
    Side effects: a row in the same transaction as the act; a JSON line in the mirror once that commits.
    """
    entry = entry_of(
        action=action,
        target=target,
        actor=actor,
        organisation=organisation,
        before=before,
        after=after,
        reason=reason,
        label=label,
    )
    record_all([entry])
    return entry


@transaction.atomic
def export_audit(*, actor: Asker, tops: Iterable[Organisation]) -> None:
    """Note that somebody takes rows of the audit out of the site: at the top of each of their trees."""
    for top in tops:
        record(action="core.export_audit", target=top, actor=actor, organisation=top)


def entry_of(
    *,
    action: str,
    target: models.Model,
    actor: Asker | None,
    organisation: Organisation | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    label: str = "",
) -> AuditEntry:
    """The entry that `record` adds, not yet added: for acts on many things, whose entries go to `record_all` at once."""
    data: dict[str, Any] = {}
    if before is not None:
        data["before"] = dict(before)
    if after is not None:
        data["after"] = dict(after)
    if reason:
        data["reason"] = reason
    return AuditEntry(
        content_type=ContentType.objects.get_for_model(target, for_concrete_model=False),
        target_id=str(target.pk),
        label=label or str(target),
        action=action,
        data=data,
        timestamp=timezone.now(),
        uuid=uuid.uuid4(),
        user_id=None if actor is None or isinstance(actor, AnonymousUser) else actor.pk,
        organisation=organisation,
        request_id=current_request.get(),
    )


def record_all(entries: Iterable[AuditEntry]) -> None:
    """Add many audit entries in one statement, and mirror them as JSON lines on commit."""
    kept = AuditEntry.objects.bulk_create(list(entries), batch_size=500)
    lines = [_line(entry) for entry in kept]
    transaction.on_commit(lambda: _mirror(lines))


def _line(entry: AuditEntry) -> str:
    content_type = entry.content_type
    fact = {
        "at": entry.timestamp,
        "action": entry.action,
        "actor": entry.user_id,
        "organisation": entry.organisation_id,
        "target": f"{content_type.app_label}.{content_type.model}" if content_type else "",
        "id": entry.target_id,
        "request": entry.request_id,
        "data": entry.data,
    }
    return json.dumps(fact, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n"


def _mirror(lines: list[str]) -> None:
    """One write with O_APPEND, so that lines of several processes do not mix."""
    path = Path(settings.AUDIT_LOG)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    with os.fdopen(handle, "ab") as file:
        file.write("".join(lines).encode())
