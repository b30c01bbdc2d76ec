"""What comes in about a claim: from its claimant, from officers who decide, and from those who enter for others."""

from credentials.claims.forms.desk import (
    AnswerForm,
    ClaimFilter,
    CloseForm,
    ConflictForm,
    GiveForm,
    NoticeForm,
    ReviewForm,
)
from credentials.claims.forms.entering import (
    ANY_YEAR,
    CorrectionForm,
    EarlierForm,
    EnterForm,
    FillForm,
    file_of,
    payable,
)
from credentials.claims.forms.own import (
    BANK_VERSION,
    AccountForm,
    AppealForm,
    ClaimForm,
    HandInForm,
    PaperForm,
    StartForm,
    field_name,
)

__all__ = [
    "ANY_YEAR",
    "BANK_VERSION",
    "AccountForm",
    "AnswerForm",
    "AppealForm",
    "ClaimFilter",
    "ClaimForm",
    "CloseForm",
    "ConflictForm",
    "CorrectionForm",
    "EarlierForm",
    "EnterForm",
    "FillForm",
    "GiveForm",
    "HandInForm",
    "NoticeForm",
    "PaperForm",
    "ReviewForm",
    "StartForm",
    "field_name",
    "file_of",
    "payable",
]
