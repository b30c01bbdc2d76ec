"""Who is let in or out at the door of a class, and what the others are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lms.attendance.policy.codes import SCAN_LASTS, Way
from lms.cohorts.policy import Sentence, Standing, gettext_noop, say


class Answer(StrEnum):
    """What a check-in or check-out comes to."""

    READY = "ready"
    DONE = "done"
    ALREADY = "already"
    TOO_EARLY = "too_early"
    OVER = "over"
    EXPIRED = "expired"
    FORGED = "forged"
    NOT_ENROLLED = "not_enrolled"
    OTHER_COHORT = "other_cohort"
    NOT_ADMITTED = "not_admitted"
    ENDED = "ended"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    SHARED = "shared"
    MADE_UP = "made_up"
    NOT_IN = "not_in"
    OWN = "own"


GOOD = frozenset({Answer.READY, Answer.DONE, Answer.ALREADY})


@dataclass(frozen=True)
class ClassFacts:
    """A class as the door sees it. Times are aware; minutes are whole."""

    starts_at: datetime
    ends_at: datetime
    opens_before: int = 30
    late_after: int = 10
    checks_out: bool = False  # people also check out
    out_after: int = 0  # so many minutes after the end people can still check out
    is_cancelled: bool = False
    is_closed: bool = False

    @property
    def opens_at(self) -> datetime:
        """From when on people can check in, and anything can be recorded."""
        return self.starts_at - timedelta(minutes=self.opens_before)

    @property
    def out_until(self) -> datetime:
        """Until when people can leave with the code: whoever goes at the end goes after it."""
        return self.ends_at + timedelta(minutes=self.out_after)


@dataclass(frozen=True)
class PersonFacts:
    """What is known of the person who stands at the door. `cohort` is the one they do learn in, if another."""

    standing: str = ""  # state of the enrolment in this cohort: "" when there is none
    is_guest: bool = False  # a make-up class was agreed here
    cohort: str = ""
    checked_in_at: datetime | None = None
    checked_out_at: datetime | None = None
    is_entered: bool = False  # the teacher has written them down, without a time
    device_is_taken: bool = False  # this device has checked somebody else in
    takes_it: bool = False  # may take the attendance of this class, and so see the code without being there
    has_made_up: bool = False  # attended the class that this one stands for, or the other way round


@dataclass(frozen=True)
class Decision:
    answer: Answer
    sentence: Sentence

    @property
    def is_good(self) -> bool:
        return self.answer in GOOD


def at_the_door(
    way: str, klass: ClassFacts, person: PersonFacts, *, scanned_at: datetime, now: datetime
) -> Decision:
    """Whether this person may check in (or out) now. The scan counts, not the button: `scanned_at` is its time.

    The order is that of what helps most: what the class is, who the person is, what is done already, the hour, the
    device. Whoever has come in is not asked again who they are: they may leave, whatever became of their place meanwhile.
    """
    for found in (
        _of_class(klass),
        None if person.checked_in_at is not None else _of_person(person),
        _of_past(way, person),
        _of_hour(way, klass, scanned_at, now),
    ):
        if found is not None:
            return found
    if person.device_is_taken:
        return Decision(
            Answer.SHARED,
            say(
                gettext_noop(
                    "This phone has already checked somebody else in to this class. Ask the teacher to enter you by hand."
                )
            ),
        )
    if way == Way.OUT:
        return Decision(Answer.READY, say(gettext_noop("Press the button to check out.")))
    return Decision(Answer.READY, say(gettext_noop("Press the button to check in.")))


def _of_class(klass: ClassFacts) -> Decision | None:
    if klass.is_cancelled:
        return Decision(
            Answer.CANCELLED,
            say(gettext_noop("This class is cancelled. Your timetable shows what is instead.")),
        )
    if klass.is_closed:
        return Decision(
            Answer.CLOSED,
            say(gettext_noop("The register of this class is closed. If you were there, tell the teacher.")),
        )
    return None


def _of_person(person: PersonFacts) -> Decision | None:
    if person.takes_it and (person.is_guest or person.standing):
        return Decision(
            Answer.OWN,
            say(
                gettext_noop(
                    "Whoever takes the attendance of a class does not check themselves in. Another teacher or an administrator enters you."
                )
            ),
        )
    if person.is_guest or person.standing in (Standing.ENROLLED, Standing.COMPLETED):
        if person.has_made_up:
            return Decision(
                Answer.MADE_UP,
                say(
                    gettext_noop(
                        "You have already been in the class that this one stands for. It counts once."
                    )
                ),
            )
        return None
    if person.standing in (Standing.APPLIED, Standing.WAITING, Standing.OFFERED):
        return Decision(
            Answer.NOT_ADMITTED,
            say(gettext_noop("Your application is not decided yet, so you have no place in this cohort.")),
        )
    if person.standing:
        return Decision(
            Answer.ENDED,
            say(gettext_noop("Your enrolment in this cohort has ended. Ask the organiser about it.")),
        )
    if person.cohort:
        return Decision(
            Answer.OTHER_COHORT,
            say(
                gettext_noop(
                    "You learn in another cohort: %(cohort)s. To make up a class here, ask for it first on your attendance page."
                ),
                cohort=person.cohort,
            ),
        )
    return Decision(
        Answer.NOT_ENROLLED,
        say(gettext_noop("You are not enrolled in this cohort. Have you signed in with the right account?")),
    )


def _of_past(way: str, person: PersonFacts) -> Decision | None:
    if person.is_entered:
        return Decision(
            Answer.ALREADY, say(gettext_noop("The teacher has entered you already. There is nothing to do."))
        )
    if way == Way.OUT:
        if person.checked_in_at is None:
            return Decision(
                Answer.NOT_IN, say(gettext_noop("You have not checked in to this class. Tell the teacher."))
            )
        if person.checked_out_at is not None:
            return Decision(
                Answer.ALREADY, say(gettext_noop("You checked out at %(time)s."), time=person.checked_out_at)
            )
    elif person.checked_in_at is not None:
        return Decision(
            Answer.ALREADY, say(gettext_noop("You checked in at %(time)s."), time=person.checked_in_at)
        )
    return None


def _of_hour(way: str, klass: ClassFacts, scanned_at: datetime, now: datetime) -> Decision | None:
    if scanned_at < klass.opens_at:
        return Decision(
            Answer.TOO_EARLY,
            say(gettext_noop("Check-in opens on %(time)s. Scan again then."), time=klass.opens_at),
        )
    if scanned_at > (klass.out_until if way == Way.OUT else klass.ends_at):
        return Decision(
            Answer.OVER,
            say(
                gettext_noop("This class ended on %(time)s. If you were there, tell the teacher."),
                time=klass.ends_at,
            ),
        )
    if now - scanned_at > SCAN_LASTS:
        return expired()
    return None


@dataclass(frozen=True)
class OnScreen:
    """What the teacher's screen is about: who comes or who leaves, and whether its code still lets anybody pass."""

    way: Way
    is_over: bool
    is_open: bool


def on_screen(klass: ClassFacts, *, is_opened: bool, wants_out: bool, now: datetime) -> OnScreen:
    """What the screen shows of a class. After its end people only leave, where they check out at all."""
    is_over = now > klass.ends_at
    way = Way.OUT if klass.checks_out and (wants_out or is_over) else Way.IN
    stands = is_opened and not klass.is_closed and not klass.is_cancelled
    until = klass.out_until if way == Way.OUT else klass.ends_at
    return OnScreen(way, is_over, stands and now <= until)


def done(way: str, at: datetime) -> Decision:
    """Checked in or out just now, as of the scan."""
    said = (
        gettext_noop("You checked out at %(time)s.")
        if way == Way.OUT
        else gettext_noop("You checked in at %(time)s.")
    )
    return Decision(Answer.DONE, say(said, time=at))


def expired() -> Decision:
    return Decision(
        Answer.EXPIRED, say(gettext_noop("This code has expired. Scan the one that the screen shows now."))
    )


def forged() -> Decision:
    return Decision(
        Answer.FORGED,
        say(gettext_noop("This is not a check-in code of ours. Scan the one on the teacher's screen.")),
    )
