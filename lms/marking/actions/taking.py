"""Taking an answer to read. A round is taken once, for some time; whoever lets the time pass loses it to the next."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.access.scope import Asker
from core.people.models import User
from lms.assessments.models import Answer
from lms.assessments.queries import questions_of
from lms.courses.versions import PaperVersion
from lms.marking.models import Reading
from lms.marking.policy import Scheme
from lms.marking.queries import Standing, answers_to_read, in_neutral_order, standings_of

LEASE = timedelta(hours=2)


def take_next(*, paper: PaperVersion, question: str, actor: Asker) -> Reading | None:
    """The next answer to this question for this reader: one that they hold already, else another that wants a reader; None
    where there is none. Of two who want the same round at the same moment one gets it, and the other the next."""
    rows = answers_to_read(actor).filter(attempt__paper=paper, question=question).order_by()
    ids = list(rows.values_list("pk", flat=True))
    standings = standings_of(ids, actor)
    scheme, now = Scheme.from_data(paper.marking), timezone.now()
    held = [each.mine for each in standings.values() if each.mine and each.mine.given_at is None]
    for reading in sorted(held, key=lambda row: row.lease_until, reverse=True):
        if reading.lease_until > now and _renewed(reading, actor, now):
            return reading
    for pk in in_neutral_order(ids):
        if taken := _take_any(pk, standings.get(pk) or Standing(), scheme, actor, now):
            return taken
    # Put back, or let lie until the time was over: after all others.
    return next((row for row in held if row.lease_until <= now and _renewed(row, actor, now)), None)


def put_back(*, reading: Reading, actor: Asker) -> bool:
    """Leave an answer to another reader; False where it was given, or is somebody else's by now."""
    mine = Reading.objects.filter(pk=reading.pk, reader=actor.pk, given_at=None)
    return bool(mine.update(lease_until=timezone.now()))


def _renewed(reading: Reading, actor: Asker, now: datetime) -> bool:
    mine = Reading.objects.filter(pk=reading.pk, reader=actor.pk, given_at=None)
    return bool(mine.update(lease_until=now + LEASE))


def _take_any(
    answer_id: int, standing: Standing, scheme: Scheme, actor: Asker, now: datetime
) -> Reading | None:
    """The round that is open, or the one after it where another was quicker."""
    while (number := standing.open_round(scheme)) is not None:
        if taken := _take(answer_id, number, standing, actor, now):
            return taken
        seen, standing = standing, standings_of([answer_id], actor).get(answer_id) or Standing()
        if standing == seen:  # nobody took it, and it cannot be taken: never try for ever
            return None
    return None


def _take(answer_id: int, number: int, standing: Standing, actor: Asker, now: datetime) -> Reading | None:
    facts: dict[str, Any] = {"reader": cast(User, actor), "taken_at": now, "lease_until": now + LEASE}
    if (lapsed := standing.lapsed.get(number)) is not None:
        return _take_over(lapsed, facts, now)
    try:
        with transaction.atomic():
            return Reading.objects.create(
                answer_id=answer_id, round=number, most=_points_of(answer_id), **facts
            )
    except IntegrityError:  # another was quicker
        return None


def _take_over(reading: Reading, facts: dict[str, Any], now: datetime) -> Reading | None:
    free = Reading.objects.filter(
        pk=reading.pk, reader=reading.reader_id, given_at=None, lease_until__lte=now
    )
    uid = uuid.uuid4()  # the address of the former reader leads nowhere
    try:
        with transaction.atomic():
            if not free.update(uid=uid, **facts):
                return None
    except IntegrityError:  # taken in another window meanwhile
        return None
    return Reading.objects.get(uid=uid)


def _points_of(answer_id: int) -> Decimal:
    answer = Answer.objects.select_related("attempt").get(pk=answer_id)
    return questions_of(answer.attempt, {answer.question})[0].points
