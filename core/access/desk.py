"""What every screen of the Wagtail admin has in common: rows by scope, saving by an action, nothing deleted."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from core.access.scope import holds
from core.access.states import READERS
from core.states import Refused


class ReaderMenuItem(MenuItem):
    """For whoever reads what others have and hold: administrators and auditors."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *READERS)


def desk_crumbs(*way: tuple[str, Any]) -> list[dict[str, Any]]:
    """Where an officer is: the first page of the desk, and what follows it as (address, label)."""
    home = (reverse("wagtailadmin_home"), _("Home"))
    return [{"url": url, "label": label} for url, label in (home, *way)]


def desk_head(title: str, icon: str, index: str, label: Any) -> dict[str, Any]:
    """What the head of a page below a list of the desk shows: its title and icon, and the way back over the list, whose
    address `index` names and which is called `label`."""
    crumbs = desk_crumbs((reverse(index), label), ("", title))
    return {"header_title": title, "header_icon": icon, "breadcrumbs_items": crumbs}


class ReadersIndex(IndexView):
    """A list of rows in one's tree, the newest first, for administrators and auditors.

    `name` is that of its viewset: the list is `name:index`, and what is fetched while one types `name:index_results`.
    """

    name = ""
    any_permission_required = ["view"]
    default_ordering = "-pk"
    search_backend_name = None
    paginate_by = 30

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.index_url_name, cls.index_results_url_name = f"{cls.name}:index", f"{cls.name}:index_results"

    def user_has_any_permission(self, permissions: Any) -> bool:
        """Everybody may see their own, which is no reason for a list at the desk."""
        return holds(self.request.user, *READERS)

    @classmethod
    def urls(cls) -> list[URLPattern]:
        """The addresses of the list, for its viewset."""
        return [
            path("", cls.as_view(), name="index"),
            path("results/", cls.as_view(results_only=True), name="index_results"),
        ]


class ScopedEditView(EditView):
    """Edits only rows that the user may see and change; any other row is not there (404).

    Wagtail's own asks for the verb, but not about the row.
    """

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.visible_to(self.request.user)
        return rows

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Model:
        try:
            found: Model = super().get_object(queryset)
        except ValueError:  # where the key is a relation, Wagtail takes any text for one
            raise Http404
        if not self.request.user.has_perm(f"{found._meta.app_label}.change_{found._meta.model_name}", found):
            raise Http404
        return found


class SavedByAction:
    """A create or edit view whose `save_instance` calls an action.

    The action looks a moment later than the form: what it refuses becomes an error of the form (at `refused_field`,
    or on top of it), and nothing that was typed is lost.
    """

    refused_field: str | None = None

    def form_valid(self: Any, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except Refused as refusal:
            form.add_error(self.refused_field, str(refusal))
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)

    def get_success_buttons(self: Any) -> list[Any]:
        """Wagtail offers to edit what was just made, also where there is no page to edit it."""
        return super().get_success_buttons() if self.edit_url_name else []  # type: ignore[misc]


class KeptViewSet(ModelViewSet):
    """Rows that are closed, ended or cancelled, never deleted; what happened to them stands in the audit."""

    dropped = frozenset({"delete", "usage", "history", "history_results"})
    add_to_reference_index = False
    copy_view_enabled = False
    search_backend_name = None

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in self.dropped]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        gone = {f"{name}_url_name" for name in self.dropped}
        found = super().get_common_view_kwargs(**kwargs)
        return {name: value for name, value in found.items() if name not in gone}


class DatedIndex(IndexView):
    """A list of what holds from a day on (`starts_on`), everywhere or at a place (`organisation`), the latest first.

    `name` is that of its viewset, and `related` what each row shows of others.
    """

    name = ""
    any_permission_required = ["view"]
    default_ordering = "-starts_on"
    is_searchable = False
    related: tuple[str, ...] = ("organisation",)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.index_url_name, cls.index_results_url_name = f"{cls.name}:index", f"{cls.name}:index_results"
        cls.add_url_name = f"{cls.name}:add"

    def get_base_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.visible_to(self.request.user)
        return rows.select_related(*self.related)


class DatedCreate(SavedByAction, CreateView):
    """Adds a row of these: none is changed, another one from a later day takes its place. `name` is that of its viewset."""

    name = ""
    permission_required = "add"
    refused_field = "starts_on"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.index_url_name, cls.add_url_name = f"{cls.name}:index", f"{cls.name}:add"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        meta = self.model._meta
        if not request.user.has_perm(f"{meta.app_label}.add_{meta.model_name}"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return reverse(self.index_url_name)


class DatedViewSet(ViewSet):
    """The screens of such rows."""

    menu_item_class = ReaderMenuItem
    index_view_class: type[DatedIndex]
    add_view_class: type[DatedCreate]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view_class.as_view(), name="index"),
            path("results/", self.index_view_class.as_view(results_only=True), name="index_results"),
            path("add/", self.add_view_class.as_view(), name="add"),
        ]
