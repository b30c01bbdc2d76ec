"""Reading across people: what one may take away, what others tell of them, and who decides apart from whom."""

from core.people.queries.independence import (
    BOUND,
    Independence,
    Ties,
    deciders_at,
    independence_at,
    is_bound_to,
    is_let_in_by,
    let_in_by,
    ties_of,
)
from core.people.queries.own import (
    Record,
    RecordLine,
    add_own_data,
    add_records,
    declared_for,
    is_name_kept,
    keep_id_when,
    keep_name_when,
    own_data,
    records_of,
    why_id_kept,
)

__all__ = [
    "BOUND",
    "Independence",
    "Record",
    "RecordLine",
    "Ties",
    "add_own_data",
    "add_records",
    "deciders_at",
    "declared_for",
    "independence_at",
    "is_bound_to",
    "is_let_in_by",
    "is_name_kept",
    "keep_id_when",
    "keep_name_when",
    "let_in_by",
    "own_data",
    "records_of",
    "ties_of",
    "why_id_kept",
]
