"""What every edit page of the Wagtail admin must ask: Wagtail's own asks for the verb, but not about the row."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404
from wagtail.admin.views.generic import EditView


class ScopedEditView(EditView):
    """Edits only rows that the user may see and change; any other row is not there (404)."""

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.visible_to(self.request.user)
        return rows

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Model:
        found: Model = super().get_object(queryset)
        if not self.request.user.has_perm(f"{found._meta.app_label}.change_{found._meta.model_name}", found):
            raise Http404
        return found
