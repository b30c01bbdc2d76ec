"""What the lists of supervision at the desk have in common: who reads them, and how two people are found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn

from core.access.scope import holds, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation
from supervision.supervisors.queries import (
    naming_either,
)


def trees(request: HttpRequest) -> QuerySet[Organisation]:
    """The organisations by which a list can be narrowed: all that the user reads."""
    return Organisation.objects.filter(scope_of(request.user).q("", *READERS)).order_by("path")


class ForReaders:
    """A list is for administrators and auditors; that one may see one's own row is no reason for a list."""

    request: HttpRequest
    any_permission_required = ["view", "change"]

    def user_has_any_permission(self, permissions: Any) -> bool:
        return holds(self.request.user, *READERS)


class FindsPairs:
    """A list of what two people share, searched by either of them: name, pinyin, the supervisor's number. There is
    nothing else to find. `pair_path` leads to them, such as `pairing__`."""

    pair_path = ""

    def search_queryset(self: Any, queryset: Any) -> Any:
        if not self.is_searching:
            return queryset
        return queryset.filter(naming_either(self.search_query, self.pair_path))

    def columns_of_pair(self, page: Callable[[Any], str], is_live: Callable[[Any], bool]) -> list[Column]:
        """Who the two are, who runs it, and how it stands; the mentee leads to its `page`."""
        return [
            TitleColumn(
                "mentee",
                label=gettext_lazy("mentee"),
                accessor="mentee",
                get_url=page,
                sort_key="mentee__pinyin",
            ),
            Column(
                "supervisor",
                label=gettext_lazy("supervisor"),
                accessor="supervisor",
                sort_key="supervisor__code",
            ),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation"),
            StatusTagColumn(
                "state", label=gettext_lazy("state"), accessor="get_state_display", primary=is_live
            ),
        ]
