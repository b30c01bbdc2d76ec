"""The states of a supervision session, its legal moves, and the words for what kind of session it was."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SessionState(models.TextChoices):
    """As the supervisor and the officer call them; SEEN_BY_MENTEE has the mentee's words."""

    LOGGED = "logged", _("Waits for the mentee")
    CONFIRMED = "confirmed", _("Confirmed")
    DISPUTED = "disputed", _("Disputed")
    CANCELLED = "cancelled", pgettext_lazy("session", "Cancelled")


SEEN_BY_MENTEE = {
    SessionState.LOGGED: _("Waits for you"),
    SessionState.CONFIRMED: _("Confirmed"),
    SessionState.DISPUTED: _("You objected"),
    SessionState.CANCELLED: pgettext_lazy("session", "Cancelled"),
}
TONES = {
    SessionState.LOGGED: "wait",
    SessionState.CONFIRMED: "good",
    SessionState.DISPUTED: "bad",
    SessionState.CANCELLED: "plain",
}

LIVE = frozenset({SessionState.LOGGED, SessionState.CONFIRMED, SessionState.DISPUTED})  # these took the time
OPEN = frozenset({SessionState.LOGGED, SessionState.DISPUTED})  # these can still be corrected
MOVES: dict[str, tuple[str, ...]] = {
    SessionState.LOGGED: (
        SessionState.LOGGED,  # corrected before the mentee has answered
        SessionState.CONFIRMED,
        SessionState.DISPUTED,
        SessionState.CANCELLED,
    ),
    SessionState.DISPUTED: (SessionState.LOGGED, SessionState.CANCELLED),
    SessionState.CONFIRMED: (),  # credited: locked for good
    SessionState.CANCELLED: (),
}


class Mode(models.TextChoices):
    ACCOMPANYING = "accompanying", _("Accompanying a project")
    UNIVERSAL = "universal", _("Open to all")
    PRIVATE = "private", _("Private tuition")


class RemarkKind(models.TextChoices):
    """What the pair says to each other about the record itself."""

    DISPUTE = "dispute", _("Objection")
    ANSWER = "answer", _("Answer to the objection")
    CANCELLATION = "cancellation", _("Why it was cancelled")


class Risk(models.TextChoices):
    """How a case that is talked about stands."""

    NONE = "none", pgettext_lazy("risk", "No risk seen")
    LOW = "low", pgettext_lazy("risk", "Low")
    MEDIUM = "medium", pgettext_lazy("risk", "Medium")
    HIGH = "high", pgettext_lazy("risk", "High")


RISK_TONES = {Risk.NONE: "plain", Risk.LOW: "plain", Risk.MEDIUM: "wait", Risk.HIGH: "bad"}


class Who(models.TextChoices):
    """Who of the pair does what was agreed."""

    MENTEE = "mentee", pgettext_lazy("agreed action", "Mentee")
    SUPERVISOR = "supervisor", pgettext_lazy("agreed action", "Supervisor")
    BOTH = "both", pgettext_lazy("agreed action", "Both")


class LateState(models.TextChoices):
    """What an administrator said to a session that was recorded late."""

    WAITING = "waiting", pgettext_lazy("late record", "Waits for an administrator")
    APPROVED = "approved", pgettext_lazy("late record", "Approved")
    DECLINED = "declined", pgettext_lazy("late record", "Declined")
    VOID = "void", pgettext_lazy("late record", "No longer asked")


# Decided once: whoever asks again, of other times or for another reason, asks by a row of its own.
LATE_MOVES: dict[str, tuple[str, ...]] = {
    LateState.WAITING: (LateState.APPROVED, LateState.DECLINED, LateState.VOID),
    LateState.DECLINED: (),
    LateState.APPROVED: (),
    LateState.VOID: (),
}
LATE_TONES = {
    LateState.WAITING: "wait",
    LateState.APPROVED: "good",
    LateState.DECLINED: "bad",
    LateState.VOID: "plain",
}


class AmendmentState(models.TextChoices):
    """A correction of a confirmed session, as the mentee answers it."""

    PROPOSED = "proposed", pgettext_lazy("amendment", "Waits for the mentee")
    ACCEPTED = "accepted", pgettext_lazy("amendment", "Accepted")
    REFUSED = "refused", pgettext_lazy("amendment", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("amendment", "Withdrawn")


AMENDMENT_MOVES: dict[str, tuple[str, ...]] = {
    AmendmentState.PROPOSED: (AmendmentState.ACCEPTED, AmendmentState.REFUSED, AmendmentState.WITHDRAWN),
    AmendmentState.ACCEPTED: (),
    AmendmentState.REFUSED: (),
    AmendmentState.WITHDRAWN: (),
}
AMENDMENT_TONES = {
    AmendmentState.PROPOSED: "wait",
    AmendmentState.ACCEPTED: "good",
    AmendmentState.REFUSED: "bad",
    AmendmentState.WITHDRAWN: "plain",
}


class ReviewState(models.TextChoices):
    """A look into what a pair said: asked for by one person, granted by another, for a time."""

    ASKED = "asked", pgettext_lazy("review", "Waits for a second person")
    GRANTED = "granted", pgettext_lazy("review", "Granted")
    DECLINED = "declined", pgettext_lazy("review", "Declined")
    ENDED = "ended", pgettext_lazy("review", "Ended")


TOLD = frozenset({ReviewState.GRANTED, ReviewState.ENDED})  # once granted, those whom it concerns know of it
REVIEW_MOVES: dict[str, tuple[str, ...]] = {
    ReviewState.ASKED: (ReviewState.GRANTED, ReviewState.DECLINED),
    ReviewState.GRANTED: (ReviewState.ENDED,),
    ReviewState.DECLINED: (),
    ReviewState.ENDED: (),
}
TOLD_REVIEW = frozenset({ReviewState.GRANTED, ReviewState.ENDED})  # those whom it concerns know of it
REVIEW_TONES = {
    ReviewState.ASKED: "wait",
    ReviewState.GRANTED: "good",
    ReviewState.DECLINED: "bad",
    ReviewState.ENDED: "plain",
}
