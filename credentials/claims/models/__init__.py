"""Claims with their papers, the reviews and appeals, and the payment ledger."""

from credentials.claims.models.claims import OFFICERS, Claim, ClaimPaper, ClaimQuerySet
from credentials.claims.models.ledger import PaymentEntry
from credentials.claims.models.reviews import ClaimAppeal, ClaimConflict, ClaimReview

__all__ = [
    "OFFICERS",
    "Claim",
    "ClaimAppeal",
    "ClaimConflict",
    "ClaimPaper",
    "ClaimQuerySet",
    "ClaimReview",
    "PaymentEntry",
]
