"""What is done with attendance: registers are opened and closed, people checked in or written down, requests decided."""

from lms.attendance.actions.checking import CheckIn, check_in, check_out
from lms.attendance.actions.entering import Entered, Entry, enter_attendance
from lms.attendance.actions.keeping import AttendanceRefused
from lms.attendance.actions.listing import apply_list, erase_lists, upload_list
from lms.attendance.actions.registers import (
    change_attendance_rule,
    close_due,
    close_register,
    open_register,
    reconcile,
    register_of,
    tell_forgotten,
)
from lms.attendance.actions.requesting import (
    agree_request,
    ask_leave,
    ask_make_up,
    let_make_up,
    open_leave_document,
    refuse_request,
    withdraw_request,
)
from lms.attendance.actions.returning import bring_along

__all__ = [
    "AttendanceRefused",
    "CheckIn",
    "Entered",
    "Entry",
    "agree_request",
    "apply_list",
    "ask_leave",
    "ask_make_up",
    "bring_along",
    "change_attendance_rule",
    "check_in",
    "check_out",
    "close_due",
    "close_register",
    "enter_attendance",
    "erase_lists",
    "let_make_up",
    "open_leave_document",
    "open_register",
    "reconcile",
    "refuse_request",
    "register_of",
    "tell_forgotten",
    "upload_list",
    "withdraw_request",
]
