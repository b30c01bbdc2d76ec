"""The ways to be nominated, what becomes of an emptied place, the states of a round and of a nomination, and their legal moves."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Way(models.TextChoices):
    SELF = "self", pgettext_lazy("nomination", "By oneself")
    PEER = "peer", pgettext_lazy("nomination", "By a colleague")
    ORGANISATION = "organisation", pgettext_lazy("nomination", "By the organisation")


class Vacancy(models.TextChoices):
    """What becomes of a place that an upheld objection empties; announced with the round."""

    NEXT = (
        "next",
        pgettext_lazy("award vacancy", "Goes to the next in order, after a public notice of their own"),
    )
    EMPTY = "empty", pgettext_lazy("award vacancy", "Stays empty")


class RoundState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("award round", "Draft")
    NOMINATING = "nominating", pgettext_lazy("award round", "Nominations")
    SHORTLISTING = "shortlisting", pgettext_lazy("award round", "Shortlist")
    SCORING = "scoring", pgettext_lazy("award round", "Panel scores")
    VOTING = "voting", pgettext_lazy("award round", "Public vote")
    NOTICE = "notice", pgettext_lazy("award round", "Public notice")
    DECIDED = "decided", pgettext_lazy("award round", "Decided")
    CANCELLED = "cancelled", pgettext_lazy("award round", "Cancelled")


class NominationState(models.TextChoices):
    OFFERED = "offered", pgettext_lazy("nomination", "Waits for the nominee")
    ACCEPTED = "accepted", pgettext_lazy("nomination", "Accepted")
    DECLINED = "declined", pgettext_lazy("nomination", "Declined")
    SHORTLISTED = "shortlisted", pgettext_lazy("nomination", "On the shortlist")


MOVES = {
    RoundState.DRAFT: (RoundState.NOMINATING, RoundState.CANCELLED),
    RoundState.NOMINATING: (RoundState.SHORTLISTING, RoundState.CANCELLED),
    RoundState.SHORTLISTING: (RoundState.SCORING, RoundState.CANCELLED),
    RoundState.SCORING: (RoundState.VOTING, RoundState.NOTICE, RoundState.CANCELLED),
    RoundState.VOTING: (RoundState.NOTICE, RoundState.CANCELLED),
    RoundState.NOTICE: (RoundState.DECIDED, RoundState.CANCELLED),
    RoundState.DECIDED: (),
    RoundState.CANCELLED: (),
}
NOMINATION_MOVES = {
    NominationState.OFFERED: (NominationState.ACCEPTED, NominationState.DECLINED),
    NominationState.ACCEPTED: (NominationState.SHORTLISTED, NominationState.DECLINED),
    NominationState.SHORTLISTED: (NominationState.ACCEPTED,),
    NominationState.DECLINED: (),
}
