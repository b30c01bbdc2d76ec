"""Putting points right that an answer has by reading. What was given stays on record."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import both, notify
from core.people.models import User
from lms.assessments.actions import settle
from lms.assessments.models import Answer
from lms.assessments.queries import questions_of
from lms.marking.actions.refusals import NotPossible, checked, locked
from lms.marking.models import LONGEST_REMARK, PointsCorrection
from lms.marking.policy import Criterion
from lms.marking.queries import scheme_of


@transaction.atomic
def correct_points(
    *, answer: Answer, points: Decimal, remark: str, reason: str, seen: int, actor: Asker
) -> PointsCorrection:
    """Give other points in place of those that stand. `seen`: how many corrections there were when the page was shown.

    Raises NotPossible without a reason, for one's own answer, for points that cannot be given, as long as the result does
    not stand, and when somebody else was first. Side effects, in order: the correction; the marks of the attempt, as
    `settle` makes them (what was passed or completed stays so); an audit entry; a notice to the trainee.
    """
    if not reason.strip():
        raise NotPossible(_("Write why the points are corrected: the trainee reads it."))
    attempt = locked(answer.attempt_id, actor)
    row = Answer.objects.get(pk=answer.pk)
    if not row.is_read or row.points is None or attempt.marked_at is None:
        raise NotPossible(_("Points are corrected when the result stands."))
    if row.corrections.count() != seen:
        raise NotPossible(_("Somebody has corrected these points meanwhile. Look at them again."))
    question = questions_of(attempt, {row.question})[0]
    checked([Criterion("whole", "", question.points)], {"whole": points}, scheme_of(attempt.paper_id))
    made = PointsCorrection.objects.create(
        answer=row,
        number=seen + 1,
        before=row.points,
        points=points,
        remark=remark.strip()[:LONGEST_REMARK],
        reason=reason.strip()[:300],
        made_by=cast(User, actor),
    )
    row.points = points
    row.save(update_fields=["points"])
    before = {"points": str(made.before), "percent": attempt.percent}
    settled = settle(attempt=attempt)
    record(
        action="lms.correct_points",
        target=settled,
        actor=actor,
        organisation=attempt.enrolment.cohort.organisation,
        before=before,
        after={"points": str(points), "percent": settled.percent},
        reason=made.reason,
    )
    notify(
        user=attempt.enrolment.person.user,
        kind="lms.points_corrected",
        title=gettext_noop("Your points were corrected: %(quiz)s"),
        body=gettext_noop("Reason: %(reason)s Your score now: %(percent)s of 100."),
        url=reverse("lms:attempt-result", args=[settled.pk]),
        source=f"lms.points_correction:{made.pk}",
        percent=settled.percent,
        reason=made.reason,
        quiz=both(settled.paper.title, settled.paper.title_en),
    )
    return made
