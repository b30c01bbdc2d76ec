"""Reading attendance: who belongs to a class, what is known of them, what a person and a cohort have attended."""

from lms.attendance.queries.doors import AtDoor, at_door, attended_elsewhere, open_registers_of
from lms.attendance.queries.engaged import in_class
from lms.attendance.queries.guests import GUESTS
from lms.attendance.queries.lists import Preview, Proposal, leave_asked, preview_of
from lms.attendance.queries.own import ask_facts, attendances_of, make_up_choices, own_classes
from lms.attendance.queries.registers import (
    COPIED,
    TONES,
    Line,
    belonging,
    cohort_classes,
    counts_of,
    ends_of,
    flags_of,
    forgotten,
    forgotten_in,
    is_taken,
    known_of,
    lines_of,
    newest_in,
    open_requests,
    register_as_it_is,
    requests_in,
    rule_for,
    standing_requests,
)
from lms.attendance.queries.settled import (
    AttendanceEvidence,
    attendance_evidence_of,
    settled_attendances,
    settled_event,
)
from lms.attendance.queries.sheets import sheet_of
from lms.attendance.queries.totals import attended_of, counted_classes, followed_of

__all__ = [
    "COPIED",
    "GUESTS",
    "TONES",
    "AtDoor",
    "AttendanceEvidence",
    "Line",
    "Preview",
    "Proposal",
    "ask_facts",
    "at_door",
    "attendance_evidence_of",
    "attendances_of",
    "attended_elsewhere",
    "attended_of",
    "belonging",
    "cohort_classes",
    "counted_classes",
    "counts_of",
    "ends_of",
    "flags_of",
    "followed_of",
    "forgotten",
    "forgotten_in",
    "in_class",
    "is_taken",
    "known_of",
    "leave_asked",
    "lines_of",
    "make_up_choices",
    "newest_in",
    "open_registers_of",
    "open_requests",
    "own_classes",
    "preview_of",
    "register_as_it_is",
    "requests_in",
    "rule_for",
    "settled_attendances",
    "settled_event",
    "sheet_of",
    "standing_requests",
]
