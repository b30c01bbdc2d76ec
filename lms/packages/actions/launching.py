"""Launching units of cmi5: the session, its two keys, and what the platform itself says of it."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from lms.packages.models import Launch, PackageVersion, Registration, ScoState, Statement
from lms.packages.policy.xapi.cmi5 import mode_of
from lms.packages.policy.xapi.launch import (
    VERSION,
    abandoned,
    done_from_start,
    launched,
    satisfied,
    satisfied_id,
    satisfied_parts,
)
from lms.packages.policy.xapi.reading import digest_of
from lms.packages.queries import item_of, package_version
from lms.packages.queries.units import digest_of_key, met_items, open_launches, unit_of
from lms.packages.states import Completion, Success

RUNS, WAITS = timedelta(hours=4), timedelta(minutes=10)  # a token; the key that is changed for it
CLOSED_AT_ONCE = 500


@dataclass(frozen=True)
class Opened:
    """A launch, with the key that its unit changes for a token. The key is not kept anywhere."""

    launch: Launch
    fetch: str


@transaction.atomic
def launch_unit(*, state: ScoState, version: PackageVersion) -> Opened:
    """Begin a session of cmi5 in the unit that was opened (`begin_session`). `state` comes with its registration.

    Side effects: a session of the unit that is still open is abandoned; the statement "launched"; units that ask nothing
    count as done, which may complete the package.
    """
    Registration.objects.select_for_update().get(pk=state.registration.pk)  # of two windows one is the later
    item = item_of(version, state.item)
    before = Launch.objects.filter(registration=state.registration, item=state.item)
    _close(before.filter(terminated_at=None, closed_at=None).select_related("registration"), timezone.now())
    mode = mode_of(
        item["move_on"],
        item["mastery_score"],
        completed=state.completion == Completion.COMPLETED,
        passed=state.success == Success.PASSED,
    )
    session = uuid4()
    fetch = f"{session.hex}.{secrets.token_urlsafe(32)}"
    launch = Launch.objects.create(
        registration=state.registration,
        item=state.item,
        session=session,
        mode=mode,
        fetch_digest=digest_of_key(fetch),
        runs_out_at=timezone.now() + WAITS,
    )
    unit = unit_of(launch, version)
    say(launch, [(uuid4(), launched(unit, item, home=settings.SITE_URL))])
    settle(launch, version)
    return Opened(launch, fetch)


def fetch_token(*, key: str, version_id: int) -> str | None:
    """Change the key of a launch for its token, once; None when it is no key, too late, or changed already."""
    session = key.partition(".")[0]
    try:
        wanted = UUID(hex=session)
    except ValueError:
        return None
    now = timezone.now()
    token = f"{wanted.hex}:{secrets.token_urlsafe(32)}"
    mine = open_launches().filter(
        session=wanted,
        registration__version=version_id,
        fetch_digest=digest_of_key(key),
        fetched_at=None,
        closed_at=None,
        runs_out_at__gt=now,
    )
    changes = {"fetched_at": now, "token_digest": digest_of_key(token), "runs_out_at": now + RUNS}
    if not Launch.objects.filter(pk__in=mine.values("pk"), fetched_at=None).update(**changes):
        return None
    return base64.b64encode(token.encode()).decode()


def say(launch: Launch, statements: Iterable[tuple[UUID, dict[str, Any]]]) -> None:
    """Keep statements of the platform's own; one that was said already is left."""
    now = timezone.now()
    rows = []
    for uuid, body in statements:
        stamp = {"timestamp": now.isoformat(), "stored": now.isoformat(), "version": VERSION}
        rows.append(
            Statement(
                uuid=uuid,
                registration=launch.registration,
                launch=launch,
                verb=body["verb"]["id"],
                object=body["object"]["id"],
                result=body.get("result"),
                timestamp=now,
                stored=now,
                digest=digest_of(body),
                body={"id": str(uuid), **body, **stamp},
            )
        )
    Statement.objects.bulk_create(rows, ignore_conflicts=True)


def settle(launch: Launch, version: PackageVersion) -> None:
    """Say of which blocks nothing is left to do, and complete the package when that is so of the whole course."""
    done = met_items(launch.registration) | done_from_start(version.manifest)
    unit, item = unit_of(launch, version), item_of(version, launch.item)
    parts = list(satisfied_parts(version.manifest, done))
    wanted = {satisfied_id(launch.registration.key, part): part for part in parts}
    known = set(Statement.objects.filter(uuid__in=wanted).values_list("uuid", flat=True))
    home = settings.SITE_URL
    new = [
        (uuid, satisfied(unit, item, part, home=home)) for uuid, part in wanted.items() if uuid not in known
    ]
    say(launch, new)
    if any("children" in part and "kind" not in part for part in parts):
        mine = Registration.objects.filter(pk=launch.registration.pk, completed_at=None)
        mine.update(completed_at=timezone.now())


def _close(launches: Iterable[Launch], now: datetime) -> int:
    """End sessions that were not ended. One that had begun is said to be abandoned, with the time until it could last."""
    count = 0
    for launch in launches:
        mine = Launch.objects.filter(pk=launch.pk, closed_at=None, terminated_at=None)
        if not mine.update(closed_at=now):
            continue
        count += 1
        if launch.initialized_at is None:
            continue
        version = package_version(launch.registration.version_id)
        seconds = max(0, int((min(now, launch.runs_out_at) - launch.initialized_at).total_seconds()))
        unit, item = unit_of(launch, version), item_of(version, launch.item)
        body = abandoned(unit, item, home=settings.SITE_URL, seconds=seconds)
        say(launch, [(uuid4(), body)])
    return count


@transaction.atomic
def close_old_launches() -> list[str]:
    """End the sessions of units whose token has run out. Says how many."""
    now = timezone.now()
    over = Launch.objects.filter(terminated_at=None, closed_at=None, runs_out_at__lte=now)
    count = _close(over.select_related("registration").order_by("pk")[:CLOSED_AT_ONCE], now)
    return [f"sessions of units that nobody ended: {count} closed"] if count else []
