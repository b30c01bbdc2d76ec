"""The verbs of learning. Whoever calls them has fetched the trainee's own enrolment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.blocks.policy import is_right
from lms.courses.versions import LessonVersion
from lms.enrolments.actions import complete_if_done
from lms.enrolments.models import Enrolment
from lms.enrolments.states import EnrolmentState
from lms.learning.models import LessonProgress
from lms.learning.policy import AnswerFault, Refusal, answer_fault, hindrances
from lms.packages.queries import is_package_done
from lms.videos.queries import lacks_of


class NotYet(Exception):
    """The lesson cannot be finished now; `refusals` holds every reason."""

    def __init__(self, refusals: list[Refusal]) -> None:
        self.refusals = refusals
        super().__init__(", ".join(refusal.why for refusal in refusals))


class AnswerRefused(ValueError):
    """The answer cannot be taken; `fault` says why."""

    def __init__(self, fault: AnswerFault) -> None:
        self.fault = fault
        super().__init__(fault)


def open_lesson(
    *, enrolment: Enrolment, lesson: LessonVersion, progress: LessonProgress | None
) -> LessonProgress:
    """Note that the trainee has opened the lesson, at the server's time, and that "continue" leads here.

    `progress` is the row already read, if any: opening again writes nothing. Two first views at once make one row.
    """
    if progress is not None and enrolment.last_item == lesson.key:
        return progress
    with transaction.atomic():
        if progress is None:
            progress = LessonProgress(enrolment=enrolment, lesson=lesson)
            LessonProgress.objects.bulk_create(
                [progress], ignore_conflicts=True
            )  # one statement; the first row stays
        if enrolment.last_item != lesson.key:
            Enrolment.objects.filter(pk=enrolment.pk).update(last_item=lesson.key)
            enrolment.last_item = lesson.key
    return progress


@transaction.atomic
def answer_check(
    *, enrolment: Enrolment, lesson: LessonVersion, check: dict[str, Any], chosen: Sequence[str]
) -> dict[str, Any]:
    """Keep the answer to a check question; returns {"chosen", "correct"}. The lesson must have been opened.

    The first answer stays: after it the right one is shown. Raises AnswerRefused when nothing, too much or something
    unknown was chosen, and LessonProgress.DoesNotExist when the lesson was never opened.
    """
    fault = answer_fault(check, chosen)
    if fault is not None:
        raise AnswerRefused(fault)
    progress = LessonProgress.objects.select_for_update().get(enrolment=enrolment, lesson=lesson)
    kept: dict[str, Any] | None = progress.answers.get(check["key"])
    if kept is not None:
        return kept
    answer = {"chosen": sorted(set(chosen)), "correct": is_right(chosen, check["correct"])}
    progress.answers[check["key"]] = answer
    LessonProgress.objects.filter(pk=progress.pk).update(answers=progress.answers)
    return answer


@transaction.atomic
def complete_lesson(*, enrolment: Enrolment, lesson: LessonVersion) -> bool:
    """Finish the lesson; True when this call did it, False when it was finished already.

    Raises NotYet while the shortest stay has not passed by the server's clock, a check question is unanswered, a video is
    not watched as far as it must be, or the package is not completed.
    Side effects: the time of completion; then, if the course's rule is now met, the enrolment is completed.
    """
    progress = LessonProgress.objects.filter(enrolment=enrolment, lesson=lesson).first()
    if progress is not None and progress.completed_at is not None:
        return False
    now = timezone.now()
    refusals = hindrances(
        opened_at=progress.opened_at if progress else None,
        now=now,
        min_seconds=lesson.min_seconds,
        checks=[check["key"] for check in lesson.checks],
        answered=progress.answers if progress else (),
        package_done=lesson.package_id is None or is_package_done(enrolment.pk, lesson.package_id),
        videos=lacks_of(enrolment, lesson),
    )
    if progress is None or refusals:
        raise NotYet(refusals)
    if not LessonProgress.objects.filter(pk=progress.pk, completed_at=None).update(completed_at=now):
        return False
    if enrolment.state == EnrolmentState.ENROLLED:
        complete_if_done(enrolment=enrolment)
    return True
