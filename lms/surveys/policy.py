"""What can be answered, when a survey is open, how it may be set up, and what its answers come to."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from statistics import fmean
from typing import Any

from lms.cohorts.policy import Sentence, gettext_noop, say

TOP = 5  # of a rating
LONGEST_TEXT = 2000
LARGEST = 1_000_000_000_000
MOST_REMINDERS = 2
FAR = 1100  # days that a survey may open after its event


class Kind(StrEnum):
    HEADING = "heading"
    SCALE = "scale"
    ONE = "one"
    SEVERAL = "several"
    YES_NO = "yes_no"
    NUMBER = "number"
    TEXT = "text"


Value = int | float | str | list[str]
Raw = Mapping[str, Sequence[str]]  # what a form sends: the texts under each name


@dataclass(frozen=True)
class Choice:
    key: str
    text: str
    text_en: str = ""


@dataclass(frozen=True)
class Question:
    """One question, or a heading between questions."""

    key: str
    kind: str
    prompt: str
    prompt_en: str = ""
    hint: str = ""
    is_required: bool = False
    choices: tuple[Choice, ...] = ()
    correct: frozenset[str] = frozenset()
    low: str = ""
    high: str = ""
    minimum: int | None = None
    maximum: int | None = None
    unit: str = ""

    @property
    def is_asked(self) -> bool:
        return self.kind != Kind.HEADING

    @property
    def tests(self) -> bool:
        """Whether there are right answers."""
        return bool(self.correct)

    @property
    def counts(self) -> bool:
        """Whether answers have an average."""
        return self.tests or self.kind in (Kind.SCALE, Kind.NUMBER)


def questions_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions of a version, as it keeps them."""
    found = []
    for row in rows:
        facts = dict(row)
        facts["choices"] = tuple(Choice(**choice) for choice in facts.get("choices", ()))
        facts["correct"] = frozenset(facts.get("correct", ()))
        found.append(Question(**facts))
    return tuple(found)


# --- Answers -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Checked:
    """The answers that can be kept, and for each other question what is wrong."""

    values: dict[str, Value] = field(default_factory=dict)
    faults: dict[str, Sentence] = field(default_factory=dict)


MISSING = say(gettext_noop("Please answer this question."))
FOREIGN = say(gettext_noop("This answer does not belong to the question. Please choose again."))


