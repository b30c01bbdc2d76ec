"""What the desk reads: who is at risk (paces), the overview, the gradebook, and what other features bring (sources)."""

from lms.teaching.queries.grades import (
    classes_in,
    columns_for,
    gradebook_table,
    grid_of,
    grid_table,
    learners_in,
    rows_of,
    sorted_by,
)
from lms.teaching.queries.overview import overview, taught_by, to_mark
from lms.teaching.queries.paces import LIMITS, Watched, at_risk_in, limits_of, own_reasons
from lms.teaching.queries.risks import contact_page, risk_list
from lms.teaching.queries.sources import (
    Cell,
    Followed,
    GradeColumn,
    ToMark,
    count_at_desk,
    fill_grid_by,
    follow_classes_by,
    grade_by,
    mark_by,
)
from lms.teaching.queries.work import CohortWork, work_for

__all__ = [
    "LIMITS",
    "Cell",
    "CohortWork",
    "Followed",
    "GradeColumn",
    "ToMark",
    "Watched",
    "at_risk_in",
    "classes_in",
    "columns_for",
    "contact_page",
    "count_at_desk",
    "fill_grid_by",
    "follow_classes_by",
    "grade_by",
    "gradebook_table",
    "grid_of",
    "grid_table",
    "learners_in",
    "limits_of",
    "mark_by",
    "overview",
    "own_reasons",
    "risk_list",
    "rows_of",
    "sorted_by",
    "taught_by",
    "to_mark",
    "work_for",
]
