"""Reading the pages of a course as a version would freeze them, its versions, and what is to be mended before publishing."""

from lms.courses.queries.content import (
    IF_ANY,
    VERSION_FACTS,
    content_of,
    frozen_content,
    live_pages,
    unreleased_changes,
    version_list,
)
from lms.courses.queries.facts import facts_of, outside_addresses
from lms.courses.queries.findings import (
    Check,
    check_of,
    finding_words,
    findings_data,
    findings_in,
)

__all__ = [
    "IF_ANY",
    "VERSION_FACTS",
    "Check",
    "check_of",
    "content_of",
    "facts_of",
    "finding_words",
    "findings_data",
    "findings_in",
    "frozen_content",
    "live_pages",
    "outside_addresses",
    "unreleased_changes",
    "version_list",
]
