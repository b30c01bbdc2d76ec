"""What waits for an officer, on the first page of the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.context import RequestContext
from wagtail.admin.ui.components import Component

from cms.dashboards.queries import desk_of


class DeskPanel(Component):
    """The same desk as on the site: what waits, in which cohorts, and where to go."""

    name = "desk"
    template_name = "cms/dashboards/admin_desk.html"
    order = 10

    def get_context_data(self, parent_context: RequestContext) -> dict[str, Any]:
        return {"desk": desk_of(parent_context["request"].user)}


def put_desk_first(request: HttpRequest, panels: list[Any]) -> None:
    panels.insert(0, DeskPanel())
