from supervision.agreements.actions.agreeing import (
    accept_agreement,
    draft_agreement,
    propose_agreement,
    return_agreement,
    withdraw_agreement,
)
from supervision.agreements.actions.printing import document_of
from supervision.agreements.actions.reminding import remind_reviews
from supervision.agreements.actions.templates import save_agreement_template

__all__ = [
    "accept_agreement",
    "document_of",
    "draft_agreement",
    "propose_agreement",
    "remind_reviews",
    "return_agreement",
    "save_agreement_template",
    "withdraw_agreement",
]
