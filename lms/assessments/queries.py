"""Reading papers and attempts. What leaves here before an attempt is handed in never holds the right answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone

from core.blocks.policy import QuestionKind
from lms.assessments.models import Attempt
from lms.assessments.policy import PAGE_SIZE, Start, is_over, may_start, pages_of
from lms.assessments.states import AttemptState
from lms.corrections.queries import as_marked
from lms.courses.versions import PaperVersion, paper_of
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Item, first_before, items_of
from lms.enrolments.queries import done_of
from lms.questions.formats.blueprints import blueprint_from
from lms.questions.policy import Question, draw, is_said, question_from, shuffled
from lms.questions.queries import contents_of, pool_of


def rows_of(attempt: Attempt) -> list[dict[str, Any]]:
    """What this attempt asks: what was drawn for it, or the questions of its paper."""
    drawn: list[dict[str, Any]] | None = attempt.questions
    return drawn if drawn is not None else paper_of(attempt.paper_id).questions


def questions_of(
    attempt: Attempt, keys: Collection[str] | None = None, corrected: Mapping[str, Any] | None = None
) -> list[Question]:
    """The questions as marking needs them. `keys`: these only; `corrected`: what stands in the place of some, by key."""
    instead = corrected or {}
    rows = [instead.get(row["key"], row) for row in rows_of(attempt) if keys is None or row["key"] in keys]
    return [asked_in(row) for row in rows]


def asked_in(row: Mapping[str, Any]) -> Question:
    """A question of a paper, worth what its paper says."""
    question = question_from(row)
    return replace(question, points=Decimal(row["marks"])) if "marks" in row else question


@dataclass(frozen=True)
class Standing:
    """What the start page of a quiz shows one person."""

    paper: PaperVersion
    questions: int
    start: Start
    attempts: list[Attempt]
    open_attempt: Attempt | None
    left: int | None  # None: as often as one likes
    best: int | None
    is_passed: bool
    first: Item | None  # what must be done before; asked only where an attempt could begin


def standing_of(enrolment: Enrolment, paper: PaperVersion) -> Standing:
    """Where one person stands with a quiz: attempts, what is left, what must be done before. At most three queries.

    Attempts at the same quiz in an older version of the course count as well.
    """
    attempts = list(
        Attempt.objects.filter(enrolment=enrolment, paper__key=paper.key)
        .defer("questions")
        .order_by("started_at", "pk")
    )
    opened = next((row for row in attempts if row.state == AttemptState.OPEN), None)
    passed = any(row.passed for row in attempts)
    used = len(attempts)
    start = may_start(
        has_open=opened is not None,
        is_passed=passed,
        used=used,
        max_attempts=paper.max_attempts,
        waits=any(row.waits for row in attempts),
    )
    return Standing(
        paper=paper,
        questions=paper.size,
        start=start,
        attempts=attempts,
        open_attempt=opened,
        left=max(0, paper.max_attempts - used) if paper.max_attempts else None,
        best=max((row.percent for row in attempts if row.percent is not None), default=None),
        is_passed=passed,
        first=_first(enrolment, paper) if start == Start.START else None,
    )


def _first(enrolment: Enrolment, paper: PaperVersion) -> Item | None:
    version, done = enrolment.version, done_of([enrolment.pk])[enrolment.pk]
    return first_before(items_of(version.outline), str(paper.key), done, in_order=version.in_order)


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
    is_right: bool | None = None
    explanation: str = ""


@dataclass(frozen=True)
class Sheet:
    """An attempt's questions with the answers so far."""

    questions: list[Asked]
    answered: int
    total: int
    pages: int
    seconds_left: int | None

    @property
    def missing(self) -> list[Asked]:
        return [question for question in self.questions if not question.is_answered]

    def page(self, number: int) -> list[Asked]:
        return self.questions[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]

    def page_of(self, question: Asked) -> int:
        return (question.number - 1) // PAGE_SIZE + 1


