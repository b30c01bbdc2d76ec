"""Reading timetables: what collides, the days of a person, who is told, the entries of a calendar."""

from lms.timetable.queries.begun import begun_by, has_begun
from lms.timetable.queries.conflicts import Conflict, conflicts_of, key_of
from lms.timetable.queries.days import (
    NextClass,
    by_day,
    classes_of,
    classes_of_enrolment,
    my_classes,
    past,
    rows_for,
    upcoming,
)
from lms.timetable.queries.feeds import feed_entries
from lms.timetable.queries.guests import GuestBook, Leave, Visit, guests_by, moves_by
from lms.timetable.queries.people import enrolled_users, expected_users, guests_of, instructors_for
from lms.timetable.queries.repeats import copies_of, holidays_ahead

__all__ = [
    "Conflict",
    "GuestBook",
    "Leave",
    "NextClass",
    "Visit",
    "begun_by",
    "by_day",
    "classes_of",
    "classes_of_enrolment",
    "conflicts_of",
    "copies_of",
    "enrolled_users",
    "expected_users",
    "feed_entries",
    "guests_by",
    "guests_of",
    "has_begun",
    "holidays_ahead",
    "instructors_for",
    "key_of",
    "moves_by",
    "my_classes",
    "past",
    "rows_for",
    "upcoming",
]
