from supervision.reports.models.allowances import (
    PAYS,
    AllowanceCount,
    AllowanceLine,
    AllowanceRate,
    AllowanceStatement,
)
from supervision.reports.models.reports import SupervisionReport, period_words

__all__ = [
    "PAYS",
    "AllowanceCount",
    "AllowanceLine",
    "AllowanceRate",
    "AllowanceStatement",
    "SupervisionReport",
    "period_words",
]
