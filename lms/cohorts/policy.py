"""Where a cohort stands, and what it offers to one visitor: the one place that words it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum


def gettext_noop(msgid: str) -> str:
    """Marks a sentence for the catalogues. A policy knows no language: whoever shows the sentence translates it."""
    return msgid


@dataclass(frozen=True)
class Title:
    """A title in both languages: whoever shows it chooses."""

    chinese: str
    english: str = ""

    def __str__(self) -> str:
        return self.chinese


@dataclass(frozen=True)
class Sentence:
    """A sentence to translate, with its %(name)s values: numbers, texts, titles, dates and times."""

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)


def say(msgid: str, **values: object) -> Sentence:
    """`say("%(free)s places left", free=3)`."""
    return Sentence(msgid, values)


OFFER_HOURS = 48  # how long a freed place is held, unless the cohort says otherwise
SHORTEST_OFFER, LONGEST_OFFER = (
    2,
    336,
)  # hours: nobody answers faster than the one, nobody waits longer than the other


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
    """What a cohort's row says. Times are aware; places are people. `waiting` is the length of the waiting list."""

    opens_at: datetime | None
    closes_at: datetime | None
    starts_on: date | None
    ends_on: date | None
    capacity: int
    seats_taken: int
    has_waiting_list: bool
    is_cancelled: bool = False
    by_invitation: bool = False
    waiting: int = 0
    min_members: int | None = None
    alarm_days: int = 7

    @property
    def seats_free(self) -> int:
        return max(0, self.capacity - self.seats_taken)

    @property
    def seats_open(self) -> int:
        """The places that a newcomer may take: none while anybody waits, because a free place is theirs first."""
        return 0 if self.waiting else self.seats_free


OVER = frozenset({RunState.ENDED, RunState.CANCELLED})


def is_over(*, is_cancelled: bool, ends_on: date | None, today: date) -> bool:
    """Whether a run stands in one of OVER: nobody is offered a place any more."""
    return is_cancelled or (ends_on is not None and today > ends_on)


def run_state(facts: RunFacts, *, now: datetime) -> RunState:
    """Where the run stands at `now`, which is local time: its date is today's.

    The last day belongs to the run, the closing moment no longer to the window. A full run without a waiting list
    takes nobody, as one whose window has closed. A place that is free while somebody waits is not free for a newcomer.
    """
    today = now.date()
    if is_over(is_cancelled=facts.is_cancelled, ends_on=facts.ends_on, today=today):
        return RunState.CANCELLED if facts.is_cancelled else RunState.ENDED
    started = facts.starts_on is not None and today >= facts.starts_on
    if facts.opens_at is None:
        return RunState.RUNNING if started else RunState.TO_BE_SCHEDULED
    if now < facts.opens_at:
        return RunState.OPENS_ON
    if facts.closes_at is not None and now >= facts.closes_at:
        return RunState.RUNNING if started else RunState.CLOSED_BEFORE_START
    if facts.seats_open:
        return RunState.RUNNING_JOINABLE if started else RunState.OPEN
    if facts.has_waiting_list:
        return RunState.FULL_WAITING_LIST
    return RunState.RUNNING if started else RunState.CLOSED_BEFORE_START


def shortfall(facts: RunFacts, *, members: int, now: datetime) -> int:
    """How many people are missing to the minimum, once applications have opened and until the run begins; else 0.

    `members` are those who are in for certain: a place that is kept for an applicant or held as an offer is nobody yet.
    """
    state = run_state(facts, now=now)
    begun = facts.starts_on is not None and now.date() >= facts.starts_on
    if facts.min_members is None or begun or state in NOT_COUNTED:
        return 0
    return max(0, facts.min_members - members)


NOT_COUNTED = frozenset({RunState.TO_BE_SCHEDULED, RunState.OPENS_ON, RunState.ENDED, RunState.CANCELLED})


class Alarm(StrEnum):
    """What makes it time to say that people are missing."""

    CLOSED = "closed"  # applications have closed
    NEAR = "near"  # so many days before the start


def alarm_of(facts: RunFacts, *, members: int, now: datetime) -> Alarm | None:
    """Why it is time to say that people are missing: applications have closed, or the start is so many days away.

    Where both have happened, the later of the two: whoever was told of the first is told once more then, and whoever
    hears of it only now hears it once. None while nobody is missing, and before either.
    """
    if not shortfall(facts, members=members, now=now):
        return None
    near = facts.starts_on - timedelta(days=facts.alarm_days) if facts.starts_on else None
    moments = {Alarm.CLOSED: facts.closes_at, Alarm.NEAR: _midnight(near, now)}
    past = {alarm: moment for alarm, moment in moments.items() if moment is not None and moment <= now}
    return max(past, key=lambda alarm: past[alarm], default=None)


