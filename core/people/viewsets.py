"""People, their roles and the service fields in the Wagtail admin."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import KeptViewSet, ReaderMenuItem, SavedByAction, ScopedEditView
from core.access.scope import holds, scope_of
from core.access.states import READERS, Role
from core.organisations.forms import OrganisationFilter, offer_organisations
from core.organisations.models import Organisation, RoleAssignment
from core.people.actions import (
    confirm_employer,
    refuse_employer,
    reveal_id,
    save_profile,
    save_service_field,
)
from core.people.fields import PersonNameField
from core.people.forms import PracticeMixin
from core.people.models import Person, ServiceField
from core.people.names import pinyin_of
from core.people.queries import declared_for, is_name_kept, records_of
from core.states import Refused

CRUMB = gettext_lazy("People")


def employers(request: HttpRequest) -> QuerySet[Organisation]:
    """The organisations whose people this user may read."""
    return Organisation.objects.filter(scope_of(request.user).q("", *READERS)).order_by("path")


class PersonFilterSet(WagtailFilterSet):
    role = django_filters.ChoiceFilter(label=gettext_lazy("role"), choices=Role.choices, method="with_role")
    employer = OrganisationFilter(
        label=gettext_lazy("employer, with all below it"), queryset=employers, method="below"
    )
    fields = django_filters.ModelChoiceFilter(
        label=gettext_lazy("service field"), queryset=ServiceField.objects.all()
    )

    class Meta:
        model = Person
        fields = ["role", "employer", "fields"]

    def with_role(self, queryset: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        held = RoleAssignment.objects.in_force(timezone.localdate()).filter(role=value)
        return queryset.filter(user__in=held.values("user"))

    def below(self, queryset: QuerySet[Person], name: str, value: Organisation) -> QuerySet[Person]:
        return queryset.filter(employer__path__startswith=value.path)


class ChangePersonForm(PracticeMixin, WagtailAdminModelForm):
    """What an administrator may correct about somebody in their tree."""

    name = PersonNameField(label=gettext_lazy("Real name"), max_length=120)

    class Meta:
        model = Person
        fields = ["name", "employer", "fields", "practice_started_on"]
        widgets = {"fields": forms.CheckboxSelectMultiple, "practice_started_on": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = scope_of(self.for_user).q("", Role.ADMINISTRATOR)
        employer = self.fields["employer"]
        offer_organisations(employer, Organisation.objects.filter(mine | Q(pk=self.instance.employer_id)))
        employer.help_text = gettext_lazy(
            "Within your own tree. Whoever leaves it is no longer in your lists."
        )
        if self.instance.user_id == self.for_user.pk:  # about oneself another administrator decides
            employer.disabled = True
            self.fields["name"].disabled = is_name_kept(self.instance)


class PersonIndex(IndexView):
    """In the order of pinyin; found by name, pinyin or initials. The roles of a page come in one query."""

    any_permission_required = ["view", "change"]
    default_ordering = "pinyin"

    def user_has_any_permission(self, permissions: Any) -> bool:
        """Everybody may see themselves, which is no reason for a list."""
        return holds(self.request.user, *READERS)

    def get_base_queryset(self) -> QuerySet[Person]:
        in_force = RoleAssignment.objects.in_force(timezone.localdate())
        rows = Person.objects.filter(scope_of(self.request.user).q("employer", *READERS))
        return rows.select_related("employer", "user").prefetch_related(
            Prefetch("user__roles", queryset=in_force, to_attr="held_now")
        )

    def search_queryset(self, queryset: QuerySet[Person]) -> QuerySet[Person]:
        return queryset.named(self.search_query) if self.is_searching else queryset  # type: ignore[attr-defined]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Whoever may confirm employers finds them here; how many wait is in their notices, and costs this page nothing."""
        if not holds(self.request.user, Role.ADMINISTRATOR):
            return list(super().header_buttons)
        confirm = HeaderButton(
            label=_("Employers to confirm"), url=reverse("people:declared"), icon_name="check"
        )
        return [*super().header_buttons, confirm]

    def get_edit_url(self, instance: Person) -> str | None:
        may = self.request.user.has_perm("core.change_person", instance)
        return super().get_edit_url(instance) if may else None

    @cached_property
    def columns(self) -> list[Column]:
        def roles(person: Person) -> str:
            return "、".join(
                dict.fromkeys(str(held.get_role_display()) for held in vars(person.user)["held_now"])
            )

        def page(person: Person) -> str:
            return reverse("people:detail", args=[person.pk])

        return [
            TitleColumn("name", label=gettext_lazy("Name"), get_url=page, sort_key="pinyin"),
            Column(
                "employer", label=gettext_lazy("employer"), accessor="employer", sort_key="employer__path"
            ),
            Column("roles", label=gettext_lazy("roles"), accessor=roles),
            Column(
                "since",
                label=gettext_lazy("in practice since"),
                accessor="practice_started_on",
                sort_key="practice_started_on",
            ),
            Column("id", label=gettext_lazy("ID number"), accessor="id_masked"),
        ]


class PersonEdit(ScopedEditView):
    def save_instance(self) -> Person:
        person: Person = self.form.save(commit=False)
        save_profile(person=person, actor=self.request.user, fields=self.form.cleaned_data["fields"])
        return person

    def get_success_url(self) -> str:
        return reverse("people:index")


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why do you need the whole number?"),
        help_text=gettext_lazy("Your name, the time and this sentence are recorded."),
        min_length=4,
        max_length=300,
    )


