"""Roles in the Wagtail admin: who holds what where; giving and ending. An account stands behind every role."""

from __future__ import annotations

import datetime
from typing import Any, cast

import django_filters
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import HeaderButton

from core.access.limits import limited
from core.access.scope import holds, scope_of
from core.access.states import READERS, Role
from core.organisations.actions import NotAllowed, end_role, grant_role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation, RoleAssignment
from core.people.models import User

NOBODY = gettext_lazy(
    "There is no account with this e-mail, or with this number confirmed. Ask the person to sign up and to confirm it."
)


class RoleForm(forms.Form):
    """Who gets which role where, and until when. The account is named by its e-mail or mobile number."""

    account = forms.CharField(label=gettext_lazy("E-mail or mobile number of the account"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        help_text=gettext_lazy("The role covers this organisation and all below it."),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=AdminDateInput,
        help_text=gettext_lazy("Empty: until somebody ends it."),
    )

    def __init__(self, *args: Any, for_user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.active().filter(scope_of(for_user).q("", Role.ADMINISTRATOR))
        offer_organisations(self.fields["organisation"], mine)

    def clean_account(self) -> User:
        typed = self.cleaned_data["account"].strip()
        found: User | None = get_adapter().confirmed_account_of(typed)
        if found is None or not found.is_active:
            raise ValidationError(NOBODY)
        return found

    def clean_ends_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["ends_on"]
        if day and day < timezone.localdate():
            raise ValidationError(_("This day is over. Choose a day from today on."))
        return day


class RoleFilterSet(WagtailFilterSet):
    role = django_filters.ChoiceFilter(label=gettext_lazy("role"), choices=Role.choices)
    now = django_filters.BooleanFilter(label=gettext_lazy("held today"), method="held_today")

    class Meta:
        model = RoleAssignment
        fields = ["role", "now"]

    def held_today(
        self, queryset: QuerySet[RoleAssignment], name: str, value: bool
    ) -> QuerySet[RoleAssignment]:
        held = RoleAssignment.objects.in_force(timezone.localdate()).values("pk")
        return queryset.filter(pk__in=held) if value else queryset.exclude(pk__in=held)


class RoleIndex(IndexView):
    """All roles in one's tree, those that have ended too."""

    model = RoleAssignment
    any_permission_required = ["view"]
    page_title = gettext_lazy("Roles")
    header_icon = "key"
    index_url_name = "roles:index"
    index_results_url_name = "roles:index_results"
    default_ordering = "organisation__path"
    filterset_class = RoleFilterSet
    search_fields = ["user__person__name", "user__person__name_search", "organisation__name", "user__email"]
    search_backend_name = None
    paginate_by = 50

    def get_base_queryset(self) -> QuerySet[RoleAssignment]:
        if not holds(self.request.user, *READERS):
            raise PermissionDenied
        rows = RoleAssignment.objects.filter(scope_of(self.request.user).q("organisation", *READERS))
        return rows.select_related("user__person", "organisation", "granted_by__person")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm("core.add_roleassignment"):
            return []
        return [HeaderButton(label=_("Give a role"), url=reverse("roles:grant"), icon_name="plus")]

    @cached_property
    def columns(self) -> list[Column]:
        def address(held: RoleAssignment) -> str:
            over = held.ends_on is not None and held.ends_on < timezone.localdate()
            may = not over and self.request.user.has_perm("core.change_roleassignment", held)
            return reverse("roles:end", args=[held.pk]) if may else ""

        return [
            TitleColumn("user", label=gettext_lazy("account"), accessor="user", get_url=address),
            Column("role", label=gettext_lazy("role"), accessor="get_role_display", sort_key="role"),
            Column(
                "organisation",
                label=gettext_lazy("organisation"),
                accessor="organisation",
                sort_key="organisation__path",
            ),
            Column("starts_on", label=gettext_lazy("from"), sort_key="starts_on"),
            Column(
                "ends_on",
                label=gettext_lazy("until"),
                accessor=lambda held: held.ends_on or "",
                sort_key="ends_on",
            ),
            Column(
                "granted_by", label=gettext_lazy("granted by"), accessor=lambda held: held.granted_by or ""
            ),
        ]


def _frame(title: str, icon: str = "key") -> dict[str, Any]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("roles:index"), "label": _("Roles")},
        {"url": "", "label": title},
    ]
    return {"header_title": title, "header_icon": icon, "breadcrumbs_items": crumbs}


@require_http_methods(["GET", "POST"])
@limited("grant", 30, by_account=True)
def grant(request: HttpRequest) -> HttpResponse:
    """Give somebody a role at an organisation of one's own tree."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("core.add_roleassignment"):
        raise PermissionDenied
    form = RoleForm(request.POST or None, for_user=user, initial={"account": request.GET.get("account", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            held = grant_role(
                user=data["account"],
                role=data["role"],
                organisation=data["organisation"],
                actor=user,
                ends_on=data["ends_on"],
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            values = {"name": held.user, "role": held.get_role_display(), "organisation": held.organisation}
            messages.success(request, _("%(name)s is now %(role)s at %(organisation)s.") % values)
            return redirect("roles:index")
    return render(request, "core/people/admin/grant.html", _frame(_("Give a role")) | {"form": form})


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role: from today it no longer holds, and the row stays."""
    rows = RoleAssignment.objects.visible_to(request.user).select_related("user__person", "organisation")
    held = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("core.change_roleassignment", held):
        raise Http404
    if request.method == "POST":
        try:
            end_role(assignment=held, actor=cast(User, request.user))
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, _("The role has ended. What was done while it was held stays as it is.")
            )
        return redirect("roles:index")
    return render(request, "core/people/admin/end_role.html", _frame(_("End a role")) | {"held": held})


class RoleMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *READERS)


class RoleViewSet(ViewSet):
    name = "roles"
    icon = "key"
    menu_label = gettext_lazy("Roles")
    menu_order = 320
    menu_item_class = RoleMenuItem
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", RoleIndex.as_view(), name="index"),
            path("results/", RoleIndex.as_view(results_only=True), name="index_results"),
            path("grant/", grant, name="grant"),
            path("<int:pk>/end/", end, name="end"),
        ]
