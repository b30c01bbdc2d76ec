"""Internships in the Wagtail admin: the list, planning one, and one with everything that is decided about it."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem
from credentials.internships.viewsets.deciding import inspect, proof
from credentials.internships.viewsets.listing import InternshipIndex
from credentials.internships.viewsets.planning import add, edit


class InternshipViewSet(ViewSet):
    name = "internships"
    icon = "user"
    menu_label = gettext_lazy("Internships")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *InternshipIndex.urls(),
            path("<int:pk>/", inspect, name="inspect"),
            path("<int:pk>/edit/", edit, name="edit"),
            path("add/<int:person_id>/", add, name="add"),
            path("proofs/<int:pk>/", proof, name="proof"),
        ]
