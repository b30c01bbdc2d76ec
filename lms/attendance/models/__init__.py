"""Registers of classes (registers), what is known of each person in them (attendances, lists), and what people ask for about a
class they miss (requests)."""

from lms.attendance.models.attendances import Attendance, CheckInFlag
from lms.attendance.models.lists import ParticipantList
from lms.attendance.models.registers import AttendanceRule, Register, new_secret
from lms.attendance.models.requests import AbsenceRequest

__all__ = [
    "AbsenceRequest",
    "Attendance",
    "AttendanceRule",
    "CheckInFlag",
    "ParticipantList",
    "Register",
    "new_secret",  # a migration names it
]
