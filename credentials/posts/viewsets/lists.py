"""The list of posts, and the sums of their places by sector."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import ReadersIndex, desk_head
from core.access.scope import holds, scope_of
from core.access.states import READERS
from core.organisations.forms import OrganisationFilter
from core.organisations.models import Organisation
from credentials.posts.models import Post, Sector
from credentials.posts.queries import desk_posts, staffing_of, with_free_places


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


@require_safe
def sectors(request: HttpRequest) -> HttpResponse:
    """Planned and filled places by sector in the reader's tree, with a chart."""
    if not holds(request.user, *READERS):
        raise Http404
    title = _("Planned and filled by sector")
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
        **desk_head(title, "clipboard-list", "posts:index", pgettext("talent", "Posts")),
    }
    return render(request, "credentials/posts/admin/sectors.html", context)
