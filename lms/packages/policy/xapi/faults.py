"""Why a request of a unit is not taken."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a request. The first group is malformed (400), the second not allowed (403)."""

    # The request and its JSON
    NO_VERSION = "no_version"
    PARAMETER = "parameter"
    UNKNOWN_PARAMETER = "unknown_parameter"
    TYPE = "type"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    CHARACTER = "character"
    NUMBER = "number"
    TOO_MANY = "too_many"
    # A statement
    MISSING = "missing"
    UNKNOWN = "unknown"
    VALUE = "value"
    TOO_LONG = "too_long"
    # What cmi5 and the session allow
    OTHER_ACTOR = "other_actor"
    OTHER_REGISTRATION = "other_registration"
    OTHER_SESSION = "other_session"
    OTHER_ACTIVITY = "other_activity"
    NOT_INITIALIZED = "not_initialized"
    TERMINATED = "terminated"
    TWICE = "twice"
    VERB_OF_LMS = "verb_of_lms"
    VOIDING = "voiding"
    MODE = "mode"
    CONTRADICTION = "contradiction"
    RESULT = "result"
    CATEGORY = "category"
    SCORE_NEEDED = "score_needed"
    BELOW_MASTERY = "below_mastery"
    ABOVE_MASTERY = "above_mastery"
    FULL = "full"
    READ_ONLY = "read_only"
    CLOSED = "closed"
    # The rest
    NO_TOKEN = "no_token"
    CONFLICT = "conflict"
    CHANGED = "changed"
    NOTHING = "nothing"
    METHOD = "method"
    TOO_LARGE = "too_large"


_ORDER = list(Fault)
MALFORMED = frozenset(_ORDER[: _ORDER.index(Fault.OTHER_ACTOR)])
FORBIDDEN = frozenset(_ORDER[_ORDER.index(Fault.OTHER_ACTOR) : _ORDER.index(Fault.NO_TOKEN)])


class NotTaken(Exception):
    """A request is refused. `member` is the entry it is about, `detail` what stands there; both cut to a line."""

    def __init__(self, fault: Fault, member: str = "", detail: str = "") -> None:
        self.fault, self.member, self.detail = fault, member[:120], detail[:120]
        super().__init__(f"{fault} {self.member} {self.detail}".strip())
