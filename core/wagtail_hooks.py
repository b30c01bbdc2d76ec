"""Hooks of core into the Wagtail admin; registered here, written in the features."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

from core.audit.viewsets import AuditViewSet
from core.blocks.serving import hand_to_view
from core.calendars.viewsets import HolidayViewSet
from core.imports.viewsets import ImportViewSet
from core.jobs.viewsets import JobViewSet
from core.organisations.viewsets import OrganisationViewSet
from core.people.roles import RoleViewSet
from core.people.viewsets import PersonViewSet, ServiceFieldViewSet

# After the hooks that ask who may read the document at all.
hooks.register("before_serve_document", hand_to_view, order=100)

ONLY_FOR_OPERATORS = {"users", "groups", "site-history"}


@hooks.register("register_admin_viewset")
def core_viewsets() -> list[Any]:
    return [
        PersonViewSet(),
        OrganisationViewSet(),
        RoleViewSet(),
        ServiceFieldViewSet(),
        AuditViewSet(),
        JobViewSet(),
        ImportViewSet(),
        HolidayViewSet(),
    ]


def _hide(request: HttpRequest, items: list[Any]) -> None:
    """Wagtail's own lists of accounts and acts know nothing of our tree: only the operator sees them."""
    if not request.user.is_superuser:
        items[:] = [item for item in items if item.name not in ONLY_FOR_OPERATORS]


hooks.register("construct_settings_menu", _hide)
hooks.register("construct_reports_menu", _hide)
