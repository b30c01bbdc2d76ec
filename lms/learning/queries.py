"""What the pages of learning read: the outline as it stands for one trainee, and one lesson."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.documents.models import AbstractDocument

from core.access.scope import Asker, holds
from core.access.states import DESK
from core.blocks.links import host_of, is_of
from core.blocks.outside import allowed_hosts
from lms.assessments.models import Attempt
from lms.assessments.states import AttemptState
from lms.assignments.models import Submission
from lms.assignments.queries import marks_of
from lms.assignments.states import SubmissionState
from lms.cohorts.queries import titled
from lms.courses.policy import Part, hidden, parts_of
from lms.courses.versions import AssignmentMedia, LessonMedia, LessonVersion
from lms.enrolments.models import Enrolment, EnrolmentQuerySet
from lms.enrolments.policy import items_of, rule_of
from lms.learning.models import LessonProgress
from lms.learning.policy import (
    AnswerFault,
    Hindrance,
    Refusal,
    Standing,
    Step,
    neighbours,
    resume_at,
    share_done,
    step_at,
    steps_of,
)
from lms.videos.queries import Player, clock_words

PLACES = {
    "lesson": "lms:learning-lesson",
    "quiz": "lms:attempt-start",
    "assignment": "lms:assignment-detail",
}
PROGRESS = ("pk", "lesson_id", "opened_at", "completed_at", "answers")
RESTING = (SubmissionState.SUBMITTED, SubmissionState.FAILED)
NOBODY = "00000000-0000-0000-0000-000000000000"  # stands for a key in an address that is filled in later


def address_of(enrolment: Enrolment, step: Step) -> str:
    """Where this item is learned or sat."""
    return reverse(PLACES[step.item.kind], args=[enrolment.pk, step.item.key])


def own_enrolments(user: Asker) -> EnrolmentQuerySet:
    """The enrolments in which this person may learn: their own, and neither withdrawn nor still under review.

    A part of what is `visible_to` them. Officers see enrolments of others, but nobody learns in another's place.
    """
    if not user.is_authenticated:
        return Enrolment.objects.none()
    return Enrolment.objects.learning().filter(person__user=user)


@dataclass
class Way:
    """One trainee's way through a course version: the outline with how each item stands."""

    enrolment: Enrolment
    steps: list[Step]
    progress: dict[str, LessonProgress]
    attempts: dict[str, dict[str, Any]]
    submissions: dict[str, Submission] = field(default_factory=dict)

    @cached_property
    def counted(self) -> list[Step]:
        """The steps that the progress counts: all but assignments that one may leave out."""
        rule = rule_of(self.enrolment.version.rule)
        return [step for step in self.steps if step.item.kind != "assignment" or rule.require_assignments]

    @cached_property
    def sections(self) -> list[dict[str, Any]]:
        """The modules, each with its rows (title, address, minutes, how it stands) and how many of them are done.

        Titles and addresses are made here, once for the page: there are many, and templates are slow at it. What a
        locked item waits for is named once (`first`), at the first item that waits for it.
        """
        steps = {step.item.key: step for step in self.steps}
        addresses = {kind: reverse(name, args=[self.enrolment.pk, NOBODY]) for kind, name in PLACES.items()}
        counted = {step.item.key for step in self.counted}
        sections, named = [], set()
        for section in self.enrolment.version.outline:
            rows = []
            for entry in section["items"]:
                step = steps[entry["key"]]
                rows.append(
                    {
                        "key": entry["key"],
                        "kind": entry["kind"],
                        "minutes": entry["minutes"],
                        "title": titled(entry["title"], entry["title_en"]),
                        "url": addresses[entry["kind"]].replace(NOBODY, entry["key"]),
                        "standing": step.standing.value,
                        "first": step.waits_for if step.waits_for not in named else None,
                        "best": self.attempts.get(entry["key"], {}).get("best"),
                        "submission": self.submissions.get(entry["key"]),
                        "is_optional": entry["key"] not in counted,
                    }
                )
                named.add(step.waits_for)
            asked = [row for row in rows if not row["is_optional"]]
            done = sum(row["standing"] == Standing.DONE for row in asked)
            title = titled(section["title"], section["title_en"])
            sections.append({**section, "title": title, "rows": rows, "done": done, "total": len(asked)})
        return sections

    @cached_property
    def percent(self) -> int:
        return share_done(self.counted)

    @cached_property
    def done_count(self) -> int:
        return sum(step.standing == Standing.DONE for step in self.counted)

    @property
    def done(self) -> frozenset[str]:
        """The keys of what is done."""
        return frozenset(step.item.key for step in self.steps if step.standing == Standing.DONE)

    @property
    def total(self) -> int:
        return len(self.counted)

    @property
    def resume(self) -> Step | None:
        """Where to go on; what lies with a teacher is not gone on with."""
        last = self.enrolment.last_item
        away = {key for key, row in self.submissions.items() if row.state in RESTING}
        steps = [step for step in self.steps if step.item.key not in away]
        return resume_at(steps, str(last) if last else None)

    def step(self, key: UUID) -> Step | None:
        return step_at(self.steps, str(key))

    def with_done(self, key: UUID) -> Way:
        """The way once the item with this key is done too, without asking the database again."""
        version = self.enrolment.version
        done = self.done | {str(key)}
        steps = steps_of(items_of(version.outline), done=done, in_order=version.in_order)
        return Way(self.enrolment, steps, self.progress, self.attempts, self.submissions)

    def around(self, key: UUID) -> tuple[Step | None, Step | None]:
        return neighbours(self.steps, str(key))


