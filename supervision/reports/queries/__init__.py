"""Reading for reports: figures of a tree, allowances of a month, a supervisor's portfolio, and the papers of all three."""

from supervision.reports.queries.allowances import capitals, statement_facts, statement_paper
from supervision.reports.queries.dues import Due, dues_of
from supervision.reports.queries.figures import (
    CONFIRM_WITHIN,
    Figures,
    Period,
    figures_of,
    is_large,
)
from supervision.reports.queries.papers import (
    facts_of,
    hash_of,
    report_paper,
    sheets_of,
)
from supervision.reports.queries.portfolio import Portfolio, portfolio_of, portfolio_paper
from supervision.reports.queries.tables import row_of, tables_of

__all__ = [
    "CONFIRM_WITHIN",
    "Due",
    "Figures",
    "Period",
    "Portfolio",
    "capitals",
    "dues_of",
    "facts_of",
    "figures_of",
    "hash_of",
    "is_large",
    "portfolio_of",
    "portfolio_paper",
    "report_paper",
    "row_of",
    "sheets_of",
    "statement_facts",
    "statement_paper",
    "tables_of",
]
