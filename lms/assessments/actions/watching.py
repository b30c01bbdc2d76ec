"""What is kept while a sitting runs, and which device may answer. It says what happened; it never changes a score."""

from __future__ import annotations

from django.db import transaction

from core.access.scope import Asker
from lms.assessments.actions.refusals import refuse_late
from lms.assessments.models import Attempt, AttemptEvent
from lms.assessments.states import MOST_EVENTS, TOLD_BY_PAGE, EventKind
from lms.courses.versions import paper_of


@transaction.atomic
def take_over(*, attempt: Attempt, device: str) -> None:
    """Go on with an attempt on this device; the one before takes no more answers. Done twice it is done once.

    Raises TooLate when the attempt is over. Side effect: an event of the attempt.
    """
    row = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
    refuse_late(row)
    taken = Attempt.objects.filter(pk=row.pk, holder=row.holder).exclude(holder__in=["", device])
    if taken.update(holder=device):
        _add(row, EventKind.TAKEN)


@transaction.atomic
def note_page(*, attempt: Attempt, page: int) -> None:
    """Keep that a page of a sitting was opened, where its paper says so."""
    row = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
    _add(row, EventKind.OPENED, page=page)


@transaction.atomic
def note_told(*, asker: Asker, attempt_id: int, kind: str) -> None:
    """Keep what the page of one's own running attempt says of itself: left, come back, without a network.

    Whatever else is said, said twice, late or too often adds nothing. Raises Attempt.DoesNotExist for what is not the
    asker's own.
    """
    row = Attempt.objects.mine(asker).select_for_update(of=("self",)).get(pk=attempt_id)
    if kind in TOLD_BY_PAGE and row.finished_at is None and paper_of(row.paper_id).watches:
        _add(row, EventKind(kind))


def _add(locked: Attempt, kind: EventKind, *, page: int | None = None) -> None:
    last = locked.events.order_by("number").last()
    number = last.number + 1 if last else 1
    is_same = last is not None and (last.kind, last.page) == (kind, page)
    if number <= MOST_EVENTS and not is_same:
        AttemptEvent.objects.create(attempt=locked, number=number, kind=kind, page=page)
