"""A class of ninety minutes on a morning in March, and who learns there."""

from datetime import UTC, datetime, timedelta

from lms.attendance.policy import (
    ClassFacts,
    PersonFacts,
)

STARTS = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)

ENDS = STARTS + timedelta(minutes=90)

SECRET, CLASS = "5" * 40, "7f3c"

KLASS = ClassFacts(STARTS, ENDS)

LEARNS = PersonFacts(standing="enrolled")


def after(minutes=0, seconds=0):
    return STARTS + timedelta(minutes=minutes, seconds=seconds)
