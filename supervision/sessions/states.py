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


class Setting(models.TextChoices):
    ON_SITE = "on_site", _("On site")
    ONLINE = "online", _("Online")
    OBSERVATION = "observation", _("Observation at work")


class Function(models.TextChoices):
    ADMINISTRATIVE = "administrative", _("Administrative")
    EDUCATIONAL = "educational", _("Educational")
    SUPPORTIVE = "supportive", _("Supportive")


class RemarkKind(models.TextChoices):
    """What the pair says to each other about the record itself."""

    DISPUTE = "dispute", _("Objection")
    ANSWER = "answer", _("Answer to the objection")
    CANCELLATION = "cancellation", _("Why it was cancelled")
