"""The states of an agreement, its legal moves, and the words of its template and its frame."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AgreementState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("agreement", "Draft")
    PROPOSED = "proposed", _("Waits for the mentee")
    RETURNED = "returned", pgettext_lazy("agreement", "Sent back")
    ACCEPTED = "accepted", pgettext_lazy("agreement", "In force")
    SUPERSEDED = "superseded", pgettext_lazy("agreement", "Replaced by a later one")
    WITHDRAWN = "withdrawn", pgettext_lazy("agreement", "Withdrawn")


OPEN = frozenset({AgreementState.DRAFT, AgreementState.PROPOSED, AgreementState.RETURNED})  # not yet agreed
EDITABLE = frozenset({AgreementState.DRAFT, AgreementState.RETURNED})
AGREED = frozenset({AgreementState.ACCEPTED, AgreementState.SUPERSEDED})  # both accepted it, then or now
MOVES: dict[str, tuple[str, ...]] = {
    AgreementState.DRAFT: (AgreementState.PROPOSED, AgreementState.WITHDRAWN),
    AgreementState.PROPOSED: (AgreementState.ACCEPTED, AgreementState.RETURNED, AgreementState.WITHDRAWN),
    AgreementState.RETURNED: (AgreementState.PROPOSED, AgreementState.WITHDRAWN),
    AgreementState.ACCEPTED: (AgreementState.SUPERSEDED,),
    AgreementState.SUPERSEDED: (),
    AgreementState.WITHDRAWN: (),
}
TONES = {
    AgreementState.DRAFT: "plain",
    AgreementState.PROPOSED: "wait",
    AgreementState.RETURNED: "bad",
    AgreementState.ACCEPTED: "good",
    AgreementState.SUPERSEDED: "plain",
    AgreementState.WITHDRAWN: "plain",
}


class Section(models.TextChoices):
    """What a template says a sentence or two about, in the order in which it is printed."""

    PURPOSE = "purpose", pgettext_lazy("agreement", "Purpose")
    STRUCTURE = "structure", pgettext_lazy("agreement", "Structure")
    FREQUENCY = "frequency", pgettext_lazy("agreement", "Frequency")
    LENGTH = "length", pgettext_lazy("agreement", "Length of a session")
    PLACE = "place", pgettext_lazy("agreement", "Place")
    PRIVACY = "privacy", pgettext_lazy("agreement", "Privacy")
    RECORDS = "records", pgettext_lazy("agreement", "What is recorded and who may read it")
    LIMITS = "limits", pgettext_lazy("agreement", "Limits of confidentiality")
    EVALUATION = "evaluation", pgettext_lazy("agreement", "Evaluation")
    CONFLICTS = "conflicts", pgettext_lazy("agreement", "When the two disagree")
    REVIEW = "review", pgettext_lazy("agreement", "Review")
    ENDING = "ending", pgettext_lazy("agreement", "Ending")
