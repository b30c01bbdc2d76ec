"""The states of a claim, their legal moves, and the words in which a claimant and an officer read them."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ClaimState(models.TextChoices):
    """As an officer calls them; SEEN_BY_CLAIMANT has the claimant's words."""

    DRAFT = "draft", pgettext_lazy("claim", "Draft")
    REVIEW = "review", pgettext_lazy("claim", "In review")
    RETURNED = "returned", pgettext_lazy("claim", "Returned for correction")
    CLEARED = "cleared", pgettext_lazy("claim", "Waits for public notice")
    NOTICE = "notice", pgettext_lazy("claim", "In public notice")
    APPROVED = "approved", pgettext_lazy("claim", "Approved, to be paid")
    LOCKED = "locked", pgettext_lazy("claim", "In a payment batch")
    PAID = "paid", pgettext_lazy("claim", "Paid")
    GIVEN = "given", pgettext_lazy("claim", "Handed over in kind")
    REVERSED = "reversed", pgettext_lazy("claim", "Ended, the money came back")
    REFUSED = "refused", pgettext_lazy("claim", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "Withdrawn")


SEEN_BY_CLAIMANT = {
    ClaimState.DRAFT: pgettext_lazy("claim", "Not handed in yet"),
    ClaimState.REVIEW: pgettext_lazy("claim", "Being reviewed"),
    ClaimState.RETURNED: pgettext_lazy("claim", "To be corrected by you"),
    ClaimState.CLEARED: pgettext_lazy("claim", "Passed, public notice follows"),
    ClaimState.NOTICE: pgettext_lazy("claim", "In public notice"),
    ClaimState.APPROVED: pgettext_lazy("claim", "Approved, payment follows"),
    ClaimState.LOCKED: pgettext_lazy("claim", "Payment on its way"),
    ClaimState.PAID: pgettext_lazy("claim", "Paid"),
    ClaimState.GIVEN: pgettext_lazy("claim", "Handed over to you"),
    ClaimState.REVERSED: pgettext_lazy("claim", "Ended, the money went back"),
    ClaimState.REFUSED: pgettext_lazy("claim", "Refused"),
    ClaimState.WITHDRAWN: pgettext_lazy("claim", "Withdrawn"),
}
TONES = {
    ClaimState.DRAFT: "plain",
    ClaimState.REVIEW: "info",
    ClaimState.RETURNED: "warn",
    ClaimState.CLEARED: "info",
    ClaimState.NOTICE: "info",
    ClaimState.APPROVED: "good",
    ClaimState.LOCKED: "info",
    ClaimState.PAID: "good",
    ClaimState.GIVEN: "good",
    ClaimState.REVERSED: "plain",
    ClaimState.REFUSED: "bad",
    ClaimState.WITHDRAWN: "plain",
}

MINE = (ClaimState.DRAFT, ClaimState.RETURNED)  # the claimant works on it
DUE = (
    ClaimState.APPROVED,
    ClaimState.LOCKED,
)  # granted, and not paid yet: counts as spent in every other decision
SETTLED = (ClaimState.PAID, ClaimState.GIVEN)  # the claimant has what was granted
ENDED = (*SETTLED, ClaimState.REVERSED, ClaimState.REFUSED, ClaimState.WITHDRAWN)
OPEN = tuple(state for state in ClaimState if state not in ENDED)
UNDERWAY = tuple(state for state in OPEN if state not in MINE)  # handed in, and not settled yet
STANDING = (*OPEN, *SETTLED)  # one of each level, title or year and person
HANDED_IN = tuple(state for state in ClaimState if state not in (ClaimState.DRAFT, ClaimState.WITHDRAWN))

MOVES = {
    ClaimState.DRAFT: (ClaimState.REVIEW, ClaimState.WITHDRAWN),
    ClaimState.REVIEW: (
        ClaimState.RETURNED,
        ClaimState.CLEARED,
        ClaimState.APPROVED,  # where the policy asks for no public notice
        ClaimState.REFUSED,
        ClaimState.WITHDRAWN,
    ),
    ClaimState.RETURNED: (ClaimState.REVIEW, ClaimState.WITHDRAWN),
    ClaimState.CLEARED: (
        ClaimState.NOTICE,
        ClaimState.RETURNED,  # the claimant takes the account back: nothing can be paid without one
        ClaimState.WITHDRAWN,
    ),
    ClaimState.NOTICE: (
        ClaimState.APPROVED,
        ClaimState.REVIEW,  # back to the last stage when an objection holds
        ClaimState.CLEARED,  # the notice was withdrawn: another one follows
        ClaimState.RETURNED,  # nobody objected, but the claimant has taken the account back meanwhile
    ),
    ClaimState.APPROVED: (
        ClaimState.LOCKED,
        ClaimState.GIVEN,  # where the policy gives no money
        ClaimState.RETURNED,  # as above
        ClaimState.REVIEW,  # back when it is worth nothing any more
    ),
    ClaimState.LOCKED: (
        ClaimState.PAID,
        ClaimState.APPROVED,
    ),  # approved again: taken out, or the bank failed
    ClaimState.PAID: (
        ClaimState.APPROVED,  # the money came back, and is paid again
        ClaimState.REVERSED,  # the money came back, and that is the end of it
    ),
    ClaimState.GIVEN: (),
    ClaimState.REVERSED: (),
    ClaimState.REFUSED: (ClaimState.REVIEW,),  # an appeal is heard
    ClaimState.WITHDRAWN: (),
}


class Verdict(models.TextChoices):
    """What a reviewer decides at a stage."""

    PASS = "pass", pgettext_lazy("review of a claim", "Passed")
    RETURN = "return", pgettext_lazy("review of a claim", "Returned for correction")
    REFUSE = "refuse", pgettext_lazy("review of a claim", "Refused")


class AppealState(models.TextChoices):
    OPEN = "open", pgettext_lazy("appeal", "Waits for a new reviewer")
    UPHELD = "upheld", pgettext_lazy("appeal", "Upheld: reviewed again")
    DISMISSED = "dismissed", pgettext_lazy("appeal", "Dismissed")


APPEAL_MOVES = {
    AppealState.OPEN: (AppealState.UPHELD, AppealState.DISMISSED),
    AppealState.UPHELD: (),
    AppealState.DISMISSED: (),
}


class EntryKind(models.TextChoices):
    """Where a line of the payment ledger comes from."""

    PAID = "paid", pgettext_lazy("payment ledger", "Paid")
    EARLIER = "earlier", pgettext_lazy("payment ledger", "Paid before, elsewhere")
    REVERSED = "reversed", pgettext_lazy("payment ledger", "Came back")
    GIVEN = "given", pgettext_lazy("payment ledger", "Handed over in kind")


MONEY = (EntryKind.PAID, EntryKind.REVERSED)  # what this product has paid, less what came back
