"""The addresses of attendance at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail.admin.viewsets.base import ViewSet

from lms.attendance.viewsets.lists import preview, upload
from lms.attendance.viewsets.registers import close, cohort, register, rule, save, sheet
from lms.attendance.viewsets.requests import decide, make_up


class AttendanceViewSet(ViewSet):
    name = "attendance"
    icon = "tasks"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:cohort_id>/", cohort, name="cohort"),
            path("<int:cohort_id>/rule/", rule, name="rule"),
            path("class/<int:class_id>/", register, name="register"),
            path("class/<int:class_id>/save/", save, name="save"),
            path("class/<int:class_id>/close/", close, name="close"),
            path("class/<int:class_id>/sheet/", sheet, name="sheet"),
            path("class/<int:class_id>/list/", upload, name="upload"),
            path("class/<int:class_id>/make-up/<int:enrolment_id>/", make_up, name="make-up"),
            path("list/<int:pk>/", preview, name="preview"),
            path("request/<int:pk>/", decide, name="decide"),
        ]
