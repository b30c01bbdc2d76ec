"""Posts with their planned and filled places: the list, planning one, and the addresses of all about posts."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import CreateView
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import KeptViewSet, ReaderMenuItem, ReadersIndex, SavedByAction, ScopedEditView
from core.access.scope import scope_of
from core.access.states import READERS
from core.organisations.forms import OrganisationFilter
from core.organisations.models import Organisation
from credentials.posts.actions import save_post
from credentials.posts.forms import PostForm
from credentials.posts.models import Post, Sector
from credentials.posts.queries import desk_posts, with_free_places
from credentials.posts.viewsets.giving import end, fill
from credentials.posts.viewsets.staffing import inspect, sectors


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
            path("post/<int:pk>/fill/", fill, name="fill"),
            path("sectors/", sectors, name="sectors"),
            path("end/<int:pk>/", end, name="end"),
        ]
