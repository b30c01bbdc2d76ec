"""The states of circles, of who belongs to them, of their gatherings and of who took part, with the legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from supervision.sessions.states import LateState


class Kind(models.TextChoices):
    """What several people are supervised in together."""

    GROUP = "group", _("Group supervision")
    PEER = "peer", _("Peer circle")
    OPEN = "open", _("Open class")


class Admission(models.TextChoices):
    """How one becomes a member."""

    INVITATION = "invitation", pgettext_lazy("circle", "By invitation only")
    REQUEST = "request", _("On request, the leader decides")
    OPEN = "open", _("Open until full")


class CircleState(models.TextChoices):
    OPEN = "open", pgettext_lazy("circle", "Running")
    CLOSED = "closed", pgettext_lazy("circle", "Closed")


CIRCLE_MOVES: dict[str, tuple[str, ...]] = {
    CircleState.OPEN: (CircleState.CLOSED,),
    CircleState.CLOSED: (),
}


class MemberState(models.TextChoices):
    INVITED = "invited", _("Invited")
    ASKED = "asked", _("Asked to join")
    JOINED = "joined", pgettext_lazy("circle", "Member")
    DECLINED = "declined", pgettext_lazy("circle", "Did not join")
    LEFT = "left", pgettext_lazy("circle", "Left")


MEMBER_FIRST = (MemberState.INVITED, MemberState.ASKED, MemberState.JOINED)
MEMBER_LIVE = frozenset(MEMBER_FIRST)  # of these a person has at most one in a circle
MEMBER_MOVES: dict[str, tuple[str, ...]] = {
    MemberState.INVITED: (MemberState.JOINED, MemberState.DECLINED),
    MemberState.ASKED: (MemberState.JOINED, MemberState.DECLINED),
    MemberState.JOINED: (MemberState.LEFT,),
    MemberState.DECLINED: (),
    MemberState.LEFT: (),
}


class GatheringState(models.TextChoices):
    """A gathering whose time has passed is held when its leader records it: nobody but who was there knows."""

    PLANNED = "planned", pgettext_lazy("gathering", "Planned")
    LOGGED = "logged", pgettext_lazy("gathering", "Recorded")
    CANCELLED = "cancelled", pgettext_lazy("gathering", "Cancelled")


GATHERING_MOVES: dict[str, tuple[str, ...]] = {
    GatheringState.PLANNED: (GatheringState.PLANNED, GatheringState.LOGGED, GatheringState.CANCELLED),
    GatheringState.LOGGED: (
        GatheringState.LOGGED,  # corrected before anybody has confirmed
        GatheringState.CANCELLED,
    ),
    GatheringState.CANCELLED: (),
}


class PartState(models.TextChoices):
    """One participant's own minutes in one gathering."""

    WAITING = "waiting", _("Waits for the participant")
    CONFIRMED = "confirmed", _("Confirmed")
    DISPUTED = "disputed", _("Disputed")
    REMOVED = "removed", pgettext_lazy("participation", "Taken back")


SEEN_BY_PARTICIPANT = {
    PartState.WAITING: _("Waits for you"),
    PartState.CONFIRMED: _("Confirmed"),
    PartState.DISPUTED: _("You objected"),
    PartState.REMOVED: pgettext_lazy("participation", "Taken back"),
}
TONES = {
    PartState.WAITING: "wait",
    PartState.CONFIRMED: "good",
    PartState.DISPUTED: "bad",
    PartState.REMOVED: "plain",
}
TAKES_TIME = frozenset({PartState.WAITING, PartState.CONFIRMED})  # who objects may well have been elsewhere
LIVE = frozenset({PartState.WAITING, PartState.CONFIRMED, PartState.DISPUTED})  # these stand in the record
OPEN = frozenset({PartState.WAITING, PartState.DISPUTED})  # these can still be corrected
MOVES: dict[str, tuple[str, ...]] = {
    PartState.WAITING: (
        PartState.WAITING,  # corrected before the participant has answered
        PartState.CONFIRMED,
        PartState.DISPUTED,
        PartState.REMOVED,
    ),
    PartState.DISPUTED: (PartState.WAITING, PartState.REMOVED),
    PartState.CONFIRMED: (),  # credited: its minutes change by an accepted amendment only
    PartState.REMOVED: (PartState.WAITING,),  # ticked again when the record is corrected
}


class PartRemarkKind(models.TextChoices):
    """What a participant and the leader say to each other about the record itself."""

    DISPUTE = "dispute", _("Objection")
    ANSWER = "answer", _("Answer to the objection")
    REMOVAL = "removal", _("Why it was taken back")


class Whose(models.TextChoices):
    """Who does what was agreed in a gathering."""

    ALL = "all", pgettext_lazy("agreed action", "Everybody")
    LEADER = "leader", pgettext_lazy("agreed action", "Leader")
    MEMBER = "member", pgettext_lazy("agreed action", "A member")


class AnswerState(models.TextChoices):
    """What one participant says to a correction of a gathering that they have confirmed."""

    WAITING = "waiting", pgettext_lazy("answer", "Not answered yet")
    ACCEPTED = "accepted", pgettext_lazy("amendment", "Accepted")
    REFUSED = "refused", pgettext_lazy("amendment", "Refused")


ANSWER_MOVES: dict[str, tuple[str, ...]] = {
    AnswerState.WAITING: (AnswerState.ACCEPTED, AnswerState.REFUSED),
    AnswerState.ACCEPTED: (),
    AnswerState.REFUSED: (),
}
# Decided once: whoever asks again, of another time, of other minutes or for another reason, asks by a row of its own.
LATE_MOVES: dict[str, tuple[str, ...]] = {
    LateState.WAITING: (LateState.APPROVED, LateState.DECLINED, LateState.VOID),
    LateState.DECLINED: (),
    LateState.APPROVED: (),
    LateState.VOID: (),
}
ANSWER_TONES = {AnswerState.WAITING: "wait", AnswerState.ACCEPTED: "good", AnswerState.REFUSED: "bad"}
