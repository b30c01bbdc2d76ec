"""A supervisor offers slots and withdraws them; a mentee books one, or all that follow in its series."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.people.models import Person
from core.states import move
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing
from supervision.pairings.states import PairingState
from supervision.slots.actions.closing import lapse_row
from supervision.slots.actions.rows import (
    MeetingRefused,
    audit,
    clash_words,
    lock_people,
    locked_own_pairing,
    moment_words,
    refusal_of,
    refuse_clash,
    remark,
    require_active,
    tell,
    times_of,
)
from supervision.slots.models import Meeting, Slot
from supervision.slots.policy import MOST_IN_SERIES, Plan, overlap_among, problems_of
from supervision.slots.states import MOVES, MeetingState, RemarkKind
from supervision.supervisors.models import Supervisor


@transaction.atomic
def offer_slots(
    *,
    supervisor: Supervisor,
    actor: Asker,
    plans: Sequence[Plan],
    chosen: Collection[Pairing] = (),
    skip_clashes: bool = False,
) -> list[Slot]:
    """Offer one slot, or a series; nobody `chosen` means all mentees.

    Raises MeetingRefused for impossible times, and for those at which the supervisor has a meeting or another slot;
    with `skip_clashes` these are left out, as long as one is left. Side effect: an audit entry for all of them.
    """
    if supervisor.person.user_id != actor.pk:
        raise NotPossible(_("Everybody offers their own time only."))
    lock_people([supervisor.pk])
    now = timezone.now()
    for plan in plans:
        problems = problems_of(plan, now=now)
        if problems:
            raise refusal_of(problems)
    if (
        not plans
        or len(plans) > MOST_IN_SERIES
        or overlap_among((one.starts_at, one.ends_at) for one in plans)
    ):
        raise MeetingRefused(_("Two of these slots would be at the same time."), "minutes")
    left, clashes = [], []
    for plan in plans:
        words = _taken(supervisor, plan, actor)
        if words:
            clashes.append(words)
        else:
            left.append(plan)
    if clashes and not (skip_clashes and left):
        raise MeetingRefused(" ".join(clashes[:5]), "start")
    series = uuid.uuid4() if len(left) > 1 else None
    slots = [_slot(supervisor, plan, series) for plan in left]
    pairings = [row for row in chosen if row.supervisor_id == supervisor.pk and row.is_active]
    if chosen and not pairings:
        raise MeetingRefused(_("Choose mentees who are paired with you at present."), "chosen")
    for slot in slots:
        slot.chosen.set(pairings)
    record(
        action="supervision.offer_slots",
        target=slots[0],
        actor=actor,
        organisation=supervisor.organisation,
        after={"count": len(slots), "starts_at": slots[0].starts_at.isoformat()},
    )
    return slots


@transaction.atomic
def withdraw_slots(*, slot: Slot, actor: Asker, following: bool = False) -> int:
    """Take a free slot back, or with `following` all free ones of its series from it on. Returns how many.

    Raises NotPossible when none is free any more: what is booked is cancelled as a meeting. Side effect: audit.
    """
    if slot.supervisor.person.user_id != actor.pk:
        raise NotPossible(_("Everybody offers their own time only."))
    lock_people([slot.supervisor_id])
    rows = Slot.objects.filter(supervisor=slot.supervisor_id, withdrawn_at=None)
    if following and slot.series:
        rows = rows.filter(series=slot.series, starts_at__gte=slot.starts_at)
    else:
        rows = rows.filter(pk=slot.pk)
    free = list(rows.exclude(meetings__state=MeetingState.PLANNED).values_list("pk", flat=True))
    if not free:
        raise NotPossible(
            _("This slot is booked or withdrawn already. What is booked is cancelled as a meeting.")
        )
    Slot.objects.filter(pk__in=free).update(withdrawn_at=timezone.now())
    record(
        action="supervision.withdraw_slots",
        target=slot,
        actor=actor,
        organisation=slot.supervisor.organisation,
        after={"count": len(free)},
    )
    return len(free)


@transaction.atomic
def book_slot(
    *,
    slot: Slot,
    actor: Asker,
    following: bool = False,
    instead_of: Meeting | None = None,
    text: str = "",
) -> list[Meeting]:
    """Book an offered slot, or with `following` also the free ones of its series after it; each slot is booked once.

    `instead_of` is a planned meeting of the two that moves to this slot and keeps its entry in calendars. Raises
    NotPossible with the sentence to show. Side effects in order: the meetings, an audit entry each, one notice to the
    supervisor.
    """
    pairing, mentee = _pairing_for(slot, actor)
    require_active(pairing)
    now = timezone.now()
    rows = Slot.objects.offered_to(pairing).free(now).filter(supervisor=pairing.supervisor_id)
    first = rows.filter(pk=slot.pk).first()
    if first is None:
        raise NotPossible(_("This time is taken or no longer offered. Choose another one."))
    wanted = [first]
    if following and slot.series and instead_of is None:
        later = rows.filter(series=slot.series, starts_at__gt=first.starts_at)
        wanted += list(later.order_by("starts_at")[: MOST_IN_SERIES - 1])
    if pairing.ends_on is not None:
        wanted = [row for row in wanted if row.day <= pairing.ends_on]
    if not wanted:
        raise NotPossible(_("On that day the two of you are not paired any more."))
    old = _movable(instead_of, pairing) if instead_of is not None else None
    besides = [old.pk] if old else []
    refuse_clash(pairing, [first.plan], actor, besides)
    others = (pairing.supervisor_id, pairing.mentee_id)
    wanted[1:] = [row for row in wanted[1:] if not clash_words(others, row.plan, actor, None)]
    series = uuid.uuid4() if len(wanted) > 1 else None
    made = [_booked(row, pairing, mentee, series, old) for row in wanted]
    remark(made[0], mentee, RemarkKind.MOVED if old else RemarkKind.MESSAGE, text)
    _tell_booked(made, mentee, old)
    return made


def _pairing_for(slot: Slot, actor: Asker) -> tuple[Pairing, Person]:
    rows = Pairing.objects.filter(supervisor=slot.supervisor_id, mentee__user=actor.pk)
    found = rows.filter(state=PairingState.ACTIVE).values_list("pk", flat=True).first()
    if found is None:
        raise NotPossible(_("Only the mentees of this supervisor book a slot."))
    return locked_own_pairing(found, actor)


def _movable(meeting: Meeting, pairing: Pairing) -> Meeting:
    row = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    row.pairing = pairing
    if row.pairing_id != pairing.pk or not row.is_coming:
        raise NotPossible(_("This meeting can no longer be moved. The page shows how it stands now."))
    return row


def _booked(
    slot: Slot, pairing: Pairing, mentee: Person, series: uuid.UUID | None, old: Meeting | None
) -> Meeting:
    now = timezone.now()
    fields = {"uid": old.uid, "sequence": old.sequence + 1, "moves": old} if old else {}
    if old:
        was = move(old, MeetingState.MOVED, MOVES, changed_at=now)
        audit("supervision.book_slot", old, mentee.user, before={"state": was}, after={"state": old.state})
        for mover in old.movers.proposed().with_people():  # another time that was proposed is not needed
            lapse_row(mover)
    try:
        with transaction.atomic():
            row = Meeting.objects.create(
                pairing=pairing,
                slot=slot,
                state=MeetingState.PLANNED,
                made_by=mentee,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                setting=slot.setting,
                place=slot.place,
                link=slot.link,
                series=old.series if old else series,
                planned_at=now,
                changed_at=now,
                **fields,
            )
    except IntegrityError:
        raise NotPossible(_("This time is taken or no longer offered. Choose another one."))
    audit("supervision.book_slot", row, mentee.user, after=times_of(row) | {"state": row.state})
    return row


def _tell_booked(made: list[Meeting], mentee: Person, old: Meeting | None) -> None:
    first, supervisor = made[0], made[0].pairing.supervisor.person
    if old:
        tell(first, supervisor, "booked", gettext_noop("%(name)s has moved a session to %(when)s"), by=mentee)
    elif len(made) > 1:
        title = gettext_noop("%(name)s has booked %(count)s sessions, the first on %(when)s")
        tell(first, supervisor, "booked", title, by=mentee, count=len(made))
    else:
        tell(
            first, supervisor, "booked", gettext_noop("%(name)s has booked your slot on %(when)s"), by=mentee
        )


def _slot(supervisor: Supervisor, plan: Plan, series: uuid.UUID | None) -> Slot:
    return Slot.objects.create(
        supervisor=supervisor,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        setting=plan.setting,
        place=plan.place.strip(),
        link=plan.link,
        series=series,
    )


def _taken(supervisor: Supervisor, plan: Plan, actor: Asker) -> str:
    """Why the supervisor is not free then: another meeting, or a slot that is offered already."""
    words = clash_words([supervisor.pk], plan, actor, None)
    if words:
        return words
    rows = supervisor.slots.filter(withdrawn_at=None, starts_at__lt=plan.ends_at, ends_at__gt=plan.starts_at)
    slot = rows.order_by("starts_at").first()
    if slot is None:
        return ""
    return _("You offer %(when)s already.") % {"when": moment_words(slot.starts_at, slot.ends_at)}
