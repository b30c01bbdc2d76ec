"""What the readings of answers came to: for the desk when the result stands, for the trainee, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.models import Person
from lms.assessments.models import Answer, Attempt
from lms.assessments.queries import rows_of
from lms.courses.versions import paper_of
from lms.marking.models import PointsCorrection, Reading
from lms.marking.policy import Given, Outcome, Reason, Scheme, outcome_of
from lms.questions.policy import plain


def scheme_of(paper_id: int) -> Scheme:
    """How the answers of this paper are read."""
    return Scheme.from_data(paper_of(paper_id).marking)


def outcome_words(outcome: Outcome) -> str:
    """Why an answer has its points, for those who read and those who check."""
    facts = {
        "apart": plain(outcome.apart),
        "allowed": plain(outcome.allowed),
        "first": outcome.counted[0] if outcome.counted else 0,
        "second": outcome.counted[-1] if outcome.counted else 0,
    }
    return {
        Reason.ONE: _("One reader decides."),
        Reason.MEAN: _("Two readers are %(apart)s points apart, at most %(allowed)s: the mean counts."),
        Reason.THIRD: _("Two readers are %(apart)s points apart, more than %(allowed)s: the third decides."),
        Reason.NEARER: _(
            "Two readers are %(apart)s points apart, more than %(allowed)s: readings %(first)s and %(second)s, the nearest to each other, count by their mean."
        ),
        Reason.WAITS: _("Another reading is awaited."),
        Reason.DIFFER: _(
            "Two readers are %(apart)s points apart, more than %(allowed)s: a third is to read."
        ),
    }[outcome.reason] % facts


@dataclass(frozen=True)
class ReadAnswer:
    """An answer whose result stands, with all that was given for it and what was put right."""

    answer: Answer
    readings: list[Reading]
    corrections: list[PointsCorrection]
    words: str


def read_answers(user: Asker, paper_id: int, key: str) -> QuerySet[Answer]:
    """The answers to this question that people have read and whose result stands, as the desk may see them; the latest
    result first."""
    rows = Answer.objects.filter(
        attempt__in=Attempt.objects.visible_to(user).filter(paper=paper_id, marked_at__isnull=False),
        question=key,
        is_read=True,
    )
    given = Reading.objects.given().select_related("reader__person").order_by("round")
    made = PointsCorrection.objects.select_related("made_by__person").order_by("number")
    rows = rows.select_related("attempt__enrolment__person", "attempt__enrolment__cohort")
    rows = rows.prefetch_related(Prefetch("readings", given), Prefetch("corrections", made))
    return rows.order_by("-attempt__marked_at", "-pk")


def shown(answer: Answer, scheme: Scheme) -> ReadAnswer:
    """One of `read_answers` with the reason in words."""
    readings = list(answer.readings.all())
    given = [Given(row.round, row.points) for row in readings if row.points is not None]
    outcome = outcome_of(scheme, given, most=readings[0].most if readings else Decimal(0))
    return ReadAnswer(answer, readings, list(answer.corrections.all()), outcome_words(outcome))


@dataclass(frozen=True)
class Told:
    """What the trainee reads of one answer: points, by criterion where there are several, and the readers' words."""

    number: int
    prompt: str
    points: Decimal
    most: Decimal
    remarks: list[str]
    reason: str  # why the points were corrected, if they were


def readings_told(attempt: Attempt) -> list[Told]:
    """What those who read the answers of this attempt say to the trainee; nothing before the result stands. One query: of
    each answer a row for each pair of a reading and a correction, which are few."""
    if attempt.marked_at is None:
        return []
    rows = attempt.answers.filter(is_read=True).order_by("pk", "readings__round", "corrections__number")
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows.values("question", "points", *JOINED):
        found.setdefault(row["question"], []).append(row)
    asked = {row["key"]: (number, row) for number, row in enumerate(rows_of(attempt), start=1)}
    return sorted((_told(rows, *asked[key]) for key, rows in found.items()), key=lambda told: told.number)


JOINED = (
    *("readings__round", "readings__remark", "readings__most", "readings__given_at"),
    *("corrections__remark", "corrections__reason"),
)


def _told(rows: list[dict[str, Any]], number: int, asked: Mapping[str, Any]) -> Told:
    last = rows[-1]  # of several corrections the last
    remarks = {row["readings__round"]: row["readings__remark"] for row in rows if row["readings__given_at"]}
    points = last["points"] or Decimal(0)
    return Told(
        number=number,
        prompt=asked["prompt"],
        points=points,
        most=last["readings__most"] or points,
        remarks=[last["corrections__remark"]]
        if last["corrections__remark"]
        else [remark for remark in remarks.values() if remark],
        reason=last["corrections__reason"] or "",
    )


def reading_data_of(person: Person) -> list[dict[str, Any]]:
    """What was given for this person's answers by reading, once the results stand. Three queries."""
    rows = Answer.objects.filter(
        attempt__enrolment__person=person, attempt__marked_at__isnull=False, is_read=True
    )
    rows = rows.select_related("attempt__paper").prefetch_related("readings", "corrections")
    return [
        {
            "quiz": row.attempt.paper.title,
            "attempt": row.attempt.number,
            "points": row.points,
            "remarks": [each.remark for each in row.readings.all() if each.remark],
            "corrections": [each.facts() for each in row.corrections.all()],
        }
        for row in rows.order_by("attempt", "pk")
    ]
