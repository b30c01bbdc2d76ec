"""Posts and sectors in the Wagtail admin: planned and filled places, who holds them, routes."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import CreateView
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import KeptViewSet, ReaderMenuItem, ReadersIndex, SavedByAction, ScopedEditView
from core.access.scope import holds, scope_of
from core.access.states import READERS
from core.organisations.forms import OrganisationFilter
from core.organisations.models import Organisation
from core.people.models import Person
from core.states import Refused
from credentials.posts.actions import end_post, give_post, record_route, save_post, save_sector
from credentials.posts.forms import EndForm, GiveForm, PostForm, RouteForm, SectorForm
from credentials.posts.models import Post, PostHolding, Sector
from credentials.posts.queries import desk_posts, offered_to, staffing_of, with_free_places


def places(request: HttpRequest) -> QuerySet[Organisation]:
    return Organisation.objects.filter(scope_of(request.user).q("", *READERS)).order_by("path")


class PostFilterSet(WagtailFilterSet):
    place = OrganisationFilter(
        label=gettext_lazy("organisation, with all below it"), queryset=places, method="below"
    )
    sector = django_filters.ModelChoiceFilter(
        label=gettext_lazy("sector"), queryset=lambda request: Sector.objects.all()
    )
    free = django_filters.ChoiceFilter(
        label=gettext_lazy("with free places"), method="with_free", choices=[("on", gettext_lazy("yes"))]
    )

    class Meta:
        model = Post
        fields = ["place", "sector", "free"]

    def below(self, queryset: QuerySet[Post], name: str, value: Organisation) -> QuerySet[Post]:
        return queryset.filter(organisation__path__startswith=value.path)

    def with_free(self, queryset: QuerySet[Post], name: str, value: str) -> QuerySet[Post]:
        return queryset.filter(pk__in=with_free_places().values("pk")) if value else queryset


class PostIndex(ReadersIndex):
    """Every post in scope, with its planned and filled places; a page of the sums by sector lies beside it."""

    model = Post
    name = "posts"
    page_title = pgettext_lazy("talent", "Posts")
    header_icon = "clipboard-list"
    filterset_class = PostFilterSet
    default_ordering = "organisation__path"
    search_fields = ["title", "organisation__name"]
    add_url_name = "posts:add"
    add_item_label = gettext_lazy("Plan a post")

    def get_base_queryset(self) -> QuerySet[Post]:
        return desk_posts(self.request.user)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        sums = HeaderButton(
            label=_("Planned and filled by sector"), url=reverse("posts:sectors"), icon_name="table"
        )
        return [*super().header_buttons, sums]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("title", label=pgettext_lazy("talent", "post"), url_name="posts:inspect"),
            Column("sector", label=gettext_lazy("sector"), accessor="sector.name_here"),
            Column(
                "organisation",
                label=gettext_lazy("organisation"),
                accessor="organisation.name",
                sort_key="organisation__path",
            ),
            Column("places", label=pgettext_lazy("talent", "planned"), sort_key="places"),
            Column("filled", label=pgettext_lazy("talent", "filled")),
            Column(
                "open",
                label=pgettext_lazy("talent", "free"),
                accessor=lambda post: max(post.places - post.filled, 0),
            ),
        ]


def _header(title: str, *crumbs: tuple[str, str]) -> dict[str, Any]:
    items = [
        (reverse("wagtailadmin_home"), _("Home")),
        (reverse("posts:index"), pgettext("talent", "Posts")),
        *crumbs,
        ("", title),
    ]
    return {
        "header_title": title,
        "header_icon": "clipboard-list",
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in items],
    }


def _post(request: HttpRequest, pk: int) -> Post:
    if not holds(request.user, *READERS):
        raise Http404
    return get_object_or_404(desk_posts(request.user), pk=pk)


@require_safe
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One post: who holds it and who did."""
    post = _post(request, pk)
    holdings = post.holdings.select_related("person__user", "person__employer")
    context = {
        "post": post,
        "holdings": holdings,
        "free": max(post.places - post.filled, 0),
        "end_form": EndForm(),
        "may_change": request.user.has_perm("credentials.change_post", post),
        **_header(str(post)),
    }
    return render(request, "credentials/posts/admin/inspect.html", context)


