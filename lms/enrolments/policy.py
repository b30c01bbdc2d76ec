"""When a course is completed, what is still missing for it, and what must be finished before what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from lms.cohorts.policy import Sentence, Title, gettext_noop, say

Outline = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Leaving:
    """The rule about leaving as it stands today: whether a trainee may by themselves, whether it is late, in words."""

    is_allowed: bool
    is_late: bool
    sentence: Sentence


def leaving(*, is_enrolled: bool, until: date | None, today: date) -> Leaving:
    """Whether one may leave a cohort today. An application can always be taken back; a place until the last day to leave.

    Afterwards the organiser alone can take somebody out, and it counts as dropping out. Hours already earned stay.
    """
    if not is_enrolled:
        sentence = gettext_noop(
            "Your place goes to the next person. You can apply again while applications are open."
        )
        return Leaving(True, False, say(sentence))
    if until is None:
        sentence = gettext_noop(
            "Your place goes to the next person. What you have learned and the hours you have earned stay in your record, but you can no longer go on."
        )
        return Leaving(True, False, say(sentence))
    if today <= until:
        sentence = gettext_noop(
            "You may leave by yourself until %(day)s. Your place goes to the next person. What you have learned and the hours you have earned stay in your record, but you can no longer go on."
        )
        return Leaving(True, False, say(sentence, day=until))
    sentence = gettext_noop(
        "The last day to leave by yourself was %(day)s. If you cannot go on, write to the organiser: they can take you out, and it counts as dropping out. Hours you have earned stay."
    )
    return Leaving(False, True, say(sentence, day=until))


@dataclass(frozen=True)
class Item:
    """One lesson, quiz or assignment of a course version's outline."""

    key: str
    kind: str  # lesson | quiz | assignment
    title: str
    title_en: str = ""
    requires: tuple[str, ...] = ()
    minutes: int = 0


@dataclass(frozen=True)
class Rule:
    """The completion rule of a course version: what must be done. Nought and False ask for nothing.

    `minutes` counts the planned minutes of the lessons done and the time in classes; `attended_minutes` the time in
    classes alone. Percentages are whole: of the classes that count, and the mean of the best scores of all quizzes.
    """

    require_lessons: bool = True
    require_quizzes: bool = True
    minutes: int = 0
    attended_minutes: int = 0
    attendance_percent: int = 0
    quiz_average: int = 0
    require_assignments: bool = False
    require_surveys: bool = False

    def asks_for(self, item: Item) -> bool:
        if item.kind == "assignment":
            return False  # counted together, as a condition of its own
        return self.require_quizzes if item.kind == "quiz" else self.require_lessons

    @property
    def asks_attendance(self) -> bool:
        return bool(self.minutes or self.attended_minutes or self.attendance_percent)


