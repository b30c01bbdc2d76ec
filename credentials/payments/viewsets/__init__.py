"""The finance desk under /admin/payments/."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.access.scope import holds
from credentials.claims.models import OFFICERS
from credentials.payments.viewsets import batches, building, figures, papers, results, reversing


class FinanceMenuItem(MenuItem):
    """For whoever pays or reads payments: finance officers, administrators and auditors."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *OFFICERS)


class PaymentViewSet(ViewSet):
    """The menu item and its addresses."""

    name = "payments"
    menu_label = gettext_lazy("Payments")
    icon = "tasks"
    menu_item_class = FinanceMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", figures.desk, name="index"),
            path("claims/", figures.claims, name="claims"),
            path("budgets/", figures.budgets, name="budgets"),
            path("batches/", batches.BatchIndex.as_view(), name="batches"),
            path("batches/results/", batches.BatchIndex.as_view(results_only=True), name="batches_results"),
            path("batches/<int:pk>/", batches.batch, name="batch"),
            path("batches/<int:pk>/bank/", results.upload, name="results"),
            path("batches/<int:pk>/bank/enter/", results.enter, name="enter"),
            path("batches/<int:pk>/lines/<int:line_id>/drop/", batches.drop, name="drop"),
            path("batches/<int:pk>/lines/<int:line_id>/result/", results.line_result, name="result"),
            path("batches/<int:pk>/lines/<int:line_id>/reverse/", reversing.reverse, name="reverse"),
            path("batches/<int:pk>/papers/<slug:paper>/", papers.paper, name="paper"),
            path("batches/<int:pk>/<slug:verb>/", batches.act, name="act"),
            path("reversals/", reversing.reversals, name="reversals"),
            path("reversals/<int:pk>/", reversing.reversal, name="reversal"),
            path("reversals/<int:pk>/proof/", reversing.proof, name="reversal_proof"),
            path("build/", building.choose, name="choose"),
            path("build/<int:policy_id>/", building.build, name="build"),
        ]
