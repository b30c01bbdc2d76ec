from supervision.reports.actions.allowances import (
    correct_statement,
    export_statement,
    issue_statement,
    set_allowance_rate,
)
from supervision.reports.actions.printing import ReportRefused, printed
from supervision.reports.actions.reports import issue_large_report, issue_report, period_of, start_report

__all__ = [
    "ReportRefused",
    "correct_statement",
    "export_statement",
    "issue_large_report",
    "issue_report",
    "issue_statement",
    "period_of",
    "printed",
    "set_allowance_rate",
    "start_report",
]
