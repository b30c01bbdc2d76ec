"""Attendance at the desk: registers, participant lists, requests."""

from lms.attendance.viewsets.routes import AttendanceViewSet

__all__ = ["AttendanceViewSet"]
