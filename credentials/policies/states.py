"""What a policy can answer, how each of its conditions stands, and in which state a policy is on a day."""

from enum import StrEnum


class Outcome(StrEnum):
    """What a policy says to one claim."""

    GRANT = "grant"
    REFUSE = "refuse"
    UNKNOWN = "unknown"  # nothing speaks against it, but something is not known yet
    LAPSED = "lapsed"  # the policy is over, and so is the time for what it still pays afterwards


class Verdict(StrEnum):
    """How one condition stands. What nobody has said is unknown, and never taken for a yes or a no."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """Of a policy, on one day."""

    DRAFT = "draft"
    FUTURE = "future"
    IN_FORCE = "in_force"
    UNCONFIRMED = "renewal_unconfirmed"  # over by its text; whether it goes on, nobody has said yet
    LAPSED = "lapsed"


class Kind(StrEnum):
    """How a benefit is counted."""

    HIGHEST_LEVEL = "highest_level"  # one sum a level; with a higher one the difference
    PER_EVENT = "per_event"  # once for each title
    RECURRING = "recurring"  # for each month or year of work
    ONCE = "once"  # once in a life
    IN_KIND = "in_kind"  # no money: free training
