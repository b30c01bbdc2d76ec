"""The menu entry and the addresses of question banks."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.access.scope import holds
from core.access.states import COURSE_READERS
from lms.questions.viewsets import alike, banks, files, writing


class QuestionMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *COURSE_READERS)


class QuestionViewSet(ViewSet):
    name = "questions"
    icon = "help"
    menu_label = gettext_lazy("Question banks")
    menu_order = 225
    add_to_admin_menu = True
    menu_item_class = QuestionMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", banks.index, name="index"),
            path("add/", banks.add, name="add"),
            path("template/", files.template, name="template"),
            path("<int:pk>/", banks.bank, name="bank"),
            path("<int:pk>/write/", writing.write, name="write"),
            path("<int:pk>/upload/", files.upload, name="upload"),
            path("<int:pk>/export/<slug:name>/", files.export, name="take-out"),
            path("<int:pk>/export/<slug:name>/file/", files.download, name="download"),
            path("file/<int:pk>/<int:number>/", files.mend, name="mend"),
            path("<int:pk>/alike/", alike.alike, name="alike"),
            path("<int:pk>/alike/find/", alike.find_alike, name="find-alike"),
            path("alike/<int:pk>/keep/", alike.keep_both, name="keep-both"),
            path("question/<int:pk>/", writing.question, name="question"),
            path("question/<int:pk>/picture/<int:place>/", writing.picture, name="picture"),
            path("question/<int:pk>/correct/", writing.correct, name="correct"),
            path("question/<int:pk>/use/", writing.use, name="use"),
            path("question/<int:pk>/retire/", writing.retire, name="retire"),
        ]