class Unreadable(ValueError):
    """What was sent is no answer to the question; the sentence says what would be."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.msgid)


def check(questions: Iterable[Question], raw: Raw) -> Checked:
    """Read what a form sent. A question without an answer has no value; one that must be answered has a fault."""
    done = Checked()
    for question in questions:
        if not question.is_asked:
            continue
        try:
            value = read(question, raw.get(question.key, ()))
        except Unreadable as wrong:
            done.faults[question.key] = wrong.sentence
            continue
        if value is not None:
            done.values[question.key] = value
        elif question.is_required:
            done.faults[question.key] = MISSING
    return done


def read(question: Question, raw: Sequence[str]) -> Value | None:
    """One answer; None where nothing was given. Raises Unreadable."""
    given = [text.strip() for text in raw if text.strip()]
    if not given:
        return None
    if question.kind == Kind.SEVERAL:
        return _known(given, {choice.key for choice in question.choices})
    text = given[0]
    if question.kind == Kind.SCALE:
        return int(_known([text], {str(step) for step in range(1, TOP + 1)})[0])
    if question.kind == Kind.ONE:
        return _known([text], {choice.key for choice in question.choices})[0]
    if question.kind == Kind.YES_NO:
        return _known([text], {"yes", "no"})[0]
    if question.kind == Kind.NUMBER:
        return _number(question, text)
    if len(text) > LONGEST_TEXT:
        raise Unreadable(say(gettext_noop("Please keep to %(most)s characters."), most=LONGEST_TEXT))
    return text


def _known(given: list[str], known: Collection[str]) -> list[str]:
    if not set(given) <= set(known):
        raise Unreadable(FOREIGN)
    return sorted(set(given))


def _number(question: Question, text: str) -> int | float:
    try:
        value = float(text.replace(",", "").replace("，", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Unreadable(say(gettext_noop("Please write a number, such as 12.")))
    least = -LARGEST if question.minimum is None else question.minimum
    most = LARGEST if question.maximum is None else question.maximum
    if value < least:
        raise Unreadable(say(gettext_noop("Please give a number of %(least)s or more."), least=least))
    if value > most:
        raise Unreadable(say(gettext_noop("Please give a number of %(most)s or less."), most=most))
    return int(value) if value == int(value) else round(value, 4)


# --- Time ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """From the first to the last day on which one answers; both belong to it."""

    opens_on: date
    closes_on: date

    def has_opened(self, today: date) -> bool:
        return today >= self.opens_on

    def is_over(self, today: date) -> bool:
        return today > self.closes_on


def window(anchor: date | None, *, after: int, lasts: int) -> Window | None:
    """The window that opens so many days after its event and lasts so many days; None while the event has no day."""
    if anchor is None:
        return None
    opens = anchor + timedelta(days=after)
    return Window(opens, opens + timedelta(days=max(lasts, 1) - 1))


def reminder_days(span: Window) -> tuple[date, ...]:
    """When to remind: in the middle, and two days before the end. Short windows get one reminder or none."""
    days = (span.closes_on - span.opens_on).days
    if days < 3:
        return ()
    late = span.closes_on - timedelta(days=2)
    middle = span.opens_on + timedelta(days=days // 2)
    return (middle, late)[:MOST_REMINDERS] if (late - middle).days >= 2 else (late,)


def reminders_due(span: Window, *, reminded: int, today: date) -> int:
    """The number of reminders that this person should have had by now, when that is more than they had; else 0.

    After a pause of the machine one reminder makes up for all that were missed.
    """
    wanted = sum(day <= today for day in reminder_days(span))
    return wanted if wanted > reminded and not span.is_over(today) else 0


# --- Setting up ----------------------------------------------------------------------------------------------

RATERS: Mapping[str, tuple[str, ...]] = {
    "reaction": ("self",),
    "learning": ("self",),
    "behaviour": ("supervisor", "self"),
    "results": ("employer", "self"),
}
OPENINGS: Mapping[str, tuple[str, ...]] = {
    "reaction": ("end", "completion", "class", "start"),
    "learning": ("end", "completion"),
    "behaviour": ("completion", "end"),
    "results": ("completion", "end"),
}
ANONYMOUS = frozenset({"reaction", "learning"})


@dataclass(frozen=True)
class Plan:
    """How a survey is to be put to a cohort."""

    level: str
    opens_from: str
    after: int
    lasts: int
    raters: frozenset[str]
    is_anonymous: bool = False
    is_required: bool = False


def faults_of(plan: Plan) -> list[Sentence]:
    """Everything that speaks against putting a survey to a cohort like this."""
    found = []
    if not plan.raters or not plan.raters <= set(RATERS[plan.level]):
        found.append(say(gettext_noop("Choose who answers, among those who can at this level.")))
    if plan.opens_from not in OPENINGS[plan.level]:
        found.append(say(gettext_noop("A survey of this level cannot open then. Choose another day.")))
    if plan.is_anonymous and plan.level not in ANONYMOUS:
        found.append(say(gettext_noop("Who rates one person is known to that person: this level has names.")))
    if plan.is_required and ("self" not in plan.raters or plan.opens_from == "completion"):
        found.append(
            say(gettext_noop("Only what trainees answer before completion can be required for completion."))
        )
    if not 0 <= plan.after <= FAR or not 1 <= plan.lasts <= FAR:
        found.append(say(gettext_noop("Days must lie between 0 and %(most)s."), most=FAR))
    return found


# --- Results -------------------------------------------------------------------------------------------------


def score(question: Question, value: Value | None) -> float | None:
    """What an answer counts in an average: the rating, the number, or for a test 100 when right and 0 when not."""
    if value is None or not question.counts:
        return None
    if question.tests:
        chosen = set(value) if isinstance(value, list) else {str(value)}
        return 100.0 if chosen == question.correct else 0.0
    return float(value) if isinstance(value, int | float) else None


@dataclass(frozen=True)
class Tally:
    """The answers to one question together. `counts` are by the keys that could be chosen, in their order."""

    n: int
    counts: tuple[tuple[str, int], ...] = ()
    average: float | None = None
    total: float | None = None

    @property
    def most(self) -> int:
        return max((count for _, count in self.counts), default=0)


def options_of(question: Question) -> tuple[str, ...]:
    """The keys under which answers are counted."""
    if question.kind == Kind.SCALE:
        return tuple(str(step) for step in range(TOP, 0, -1))
    if question.kind == Kind.YES_NO:
        return ("yes", "no")
    return tuple(choice.key for choice in question.choices)


def tally(question: Question, values: Iterable[Value | None]) -> Tally:
    """Count one question's answers in one pass; what was not answered is left out."""
    given = [value for value in values if value is not None]
    seen: Counter[str] = Counter()
    for value in given:
        seen.update(value if isinstance(value, list) else [str(value)])
    scores = [each for each in (score(question, value) for value in given) if each is not None]
    return Tally(
        n=len(given),
        counts=tuple((key, seen[key]) for key in options_of(question)),
        average=fmean(scores) if scores else None,
        total=sum(scores) if scores and question.kind == Kind.NUMBER else None,
    )


@dataclass(frozen=True)
class Change:
    """The averages before and after of those who answered both times."""

    n: int
    before: float
    after: float

    @property
    def by(self) -> float:
        return self.after - self.before


def change(question: Question, pairs: Iterable[tuple[Value | None, Value | None]]) -> Change | None:
    """What changed between the two answers of the same people; None when nobody has both."""
    both = [(score(question, before), score(question, after)) for before, after in pairs]
    known = [(before, after) for before, after in both if before is not None and after is not None]
    if not known:
        return None
    return Change(len(known), fmean(before for before, _ in known), fmean(after for _, after in known))


def may_join(n: int, *, is_over: bool, least: int) -> bool:
    """Whether so many new anonymous answers join the results: once the survey is over, and then only so many together
    that the difference between two looks at the results is never one person."""
    return is_over and n >= least


def may_show(n: int, *, is_anonymous: bool, least: int) -> bool:
    """Whether so many answers may be shown: of an anonymous survey only enough that nobody stands out."""
    return n > 0 and (not is_anonymous or n >= least)
