from supervision.reports.models.allowances import (
    PAYS,
    AllowanceLine,
    AllowanceRate,
    AllowanceStatement,
)
from supervision.reports.models.reports import SupervisionReport

__all__ = ["PAYS", "AllowanceLine", "AllowanceRate", "AllowanceStatement", "SupervisionReport"]
