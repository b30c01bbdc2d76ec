"""Where a cohort stands, and what it offers to one visitor: the one place that words it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


def gettext_noop(msgid: str) -> str:
    """Marks a sentence for the catalogues. A policy knows no language: whoever shows the sentence translates it."""
    return msgid


@dataclass(frozen=True)
class Sentence:
    """A sentence to translate, with its %(name)s values: numbers, texts, dates and times."""

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)


def say(msgid: str, **values: object) -> Sentence:
    """`say("%(free)s places left", free=3)`."""
    return Sentence(msgid, values)


class RunState(StrEnum):
    """The eight states of a run, and its end before time."""

    TO_BE_SCHEDULED = "to_be_scheduled"
    OPENS_ON = "opens_on"
    OPEN = "open"
    FULL_WAITING_LIST = "full_waiting_list"
    CLOSED_BEFORE_START = "closed_before_start"
    RUNNING_JOINABLE = "running_joinable"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


JOINABLE = frozenset({RunState.OPEN, RunState.RUNNING_JOINABLE})


@dataclass(frozen=True)
class RunFacts:
    """What a cohort's row says. Times are aware; places are people."""

    opens_at: datetime | None
    closes_at: datetime | None
    starts_on: date | None
    ends_on: date | None
    capacity: int
    seats_taken: int
    has_waiting_list: bool
    is_cancelled: bool = False

    @property
    def seats_free(self) -> int:
        return max(0, self.capacity - self.seats_taken)


def run_state(facts: RunFacts, *, now: datetime) -> RunState:
    """Where the run stands at `now`, which is local time: its date is today's.

    The last day belongs to the run, the closing moment no longer to the window. A full run without a waiting list
    takes nobody, as one whose window has closed.
    """
    today = now.date()
    if facts.is_cancelled:
        return RunState.CANCELLED
    if facts.ends_on is not None and today > facts.ends_on:
        return RunState.ENDED
    started = facts.starts_on is not None and today >= facts.starts_on
    if facts.opens_at is None:
        return RunState.RUNNING if started else RunState.TO_BE_SCHEDULED
    if now < facts.opens_at:
        return RunState.OPENS_ON
    if facts.closes_at is not None and now >= facts.closes_at:
        return RunState.RUNNING if started else RunState.CLOSED_BEFORE_START
    if facts.seats_free:
        return RunState.RUNNING_JOINABLE if started else RunState.OPEN
    if facts.has_waiting_list:
        return RunState.FULL_WAITING_LIST
    return RunState.RUNNING if started else RunState.CLOSED_BEFORE_START


class OfferKind(StrEnum):
    APPLY = "apply"
    JOIN_WAITING_LIST = "join_waiting_list"
    CONTINUE = "continue"
    UNDER_REVIEW = "under_review"
    ON_WAITING_LIST = "on_waiting_list"
    COMPLETED = "completed"
    SIGN_IN = "sign_in"
    OPENS_ON = "opens_on"
    TO_BE_SCHEDULED = "to_be_scheduled"
    CLOSED = "closed"


LEADS_SOMEWHERE = frozenset(OfferKind) - {OfferKind.OPENS_ON, OfferKind.TO_BE_SCHEDULED, OfferKind.CLOSED}


@dataclass(frozen=True)
class Visitor:
    """Who looks: signed in or not, and the state of their enrolment here with the place on the waiting list."""

    is_signed_in: bool = False
    standing: str | None = None
    place: int | None = None


@dataclass(frozen=True)
class Offer:
    """The button for this visitor (or, where it leads nowhere, the word in its place) and the sentence beside it."""

    kind: OfferKind
    state: RunState
    label: Sentence
    sentence: Sentence

    @property
    def is_action(self) -> bool:
        return self.kind in LEADS_SOMEWHERE


def offer_for(facts: RunFacts, visitor: Visitor, *, now: datetime) -> Offer:
    """What this run offers this visitor now. What the visitor already has comes before what the run is."""
    state = run_state(facts, now=now)
    kind, label, sentence = _own(facts, visitor) or _run(facts, visitor, state)
    return Offer(kind, state, label, sentence)


