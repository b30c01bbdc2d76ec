"""An internship from the proposal to its end, and proving the employment that follows."""

from credentials.internships.actions.changing import change_internship
from credentials.internships.actions.employment import (
    Employment,
    declare_employment,
    open_employment_paper,
    return_employment,
    verify_employment,
    withdraw_employment,
)
from credentials.internships.actions.placing import (
    Plan,
    cancel_internship,
    confirm_internship,
    open_internship_paper,
    place_internship,
    propose_internship,
    return_confirmation,
)
from credentials.internships.actions.refusals import InternshipRefused
from credentials.internships.actions.reminding import remind_interns
from credentials.internships.actions.signing import end_internship, return_signature, sign_internship

__all__ = [
    "Employment",
    "InternshipRefused",
    "Plan",
    "cancel_internship",
    "change_internship",
    "confirm_internship",
    "declare_employment",
    "end_internship",
    "open_employment_paper",
    "open_internship_paper",
    "place_internship",
    "propose_internship",
    "remind_interns",
    "return_confirmation",
    "return_employment",
    "return_signature",
    "sign_internship",
    "verify_employment",
    "withdraw_employment",
]