def way_of(enrolment: Enrolment) -> Way:
    """The way as it stands now. Two queries, three where there are assignments; `enrolment` comes with its version.

    What was done in an older version of the course counts, as far as this version still has it.
    """
    done, progress = set(), {}
    rows = LessonProgress.objects.filter(enrolment=enrolment).order_by()
    for version_id, key, *facts in rows.values_list("lesson__version", "lesson__key", *PROGRESS):
        row = LessonProgress(**dict(zip(PROGRESS, facts, strict=True)), enrolment=enrolment)
        if row.completed_at:
            done.add(str(key))
        if version_id == enrolment.version_id:
            progress[str(key)] = row
    attempts = _attempts(enrolment)
    done |= {key for key, attempt in attempts.items() if attempt["passed"]}
    version = enrolment.version
    items = items_of(version.outline)
    submissions = marks_of(enrolment) if any(item.kind == "assignment" for item in items) else {}
    done |= {key for key, row in submissions.items() if row.state == SubmissionState.PASSED}
    steps = steps_of(items, done=done, in_order=version.in_order)
    return Way(enrolment, steps, progress, attempts, submissions)


def done_keys(enrolment_ids: Collection[int]) -> list[tuple[int, UUID]]:
    """For the completion rule: the lessons completed, and the quizzes and assignments passed, each with its enrolment. One
    query."""
    lessons = LessonProgress.objects.filter(enrolment__in=enrolment_ids, completed_at__isnull=False)
    quizzes = Attempt.objects.filter(enrolment__in=enrolment_ids, passed=True).order_by()
    works = Submission.objects.filter(enrolment__in=enrolment_ids, state=SubmissionState.PASSED).order_by()
    read = lessons.order_by().values_list("enrolment", "lesson__key")
    return list(
        read.union(quizzes.values_list("enrolment", "paper__key"), works.values_list("enrolment", "key"))
    )


def _attempts(enrolment: Enrolment) -> dict[str, dict[str, Any]]:
    """For each quiz that was sat: whether it is passed, the best score, and the attempts handed in."""
    found: dict[str, dict[str, Any]] = {}
    rows = Attempt.objects.filter(enrolment=enrolment).order_by()
    for key, state, percent, passed in rows.values_list("paper__key", "state", "percent", "passed"):
        quiz = found.setdefault(str(key), {"passed": False, "best": None, "used": 0})
        quiz["passed"] |= bool(passed)
        quiz["used"] += state != AttemptState.OPEN
        if percent is not None and (quiz["best"] is None or percent > quiz["best"]):
            quiz["best"] = percent
    return found


