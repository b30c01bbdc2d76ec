"""The states of an internship and of a proof of employment, and their legal moves."""

from django.db import models
from django.utils.translation import pgettext_lazy


class InternshipState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("internship", "Proposed")
    CONFIRMED = "confirmed", pgettext_lazy("internship", "Confirmed by the school")
    PLACED = "placed", pgettext_lazy("internship", "Placed")
    SIGNED = "signed", pgettext_lazy("internship", "Signed by the supervisor")
    ENDED = "ended", pgettext_lazy("internship", "Ended")
    CANCELLED = "cancelled", pgettext_lazy("internship", "Cancelled")


LIVE = tuple(state for state in InternshipState if state != InternshipState.CANCELLED)  # these never overlap
ARRANGED = (
    InternshipState.PLACED,
    InternshipState.SIGNED,
    InternshipState.ENDED,
)  # an officer has checked it

MOVES = {
    InternshipState.PROPOSED: (InternshipState.CONFIRMED, InternshipState.CANCELLED),
    # Back to the student when the school's paper does not do.
    InternshipState.CONFIRMED: (
        *(InternshipState.PLACED, InternshipState.PROPOSED, InternshipState.CANCELLED),
    ),
    InternshipState.PLACED: (InternshipState.SIGNED, InternshipState.CANCELLED),
    # Back to the supervisor when what was signed does not do.
    InternshipState.SIGNED: (InternshipState.ENDED, InternshipState.PLACED),
    InternshipState.ENDED: (),
    InternshipState.CANCELLED: (),
}


class ProofState(models.TextChoices):
    DECLARED = "declared", pgettext_lazy("proof of employment", "Waits for verification")
    VERIFIED = "verified", pgettext_lazy("proof of employment", "Verified")
    RETURNED = "returned", pgettext_lazy("proof of employment", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("proof of employment", "Withdrawn")


PROOF_MOVES = {
    ProofState.DECLARED: (ProofState.VERIFIED, ProofState.RETURNED, ProofState.WITHDRAWN),
    ProofState.VERIFIED: (ProofState.RETURNED,),  # verified by mistake
    ProofState.RETURNED: (),
    ProofState.WITHDRAWN: (),
}
