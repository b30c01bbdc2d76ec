"""Attendance on the site: the phone, the teacher's screen, one's own classes."""

from lms.attendance.views.checking import checkin, scan, type_code
from lms.attendance.views.screens import code, screen
from lms.attendance.views.trainees import document, leave, make_up, own, withdraw

__all__ = [
    "checkin",
    "code",
    "document",
    "leave",
    "make_up",
    "own",
    "scan",
    "screen",
    "type_code",
    "withdraw",
]
