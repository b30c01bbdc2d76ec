"""What was launched, by whose token, and how somebody stands in it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from lms.enrolments.models import Enrolment
from lms.packages.models import Launch, PackageVersion, Registration, ScoState
from lms.packages.policy.xapi.cmi5 import Standing, Unit, is_satisfied
from lms.packages.policy.xapi.faults import Fault, NotTaken
from lms.packages.policy.xapi.launch import activity_of
from lms.packages.queries.states import item_of
from lms.packages.states import Completion, Success

TOKEN_MOST = 300  # characters


def digest_of_key(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def unit_of(launch: Launch, version: PackageVersion) -> Unit:
    """What a launch opened, and for whom. `launch` comes with its registration."""
    return Unit(
        account=(settings.SITE_URL, launch.registration.key.hex),
        registration=launch.registration.key,
        session=launch.session,
        activity=activity_of(version.sha256, launch.item),
        mode=launch.mode,
        mastery=item_of(version, launch.item)["mastery_score"],
    )


def standing_of(launch: Launch, state: ScoState) -> Standing:
    """How the person stands in the unit."""
    return Standing(
        said=frozenset(launch.said),
        completed=state.completion == Completion.COMPLETED,
        passed=state.success == Success.PASSED,
        failed=state.success == Success.FAILED,
        score=state.score,
        raw=state.raw,
        seconds=state.session_seconds,
    )


def is_met(item: dict[str, Any], standing: Standing) -> bool:
    """Whether the unit asks nothing more."""
    return is_satisfied(item["move_on"], completed=standing.completed, passed=standing.passed)


def _named(authorization: str) -> str:
    """The token in a header of the kind Basic; "" when there is none."""
    kind, _, said = authorization.partition(" ")
    if kind.lower() != "basic" or len(said) > TOKEN_MOST:
        return ""
    try:
        return base64.b64decode(said, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""


def _session(token: str) -> UUID | None:
    try:
        return UUID(hex=token.partition(":")[0])
    except ValueError:
        return None


def open_launches() -> Any:
    """Launches of people who still learn and may still sign in, with what is asked of them."""
    learning = Enrolment.objects.learning().filter(person__user__is_active=True)
    return Launch.objects.filter(registration__enrolment__in=learning).select_related("registration")


def launch_of(authorization: str, version_id: int) -> Launch:
    """The launch that a token of this version opens. One query. Raises NotTaken: no such token, or it is over."""
    token = _named(authorization)
    session = _session(token)
    rows = open_launches().filter(session=session, registration__version=version_id) if session else None
    launch: Launch | None = rows.first() if rows is not None else None
    known = bool(launch and launch.token_digest)
    if launch is None or not known or not secrets.compare_digest(launch.token_digest, digest_of_key(token)):
        raise NotTaken(Fault.NO_TOKEN)
    if launch.runs_out_at <= timezone.now():
        raise NotTaken(Fault.NO_TOKEN, detail="runs out")
    if launch.closed_at is not None:
        raise NotTaken(Fault.CLOSED)
    return launch


def met_items(registration: Registration) -> frozenset[str]:
    """The units in which nothing more is asked since something was done in them. One query."""
    rows = registration.states.filter(satisfied_at__isnull=False)
    return frozenset(rows.values_list("item", flat=True))