def check_shown(check: dict[str, Any], answer: dict[str, Any] | None, *, fault: str = "") -> dict[str, Any]:
    """A check question as the trainee sees it; the right choices and the explanation only once it is answered."""
    shown = {**hidden(check), "answer": answer, "fault": fault, "multiple": check["kind"] == "multiple"}
    chosen = set(answer["chosen"]) if answer else set()
    shown["choices"] = [{**choice, "chosen": choice["key"] in chosen} for choice in check["choices"]]
    if answer:
        right = set(check["correct"])
        shown["choices"] = [{**choice, "correct": choice["key"] in right} for choice in shown["choices"]]
        shown["explanation"] = check["explanation"]
    return shown


def shown_frames(lesson: LessonVersion) -> list[dict[str, Any]]:
    """What the lesson shows of other sites; `host` is empty where that site is not allowed any more."""
    hosts = allowed_hosts() if lesson.frames else frozenset()
    return [
        {**frame, "host": host_of(frame["url"]) if is_of(frame["url"], hosts) else ""}
        for frame in lesson.frames or ()
    ]


def shown_parts(
    lesson: LessonVersion,
    answers: dict[str, Any],
    players: Mapping[str, Player] | None = None,
    frames: Sequence[Mapping[str, Any]] = (),
) -> list[Part]:
    """The lesson in stretches of text, check questions, what is asked of its videos, what other sites show and what the
    cohort discusses, as this trainee sees it."""
    return [
        replace(part, check=check_shown(dict(part.check), answers.get(part.check["key"])))
        if part.check
        else part
        for part in parts_of(lesson.html, lesson.checks, players, frames=frames, talks=lesson.talks or ())
    ]


def may_read(document: AbstractDocument, user: Asker) -> bool:
    """Whether this document may be read: one that lessons or assignments show only by the enrolled, and by those who
    work at a desk."""
    used = LessonMedia.objects.filter(document=document).values("pk")
    asked = AssignmentMedia.objects.filter(document=document).values("pk")
    if not used.union(asked).exists() or (user.is_authenticated and holds(user, *DESK)):
        return True
    own = own_enrolments(user)
    return (
        own.filter(version__lessons__media__document=document).exists()
        or own.filter(version__assignments__media__document=document).exists()
    )


def refusal_words(refusal: Refusal) -> str:
    """Why the lesson cannot be finished yet, and what to do about it, in a sentence."""
    number = refusal.number
    if refusal.why == Hindrance.UNANSWERED:
        return ngettext(
            "Please answer the check question first; %(number)d is still open.",
            "Please answer the check questions first; %(number)d are still open.",
            number,
        ) % {"number": number}
    if refusal.why == Hindrance.TOO_SOON:
        minutes, seconds = divmod(number, 60)
        if minutes:
            return _(
                "Please take your time: you can finish this lesson in %(minutes)d min %(seconds)d s."
            ) % {
                "minutes": minutes,
                "seconds": seconds,
            }
        return _("Please take your time: you can finish this lesson in %(seconds)d s.") % {"seconds": seconds}
    if refusal.why == Hindrance.PACKAGE:
        return _("Please complete the content below the text first.")
    if refusal.why == Hindrance.UNWATCHED:
        return _("Please watch the video “%(title)s” on: %(time)s of it are still missing.") % {
            "title": refusal.title,
            "time": clock_words(number * 1000),
        }
    if refusal.why == Hindrance.CHECKPOINTS:
        return ngettext(
            "Please answer the question in the video “%(title)s”; %(number)d is still open.",
            "Please answer the questions in the video “%(title)s”; %(number)d are still open.",
            number,
        ) % {"title": refusal.title, "number": number}
    return _("Please open the lesson and read it first.")


def fault_words(fault: AnswerFault) -> str:
    """What is wrong with an answer, in a sentence."""
    return {
        AnswerFault.NOTHING_CHOSEN: _("Please choose an answer first."),
        AnswerFault.ONE_ONLY: _("Please choose one answer only."),
        AnswerFault.UNKNOWN_CHOICE: _(
            "The question has changed. Please load the page again and answer once more."
        ),
    }[fault]
