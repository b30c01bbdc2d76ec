"""Award rounds at the desk: the list, a round with its nominees, shortlist, scores and result, and its next step."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem
from credentials.awards.viewsets import acting, reading


class AwardRoundViewSet(ViewSet):
    """The menu item and its addresses under /admin/award-rounds/."""

    name = "award-rounds"
    menu_label = gettext_lazy("Award rounds")
    icon = "pick"
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *reading.RoundIndex.urls(),
            path("add/", acting.edit, name="add"),
            path("<int:pk>/", reading.inspect, name="inspect"),
            path("<int:pk>/edit/", acting.edit, name="edit"),
            path("<int:pk>/shortlist/", acting.shortlist, name="shortlist"),
            path("<int:pk>/members/", acting.add_member, name="add-member"),
            path("<int:pk>/members/<int:member_id>/remove/", acting.remove_member, name="remove-member"),
            path("<int:pk>/cancel/", acting.cancel, name="cancel"),
            path("<int:pk>/steps/<slug:name>/", acting.step, name="step"),
            path("<int:pk>/nominees/<int:nomination_id>/", reading.nominee, name="nominee"),
            path("<int:pk>/nominees/<int:nomination_id>/papers/<int:paper_id>/", reading.paper, name="paper"),
        ]
