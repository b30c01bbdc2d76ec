"""Reading enrolments. What is done and missing (completion), cards for the trainee (cards), lists for officers (desk)."""

from lms.enrolments.queries.cards import (
    TONES,
    UNDECIDED,
    EnrolmentCard,
    StatusStep,
    card_of,
    enrolments_of,
    steps_of,
)
from lms.enrolments.queries.completion import (
    checklist_in,
    checklist_of,
    completion_of,
    completion_told,
    completions,
    done_of,
)
from lms.enrolments.queries.desk import (
    DESK_ORDER,
    Candidate,
    Evidence,
    VersionChange,
    candidates_in,
    deciders_of,
    desk_enrolments,
    evidence_of,
    version_change,
)

__all__ = [
    "DESK_ORDER",
    "TONES",
    "UNDECIDED",
    "Candidate",
    "EnrolmentCard",
    "Evidence",
    "StatusStep",
    "VersionChange",
    "candidates_in",
    "card_of",
    "checklist_in",
    "checklist_of",
    "completion_of",
    "completion_told",
    "completions",
    "deciders_of",
    "desk_enrolments",
    "done_of",
    "enrolments_of",
    "evidence_of",
    "steps_of",
    "version_change",
]
