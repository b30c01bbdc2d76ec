"""Matching rounds, who takes part in them, and their runs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation, Person

if TYPE_CHECKING:
    from supervision.models import (
        MatchingRound,
        RoundMentee,
        RoundRun,
        RoundSupervisor,
        Supervisor,
    )


def make_round(organisation: Organisation, state: str = "open", **fields: object) -> MatchingRound:
    """A round that takes wishes since a day and for a week, without the audit and notices of the real acts."""
    from supervision.models import MatchingRound

    now = timezone.now()
    told = state in ("published", "closed")
    defaults = {
        "title": "秋季结对轮次",
        "state": state,
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=7),
        "starts_on": timezone.localdate(),
        "published_at": now if told else None,
        "appeals_until": now + timedelta(days=7) if told else None,
        "reason": "改期" if state == "cancelled" else "",
    }
    return MatchingRound.objects.create(organisation=organisation, **defaults | fields)


def make_round_mentee(round: MatchingRound, person: Person, **fields: object) -> RoundMentee:
    from supervision.models import RoundMentee

    return RoundMentee.objects.create(round=round, person=person, **fields)


def make_round_supervisor(
    round: MatchingRound, supervisor: Supervisor, places: int | None = None, **fields: object
) -> RoundSupervisor:
    """A supervisor of the round, with all places that are free."""
    from supervision.models import RoundSupervisor

    number = supervisor.places_free if places is None else places
    return RoundSupervisor.objects.create(round=round, supervisor=supervisor, places=number, **fields)


def make_run(round: MatchingRound, kept: bool = True, **fields: object) -> RoundRun:
    """A calculation of the round without lines; kept, unless it is a trial."""
    from supervision.models import RoundRun

    now = timezone.now()
    number = round.runs.count() + 1
    defaults = {"number": number, "engine": "optimal", "finished_at": now, "kept_at": now if kept else None}
    return RoundRun.objects.create(round=round, **defaults | fields)
