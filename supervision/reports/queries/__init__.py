"""Reading for reports: figures of a tree, allowances of a month, a supervisor's portfolio, and the papers of all three."""

from supervision.reports.queries.allowances import (
    Due,
    capitals,
    dues_of,
    statement_facts,
    statement_paper,
)
from supervision.reports.queries.figures import (
    CONFIRM_WITHIN,
    Figures,
    Period,
    figures_of,
    is_large,
    trend_hours,
)
from supervision.reports.queries.papers import (
    cells,
    columns,
    facts_of,
    hash_of,
    kind_cell,
    kind_columns,
    period_words,
    report_paper,
    row_of,
    sheets_of,
)
from supervision.reports.queries.portfolio import Portfolio, portfolio_of, portfolio_paper

__all__ = [
    "CONFIRM_WITHIN",
    "Due",
    "Figures",
    "Period",
    "Portfolio",
    "capitals",
    "cells",
    "columns",
    "dues_of",
    "facts_of",
    "figures_of",
    "hash_of",
    "is_large",
    "kind_cell",
    "kind_columns",
    "period_words",
    "portfolio_of",
    "portfolio_paper",
    "report_paper",
    "row_of",
    "sheets_of",
    "statement_facts",
    "statement_paper",
    "trend_hours",
]