def _person(request: HttpRequest, pk: int) -> Person:
    rows = Person.objects.visible_to(request.user).select_related("user", "employer")
    return get_object_or_404(rows, pk=pk)


def _page(request: HttpRequest, person: Person, **more: Any) -> HttpResponse:
    """The page of one person: what is kept, with stars, and the roles within the reader's sight."""
    roles = RoleAssignment.objects.visible_to(request.user).filter(user=person.user)
    context = {
        "person": person,
        "pinyin": pinyin_of(person.name).full,
        "roles": roles.select_related("organisation", "granted_by__person"),
        "today": timezone.localdate(),
        "may_change": request.user.has_perm("core.change_person", person),
        "may_reveal": bool(person.id_hash) and request.user.has_perm("core.reveal_id", person),
        "may_grant": request.user.has_perm("core.add_roleassignment") and person.user_id != request.user.pk,
        "records": records_of(person, request.user),
        "reveal_form": RevealForm(),
        "header_title": person.name,
        "header_icon": "user",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("people:index"), "label": CRUMB},
            {"url": "", "label": person.name},
        ],
    }
    return render(request, "core/people/admin/person.html", context | more)


@require_http_methods(["GET"])
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person."""
    return _page(request, _person(request, pk))


@never_cache
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole ID number once, to an administrator in scope who says why. Recorded before it is shown."""
    person = _person(request, pk)
    if not person.id_hash or not request.user.has_perm("core.reveal_id", person):
        raise Http404
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = reveal_id(person=person, actor=request.user, reason=form.cleaned_data["reason"])
        messages.info(request, _("The whole number is shown below this once. The look at it is recorded."))
        return _page(request, person, revealed=number)
    return _page(request, person, reveal_form=form)


class EmployerForm(forms.Form):
    """Why an employer is not confirmed. The person reads it."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)


@require_http_methods(["GET", "HEAD"])
def declared(request: HttpRequest) -> HttpResponse:
    """Who says that they work in one's own tree."""
    if not holds(request.user, Role.ADMINISTRATOR):
        raise PermissionDenied
    context = {
        "people": declared_for(request.user)[:200],
        "form": EmployerForm(),
        "header_title": _("Employers to confirm"),
        "header_icon": "check",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("people:index"), "label": CRUMB},
            {"url": "", "label": _("Employers to confirm")},
        ],
    }
    return render(request, "core/people/admin/declared.html", context)


@require_http_methods(["POST"])
def decide_declared(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm where one of them works, or say why it is not so."""
    person = get_object_or_404(declared_for(request.user), pk=pk)
    if not request.user.has_perm("core.confirm_employer", person):
        raise Http404
    form = EmployerForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        if "refuse" in request.POST:
            refuse_employer(person=person, reason=reason, actor=request.user)
            messages.success(request, _("Not confirmed; the person has been told why."))
        else:
            confirm_employer(person=person, actor=request.user)
            messages.success(request, _("Confirmed; the person has been told."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("people:declared")


class PersonViewSet(KeptViewSet):
    model = Person
    name = "people"
    icon = "user"
    menu_label = CRUMB
    menu_order = 300
    add_to_admin_menu = True
    index_view_class = PersonIndex
    edit_view_class = PersonEdit
    filterset_class = PersonFilterSet
    search_fields = ("name", "name_search")
    list_per_page = 30
    menu_item_class = ReaderMenuItem
    dropped = KeptViewSet.dropped | {"add"}

    def get_form_class(self, for_update: bool = False) -> type:
        return ChangePersonForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """People sign up themselves and are never deleted here; what happened to them stands in the audit."""
        return [
            *super().get_urlpatterns(),
            path("person/<int:pk>/", detail, name="detail"),
            path("reveal/<int:pk>/", reveal, name="reveal"),
            path("declared/", declared, name="declared"),
            path("declared/<int:pk>/", decide_declared, name="declared-decide"),
        ]


class ServiceFieldForm(WagtailAdminModelForm):
    class Meta:
        model = ServiceField
        fields = ["code", "name", "name_en", "position", "is_active"]


class _Saving(SavedByAction):
    """Saved by the action, so that the audit knows whose act it was and where."""

    form: ServiceFieldForm
    request: HttpRequest

    def save_instance(self) -> ServiceField:
        return save_service_field(field=self.form.save(commit=False), actor=self.request.user)


class ServiceFieldCreate(_Saving, CreateView):
    pass


class ServiceFieldEdit(_Saving, ScopedEditView):
    pass


class ServiceFieldViewSet(KeptViewSet):
    """The open list of service fields. A field is closed, not deleted: people and courses point at it."""

    model = ServiceField
    name = "service-fields"
    icon = "list-ul"
    menu_label = gettext_lazy("Service fields")
    menu_order = 900
    add_to_settings_menu = True
    add_view_class = ServiceFieldCreate
    edit_view_class = ServiceFieldEdit
    list_display = [
        "name",
        "name_en",
        "position",
        BooleanColumn("is_active", label=gettext_lazy("in use"), sort_key="is_active"),
    ]
    search_fields = ("name", "name_en", "code")
    default_ordering = "position"

    def get_form_class(self, for_update: bool = False) -> type:
        return ServiceFieldForm
