"""Who is checked in, by which code, and how many minutes count. Pure: facts in, a decision with its sentence out."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lms.cohorts.policy import Sentence, gettext_noop, say

# --- The code that changes ------------------------------------------------------------------------------------

STEP = 20  # seconds that one code is shown
SCAN_LASTS = timedelta(minutes=5)  # for signing in and pressing the button after a scan
DIGITS = 6


class Way(StrEnum):
    """Into the class or out of it. Each has codes of its own."""

    IN = "i"
    OUT = "o"


def step_of(moment: datetime) -> int:
    """The number of the time step of a moment."""
    return int(moment.timestamp()) // STEP


def code_of(secret: str, class_id: str, way: str, step: int) -> str:
    """The code of one step: the way, the step and 80 bits of HMAC-SHA-256 over class, way and step."""
    mac = base64.b32encode(_mac(secret, class_id, way, step)[:10]).decode("ascii").lower()
    return f"{way}{step:x}-{mac}"


def digits_of(secret: str, class_id: str, way: str, step: int) -> str:
    """The same as six digits to type, where a phone cannot scan."""
    number = int.from_bytes(_mac(secret, class_id, f"digits:{way}", step)[:8], "big")
    return f"{number % 10**DIGITS:0{DIGITS}}"


def _mac(secret: str, class_id: str, way: str, step: int) -> bytes:
    return hmac.new(
        secret.encode(), f"xinhuo.checkin:{class_id}:{way}:{step}".encode(), hashlib.sha256
    ).digest()


class CodeFault(StrEnum):
    EXPIRED = "expired"
    FORGED = "forged"


@dataclass(frozen=True)
class Read:
    """What a code says: its way and step, or what is wrong with it."""

    way: str = Way.IN
    step: int = 0
    fault: CodeFault | None = None


def read_code(code: str, secret: str, class_id: str, now: datetime) -> Read:
    """Read a scanned code. This step's and the last one's are good; a true but older one is expired."""
    head, _, _mac_text = code.partition("-")
    way, number = head[:1], head[1:]
    if way not in (Way.IN, Way.OUT) or not number.isalnum() or len(number) > 12:
        return Read(fault=CodeFault.FORGED)
    try:
        step = int(number, 16)
    except ValueError:
        return Read(fault=CodeFault.FORGED)
    if not hmac.compare_digest(code_of(secret, class_id, way, step).encode(), code.encode()):
        return Read(fault=CodeFault.FORGED)
    if step_of(now) - step not in (0, 1):
        return Read(way, step, CodeFault.EXPIRED)
    return Read(way, step)


def read_digits(digits: str, secret: str, class_id: str, now: datetime) -> Read:
    """Read six typed digits: those of this step or the last one, in or out; whatever else is a fault."""
    for way in (Way.IN, Way.OUT):
        for step in (step_of(now), step_of(now) - 1):
            if hmac.compare_digest(digits_of(secret, class_id, way, step).encode(), digits.encode()):
                return Read(way, step)
    return Read(fault=CodeFault.EXPIRED)


# --- Who is let in --------------------------------------------------------------------------------------------


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


GOOD = frozenset({Answer.READY, Answer.DONE, Answer.ALREADY})


@dataclass(frozen=True)
class ClassFacts:
    """A class as the door sees it. Times are aware; minutes are whole."""

    starts_at: datetime
    ends_at: datetime
    opens_before: int = 30
    late_after: int = 10
    is_cancelled: bool = False
    is_closed: bool = False


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
    device.
    """
    for found in (
        _of_class(klass),
        _of_person(person),
        _of_past(way, person),
        _of_hour(klass, scanned_at, now),
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
    if person.is_guest or person.standing in ("enrolled", "completed"):
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
    if person.standing in ("applied", "waiting", "offered"):
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


def _of_hour(klass: ClassFacts, scanned_at: datetime, now: datetime) -> Decision | None:
    opens_at = klass.starts_at - timedelta(minutes=klass.opens_before)
    if scanned_at < opens_at:
        return Decision(
            Answer.TOO_EARLY, say(gettext_noop("Check-in opens on %(time)s. Scan again then."), time=opens_at)
        )
    if scanned_at > klass.ends_at:
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


# --- What may be asked about a class --------------------------------------------------------------------------

WAS_THERE = ("present", "late", "left_early", "made_up")


@dataclass(frozen=True)
class AskFacts:
    """A person and a class, for a request about it. Times are aware and local."""

    starts_at: datetime
    ends_at: datetime
    learns_here: bool = True  # learns now, in the cohort of the class
    is_cancelled: bool = False
    presence: str = "expected"
    leave_days: int = 3  # so many days after the class leave can be asked for
    has_asked: bool = False  # a request of the same kind stands


def leave_until(ends_at: datetime, days: int) -> datetime:
    """The last moment at which leave from a class can be asked for: the end of the day so many days after it."""
    return ends_at.replace(hour=23, minute=59, second=59, microsecond=0) + timedelta(days=days)


def absence_refusal(facts: AskFacts) -> Sentence | None:
    """Why this person cannot be absent from this class at all; None when they can."""
    if not facts.learns_here:
        return say(gettext_noop("This is not a class of a cohort that you learn in."))
    if facts.is_cancelled:
        return say(gettext_noop("This class is cancelled. There is nothing to be absent from."))
    if facts.presence in WAS_THERE:
        return say(gettext_noop("The register says that you were in this class."))
    if facts.has_asked:
        return asked_already()
    return None


def leave_refusal(facts: AskFacts, now: datetime) -> Sentence | None:
    """Why leave from this class cannot be asked for; None when it can: before the class, or some days after it."""
    if facts.presence == "on_leave":
        return say(gettext_noop("The register says that you are on leave from this class."))
    refused = absence_refusal(facts)
    if refused is None and now > leave_until(facts.ends_at, facts.leave_days):
        return say(gettext_noop("Leave from this class can no longer be asked for. Talk to the organiser."))
    return refused


def make_up_refusal(facts: AskFacts, now: datetime) -> Sentence | None:
    """Why this class cannot be asked to be made up; None when it can: once it has begun, or with leave from it."""
    refused = absence_refusal(facts)
    if refused is None and now < facts.starts_at and facts.presence != "on_leave":
        return say(
            gettext_noop("This class has not begun. Ask for leave from it first, then it can be made up.")
        )
    return refused


def asked_already() -> Sentence:
    return say(gettext_noop("You have asked for this already. Your attendance page shows it."))


# --- How many minutes count -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """How attendance is counted in a class. Minutes; `min_percent` of the class is the least that counts at all."""

    starts_at: datetime
    ends_at: datetime
    late_after: int = 10
    needs_check_out: bool = False
    whole: bool = False
    min_percent: int = 0

    @property
    def planned(self) -> int:
        return minutes_between(self.starts_at, self.ends_at)


@dataclass(frozen=True)
class Stay:
    """What is known of one person: where the entry says so `presence`, else only when they came and went.

    `proven` are the minutes of an online meeting, already added up.
    """

    presence: str
    method: str
    came_at: datetime | None = None
    left_at: datetime | None = None
    proven: int | None = None


@dataclass(frozen=True)
class Measured:
    """The presence as it stands, the minutes that count, and the sentence when that is not plain."""

    presence: str
    minutes: int
    why: Sentence | None = None


NOT_THERE = ("expected", "on_leave", "absent", "made_up")


def minutes_between(begin: datetime, end: datetime) -> int:
    """Whole minutes; never less than none."""
    return max(0, int((end - begin).total_seconds()) // 60)


def measure(stay: Stay, rule: Rule) -> Measured:
    """How long this person was in the class.

    Who comes before the late limit counts from the beginning, later from the arrival; who leaves within the same limit
    before the end counts to the end. Without a check-out where one is asked for, nothing is proven and nothing counts.
    Minutes are not rounded.
    """
    if stay.presence in NOT_THERE:
        return Measured(stay.presence, 0)
    if rule.needs_check_out and stay.method == "qr" and stay.left_at is None:
        return Measured(
            presence_of(stay, rule),
            0,
            say(gettext_noop("Not checked out: no minutes count until the teacher enters when you left.")),
        )
    minutes = rule.planned if rule.whole else _minutes(stay, rule)
    if not minutes:
        return Measured("absent", 0, say(gettext_noop("Not a minute of the stay lies within the class.")))
    if minutes * 100 < rule.min_percent * rule.planned:
        why = gettext_noop("%(minutes)s of %(planned)s minutes: less than the %(percent)s %% that count.")
        return Measured(
            "absent", 0, say(why, minutes=minutes, planned=rule.planned, percent=rule.min_percent)
        )
    return Measured(presence_of(stay, rule), minutes)


def _minutes(stay: Stay, rule: Rule) -> int:
    if stay.proven is not None:
        return min(stay.proven, rule.planned)
    grace = timedelta(minutes=rule.late_after)
    begin, end = rule.starts_at, rule.ends_at
    if stay.came_at is not None and stay.came_at > rule.starts_at + grace:
        begin = stay.came_at
    if stay.left_at is not None and stay.left_at < rule.ends_at - grace:
        end = max(stay.left_at, rule.starts_at)
    return minutes_between(begin, end)


def presence_of(stay: Stay, rule: Rule) -> str:
    """What a person wrote stands; else present, late or left early by the times. Leaving early is the graver of the two."""
    if stay.method in ("paper", "officer"):
        return stay.presence
    grace = timedelta(minutes=rule.late_after)
    if stay.left_at is not None and stay.left_at < rule.ends_at - grace:
        return "left_early"
    if stay.came_at is not None and stay.came_at > rule.starts_at + grace:
        return "late"
    return "present"


def percent_of(attended: int, held: int) -> int:
    """The share of the classes held that was attended, in whole percent, rounded down; 0 when none was held."""
    return attended * 100 // held if held else 0


# --- Lists of online meetings ---------------------------------------------------------------------------------

Span = tuple[datetime, datetime]


def union_minutes(spans: Iterable[Span], starts_at: datetime, ends_at: datetime) -> int:
    """The minutes covered by at least one span within the class: whoever is in with two devices counts once."""
    total, reached = timedelta(), starts_at
    for begin, end in sorted(spans):
        begin, end = max(begin, reached), min(end, ends_at)
        if end > begin:
            total += end - begin
            reached = end
    return int(total.total_seconds()) // 60


@dataclass(frozen=True)
class Seat:
    """One person of the class whom a row of the list can mean."""

    enrolment_id: int
    name: str
    phone_hash: str = ""


@dataclass(frozen=True)
class Participant:
    """One person of the list: all rows with the same number or, without one, the same name."""

    key: str
    name: str
    phone_hash: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Match:
    """Whom a participant can be: nobody, or several; the only one is sure unless something speaks against it."""

    participant: Participant
    enrolment_ids: tuple[int, ...]
    is_sure: bool = False


def gather(rows: Iterable[tuple[str, str, datetime, datetime]]) -> list[Participant]:
    """The rows (name, phone hash, joined, left) of a list as people, in the order of the list."""
    found: dict[str, tuple[str, str, list[Span]]] = {}
    for name, phone_hash, joined, left in rows:
        key = phone_hash or f"name:{name}"
        found.setdefault(key, (name, phone_hash, []))[2].append((joined, left))
    return [Participant(key, name, phone, tuple(spans)) for key, (name, phone, spans) in found.items()]


def match(participants: Sequence[Participant], seats: Sequence[Seat]) -> list[Match]:
    """Find each participant among those who belong to the class: by number, else by exact name.

    Two participants of one name, or two people of the cohort of one name, are never guessed at.
    """
    by_phone = {seat.phone_hash: seat.enrolment_id for seat in seats if seat.phone_hash}
    by_name: dict[str, list[int]] = {}
    for seat in seats:
        by_name.setdefault(seat.name, []).append(seat.enrolment_id)
    known = {by_phone[one.phone_hash] for one in participants if one.phone_hash in by_phone}
    named = Counter(one.name for one in participants)
    found = []
    for one in participants:
        if one.phone_hash in by_phone:
            found.append(Match(one, (by_phone[one.phone_hash],), is_sure=True))
            continue
        ids = tuple(by_name.get(one.name, ()))
        # A name whose owner came with a known number is somebody else's, or theirs once more: the officer says which.
        found.append(Match(one, ids, len(ids) == 1 and ids[0] not in known and named[one.name] == 1))
    return found
