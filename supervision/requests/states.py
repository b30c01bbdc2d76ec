"""The states of a request for supervision and its legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    OPEN = "open", _("Waits for the supervisor")
    WAITING = "waiting", _("On the waiting list")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn by the trainee")
    LAPSED = "lapsed", _("Lapsed without an answer")
    CLOSED = "closed", _("Closed, since it is settled otherwise")


FIRST = (RequestState.OPEN, RequestState.WAITING)  # with a place free, or behind others
LIVE = frozenset(FIRST)  # these count among the three that one may have
MOVES: dict[str, tuple[str, ...]] = {
    RequestState.OPEN: (
        RequestState.WAITING,
        RequestState.ACCEPTED,
        RequestState.DECLINED,
        RequestState.WITHDRAWN,
        RequestState.LAPSED,
        RequestState.CLOSED,
    ),
    RequestState.WAITING: (
        RequestState.OPEN,
        RequestState.DECLINED,
        RequestState.WITHDRAWN,
        RequestState.CLOSED,
    ),
    RequestState.ACCEPTED: (),
    RequestState.DECLINED: (),
    RequestState.WITHDRAWN: (),
    RequestState.LAPSED: (),
    RequestState.CLOSED: (),
}
TONES = {
    RequestState.OPEN: "wait",
    RequestState.WAITING: "wait",
    RequestState.ACCEPTED: "good",
    RequestState.DECLINED: "bad",
    RequestState.WITHDRAWN: "plain",
    RequestState.LAPSED: "plain",
    RequestState.CLOSED: "plain",
}
