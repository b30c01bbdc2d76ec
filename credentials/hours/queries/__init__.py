"""Reading hours: the ledger, what it is worth, how far somebody has come, and what an entry rests on."""

from credentials.hours.queries.entries import entries_for, evidence_of
from credentials.hours.queries.ledger import (
    counts_anew_in,
    covered_by,
    cut_short,
    place_of,
    rests_of,
    standing_of,
    taught_by,
    used_in_year,
)
from credentials.hours.queries.progress import Holding, PeriodProgress, holders_for, holdings_in, progress_of
from credentials.hours.queries.totals import KINDS, HoursTotals, grouped, recent_of, totals_from, totals_of

__all__ = [
    "KINDS",
    "Holding",
    "HoursTotals",
    "PeriodProgress",
    "counts_anew_in",
    "covered_by",
    "cut_short",
    "entries_for",
    "evidence_of",
    "grouped",
    "holders_for",
    "holdings_in",
    "place_of",
    "progress_of",
    "recent_of",
    "rests_of",
    "standing_of",
    "taught_by",
    "totals_from",
    "totals_of",
    "used_in_year",
]
