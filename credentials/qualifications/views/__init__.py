"""Registration periods and qualifications for the person they belong to."""

from credentials.qualifications.views.periods import period_list, period_withdraw
from credentials.qualifications.views.records import (
    exam_forget,
    exam_note,
    qualification_declare,
    qualification_detail,
    qualification_scan,
    qualification_withdraw,
)

__all__ = [
    "exam_forget",
    "exam_note",
    "period_list",
    "period_withdraw",
    "qualification_declare",
    "qualification_detail",
    "qualification_scan",
    "qualification_withdraw",
]
