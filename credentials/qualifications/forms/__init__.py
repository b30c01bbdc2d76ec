"""What comes in about levels, registration periods and qualifications."""

from credentials.qualifications.forms.levels import LevelForm, TermsForm
from credentials.qualifications.forms.periods import DeclareForm, ReturnForm
from credentials.qualifications.forms.records import ExamForm, LevelChoice, QualificationForm

__all__ = [
    "DeclareForm",
    "ExamForm",
    "LevelChoice",
    "LevelForm",
    "QualificationForm",
    "ReturnForm",
    "TermsForm",
]
