"""Making a round, and moving it from state to state."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.organisations.models import Organisation
from core.states import move
from supervision.matching.actions.basis import (
    RoundRefused,
    audit,
    locked,
    require_changeable,
    require_newest,
    tell_all,
)
from supervision.matching.models import MatchingRound, RoundMentee, RoundSupervisor
from supervision.matching.states import MOVES, AppealState, RoundState
from supervision.pairings.actions import SECOND_CLICK
from supervision.pairings.models import Pairing
from supervision.pairings.states import OPEN as PAIRED


@transaction.atomic
def save_round(
    *, organisation: Organisation, actor: Asker | None, round: MatchingRound | None = None, **values: Any
) -> MatchingRound:
    """Make a round, or change one that is a draft or open. Raises RoundRefused when it is locked, or when its days
    contradict each other. Side effects: an audit entry with what holds in it; when an open round ends on another day, a
    notice to everybody in it."""
    if values["closes_at"] <= values["opens_at"]:
        raise RoundRefused(_("The end must be after the beginning."))
    if values.get("ends_on") and values["ends_on"] < values["starts_on"]:
        raise RoundRefused(_("The last day must not be before the first."))
    if round is None:
        row = MatchingRound(organisation=organisation, created_by_id=getattr(actor, "pk", None))
    else:
        row = locked(round)
        require_changeable(row)
    told = row.closes_at if round is not None and row.state == RoundState.OPEN else None
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    if told is not None and told != row.closes_at:
        _tell_open(row)
    facts = {name: getattr(row, name) for name in ("title", "opens_at", "closes_at", "engine", "weights")}
    audit(
        "supervision.save_round", row, actor, after=facts | {"region": row.region, "tier": row.required_tier}
    )
    return row


@transaction.atomic
def open_round(*, round: MatchingRound, actor: Asker | None) -> None:
    """Let wishes come in, from the day that the round names on. Raises RoundRefused without anybody on one side, or when
    its end has passed; IllegalMove. Also opens a locked round again. Side effects: audit, a notice to everybody in it."""
    row = locked(round)
    if row.closes_at <= timezone.now():
        raise RoundRefused(_("The last day for wishes has passed. Set a later one first."))
    if not row.supervisors.filter(is_in=True).exists():
        raise RoundRefused(_("No supervisor takes part yet. Add some first."))
    if not row.self_join and not row.mentees.filter(is_in=True).exists():
        raise RoundRefused(_("No mentee takes part yet. Add some, or let trainees join themselves."))
    old = move(row, RoundState.OPEN, MOVES, locked_at=None)
    audit("supervision.open_round", row, actor, before={"state": old}, after={"state": row.state})
    _tell_open(row)


@transaction.atomic
def lock_round(*, round: MatchingRound, actor: Asker | None) -> None:
    """Take no wishes any more. Raises IllegalMove or StaleState. Side effect: audit."""
    locked(round)  # after whoever is putting down a wish: none is younger than the lock
    old = move(round, RoundState.LOCKED, MOVES, locked_at=timezone.now())
    audit("supervision.lock_round", round, actor, before={"state": old}, after={"state": round.state})


@transaction.atomic
def put_back_round(*, round: MatchingRound, actor: Asker, number: int | None = None) -> None:
    """Go back from a calculation to the locked round, so that it can be opened again or calculated anew; what was
    calculated is put aside. `number` is that of the newest calculation which the actor has seen. Raises RoundRefused when
    it is not calculated, or another one is the newest by now, StaleState. Side effect: audit."""
    row = locked(round)
    if row.state != RoundState.RUN:
        raise RoundRefused(_("The round is not calculated yet."))
    require_newest(row, number)
    old = move(row, RoundState.LOCKED, MOVES)
    row.runs.filter(discarded_at=None).update(discarded_at=timezone.now())
    audit("supervision.put_back_round", row, actor, before={"state": old}, after={"state": row.state})


@transaction.atomic
def cancel_round(*, round: MatchingRound, actor: Asker, reason: str) -> None:
    """End a round that is not published, and say why. Raises RoundRefused without a reason, IllegalMove.

    Side effects: audit; when it had been opened, a notice to everybody in it.
    """
    if not reason.strip():
        raise RoundRefused(_("Write the reason: everybody who takes part reads it."))
    row = locked(round)
    old = move(row, RoundState.CANCELLED, MOVES, reason=reason.strip())
    row.runs.filter(discarded_at=None).update(discarded_at=timezone.now())
    audit("supervision.cancel_round", row, actor, before={"state": old}, reason=reason.strip())
    if old != RoundState.DRAFT:
        title = gettext_noop("%(round)s does not take place")
        tell_all(row, "cancelled", title, gettext_noop("Reason: %(reason)s"), reason=reason.strip())


@transaction.atomic
def close_round(*, round: MatchingRound, actor: Asker) -> None:
    """End a published round for good. Raises RoundRefused while appeals may be made or wait, IllegalMove. Audited."""
    row = locked(round)
    if row.takes_appeals(timezone.now()):
        raise RoundRefused(_("Appeals may still be made. Close the round after their last day."))
    if row.appeals.filter(state=AppealState.MADE).exists():
        raise RoundRefused(_("An appeal waits for a decision. Decide it first."))
    old = move(row, RoundState.CLOSED, MOVES)
    audit("supervision.close_round", row, actor, before={"state": old}, after={"state": row.state})


@transaction.atomic
def make_next_round(*, round: MatchingRound, actor: Asker, **values: Any) -> MatchingRound:
    """Make the next round from this one: the same rules and settings, the same supervisors with the places that are free now, and
    those mentees who have no supervisor at present. Who was paired in this one counts for continuity. Sent twice at once
    there is one. Audited."""
    row = locked(round)  # of two clicks the second waits here
    just = MatchingRound.objects.filter(previous=row, created_at__gt=timezone.now() - SECOND_CLICK)
    if again := just.filter(state=RoundState.DRAFT, **values).first():
        return again
    same = ("engine", "weights", "region", "required_tier", "most_wishes", "self_join", "appeal_days")
    facts = {name: getattr(round, name) for name in same} | values
    made = save_round(organisation=round.organisation, actor=actor, **facts)
    made.previous, made.knobs = round, round.knobs
    made.save(update_fields=["previous", "knobs"])
    supervisors = round.supervisors.filter(is_in=True).select_related("supervisor")
    RoundSupervisor.objects.bulk_create(
        RoundSupervisor(round=made, supervisor=row.supervisor, places=row.supervisor.places_free)
        for row in supervisors
    )
    paired = Pairing.objects.filter(state__in=sorted(PAIRED)).order_by().values("mentee")
    mentees = round.mentees.filter(is_in=True).exclude(person__in=paired)
    RoundMentee.objects.bulk_create(
        RoundMentee(round=made, person_id=row.person_id, languages=row.languages) for row in mentees
    )
    audit("supervision.make_next_round", made, actor, after={"previous": round.pk})
    return made


def _tell_open(round: MatchingRound) -> None:
    """Until when wishes are taken; once for each such day."""
    tell_all(
        round,
        f"open:{round.closes_at:%Y%m%d%H%M}",
        gettext_noop("%(round)s: say whom you would like"),
        gettext_noop("Your wishes are taken until %(until)s. You can change them until then."),
        until=round.closes_at,
    )
