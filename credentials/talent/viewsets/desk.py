"""The addresses of the talent pool at the desk."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem
from credentials.talent.viewsets.doors import TITLE
from credentials.talent.viewsets.record import cv, give, person, route
from credentials.talent.viewsets.searching import drop, index, save, take_out


class TalentViewSet(ViewSet):
    name = "talent"
    url_prefix = "talent-pool"
    icon = "group"
    menu_label = TITLE
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("take-out/", take_out, name="take-out"),
            path("save/", save, name="save"),
            path("searches/<int:pk>/delete/", drop, name="drop"),
            path("person/<int:pk>/", person, name="person"),
            path("person/<int:pk>/cv/", cv, name="cv"),
            path("person/<int:pk>/post/", give, name="give"),
            path("person/<int:pk>/route/", route, name="route"),
        ]
