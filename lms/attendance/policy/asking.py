"""What may be asked about a class: leave from it, or to make it up in another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.attendance.policy.presences import ATTENDED, Presence
from lms.cohorts.policy import Sentence, Title, gettext_noop, say


@dataclass(frozen=True)
class AskFacts:
    """A person and a class, for a request about it. Times are aware and local."""

    starts_at: datetime
    ends_at: datetime
    learns_here: bool = True  # learns now, in the cohort of the class
    is_cancelled: bool = False
    presence: str = Presence.EXPECTED
    leave_days: int = 3  # so many days after the class leave can be asked for
    has_asked: bool = False  # a request of the same kind stands
    instead_at: datetime | None = (
        None  # where it is agreed to make the class up in another one: when that begins
    )
    instead_in: Title | None = None  # and in which cohort


def leave_until(ends_at: datetime, days: int) -> datetime:
    """The last moment at which leave from a class can be asked for: the end of the day so many days after it."""
    return ends_at.replace(hour=23, minute=59, second=59, microsecond=0) + timedelta(days=days)


def absence_refusal(facts: AskFacts) -> Sentence | None:
    """Why this person cannot be absent from this class at all; None when they can."""
    if not facts.learns_here:
        return say(gettext_noop("This is not a class of a cohort that you learn in."))
    if facts.is_cancelled:
        return say(gettext_noop("This class is cancelled. There is nothing to be absent from."))
    if facts.presence in ATTENDED:
        return say(gettext_noop("The register says that you were in this class."))
    if facts.has_asked:
        return asked_already()
    return None


def leave_refusal(facts: AskFacts, now: datetime) -> Sentence | None:
    """Why leave from this class cannot be asked for; None when it can: before the class, or some days after it."""
    if facts.presence == Presence.ON_LEAVE:
        return say(gettext_noop("The register says that you are on leave from this class."))
    refused = absence_refusal(facts)
    if refused is None and now > leave_until(facts.ends_at, facts.leave_days):
        return say(gettext_noop("Leave from this class can no longer be asked for. Talk to the organiser."))
    return refused


def make_up_refusal(facts: AskFacts, now: datetime) -> Sentence | None:
    """Why this class cannot be asked to be made up; None when it can: once it has begun, or with leave from it."""
    refused = absence_refusal(facts)
    if refused is None and now < facts.starts_at and facts.presence != Presence.ON_LEAVE:
        return say(
            gettext_noop("This class has not begun. Ask for leave from it first, then it can be made up.")
        )
    return refused


def asked_already() -> Sentence:
    return say(gettext_noop("You have asked for this already. Your attendance page shows it."))


def letting_refusal(facts: AskFacts, name: str) -> Sentence | None:
    """Why a person of this name cannot be let make this class up, as whoever looks after the class is told; None when
    they can."""
    if not facts.learns_here:
        return say(gettext_noop("%(name)s does not learn in the cohort of this class now."), name=name)
    if facts.is_cancelled:
        return say(gettext_noop("This class is cancelled. There is nothing to make up."))
    if facts.presence in ATTENDED:
        return say(
            gettext_noop("The register says that %(name)s was in this class or has made it up."), name=name
        )
    if facts.instead_at is not None and facts.instead_in is not None:
        return say(
            gettext_noop("%(name)s is to make this class up already: %(time)s, %(cohort)s."),
            name=name,
            time=facts.instead_at,
            cohort=facts.instead_in,
        )
    return let_already(name) if facts.has_asked else None


def let_already(name: str) -> Sentence:
    return say(
        gettext_noop(
            "%(name)s has asked to make this class up. The register shows the request to decide on."
        ),
        name=name,
    )