def offer_until(*, now: datetime, hours: int, starts_on: date | None, ends_on: date | None) -> datetime:
    """Until when a place freed at `now` (local time) is held for the next on the waiting list.

    `hours` from now, but not beyond the first moment of the first day, so that nobody starts a run with a place that is
    only held; yet two hours at least, because nobody answers a message at once. In a run that has begun the limit is
    the end of its last day. When applications close does not matter: whoever waits has applied in time.
    """
    wanted = now + timedelta(hours=hours)
    begins = _midnight(starts_on, now)
    if begins is not None and now < begins:
        return min(wanted, max(begins, now + timedelta(hours=SHORTEST_OFFER)))
    over = _midnight(ends_on + timedelta(days=1), now) if ends_on else None
    return min(wanted, over) if over is not None and over > now else wanted


def _midnight(day: date | None, now: datetime) -> datetime | None:
    return datetime.combine(day, time(), tzinfo=now.tzinfo) if day else None


class Standing(StrEnum):
    """The states of an enrolment that decide what a cohort offers to its person (lms.enrolments, which stands above)."""

    APPLIED = "applied"
    WAITING = "waiting"
    OFFERED = "offered"
    ENROLLED = "enrolled"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class OfferKind(StrEnum):
    APPLY = "apply"
    JOIN_WAITING_LIST = "join_waiting_list"
    ACCEPT = "accept"
    CONTINUE = "continue"
    UNDER_REVIEW = "under_review"
    ON_WAITING_LIST = "on_waiting_list"
    COMPLETED = "completed"
    SIGN_IN = "sign_in"
    MOVE = "move"  # learns in another cohort of the course, and can ask to move here
    ELSEWHERE = "elsewhere"  # has a place in another cohort of the course
    OPENS_ON = "opens_on"
    TO_BE_SCHEDULED = "to_be_scheduled"
    CLOSED = "closed"


_LEADS_NOWHERE = {OfferKind.ELSEWHERE, OfferKind.OPENS_ON, OfferKind.TO_BE_SCHEDULED, OfferKind.CLOSED}
LEADS_SOMEWHERE = frozenset(OfferKind) - _LEADS_NOWHERE
# With one of these somebody has a place in a course, and takes no second one.
HELD = frozenset({Standing.APPLIED, Standing.ENROLLED})


@dataclass(frozen=True)
class Visitor:
    """Who looks: signed in or not, with a code that opens this run or without, and the state of their enrolment here
    with the place on the waiting list, and until when a place is held for them. `elsewhere` is the state of their
    enrolment in another cohort of the same course (HELD or completed), and `elsewhere_title` that cohort."""

    is_signed_in: bool = False
    standing: str | None = None
    place: int | None = None
    offer_until: datetime | None = None
    is_invited: bool = False
    elsewhere: str | None = None
    elsewhere_title: str = ""


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
    if visitor.offer_until is not None and visitor.offer_until <= now:
        # An offer that has run out is no offer, whoever writes that down.
        visitor = replace(visitor, standing=None, place=None, offer_until=None)
    kind, label, sentence = (
        _own(facts, visitor) or _elsewhere(facts, visitor, state) or _run(facts, visitor, state)
    )
    return Offer(kind, state, label, sentence)


Words = tuple[OfferKind, Sentence, Sentence]


def _own(facts: RunFacts, visitor: Visitor) -> Words | None:
    """What an enrolment that still stands leads to."""
    if visitor.standing == Standing.ENROLLED:
        sentence = say(gettext_noop("You have a place in this cohort."))
        return OfferKind.CONTINUE, say(gettext_noop("Continue learning")), sentence
    if visitor.standing == Standing.COMPLETED:
        sentence = say(gettext_noop("You have completed this course. You may still read everything."))
        return OfferKind.COMPLETED, say(gettext_noop("Look at the course again")), sentence
    if visitor.standing == Standing.APPLIED:
        sentence = say(gettext_noop("The organiser decides on it. A place is kept for you until then."))
        return OfferKind.UNDER_REVIEW, say(gettext_noop("Your application is under review")), sentence
    if visitor.standing == Standing.OFFERED:
        label = say(gettext_noop("Accept your place by %(time)s"), time=visitor.offer_until)
        sentence = say(
            gettext_noop("A place became free and is held for you. Afterwards it goes to the next.")
        )
        return OfferKind.ACCEPT, label, sentence
    if visitor.standing == Standing.WAITING:
        label = say(gettext_noop("You are number %(place)s on the waiting list"), place=visitor.place or 1)
        sentence = say(
            gettext_noop("When a place becomes free it is offered to whoever waits first. We tell you.")
        )
        return OfferKind.ON_WAITING_LIST, label, sentence
    return None


