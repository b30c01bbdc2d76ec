"""Giving points for an answer; where all answers of an attempt have theirs, the result stands."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import both, notify
from lms.assessments.actions import settle
from lms.assessments.models import Answer, Attempt
from lms.assessments.queries import questions_of
from lms.marking.actions.refusals import NotPossible, checked, locked
from lms.marking.models import LONGEST_REMARK, Reading
from lms.marking.policy import Given, Outcome, criteria_of, outcome_of
from lms.marking.queries import scheme_of


@transaction.atomic
def give_reading(
    *, reading: Reading, points: Mapping[str, Decimal | None], remark: str, actor: Asker
) -> Outcome:
    """Give points for the answer that one has taken, by criterion. Returns what all its readings come to by now.

    Raises NotPossible for points that cannot be given, for one's own answer, and where the answer was given or went to
    another reader meanwhile. Side effects, in order: the reading, which stays; an audit entry; where no other reading is
    needed, the points of the answer; where no other answer is awaited, `publish_result`.
    """
    attempt = locked(reading.answer.attempt_id, actor)
    row = Reading.objects.filter(pk=reading.pk, uid=reading.uid, reader=actor.pk, given_at=None).first()
    if row is None:
        raise NotPossible(_("You took this answer too long ago, and another reads it now. Take the next."))
    answer = Answer.objects.get(pk=row.answer_id)
    if answer.is_read or attempt.marked_at is not None:
        raise NotPossible(_("This answer has its points already. Take the next."))
    scheme = scheme_of(attempt.paper_id)
    question = questions_of(attempt, {answer.question})[0]
    kept = checked(criteria_of(question, scheme), points, scheme)
    row.criteria, row.points = kept, sum((Decimal(each["points"]) for each in kept), Decimal(0))
    row.remark, row.given_at = remark.strip()[:LONGEST_REMARK], timezone.now()
    row.save(update_fields=["criteria", "points", "remark", "given_at"])
    organisation = attempt.enrolment.cohort.organisation
    facts = {"round": row.round, "points": str(row.points)}
    record(action="lms.give_reading", target=row, actor=actor, organisation=organisation, after=facts)
    given = [Given(each.round, each.points) for each in answer.readings.given() if each.points is not None]
    outcome = outcome_of(scheme, given, most=question.points)
    if outcome.points is not None:
        answer.points, answer.is_read = outcome.points, True
        answer.save(update_fields=["points", "is_read"])
        publish_result(attempt=attempt)
    return outcome


def publish_result(*, attempt: Attempt) -> Attempt:
    """Mark the attempt with what was read so far. Where that makes the result stand, side effects are an audit entry and a
    notice to the trainee (and what `settle` does)."""
    stood = attempt.marked_at is not None
    settled = settle(attempt=attempt)
    if stood or settled.marked_at is None:
        return settled
    enrolment = settled.enrolment
    after = {"percent": settled.percent, "passed": settled.passed}
    organisation = enrolment.cohort.organisation
    record(action="lms.publish_result", target=settled, actor=None, organisation=organisation, after=after)
    notify(
        user=enrolment.person.user,
        kind="lms.result_published",
        title=gettext_noop("The result is there: %(quiz)s"),
        body=gettext_noop("Your answers have been read. Your score: %(percent)s of 100."),
        url=reverse("lms:attempt-result", args=[settled.pk]),
        source=f"lms.attempt:{settled.pk}:published",
        percent=settled.percent,
        quiz=both(settled.paper.title, settled.paper.title_en),
    )
    return settled
