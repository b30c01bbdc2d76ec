"""What the content of SCORM and H5P reports."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from lms.enrolments.models import Enrolment
from lms.packages.models import PackageVersion, Registration, ScoState
from lms.packages.policy.runtime import clean_values, counted_seconds, mastery_of, outcome_of
from lms.packages.policy.sequencing import ways_of
from lms.packages.queries import done_items, item_of, items_of_version
from lms.packages.queries.sequencing import has_order, is_order_done, last_of, ordered_states, tree_with
from lms.packages.states import Completion

LONGEST = timedelta(hours=12)  # of one session: what a window that was left open counts at most


class NoSuchItem(Exception):
    """The package has no such SCO, or its order does not let it be opened now."""


@transaction.atomic
def begin_session(*, enrolment: Enrolment, version: PackageVersion, item: str) -> ScoState:
    """Open a SCO in this window: from now on only it may write. The seconds of the session before are kept.

    Raises NoSuchItem. Side effects: the registration and the state, if they are not there yet.
    """
    if item not in {one["identifier"] for one in items_of_version(version)}:
        raise NoSuchItem(item)
    if has_order(version) and not _may_open(enrolment, version, item):
        raise NoSuchItem(item)
    registration, _made = Registration.objects.get_or_create(enrolment=enrolment, version=version)
    state, _made = ScoState.objects.get_or_create(registration=registration, item=item)
    ScoState.objects.filter(pk=state.pk).update(
        holder=secrets.token_urlsafe(24),
        sequence=0,
        seconds=F("seconds") + F("session_seconds"),
        session_seconds=0,
        began_at=timezone.now(),
    )
    state.refresh_from_db()
    state.registration = registration
    if not item_of(version, item)["is_sco"]:
        _settle_asset(state)
    return state


def _may_open(enrolment: Enrolment, version: PackageVersion, item: str) -> bool:
    """Whether the order of the package lets this part be opened now. One query."""
    states = ordered_states(enrolment.pk, version)
    current = last_of(states)
    return ways_of(tree_with(version, states), current).may_open(item, current)


def _settle_asset(state: ScoState) -> None:
    """What does not speak SCORM is completed by being opened."""
    ScoState.objects.filter(pk=state.pk).update(completion=Completion.COMPLETED)
    _complete_if_done(state.registration)


class NotHolder(Exception):
    """The SCO was opened elsewhere since: this window may not write any more."""


def save_state(
    *, state: ScoState, version: PackageVersion, holder: str, sequence: int, values: Any
) -> ScoState:
    """Keep the data model as a window reports it. A report that was kept already, or is older, changes nothing.

    `state` comes with its registration. Raises NotHolder, and ValueError for what is no data model. Side effects: one
    statement; when the package is completed with it, that is kept as well.
    """
    if not holder or holder != state.holder:
        raise NotHolder
    if sequence <= state.sequence:
        return state
    cmi = clean_values(values)
    if cmi is None:
        raise ValueError("no data model")
    now = timezone.now()
    outcome = outcome_of(cmi, version.kind, mastery_of(item_of(version, state.item), version.kind))
    elapsed = min(now - state.began_at, LONGEST).total_seconds()
    changes: Mapping[str, Any] = {
        "data": cmi,
        "sequence": sequence,
        "completion": outcome.completion,
        "success": outcome.success,
        "score": outcome.score,
        "raw": outcome.raw,
        "suspended": outcome.suspended,
        "session_seconds": counted_seconds(
            claimed=outcome.seconds, counted=state.session_seconds, elapsed=elapsed
        ),
        "updated_at": now,
    }
    mine = ScoState.objects.filter(pk=state.pk, holder=holder, sequence__lt=sequence)
    if not mine.update(**changes):
        state.refresh_from_db(fields=["holder", "sequence"])
        if state.holder != holder:
            raise NotHolder
        return state
    for name, value in changes.items():
        setattr(state, name, value)
    if (outcome.is_done or has_order(version)) and state.registration.completed_at is None:
        _complete_if_done(state.registration)
    return state


def _complete_if_done(registration: Registration) -> None:
    """Note when every SCO of the package is done, or the whole is by the rules of its manifest; once."""
    version = registration.version
    wanted = {one["identifier"] for one in items_of_version(version)}
    by_order = has_order(version) and is_order_done(registration.enrolment_id, version)
    if by_order or wanted <= done_items(registration):
        Registration.objects.filter(pk=registration.pk, completed_at=None).update(completed_at=timezone.now())
