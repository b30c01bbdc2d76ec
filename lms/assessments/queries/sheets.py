"""An attempt's questions with what was answered. What leaves here before it is handed in never holds the right answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from lms.assessments.models import Answer, Attempt
from lms.assessments.policy import is_over, paged
from lms.assessments.queries.asking import Place, keyed_in, most_signs, places_of, texts_in
from lms.assessments.queries.papers import paper_for, rows_of, worth_of
from lms.assessments.queries.telling import Told, lines_of
from lms.assessments.states import AttemptState
from lms.corrections.queries import as_marked
from lms.questions.policy import CHOOSING, is_said, plain


@dataclass(frozen=True)
class Choice:
    key: str
    text: str
    is_chosen: bool
    is_correct: bool | None  # None: not told yet


@dataclass(frozen=True)
class Asked:
    """One question as the page shows it; the right answers and the explanation only after handing in."""

    number: int
    key: str
    kind: str
    prompt: str
    choices: list[Choice]
    is_answered: bool
    is_flagged: bool
    points: str  # what it is worth
    section: str = ""  # the heading that it stands under
    is_partly: bool = False  # something of it is still open
    places: list[Place] | None = None  # of a question that is not answered by choosing, while it is asked
    most: int = 0  # signs of a text
    lines: list[Told] | None = None  # the same, when it is over
    fault: str = ""  # why what stands there could not be kept
    is_right: bool | None = None
    reached: str | None = None  # points; None: not known yet
    explanation: str = ""


@dataclass(frozen=True)
class Sheet:
    """An attempt's questions with the answers so far."""

    questions: list[Asked]
    ranges: list[range]
    answered: int
    total: int
    points: str  # of the whole paper
    reached: str  # so far; empty: not known
    seconds_left: int | None

    @property
    def has_card(self) -> bool:
        """Whether the answer card stands beside the questions: with sections, or one question a page."""
        return any(question.section for question in self.questions) or self.total == self.pages > 1

    @property
    def pages(self) -> int:
        return len(self.ranges)

    @property
    def missing(self) -> list[Asked]:
        return [question for question in self.questions if not question.is_answered or question.is_partly]

    def page(self, number: int) -> list[Asked]:
        return [self.questions[place] for place in self.ranges[number - 1]]

    def page_of(self, question: Asked) -> int:
        return next(page for page, places in enumerate(self.ranges, 1) if question.number - 1 in places)

    @property
    def map(self) -> list[dict[str, Any]]:
        """The answer card: each section with its questions and their pages."""
        found: list[dict[str, Any]] = []
        for page, places in enumerate(self.ranges, 1):
            for each in (self.questions[place] for place in places):
                if not found or found[-1]["section"] != each.section:
                    found.append({"section": each.section, "places": []})
                found[-1]["places"].append({"question": each, "page": page})
        return found


def ranges_of(attempt: Attempt) -> list[range]:
    """The places (from 0) of the questions on each page."""
    headings = [row.get("section", "") for row in rows_of(attempt)]
    return paged(headings, paper_for(attempt).per_page)


def sheet_of(
    attempt: Attempt,
    *,
    now: datetime | None = None,
    tells_answers: bool = False,
    typed: Mapping[str, tuple[Any, str]] | None = None,
) -> Sheet:
    """The attempt's questions with what was said and, once it is over, which of that was right. One query.

    What was answered right is explained. `tells_answers` explains the rest too: for whoever will not sit this paper
    again, since otherwise one hands in an empty sheet and copies the key. `typed`: what was just sent and could not be
    kept, by question, with the reason.
    """
    answers = {row.question: row for row in attempt.answers.all()}
    asks, unkept = rows_of(attempt), typed or {}
    rows: Sequence[Mapping[str, Any]] = asks
    if attempt.state != AttemptState.OPEN:  # what is told is the key that stands
        rows = as_marked(attempt, asks)
    asked = [
        _asked(attempt, (number, row), answers.get(row["key"]), unkept.get(row["key"]), tells_answers)
        for number, row in enumerate(rows, start=1)
    ]
    return Sheet(
        questions=asked,
        ranges=paged([each.section for each in asked], paper_for(attempt).per_page),
        answered=sum(question.is_answered for question in asked),
        total=len(asked),
        points=plain(sum((worth_of(row) for row in rows), Decimal(0))),
        reached=plain(attempt.points) if attempt.points is not None else "",
        seconds_left=seconds_left(attempt, now=now),
    )


def _asked(
    attempt: Attempt,
    placed: tuple[int, Mapping[str, Any]],
    answer: Answer | None,
    typed: tuple[Any, str] | None,
    tells: bool,
) -> Asked:
    number, row = placed
    said, fault = typed or (answer.chosen if answer else (), "")
    is_over_now = attempt.state != AttemptState.OPEN
    is_right = bool(answer and answer.correct) if is_over_now else None
    told = bool(is_over_now and (tells or is_right))
    is_choosing = row["kind"] in CHOOSING
    return Asked(
        number=number,
        key=row["key"],
        kind=row["kind"],
        prompt=row["prompt"],
        choices=_choices(row, said, told) if is_choosing else [],
        is_answered=is_said(answer.chosen) if answer else False,
        is_flagged=bool(answer and answer.is_flagged),
        points=plain(worth_of(row)),
        section=row.get("section", ""),
        is_partly=not is_choosing and _is_partly(row, said),
        places=None if is_choosing or is_over_now else places_of(row, said, attempt.seed or str(attempt.pk)),
        most=0 if is_choosing else most_signs(row),
        lines=lines_of(row, said, told=told) if is_over_now and not is_choosing else None,
        fault=fault,
        is_right=is_right,
        reached=_reached(attempt, answer) if is_over_now else None,
        explanation=row["explanation"] if told else "",
    )


def _choices(row: Mapping[str, Any], said: Any, told: bool) -> list[Choice]:
    chosen, correct = set(texts_in(said)), row["correct"] if told else None
    return [
        Choice(key, each["text"], key in chosen, None if correct is None else key in correct)
        for each in row["choices"]
        for key in (each["key"],)
    ]


def _is_partly(row: Mapping[str, Any], said: Any) -> bool:
    """Whether something was said, and something left out."""
    wanted = next((len(row[name]) for name in ("blanks", "pairs", "items", "parts") if row.get(name)), 1)
    values = [*texts_in(said), *keyed_in(said).values()]
    return 0 < sum(bool(value.strip()) for value in values) < wanted


def _reached(attempt: Attempt, answer: Answer | None) -> str | None:
    """The points of an answer. Of attempts from before there were points they are unknown."""
    if answer is None or not is_said(answer.chosen):
        return "0" if attempt.points is not None else None
    return plain(answer.points) if answer.points is not None else None


def seconds_left(attempt: Attempt, *, now: datetime | None = None) -> int | None:
    """Whole seconds until the server's deadline; None without a clock."""
    if attempt.deadline_at is None or attempt.state != AttemptState.OPEN:
        return None
    return max(0, int((attempt.deadline_at - (now or timezone.now())).total_seconds()))


def is_due(attempt: Attempt, *, now: datetime | None = None) -> bool:
    """Whether the attempt is still open although its time has run out."""
    return attempt.state == AttemptState.OPEN and is_over(attempt.deadline_at, now=now or timezone.now())
