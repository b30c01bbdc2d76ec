"""The states of a planned meeting and its legal moves, and the words of when and where the two meet."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MeetingState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("meeting", "Proposed")
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    DECLINED = "declined", pgettext_lazy("meeting", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("meeting", "Proposal withdrawn")
    ANSWERED = "answered", pgettext_lazy("meeting", "Answered with another time")
    LAPSED = "lapsed", pgettext_lazy("meeting", "Lapsed without an answer")
    MOVED = "moved", pgettext_lazy("meeting", "Moved to another time")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")
    RECORDED = "recorded", pgettext_lazy("meeting", "Recorded")
    MISSED = "missed", pgettext_lazy("meeting", "Did not take place")


FIRST = (MeetingState.PROPOSED, MeetingState.PLANNED)  # proposed to the other, or booked from what is offered
HOLDING = frozenset({MeetingState.PLANNED, MeetingState.RECORDED, MeetingState.MISSED})  # these took the slot
IN_CALENDAR = HOLDING | {MeetingState.CANCELLED}  # one entry each in the calendars of both
TO_REPEAT = frozenset(
    {MeetingState.CANCELLED, MeetingState.MISSED, MeetingState.DECLINED, MeetingState.LAPSED}
)  # a session that is not held is proposed again, not dropped
MOVES: dict[str, tuple[str, ...]] = {
    MeetingState.PROPOSED: (
        MeetingState.PLANNED,
        MeetingState.DECLINED,
        MeetingState.WITHDRAWN,
        MeetingState.ANSWERED,
        MeetingState.LAPSED,
    ),
    MeetingState.PLANNED: (
        MeetingState.MOVED,
        MeetingState.CANCELLED,
        MeetingState.RECORDED,
        MeetingState.MISSED,
    ),
    MeetingState.RECORDED: (MeetingState.PLANNED,),  # the record was taken back
    MeetingState.DECLINED: (),
    MeetingState.WITHDRAWN: (),
    MeetingState.ANSWERED: (),
    MeetingState.LAPSED: (),
    MeetingState.MOVED: (),
    MeetingState.CANCELLED: (),
    MeetingState.MISSED: (),
}
TONES = {
    MeetingState.PROPOSED: "wait",
    MeetingState.PLANNED: "good",
    MeetingState.DECLINED: "bad",
    MeetingState.WITHDRAWN: "plain",
    MeetingState.ANSWERED: "plain",
    MeetingState.LAPSED: "plain",
    MeetingState.MOVED: "plain",
    MeetingState.CANCELLED: "bad",
    MeetingState.RECORDED: "good",
    MeetingState.MISSED: "bad",
}


class Repeat(models.TextChoices):
    ONCE = "once", pgettext_lazy("meeting", "Once")
    WEEKLY = "weekly", _("Every week")
    FORTNIGHTLY = "fortnightly", _("Every two weeks")
    MONTHLY = "monthly", _("Every month")


class RemarkKind(models.TextChoices):
    """What one of the two says to the other about a meeting."""

    MESSAGE = "message", pgettext_lazy("meeting", "Message")
    DECLINED = "declined", pgettext_lazy("meeting", "Why it was declined")
    MOVED = "moved", pgettext_lazy("meeting", "Why it is to be moved")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Why it was cancelled")
    MISSED = "missed", pgettext_lazy("meeting", "Why it did not take place")
