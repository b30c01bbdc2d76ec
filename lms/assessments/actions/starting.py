"""Beginning a quiz, or going on with it. The clock is the server's."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.assessments.actions.ending import expire
from lms.assessments.actions.refusals import NotPossible, refuse_start
from lms.assessments.models import Attempt
from lms.assessments.queries import drawn_for, ends_at, is_due, next_number, standing_of
from lms.cohorts.queries import titled
from lms.courses.versions import PaperVersion, version_of
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING
from lms.questions.policy import NotEnough


@transaction.atomic
def start_attempt(*, enrolment: Enrolment, paper: PaperVersion, device: str = "") -> Attempt:
    """Begin an attempt, or go on with the open one. The deadline is fixed here: no later than the quiz closes.

    `device`: the one that may answer, where the paper is sat on one at a time. Raises NotPossible when the quiz is not
    open, was passed, the attempts are used up, or it is too soon after the last.
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    enrolment.version = version_of(enrolment.version_id)
    if enrolment.state not in LEARNING or paper.version_id != enrolment.version_id:
        raise NotPossible(_("This quiz does not belong to a course that you are learning."))
    standing = standing_of(enrolment, paper)
    if standing.open_attempt is not None and not is_due(standing.open_attempt):
        return standing.open_attempt
    if standing.open_attempt is not None:
        expire(attempt=standing.open_attempt)
        standing = standing_of(enrolment, paper)
    first = standing.first
    refuse_start(standing, titled(first.title, first.title_en) if first else None)
    seed = secrets.token_hex(16)
    questions = _draw(paper, seed) if paper.bank_id else None
    now = timezone.now()
    return Attempt.objects.create(
        enrolment=enrolment,
        paper=paper,
        number=next_number(standing),
        started_at=now,
        deadline_at=ends_at(now, paper.minutes, standing.window),
        total=paper.size,
        questions=questions,
        seed=seed,
        holder=device if paper.one_device else "",
    )


def _draw(paper: PaperVersion, seed: str) -> list[dict[str, Any]]:
    try:
        return drawn_for(paper, seed)
    except NotEnough as lack:
        raise NotPossible(
            _(
                "The question bank lacks questions for this quiz at the moment. Tell the organiser of your cohort."
            )
        ) from lack
