"""Claims at the desk: their list, their review, appeals, public notice, entries on behalf, and what was paid before."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.access.scope import holds
from credentials.claims.models import OFFICERS
from credentials.claims.viewsets import appeals, case, closing, entering, giving, ledger, listing, noticing


class OfficerMenuItem(MenuItem):
    """For whoever reads claims."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *OFFICERS)


class ClaimViewSet(ViewSet):
    """The menu item and its addresses under /admin/claims/."""

    name = "claims"
    menu_label = gettext_lazy("Review of claims")
    icon = "form"
    menu_item_class = OfficerMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", listing.index, name="index"),
            path("batch/", listing.batch, name="batch"),
            path("<int:pk>/", case.inspect, name="inspect"),
            path("<int:pk>/conflict/", case.conflict, name="conflict"),
            path("<int:pk>/close/", closing.close, name="close"),
            path("<int:pk>/give/", giving.give, name="give"),
            path("<int:pk>/papers/<int:paper_id>/", case.paper, name="paper"),
            path("<int:pk>/fill/", entering.fill, name="fill"),
            path("appeals/", appeals.appeals, name="appeals"),
            path("appeals/<int:pk>/", appeals.appeal, name="appeal"),
            path("notices/", noticing.to_post, name="to-post"),
            path("notices/<int:policy_id>/", noticing.post, name="post"),
            path("people/<int:person_id>/enter/", entering.enter, name="enter"),
            path("people/<int:person_id>/ledger/", ledger.ledger, name="ledger"),
            path("people/<int:person_id>/earlier/", ledger.earlier, name="earlier"),
            path("people/<int:person_id>/earlier/<int:pk>/", ledger.correct, name="correct-earlier"),
        ]