def sheet_of(attempt: Attempt, *, now: datetime | None = None, tells_answers: bool = False) -> Sheet:
    """The attempt's questions with what was chosen and, once it is over, which of that was right. One query.

    What was answered right is explained. `tells_answers` explains the rest too: for whoever will not sit this paper
    again, since otherwise one hands in an empty sheet and copies the key.
    """
    answers = {row.question: row for row in attempt.answers.all()}
    is_over_now = attempt.state != AttemptState.OPEN
    rows: Sequence[Mapping[str, Any]] = rows_of(attempt)
    if is_over_now:  # what is told is the key that stands
        rows = as_marked(attempt, rows_of(attempt))
    asked = [
        _asked(number, row, answers.get(row["key"]), is_over_now, tells_answers)
        for number, row in enumerate(rows, start=1)
    ]
    return Sheet(
        questions=asked,
        answered=sum(question.is_answered for question in asked),
        total=len(asked),
        pages=pages_of(len(asked)),
        seconds_left=seconds_left(attempt, now=now),
    )


def _asked(number: int, row: Mapping[str, Any], answer: Any, marked: bool, told: bool) -> Asked:
    chosen = set(answer.chosen) if answer else set()
    is_right = bool(answer and answer.correct) if marked else None
    told = bool(marked and (told or is_right))
    choices = [
        Choice(
            key=choice["key"],
            text=choice["text"],
            is_chosen=choice["key"] in chosen,
            is_correct=choice["key"] in row["correct"] if told else None,
        )
        for choice in row["choices"]
    ]
    return Asked(
        number=number,
        key=row["key"],
        kind=row["kind"],
        prompt=row["prompt"],
        choices=choices,
        is_answered=is_said(answer.chosen) if answer else False,
        is_flagged=bool(answer and answer.is_flagged),
        is_right=is_right,
        explanation=row["explanation"] if told else "",
    )


def seconds_left(attempt: Attempt, *, now: datetime | None = None) -> int | None:
    """Whole seconds until the server's deadline; None without a clock."""
    if attempt.deadline_at is None or attempt.state != AttemptState.OPEN:
        return None
    return max(0, int((attempt.deadline_at - (now or timezone.now())).total_seconds()))


def is_due(attempt: Attempt, *, now: datetime | None = None) -> bool:
    """Whether the attempt is still open although its time has run out."""
    return attempt.state == AttemptState.OPEN and is_over(attempt.deadline_at, now=now or timezone.now())


def best_scores(enrolment_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """For the completion rule: the best score of each quiz in per cent, by enrolment and the quiz's key. One query."""
    rows = Attempt.objects.filter(enrolment__in=enrolment_ids, percent__isnull=False).order_by()
    found: dict[int, dict[str, int]] = {}
    for pk, key, best in rows.values_list("enrolment", "paper__key").annotate(best=Max("percent")):
        found.setdefault(pk, {})[str(key)] = best
    return found


def next_number(standing: Standing) -> int:
    """The number of the next attempt at this paper; those at an older version of the quiz have numbers of their own."""
    numbers = [row.number for row in standing.attempts if row.paper_id == standing.paper.pk]
    return max(numbers, default=0) + 1


def drawn_for(paper: PaperVersion, seed: str) -> list[dict[str, Any]]:
    """The questions of one attempt at a drawn paper, as it keeps them. Two queries. Raises NotEnough."""
    drawn = draw(blueprint_from(paper.blueprint), pool_of(paper.bank_id or 0), seed)
    contents = contents_of([candidate.revision for candidate, _line in drawn])
    return [
        _drawn(candidate.revision, contents[candidate.revision], line.marks, seed)
        for candidate, line in drawn
    ]


def _drawn(revision: int, content: Mapping[str, Any], marks: int, seed: str) -> dict[str, Any]:
    """Of a true-or-false question the order is left: 对 comes before 错."""
    choices = [{"key": each["key"], "text": each["text"]} for each in content["choices"]]
    if content["kind"] != QuestionKind.TRUE_FALSE:
        choices = shuffled(choices, f"{seed} {revision}")
    kept = {name: content[name] for name in ("kind", "prompt", "correct", "explanation")}
    return {**kept, "key": f"bank-{revision}", "revision": revision, "marks": marks, "choices": choices}
