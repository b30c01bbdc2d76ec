"""The desk of those who read answers (reading), of what they gave (results), and of keys put right (regrading)."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import pgettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.access.scope import holds
from core.access.states import COURSE_READERS
from lms.marking.viewsets.reading import back, index, next_answer, read
from lms.marking.viewsets.regrading import paper, regrade, regraded
from lms.marking.viewsets.results import correct, done


class MarkingMenuItem(MenuItem):
    """For whoever reads answers, or checks how they were read."""

    def is_shown(self, request: HttpRequest) -> Any:
        return holds(request.user, *COURSE_READERS)


class MarkingViewSet(ViewSet):
    name = "marking"
    menu_label = pgettext_lazy("marking", "Quiz marking")
    icon = "edit"
    menu_order = 207
    add_to_admin_menu = True
    menu_item_class = MarkingMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("<int:paper_id>/", paper, name="paper"),
            path("<int:paper_id>/<str:key>/regrade/", regrade, name="regrade"),
            path("regraded/<int:pk>/", regraded, name="regraded"),
            path("<int:paper_id>/<str:key>/next/", next_answer, name="next"),
            path("<int:paper_id>/<str:key>/done/", done, name="done"),
            path("read/<uuid:uid>/", read, name="read"),
            path("read/<uuid:uid>/back/", back, name="back"),
            path("correct/<int:pk>/", correct, name="correct"),
        ]
