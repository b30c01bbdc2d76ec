"""The addresses of the plans at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem
from credentials.plans.viewsets.doors import TITLE
from credentials.plans.viewsets.overview import add, index
from credentials.plans.viewsets.plan import inspect
from credentials.plans.viewsets.targets import divide, remove


class PlanViewSet(ViewSet):
    name = "plans"
    url_prefix = "talent-plans"
    icon = "calendar-check"
    menu_label = TITLE
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("add/", add, name="add"),
            path("<int:pk>/", inspect, name="inspect"),
            path("targets/<int:pk>/divide/", divide, name="divide"),
            path("targets/<int:pk>/remove/", remove, name="remove"),
        ]