def _elsewhere(facts: RunFacts, visitor: Visitor, state: RunState) -> Words | None:
    """What a place in another cohort of the course means here: no second one, but perhaps a move."""
    if state not in JOINABLE and state not in (RunState.FULL_WAITING_LIST, RunState.OPENS_ON):
        return None
    title = visitor.elsewhere_title
    if visitor.elsewhere == Standing.APPLIED:
        label = say(gettext_noop("You have applied for another cohort"))
        words = gettext_noop(
            "A place is kept for you in %(cohort)s. To apply here, take that application back."
        )
        return OfferKind.ELSEWHERE, label, say(words, cohort=title)
    if visitor.elsewhere != Standing.ENROLLED:
        return None
    if state in JOINABLE and not facts.by_invitation:
        words = gettext_noop(
            "You learn this course in %(cohort)s. If this one suits you better, ask to move."
        )
        return OfferKind.MOVE, say(gettext_noop("Ask to move here")), say(words, cohort=title)
    label = say(gettext_noop("You learn in another cohort"))
    return OfferKind.ELSEWHERE, label, say(gettext_noop("You learn this course in %(cohort)s."), cohort=title)


def _run(facts: RunFacts, visitor: Visitor, state: RunState) -> Words:
    """What the run itself offers to somebody without an enrolment."""
    if state in JOINABLE or state == RunState.FULL_WAITING_LIST:
        if facts.by_invitation and not visitor.is_invited:
            return _invited_only(facts, visitor, state)
        return _joinable(facts, visitor, state)
    closed = say(gettext_noop("Applications closed"))
    if state == RunState.TO_BE_SCHEDULED:
        sentence = say(gettext_noop("When applications open is not fixed yet."))
        return OfferKind.TO_BE_SCHEDULED, say(gettext_noop("To be scheduled")), sentence
    if state == RunState.OPENS_ON:
        opens = say(gettext_noop("Opens on %(day)s"), day=_day(facts.opens_at))
        msgid = gettext_noop("Applications open on %(time)s.")
        if facts.by_invitation:
            msgid = gettext_noop("Applications open on %(time)s, by invitation only: you need a code.")
        return OfferKind.OPENS_ON, opens, say(msgid, time=facts.opens_at)
    if state == RunState.CANCELLED:
        return (
            OfferKind.CLOSED,
            say(gettext_noop("Cancelled")),
            say(gettext_noop("This cohort does not take place.")),
        )
    if state == RunState.ENDED:
        sentence = say(gettext_noop("This cohort ended on %(day)s."), day=facts.ends_on)
        return OfferKind.CLOSED, say(gettext_noop("Ended")), sentence
    if not facts.seats_open:
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
        if facts.waiting:
            sentence = say(
                gettext_noop(
                    "On the waiting list: %(waiting)s. A place that becomes free is offered in order."
                ),
                waiting=facts.waiting,
            )
    else:
        kind, label = OfferKind.APPLY, say(gettext_noop("Apply"))
        sentence = say(
            gettext_noop("%(free)s of %(capacity)s places are free."),
            free=facts.seats_free,
            capacity=facts.capacity,
        )
    if visitor.elsewhere == Standing.COMPLETED:
        sentence = say(
            gettext_noop(
                "You have completed this course in %(cohort)s. You need not learn it again, but you may: %(free)s of %(capacity)s places are free."
            ),
            cohort=visitor.elsewhere_title,
            free=facts.seats_open,
            capacity=facts.capacity,
        )
    if visitor.is_signed_in:
        return kind, label, sentence
    if kind == OfferKind.JOIN_WAITING_LIST:
        return OfferKind.SIGN_IN, say(gettext_noop("Sign in to join the waiting list")), sentence
    return OfferKind.SIGN_IN, say(gettext_noop("Sign in to apply")), sentence


def _invited_only(facts: RunFacts, visitor: Visitor, state: RunState) -> Words:
    """The same offers to whoever has not shown a code yet: the button says that one is needed, before it is clicked."""
    sentence = say(
        gettext_noop(
            "By invitation only: you need a code from the organiser. %(free)s of %(capacity)s places are free."
        ),
        free=facts.seats_open,
        capacity=facts.capacity,
    )
    if not visitor.is_signed_in:
        return OfferKind.SIGN_IN, say(gettext_noop("Sign in to apply with an invitation code")), sentence
    if state == RunState.FULL_WAITING_LIST:
        label = say(gettext_noop("Join the waiting list with an invitation code"))
        return OfferKind.JOIN_WAITING_LIST, label, sentence
    return OfferKind.APPLY, say(gettext_noop("Apply with an invitation code")), sentence


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
