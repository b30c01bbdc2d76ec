"""When a course is completed, and what is still missing for it: every condition of the rule, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from lms.cohorts.policy import Sentence, Title, gettext_noop, say
from lms.enrolments.policy.facts import Facts, Rule, Share
from lms.enrolments.policy.outline import Item


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