@dataclass(frozen=True)
class Attended:
    """Classes that count: how many were attended of those that are settled, and the minutes in all classes."""

    minutes: int = 0
    attended: int = 0
    held: int = 0

    @property
    def percent(self) -> int:
        """The share of the classes held that was attended, as it is shown: rounded, and 100 only for all of them; 0 when
        none was held. No rule is decided by it."""
        if not self.held or self.attended >= self.held:
            return 100 if self.held else 0
        return min(99, (self.attended * 200 + self.held) // (2 * self.held))


class Share(NamedTuple):
    """So many of so many: assignments passed, surveys answered."""

    done: int
    total: int
    is_private: bool = False  # for the trainee alone: who has answered an anonymous survey


@dataclass(frozen=True)
class Facts:
    """What there is and what one person has done: keys of lessons completed and of quizzes passed, and the rest that
    the rule asks for. None: nobody counts it here. `planned` is how many classes count in all, also those to come;
    `over` of them are over."""

    items: tuple[Item, ...]
    done: frozenset[str]
    scores: Mapping[str, int] = field(default_factory=dict)  # best score of each quiz in per cent, by its key
    attended: Attended | None = None
    planned: int = 0
    over: int = 0
    assignments: Share | None = None
    surveys: Share | None = None

    @property
    def unrecorded(self) -> int:
        """Classes that are over, and nobody has said yet who was there."""
        return max(0, self.over - (self.attended.held if self.attended else 0))

    @property
    def minutes(self) -> int:
        """Minutes learned: planned ones of the lessons done, and those in classes."""
        read = learned_in(self.items, self.done)
        return sum(read.values()) + (self.attended.minutes if self.attended else 0)


@dataclass(frozen=True)
class Missing:
    item: Item | None
    sentence: Sentence


class Ask(StrEnum):
    """What a rule may ask for, in the order in which it is shown."""

    LESSONS = "lessons"
    QUIZZES = "quizzes"
    QUIZ_AVERAGE = "quiz_average"
    MINUTES = "minutes"
    ATTENDED_MINUTES = "attended_minutes"
    ATTENDANCE = "attendance"
    ASSIGNMENTS = "assignments"
    SURVEYS = "surveys"


@dataclass(frozen=True)
class Condition:
    """One thing that the rule asks for: what, how far it is, and what can be done about it.

    `is_lost`: the person cannot reach it any more without the organiser.
    """

    ask: Ask
    title: Sentence
    is_met: bool
    standing: Sentence
    advice: Sentence | None = None
    is_lost: bool = False
    next: Item | None = None  # where to go on
    is_private: bool = False  # for the trainee alone


@dataclass(frozen=True)
class Checklist:
    """The decision: complete or not, how far, what is still missing, and every condition, in words."""

    is_complete: bool
    done: int
    total: int
    missing: tuple[Missing, ...]
    conditions: tuple[Condition, ...] = ()

    def for_others(self) -> Checklist:
        """The same as everybody but the trainee may read it: without what is for the trainee alone."""
        private = [condition for condition in self.conditions if condition.is_private]
        unmet = [condition.advice or condition.title for condition in private if not condition.is_met]
        return replace(
            self,
            done=self.done - len(private) + len(unmet),
            total=self.total - len(private),
            missing=tuple(each for each in self.missing if each.item or each.sentence not in unmet),
            conditions=tuple(condition for condition in self.conditions if not condition.is_private),
        )


def is_complete(rule: Rule, facts: Facts) -> Checklist:
    """Whether everything that the rule asks for is done. A course that asks for nothing is never complete by itself.

    Lessons and quizzes count one by one, each other condition as one.
    """
    asked = [item for item in facts.items if rule.asks_for(item)]
    todo = [item for item in asked if item.key not in facts.done]
    others = [judge(rule, facts) for ask, judge in _JUDGES.items() if _asks(rule, ask)]
    unmet = [condition for condition in others if not condition.is_met]
    missing = [Missing(item, _missing_words(item)) for item in todo]
    missing += [Missing(None, condition.advice or condition.title) for condition in unmet]
    total = len(asked) + len(others)
    return Checklist(
        is_complete=total > 0 and not missing,
        done=total - len(missing),
        total=total,
        missing=tuple(missing),
        conditions=(*_of_items(rule, facts), *others),
    )


def _missing_words(item: Item) -> Sentence:
    title = Title(item.title, item.title_en)
    if item.kind == "quiz":
        return say(gettext_noop("Pass the quiz “%(title)s”."), title=title)
    if item.kind == "assignment":
        return say(gettext_noop("Hand in the assignment “%(title)s” and pass it."), title=title)
    return say(gettext_noop("Finish the lesson “%(title)s”."), title=title)


def asked_words(rule: Rule) -> list[Sentence]:
    """What the rule asks for in plain words, for those who have not begun."""
    return [_TITLES[ask](rule) for ask in Ask if _asks(rule, ask)]


def _asks(rule: Rule, ask: Ask) -> bool:
    return bool(
        {
            Ask.LESSONS: rule.require_lessons,
            Ask.QUIZZES: rule.require_quizzes,
            Ask.QUIZ_AVERAGE: rule.quiz_average,
            Ask.MINUTES: rule.minutes,
            Ask.ATTENDED_MINUTES: rule.attended_minutes,
            Ask.ATTENDANCE: rule.attendance_percent,
            Ask.ASSIGNMENTS: rule.require_assignments,
            Ask.SURVEYS: rule.require_surveys,
        }[ask]
    )


_TITLES: dict[Ask, Callable[[Rule], Sentence]] = {
    Ask.LESSONS: lambda rule: say(gettext_noop("Finish all lessons")),
    Ask.QUIZZES: lambda rule: say(gettext_noop("Pass all quizzes")),
    Ask.QUIZ_AVERAGE: lambda rule: say(
        gettext_noop("Score %(percent)s%% on average in the quizzes"), percent=rule.quiz_average
    ),
    Ask.MINUTES: lambda rule: say(gettext_noop("Learn for %(minutes)s minutes"), minutes=rule.minutes),
    Ask.ATTENDED_MINUTES: lambda rule: say(
        gettext_noop("Be in classes for %(minutes)s minutes"), minutes=rule.attended_minutes
    ),
    Ask.ATTENDANCE: lambda rule: say(
        gettext_noop("Attend %(percent)s%% of the classes"), percent=rule.attendance_percent
    ),
    Ask.ASSIGNMENTS: lambda rule: say(gettext_noop("Pass all assignments")),
    Ask.SURVEYS: lambda rule: say(gettext_noop("Answer the survey")),
}
_NOT_COUNTED = gettext_noop("This is not recorded here yet. Ask the organiser of your cohort.")


def _of_items(rule: Rule, facts: Facts) -> Iterator[Condition]:
    for ask, kind in ((Ask.LESSONS, "lesson"), (Ask.QUIZZES, "quiz")):
        items = [item for item in facts.items if item.kind == kind]
        if not items or not _asks(rule, ask):
            continue
        todo = [item for item in items if item.key not in facts.done]
        yield Condition(
            ask=ask,
            title=_TITLES[ask](rule),
            is_met=not todo,
            standing=say(
                gettext_noop("%(done)s of %(total)s"), done=len(items) - len(todo), total=len(items)
            ),
            advice=_missing_words(todo[0]) if todo else None,
            next=todo[0] if todo else None,
        )


def _quiz_average(rule: Rule, facts: Facts) -> Condition:
    """Of all quizzes of the version: one that was not sat counts as nought. A course without quizzes asks for none."""
    quizzes = [item for item in facts.items if item.kind == "quiz"]
    reached = sum(facts.scores.get(item.key, 0) for item in quizzes)
    is_met = reached >= rule.quiz_average * len(quizzes)
    weakest = min(quizzes, key=lambda item: facts.scores.get(item.key, 0), default=None)
    advice = None
    if not is_met and weakest is not None:
        advice = say(
            gettext_noop("Raise your average to %(percent)s%%: the quiz “%(title)s” has the most to gain."),
            percent=rule.quiz_average,
            title=weakest.title,
        )
    average = reached // len(quizzes) if quizzes else 0
    standing = say(gettext_noop("%(percent)s%% so far; a quiz not sat yet counts as 0"), percent=average)
    if is_met:
        standing = say(gettext_noop("%(percent)s%%"), percent=average)
    return Condition(
        Ask.QUIZ_AVERAGE, _TITLES[Ask.QUIZ_AVERAGE](rule), is_met, standing, advice, next=weakest
    )


def _minutes(rule: Rule, facts: Facts) -> Condition:
    return _by_minutes(Ask.MINUTES, rule, facts.minutes, rule.minutes)


def _attended_minutes(rule: Rule, facts: Facts) -> Condition:
    if facts.attended is None:
        return _not_counted(Ask.ATTENDED_MINUTES, rule)
    return _by_minutes(Ask.ATTENDED_MINUTES, rule, facts.attended.minutes, rule.attended_minutes)


def _by_minutes(ask: Ask, rule: Rule, reached: int, wanted: int) -> Condition:
    standing = say(gettext_noop("%(done)s of %(total)s minutes"), done=reached, total=wanted)
    advice = None
    if reached < wanted:
        left = wanted - reached
        advice = (
            say(gettext_noop("Learn for %(minutes)s more minutes: lessons and classes count."), minutes=left)
            if ask == Ask.MINUTES
            else say(gettext_noop("Be in classes for %(minutes)s more minutes."), minutes=left)
        )
    return Condition(ask, _TITLES[ask](rule), reached >= wanted, standing, advice)


def needed_classes(percent: int, classes: int) -> int:
    """How many of so many classes make the percentage, rounded up."""
    return -(-percent * classes // 100)


def _attendance(rule: Rule, facts: Facts) -> Condition:
    """Met when it is met whatever comes: completion is for good, so classes to come count as missed until they are held.

    Classes to come are those planned and not settled; what was made up for elsewhere counts as attended.
    """
    if facts.attended is None:
        return _not_counted(Ask.ATTENDANCE, rule)
    been, held = facts.attended.attended, facts.attended.held
    total = max(held, facts.planned)
    to_come, needed = total - held, needed_classes(rule.attendance_percent, total)
    values = {"attended": been, "held": held, "share": facts.attended.percent}
    title = _TITLES[Ask.ATTENDANCE](rule)
    if not total:
        standing = say(gettext_noop("No class is planned yet."))
        return Condition(Ask.ATTENDANCE, title, False, standing, standing)
    standing = say(gettext_noop("%(attended)s of %(held)s so far, %(share)s%%"), **values)
    if not held:
        standing = say(gettext_noop("No class has been held yet."))
    if facts.unrecorded:
        standing = say(
            gettext_noop(
                "%(attended)s of %(held)s so far, and %(unrecorded)s over that nobody has recorded yet"
            ),
            unrecorded=facts.unrecorded,
            **values,
        )
    if been >= needed:
        return Condition(Ask.ATTENDANCE, title, True, standing)
    left = needed - been
    if left > to_come:
        advice = say(
            gettext_noop(
                "Attending %(percent)s%% of the classes can no longer be reached: %(needed)s of %(total)s are "
                "needed. Ask the organiser for a make-up class."
            ),
            percent=rule.attendance_percent,
            needed=needed,
            total=total,
        )
        return Condition(Ask.ATTENDANCE, title, False, standing, advice, is_lost=True)
    values = {"left": left, "to_come": to_come - facts.unrecorded, "needed": needed, "total": total}
    if facts.unrecorded:
        said = gettext_noop(
            "Attend %(left)s more classes, if they are not among those that nobody has recorded yet: ask your teacher to "
            "close their registers. %(to_come)s to come, %(needed)s of %(total)s are needed."
        )
    else:
        said = gettext_noop(
            "Attend %(left)s more classes. You can still reach it: %(to_come)s to come, %(needed)s of %(total)s "
            "are needed."
        )
    advice = say(said, **values)
    return Condition(Ask.ATTENDANCE, title, False, standing, advice)


def _assignments(rule: Rule, facts: Facts) -> Condition:
    return _by_share(
        Ask.ASSIGNMENTS,
        rule,
        facts.assignments,
        gettext_noop("Hand in what is missing, and wait for its mark."),
    )


def _surveys(rule: Rule, facts: Facts) -> Condition:
    return _by_share(
        Ask.SURVEYS,
        rule,
        facts.surveys,
        gettext_noop("Answer the survey of the course; it takes a few minutes."),
    )


def _by_share(ask: Ask, rule: Rule, share: Share | None, todo: str) -> Condition:
    """All of them. While none is set the condition is not met: completion is for good, and one may still come."""
    if share is None:
        return _not_counted(ask, rule)
    if not share.total:
        none = say(gettext_noop("None has been set yet. Your teacher will tell you."))
        return Condition(ask, _TITLES[ask](rule), False, none, none)
    is_met = share.done >= share.total
    standing = say(gettext_noop("%(done)s of %(total)s"), done=share.done, total=share.total)
    advice = None if is_met else say(todo)
    return Condition(ask, _TITLES[ask](rule), is_met, standing, advice, is_private=share.is_private)


def _not_counted(ask: Ask, rule: Rule) -> Condition:
    return Condition(ask, _TITLES[ask](rule), False, say(_NOT_COUNTED), say(_NOT_COUNTED))


_JUDGES: dict[Ask, Callable[[Rule, Facts], Condition]] = {
    Ask.QUIZ_AVERAGE: _quiz_average,
    Ask.MINUTES: _minutes,
    Ask.ATTENDED_MINUTES: _attended_minutes,
    Ask.ATTENDANCE: _attendance,
    Ask.ASSIGNMENTS: _assignments,
    Ask.SURVEYS: _surveys,
}


def items_of(outline: Outline) -> tuple[Item, ...]:
    """The items of a version's outline, in order.

    A quiz of the whole course (its section has no title) is the final exam: it requires every quiz before it.
    """
    return tuple(_items(outline))


def _items(outline: Outline) -> Iterator[Item]:
    quizzes: list[str] = []
    for section in outline:
        for row in section.get("items", ()):
            key, kind = str(row["key"]), row["kind"]
            requires = [str(wanted) for wanted in row.get("requires") or ()]
            if kind == "quiz" and not section.get("title"):
                requires += quizzes
            if kind == "quiz":
                quizzes.append(key)
            minutes = int(row.get("minutes") or 0)
            yield Item(key, kind, row["title"], row.get("title_en") or "", tuple(requires), minutes)


def learned_in(items: Sequence[Item], done: Collection[str]) -> dict[str, int]:
    """The planned minutes of the lessons that were done, by key: actual training time, not what the course could bring."""
    return {item.key: item.minutes for item in items if item.kind == "lesson" and item.key in done}


def rule_of(row: Mapping[str, Any]) -> Rule:
    """The rule as a version keeps it. Lessons and quizzes are asked for unless it says otherwise, the rest only if it does."""
    return Rule(
        require_lessons=bool(row.get("lessons", True)),
        require_quizzes=bool(row.get("quizzes", True)),
        minutes=int(row.get("minutes", 0)),
        attended_minutes=int(row.get("attended_minutes", 0)),
        attendance_percent=int(row.get("attendance_percent", 0)),
        quiz_average=int(row.get("quiz_average", 0)),
        require_assignments=bool(row.get("assignments", False)),
        require_surveys=bool(row.get("surveys", False)),
    )


def first_before(items: Sequence[Item], key: str, done: Collection[str], *, in_order: bool) -> Item | None:
    """The first item that must be done before the item `key` opens, or None when it is open.

    What it requires comes first; in a course in order, so does everything that stands before it, except assignments:
    nobody waits for the teacher who marks.
    """
    position = next((number for number, item in enumerate(items) if item.key == key), None)
    if position is None:
        return None
    needed = set(items[position].requires)
    if in_order:
        needed |= {item.key for item in items[:position] if item.kind != "assignment"}
    return next((item for item in items if item.key in needed and item.key not in done), None)
