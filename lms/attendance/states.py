"""What is said of a person in a class, how it was found, and the way of a request for leave or a make-up class."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RequestState(models.TextChoices):
    """A request for leave or for a make-up class."""

    ASKED = "asked", pgettext_lazy("request", "Waiting for a decision")
    AGREED = "agreed", pgettext_lazy("request", "Agreed")
    REFUSED = "refused", pgettext_lazy("request", "Not agreed")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Taken back")


STANDING = frozenset({RequestState.ASKED, RequestState.AGREED})
FIRST = (
    RequestState.ASKED,
    RequestState.AGREED,
)  # an officer may let a person attend elsewhere without being asked
MOVES: dict[str, tuple[str, ...]] = {
    RequestState.ASKED: (RequestState.AGREED, RequestState.REFUSED, RequestState.WITHDRAWN),
    RequestState.AGREED: (RequestState.WITHDRAWN,),
    RequestState.REFUSED: (),
    RequestState.WITHDRAWN: (),
}


class RequestKind(models.TextChoices):
    LEAVE = "leave", _("Leave")
    MAKE_UP = "make_up", _("Make-up class")


class Presence(models.TextChoices):
    """What is known of one person in one class. Not a way with moves: an officer may correct anything, with a reason."""

    EXPECTED = "expected", pgettext_lazy("presence", "Expected")
    PRESENT = "present", pgettext_lazy("presence", "Present")
    LATE = "late", pgettext_lazy("presence", "Late")
    LEFT_EARLY = "left_early", pgettext_lazy("presence", "Left early")
    ON_LEAVE = "on_leave", pgettext_lazy("presence", "On leave")
    ABSENT = "absent", pgettext_lazy("presence", "Absent")
    MADE_UP = "made_up", pgettext_lazy("presence", "Made up")


THERE = frozenset({Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY})
ENTERED = (Presence.PRESENT, Presence.LATE, Presence.LEFT_EARLY, Presence.ON_LEAVE, Presence.ABSENT)


class Method(models.TextChoices):
    """How it was found."""

    QR = "qr", pgettext_lazy("attendance", "Check-in code")
    PAPER = "paper", pgettext_lazy("attendance", "Sign-in sheet")
    ONLINE = "online", pgettext_lazy("attendance", "Participant list")
    OFFICER = "officer", pgettext_lazy("attendance", "Entered by hand")


class Unread(models.TextChoices):
    """Why a row of a participant list was left out."""

    NAME = "name", _("there is no name")
    TIMES = "times", _("the time of joining or leaving cannot be read")
    ORDER = "order", _("it ends before it begins")
    AHEAD = "ahead", _("it names a time that has not come yet")


class Counting(models.TextChoices):
    """Which minutes count for a person who was there."""

    STAY = "stay", _("From arrival to departure")
    WHOLE = "whole", _("The whole class for everybody who was there")
