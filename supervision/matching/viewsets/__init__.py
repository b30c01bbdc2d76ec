"""Matching rounds in the Wagtail admin: making one, who takes part, the result, trials, publication, appeals."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from core.access.desk import KeptViewSet, ReaderMenuItem
from supervision.matching.forms import RoundForm
from supervision.matching.models import MatchingRound
from supervision.matching.viewsets.appeals import appeal
from supervision.matching.viewsets.knobs import draw, knobs
from supervision.matching.viewsets.people import mentees, out, places, supervisors
from supervision.matching.viewsets.results import export, line, prices, results, retry
from supervision.matching.viewsets.rounds import (
    RoundCreate,
    RoundEdit,
    RoundFilterSet,
    RoundIndex,
    cancel,
    detail,
    make_next,
    move,
)
from supervision.matching.viewsets.trials import decide_trial, trial, try_change


class RoundViewSet(KeptViewSet):
    model = MatchingRound
    name = "rounds"
    url_prefix = "matching-rounds"
    icon = "group"
    menu_label = gettext_lazy("Matching rounds")
    index_view_class = RoundIndex
    add_view_class = RoundCreate
    edit_view_class = RoundEdit
    filterset_class = RoundFilterSet
    search_fields = ("title",)
    list_per_page = 50
    menu_item_class = ReaderMenuItem

    def get_form_class(self, for_update: bool = False) -> type:
        return RoundForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("round/<int:pk>/", detail, name="detail"),
            path("round/<int:pk>/move/", move, name="move"),
            path("round/<int:pk>/cancel/", cancel, name="cancel"),
            path("round/<int:pk>/next/", make_next, name="next"),
            path("round/<int:pk>/mentees/", mentees, name="mentees"),
            path("round/<int:pk>/supervisors/", supervisors, name="supervisors"),
            path("round/<int:pk>/supervisors/<int:member_id>/places/", places, name="places"),
            path("round/<int:pk>/out/", out, name="out"),
            path("round/<int:pk>/results/", results, name="results"),
            path("round/<int:pk>/results/export/", export, name="export"),
            path("round/<int:pk>/results/<int:line_id>/", line, name="line"),
            path("round/<int:pk>/results/<int:line_id>/retry/", retry, name="retry"),
            path("round/<int:pk>/knobs/", knobs, name="knobs"),
            path("round/<int:pk>/knobs/draw/", draw, name="draw"),
            path("round/<int:pk>/try/", try_change, name="try"),
            path("round/<int:pk>/trial/", trial, name="trial"),
            path("round/<int:pk>/trial/decide/", decide_trial, name="decide_trial"),
            path("round/<int:pk>/prices/", prices, name="prices"),
            path("round/<int:pk>/appeals/<int:appeal_id>/", appeal, name="appeal"),
        ]