Words = tuple[OfferKind, Sentence, Sentence]


def _own(facts: RunFacts, visitor: Visitor) -> Words | None:
    """What an enrolment that still stands leads to."""
    if visitor.standing == "enrolled":
        sentence = say(gettext_noop("You have a place in this cohort."))
        return OfferKind.CONTINUE, say(gettext_noop("Continue learning")), sentence
    if visitor.standing == "completed":
        sentence = say(gettext_noop("You have completed this course. You may still read everything."))
        return OfferKind.COMPLETED, say(gettext_noop("Look at the course again")), sentence
    if visitor.standing == "applied":
        sentence = say(gettext_noop("The organiser decides on it. A place is kept for you until then."))
        return OfferKind.UNDER_REVIEW, say(gettext_noop("Your application is under review")), sentence
    if visitor.standing == "waiting":
        label = say(gettext_noop("You are number %(place)s on the waiting list"), place=visitor.place or 1)
        sentence = say(gettext_noop("When a place becomes free you move up by yourself, and we tell you."))
        return OfferKind.ON_WAITING_LIST, label, sentence
    return None


def _run(facts: RunFacts, visitor: Visitor, state: RunState) -> Words:
    """What the run itself offers to somebody without an enrolment."""
    if state in JOINABLE or state == RunState.FULL_WAITING_LIST:
        return _joinable(facts, visitor, state)
    closed = say(gettext_noop("Applications closed"))
    if state == RunState.TO_BE_SCHEDULED:
        sentence = say(gettext_noop("When applications open is not fixed yet."))
        return OfferKind.TO_BE_SCHEDULED, say(gettext_noop("To be scheduled")), sentence
    if state == RunState.OPENS_ON:
        opens = say(gettext_noop("Opens on %(day)s"), day=_day(facts.opens_at))
        return (
            OfferKind.OPENS_ON,
            opens,
            say(gettext_noop("Applications open on %(time)s."), time=facts.opens_at),
        )
    if state == RunState.CANCELLED:
        return (
            OfferKind.CLOSED,
            say(gettext_noop("Cancelled")),
            say(gettext_noop("This cohort does not take place.")),
        )
    if state == RunState.ENDED:
        sentence = say(gettext_noop("This cohort ended on %(day)s."), day=facts.ends_on)
        return OfferKind.CLOSED, say(gettext_noop("Ended")), sentence
    if not facts.seats_free:
        return (
            OfferKind.CLOSED,
            closed,
            say(gettext_noop("All %(capacity)s places are taken."), capacity=facts.capacity),
        )
    sentence = say(gettext_noop("Applications closed on %(time)s."), time=facts.closes_at)
    if facts.closes_at is None:
        sentence = say(gettext_noop("This cohort is running and takes no more applications."))
    return OfferKind.CLOSED, closed, sentence


def _joinable(facts: RunFacts, visitor: Visitor, state: RunState) -> Words:
    if state == RunState.FULL_WAITING_LIST:
        kind, label = OfferKind.JOIN_WAITING_LIST, say(gettext_noop("Join the waiting list"))
        sentence = say(
            gettext_noop("All %(capacity)s places are taken. Who waits moves up in order."),
            capacity=facts.capacity,
        )
    else:
        kind, label = OfferKind.APPLY, say(gettext_noop("Apply"))
        sentence = say(
            gettext_noop("%(free)s of %(capacity)s places are free."),
            free=facts.seats_free,
            capacity=facts.capacity,
        )
    if visitor.is_signed_in:
        return kind, label, sentence
    if kind == OfferKind.JOIN_WAITING_LIST:
        return OfferKind.SIGN_IN, say(gettext_noop("Sign in to join the waiting list")), sentence
    return OfferKind.SIGN_IN, say(gettext_noop("Sign in to apply")), sentence


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
