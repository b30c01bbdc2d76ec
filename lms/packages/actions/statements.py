"""Keeping what a unit says (statements) and what it keeps for itself (documents)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.packages.actions.launching import settle
from lms.packages.actions.playing import LONGEST
from lms.packages.models import Launch, PackageVersion, Registration, ScoState, StateDocument, Statement
from lms.packages.policy.runtime import counted_seconds
from lms.packages.policy.xapi.cmi5 import Standing, with_statement
from lms.packages.policy.xapi.faults import Fault, NotTaken
from lms.packages.policy.xapi.launch import VERSION
from lms.packages.policy.xapi.reading import digest_of, read_json
from lms.packages.policy.xapi.shape import Said
from lms.packages.queries import item_of
from lms.packages.queries.units import is_met, standing_of, unit_of
from lms.packages.states import Completion, Success

MOST_STATEMENTS = 10_000  # of one registration
MOST_DOCUMENTS, DOCUMENT_MOST = 100, 2**19  # of one registration; bytes of each


@transaction.atomic
def keep_statements(*, launch: Launch, version: PackageVersion, said: list[Said]) -> list[UUID]:
    """Keep the statements that a unit sends, all or none; returns their ids. One that is kept already is left.

    Raises NotTaken: one may not come now, or its id has another content. Side effects: how the person stands in the unit;
    what the platform says when a block or the course is done; the package may be completed.
    """
    Registration.objects.select_for_update().get(pk=launch.registration_id)  # first, as a new launch does
    launch = Launch.objects.select_related("registration").get(pk=launch.pk)
    if launch.closed_at is not None:
        raise NotTaken(Fault.CLOSED)
    wanted = [one.id or uuid4() for one in said]
    known = dict(Statement.objects.filter(uuid__in=wanted).values_list("uuid", "digest"))
    state = ScoState.objects.get(registration=launch.registration, item=launch.item)
    unit, before = unit_of(launch, version), standing_of(launch, state)
    standing, rows, now = before, [], timezone.now()
    for uuid, one in zip(wanted, said, strict=True):
        digest = digest_of({**one.body, "id": str(uuid)})
        if uuid in known:
            if known[uuid] != digest:
                raise NotTaken(Fault.CONFLICT, "id", str(uuid))
            continue
        standing = with_statement(standing, one, unit)
        known[uuid] = digest
        rows.append(_row(launch, uuid, one, digest, now))
    _insert(launch, rows)
    if standing != before:
        _keep_standing(launch, version, state, standing, now)
    return wanted


def _row(launch: Launch, uuid: UUID, said: Said, digest: str, now: datetime) -> Statement:
    """The row, with what a store adds: when it was kept, by whose word."""
    agent = {"objectType": "Agent", "account": {"homePage": settings.SITE_URL, "name": "lms"}}
    timestamp = said.timestamp or now
    body = {"version": VERSION, **said.body, "id": str(uuid), "authority": agent, "stored": now.isoformat()}
    return Statement(
        uuid=uuid,
        registration=launch.registration,
        launch=launch,
        verb=said.verb,
        object=said.activity,
        result=said.body.get("result"),
        timestamp=timestamp,
        stored=now,
        digest=digest,
        body={"timestamp": timestamp.isoformat(), **body},
    )


def _insert(launch: Launch, rows: list[Statement]) -> None:
    """Raises NotTaken when the registration has said enough, or another one has taken an id in this moment."""
    if not rows:
        return
    if launch.registration.statements.count() + len(rows) > MOST_STATEMENTS:
        raise NotTaken(Fault.FULL, detail=str(MOST_STATEMENTS))
    try:
        with transaction.atomic():
            Statement.objects.bulk_create(rows)
    except IntegrityError:
        raise NotTaken(Fault.CONFLICT, "id")


def _keep_standing(
    launch: Launch, version: PackageVersion, state: ScoState, standing: Standing, now: datetime
) -> None:
    """How the person stands now, by the server's clock and the unit's moveOn."""
    verbs = sorted(standing.said)
    moments: dict[str, Any] = {}
    for verb, name in (("initialized", "initialized_at"), ("terminated", "terminated_at")):
        if verb in standing.said and getattr(launch, name) is None:
            moments[name] = now
    Launch.objects.filter(pk=launch.pk).update(said=verbs, **moments)
    elapsed = min(now - launch.created_at, LONGEST).total_seconds()
    met = is_met(item_of(version, launch.item), standing)
    success = Success.PASSED if standing.passed else Success.FAILED if standing.failed else Success.UNKNOWN
    ScoState.objects.filter(pk=state.pk).update(
        completion=Completion.COMPLETED if standing.completed else Completion.INCOMPLETE,
        success=success,
        score=standing.score,
        raw=standing.raw,
        session_seconds=counted_seconds(
            claimed=standing.seconds, counted=state.session_seconds, elapsed=elapsed
        ),
        suspended="terminated" not in standing.said,
        satisfied_at=state.satisfied_at or (now if met else None),
        updated_at=now,
    )
    if met and state.satisfied_at is None:
        settle(launch, version)


@transaction.atomic
def keep_document(
    *, launch: Launch, activity: str, name: str, content: bytes, content_type: str, joined: bool
) -> None:
    """Keep a document; with `joined` the entries of a JSON object are put into the one that is there. NotTaken."""
    Registration.objects.select_for_update().get(pk=launch.registration_id)
    rows = StateDocument.objects.filter(registration=launch.registration_id)
    known = rows.filter(activity=activity, name=name).first()
    if known is None and rows.count() >= MOST_DOCUMENTS:
        raise NotTaken(Fault.FULL, detail=str(MOST_DOCUMENTS))
    if joined:
        content = _joined(known, content, content_type)
    if len(content) > DOCUMENT_MOST:
        raise NotTaken(Fault.TOO_LARGE, detail=str(DOCUMENT_MOST))
    found = {"content": content, "content_type": content_type, "updated_at": timezone.now()}
    StateDocument.objects.update_or_create(
        registration_id=launch.registration_id, activity=activity, name=name, defaults=found
    )


def _joined(known: StateDocument | None, content: bytes, content_type: str) -> bytes:
    """Raises NotTaken when either is no JSON object."""
    if known is None:
        return content
    kinds = {content_type, known.content_type}
    if {kind.partition(";")[0].strip().lower() for kind in kinds} != {"application/json"}:
        raise NotTaken(Fault.TYPE, "Content-Type", content_type)
    old, new = read_json(bytes(known.content)), read_json(content)
    if not isinstance(old, dict) or not isinstance(new, dict):
        raise NotTaken(Fault.VALUE, "document")
    return json.dumps({**old, **new}, ensure_ascii=False).encode()


def drop_documents(*, launch: Launch, activity: str, name: str | None) -> None:
    """Erase a document of the unit, or all of them."""
    rows = StateDocument.objects.filter(registration=launch.registration_id, activity=activity)
    (rows if name is None else rows.filter(name=name)).delete()
