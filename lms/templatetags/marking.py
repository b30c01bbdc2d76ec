"""What those who read a trainee's answers say, below the result."""

from __future__ import annotations

from typing import Any

from django import template

from lms.assessments.models import Attempt
from lms.marking.queries import readings_told
from lms.marking.queries.regrading import lines_told

register = template.Library()


@register.inclusion_tag("lms/marking/readings.html")
def reader_words(attempt: Attempt) -> dict[str, Any]:
    """Points and remarks for the answers that people have read, nothing before the result stands; and what corrected keys
    made of the result."""
    return {"told": readings_told(attempt), "regrades": list(lines_told(attempt)), "attempt": attempt}
