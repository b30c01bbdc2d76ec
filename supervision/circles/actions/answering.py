"""The answers of those who took part: each confirms or disputes their own minutes, once, and then they are credited."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.people.models import Person
from core.states import StaleState, move
from supervision.circles.actions.amending import ask_about_open
from supervision.circles.actions.lateness import (
    ask_late,
    require_approved,
    require_reason,
    said_at_of,
)
from supervision.circles.actions.rows import (
    GatheringRefused,
    ask_part,
    back_to_waiting,
    confirmation_of,
    locked_gathering,
    require_free,
    require_members,
    settle_part,
    tell_asked,
)
from supervision.circles.actions.telling import audit, require, tell_of
from supervision.circles.models import Gathering, Participation, ParticipationRemark
from supervision.circles.policy import Problem, Said, leader_counts
from supervision.circles.queries import said_of
from supervision.circles.states import LIVE, MOVES, PartRemarkKind, PartState
from supervision.pairings.actions import NotPossible
from supervision.sessions.queries import how_late
from supervision.signals import participation_confirmed


@transaction.atomic
def confirm_part(*, part: Participation, actor: Asker, revision: int | None = None) -> Participation:
    """Agree that the gathering took place as recorded, and with one's own minutes. From then on they are locked.

    Raises IllegalMove when it does not wait for an answer, StaleState when it changed since `revision`, GatheringRefused
    when they were entered elsewhere since it was recorded. The leader's own
    minutes count once, as soon as enough participants have confirmed (ADR 0021). Side effects in order: the state; the
    gathering counts for its leader; an audit entry; ParticipationConfirmed, in the same transaction; a notice.
    """
    row = _locked_part(part, revision)
    require(row.person, actor)
    if row.state == PartState.WAITING:
        held = row.gathering
        require_approved(held)
        require_free({row.person_id: row.person}, actor, held.starts_at, held.ends_at, held.pk)
    old = move(row, PartState.CONFIRMED, MOVES, confirmed_at=timezone.now(), confirmed_by_id=actor.pk)
    settle_part(row)
    held = row.gathering
    if held.counted_at is None and leader_counts(held.parts.confirmed().count()):
        held.counted_at = timezone.now()
        held.save(update_fields=["counted_at"])
    facts = {"state": row.state, "minutes": row.minutes}
    audit("supervision.confirm_part", row, held.circle, actor, before={"state": old}, after=facts)
    participation_confirmed.send(Participation, event=confirmation_of(row))
    ask_about_open(row)
    if not held.parts.filter(state__in=[PartState.WAITING, PartState.DISPUTED]).exists():
        title = gettext_noop("Everybody has confirmed “%(circle)s” of %(day)s")
        tell_of(held, held.leader, "all_confirmed", title)
    return row


@transaction.atomic
def dispute_part(
    *, part: Participation, actor: Asker, reason: str, revision: int | None = None
) -> Participation:
    """Object to one's own row, with the reason for the leader to read. Raises as confirm_part does.

    Side effects: the reason, sealed; an audit entry without it; a notice without it.
    """
    if not reason.strip():
        raise NotPossible(_("Write what is not right, so that it can be corrected."))
    row = _locked_part(part, revision)
    require(row.person, actor)
    old = move(row, PartState.DISPUTED, MOVES)
    settle_part(row)
    _remark(row, actor, PartRemarkKind.DISPUTE, reason)
    held = row.gathering
    audit(
        "supervision.dispute_part", row, held.circle, actor, before={"state": old}, after={"state": row.state}
    )
    title = gettext_noop("%(member)s objects to “%(circle)s” of %(day)s")
    body = gettext_noop("Read why, and correct the minutes or take the participant out of the record.")
    what = f"disputed:{row.pk}:{row.revision}"
    tell_of(held, held.leader, what, title, body, member=row.person.name)
    return row


@transaction.atomic
def correct_part(
    *,
    part: Participation,
    actor: Asker,
    minutes: int,
    answer: str = "",
    late_reason: str = "",
    revision: int | None = None,
) -> Participation:
    """Correct the minutes of one participant who has not confirmed, and ask them again.

    Raises IllegalMove when they have confirmed, StaleState when it changed since `revision`, NotPossible for minutes
    that cannot be, GatheringRefused for more minutes long after the day without a reason. Side effects: the answer,
    sealed; the row; an audit entry with both; of a late record the administrators are asked again; a notice.
    """
    row = _locked_part(part, revision)
    held = row.gathering
    require(held.leader, actor)
    _require_minutes(held, minutes)
    if row.state not in LIVE:
        raise NotPossible(_("This participant is not in the record any more. Put them in again instead."))
    if row.state == PartState.DISPUTED:  # it takes nobody's time, which may have been taken since
        require_free({row.person_id: row.person}, actor, held.starts_at, held.ends_at, held.pk)
    former = said_of(held)
    _require_reason(held, former, row.person_id, minutes, late_reason)
    before = {"minutes": row.minutes, "state": row.state}
    back_to_waiting(row, minutes)
    _remark(row, actor, PartRemarkKind.ANSWER, answer)
    after = {"minutes": row.minutes, "state": row.state}
    audit("supervision.correct_part", row, held.circle, actor, before=before, after=after)
    ask_late(held, former, late_reason)
    tell_asked(held, row.person, row)
    return row


@transaction.atomic
def remove_part(
    *, part: Participation, actor: Asker, reason: str, revision: int | None = None
) -> Participation:
    """Take one participant out of the record who has not confirmed; the row stays to be seen and counts nowhere.

    Raises as correct_part does, and NotPossible without a reason. Side effects: the reason, sealed; audit; of a late
    record the administrators are asked again; a notice.
    """
    if not reason.strip():
        raise NotPossible(_("Write why: the participant will read it."))
    row = _locked_part(part, revision)
    held = row.gathering
    require(held.leader, actor)
    former = said_of(held)
    old = move(row, PartState.REMOVED, MOVES, revision=row.revision + 1)
    settle_part(row)
    _remark(row, actor, PartRemarkKind.REMOVAL, reason)
    audit(
        "supervision.remove_part", row, held.circle, actor, before={"state": old}, after={"state": row.state}
    )
    ask_late(held, former)
    title = gettext_noop("%(leader)s has taken you out of “%(circle)s” of %(day)s")
    tell_of(held, row.person, f"removed:{row.pk}:{row.revision}", title)
    return row


@transaction.atomic
def add_part(
    *, gathering: Gathering, person: Person, minutes: int, actor: Asker, late_reason: str = ""
) -> Participation:
    """Put a member into a record who was forgotten, also after others have confirmed.

    Raises NotPossible for somebody who does not belong to the circle or is in the record, and GatheringRefused when they
    were elsewhere, or long after the day without a reason. Side effects: the row, an audit entry, a notice; of a late one
    the administrators are asked.
    """
    held = locked_gathering(gathering.pk)
    require(held.leader, actor)
    if not held.is_logged:
        raise NotPossible(_("This gathering is not recorded yet."))
    _require_minutes(held, minutes)
    known = held.parts.filter(person=person).first()
    if known is not None and known.state in LIVE:
        raise NotPossible(_("%(name)s is in the record already.") % {"name": person.name})
    if person.pk == held.leader_id:
        raise GatheringRefused((Problem("stranger", "came"),), _("Only members of the circle can be ticked."))
    require_members(held.circle, {person.pk: person}, held.starts_at, held.ends_at, held)
    require_free({person.pk: person}, actor, held.starts_at, held.ends_at, held.pk)
    former = said_of(held)
    _require_reason(held, former, person.pk, minutes, late_reason)
    part = ask_part(held, person, minutes)
    audit("supervision.add_part", part, held.circle, actor, after={"minutes": minutes, "state": part.state})
    ask_late(held, former, late_reason)
    return part


def _require_reason(held: Gathering, former: Said, person: int, minutes: int, reason: str) -> None:
    """More than was said before is said now, and long after the day only with a reason."""
    said = replace(former, came={**former.came, person: minutes})
    if said != former:
        require_reason(
            how_late(held.circle.organisation, held.starts_at, said_at_of(held, said, former)), reason, held
        )


def _require_minutes(gathering: Gathering, minutes: int) -> None:
    if not 1 <= minutes <= gathering.minutes:
        words = _("Between 1 and %(n)s minutes: nobody takes part longer than the gathering lasted.")
        raise NotPossible(words % {"n": gathering.minutes})


def _locked_part(part: Participation, revision: int | None) -> Participation:
    """The row as it is now, locked until the transaction ends, its gathering before it."""
    gathering = locked_gathering(part.gathering_id)
    rows = Participation.objects.select_for_update(of=("self",)).select_related("person__user__person")
    row = rows.get(pk=part.pk)
    row.gathering = gathering
    if revision is not None and revision != row.revision:
        raise StaleState(row, row.state, row.state)
    return row


def _remark(part: Participation, actor: Asker, kind: str, text: str) -> None:
    if text.strip():
        author = Person.objects.get(user_id=actor.pk)  # type: ignore[misc]
        ParticipationRemark.objects.create(part=part, author=author, kind=kind, text=text.strip())