@require_safe
def sectors(request: HttpRequest) -> HttpResponse:
    """Planned and filled places by sector in the reader's tree, with a chart."""
    if not holds(request.user, *READERS):
        raise Http404
    rows = staffing_of(Post.objects.visible_to(request.user))
    bars = [
        {
            "label": row.sector.name_here,
            "value": row.filled,
            "note": _("of %(n)s") % {"n": row.planned},
            "strong": row.open > 0,
        }
        for row in rows
    ]
    context = {
        "rows": rows,
        "bars": bars,
        "top": max((row.planned for row in rows), default=0),
        **_header(_("Planned and filled by sector")),
    }
    return render(request, "credentials/posts/admin/sectors.html", context)


def _person(request: HttpRequest, pk: int, verb: str) -> Person:
    """Somebody in the reader's tree, with whom they may do this."""
    if not holds(request.user, *READERS):
        raise Http404
    someone = get_object_or_404(
        Person.objects.visible_to(request.user).select_related("employer", "user"), pk=pk
    )
    if not request.user.has_perm(verb, someone):
        raise Http404
    return someone


def _errors(form: Form) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


@require_POST
def give(request: HttpRequest, person_id: int) -> HttpResponse:
    """Let a person hold a post of their employer."""
    someone = _person(request, person_id, "credentials.give_post")
    form = GiveForm(request.POST, posts=offered_to(someone))
    try:
        if not form.is_valid():
            raise Refused(_errors(form))
        give_post(person=someone, actor=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s holds this post now.") % {"name": someone.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("talent:person", someone.pk)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say on which day somebody held a post for the last time."""
    rows = PostHolding.objects.visible_to(request.user).select_related("post__organisation", "person__user")
    holding = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("credentials.end_postholding", holding):
        raise Http404
    form = EndForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_errors(form))
        end_post(holding=holding, actor=request.user, **form.cleaned_data)
        messages.success(request, _("The post is ended; its place is free."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("posts:inspect", holding.post_id)


@require_POST
def route(request: HttpRequest, person_id: int) -> HttpResponse:
    """Record by which route somebody came."""
    someone = _person(request, person_id, "credentials.record_route")
    form = RouteForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_errors(form))
        record_route(person=someone, actor=request.user, **form.cleaned_data)
        messages.success(request, _("The route is recorded."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("talent:person", someone.pk)


class _SavingPost(SavedByAction):
    """Saved by the action, which says in words what cannot be."""

    form: PostForm
    request: HttpRequest
    refused_field = "places"

    def save_instance(self) -> Post:
        return save_post(post=self.form.save(commit=False), actor=self.request.user)


class PostCreate(_SavingPost, CreateView):
    pass


class PostEdit(_SavingPost, ScopedEditView):
    pass


class PostViewSet(KeptViewSet):
    """Posts are closed, not deleted: whoever held one is proved by it."""

    model = Post
    name = "posts"
    icon = "clipboard-list"
    menu_label = pgettext_lazy("talent", "Posts")
    menu_item_class = ReaderMenuItem
    index_view_class = PostIndex
    add_view_class = PostCreate
    edit_view_class = PostEdit
    list_per_page = 30

    def get_form_class(self, for_update: bool = False) -> type:
        return PostForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("post/<int:pk>/", inspect, name="inspect"),
            path("sectors/", sectors, name="sectors"),
            path("give/<int:person_id>/", give, name="give"),
            path("end/<int:pk>/", end, name="end"),
            path("route/<int:person_id>/", route, name="route"),
        ]


class _SavingSector(SavedByAction):
    form: SectorForm
    request: HttpRequest

    def save_instance(self) -> Sector:
        return save_sector(sector=self.form.save(commit=False), actor=self.request.user)


class SectorCreate(_SavingSector, CreateView):
    pass


class SectorEdit(_SavingSector, ScopedEditView):
    pass


class SectorViewSet(KeptViewSet):
    """The open list of sectors. A sector is closed, not deleted: posts point at it."""

    model = Sector
    name = "sectors"
    icon = "list-ul"
    menu_label = gettext_lazy("Sectors of posts")
    menu_order = 912
    add_to_settings_menu = True
    add_view_class = SectorCreate
    edit_view_class = SectorEdit
    list_display = ["name", "name_en", "position", "is_active"]
    search_fields = ("name", "name_en", "code")
    default_ordering = "position"

    def get_form_class(self, for_update: bool = False) -> type:
        return SectorForm
