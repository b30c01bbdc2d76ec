"""One post with its holders, and the sums by sector."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.access.desk import desk_head
from core.access.scope import holds
from core.access.states import READERS
from credentials.posts.forms import EndForm, FillForm
from credentials.posts.models import Post
from credentials.posts.queries import could_hold, desk_posts, staffing_of


def post_of(request: HttpRequest, pk: int) -> Post:
    if not holds(request.user, *READERS):
        raise Http404
    return get_object_or_404(desk_posts(request.user), pk=pk)


@require_safe
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One post: who holds it and who did."""
    return show_post(request, post_of(request, pk))


def show_post(
    request: HttpRequest,
    post: Post,
    form: FillForm | None = None,
    ending: tuple[int, EndForm] | None = None,
) -> HttpResponse:
    """The page of a post; `form` is what was just sent to give it and is wrong, `ending` the holding that was to end and
    what was sent for it."""
    rows = post.holdings.select_related("person__user", "person__employer")
    holdings = [(held, ending[1] if ending and ending[0] == held.pk else EndForm()) for held in rows]
    may_change = request.user.has_perm("credentials.change_post", post)
    free = max(post.places - post.filled, 0)
    may_fill = may_change and free and post.is_active
    people = could_hold(post).exclude(user=request.user.pk)
    context = {
        "post": post,
        "holdings": holdings,
        "free": free,
        "today": timezone.localdate(),
        "may_change": may_change,
        "fill_form": (form or FillForm(people=people)) if may_fill else None,
        **desk_head(str(post), "clipboard-list", "posts:index", pgettext("talent", "Posts")),
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
        **desk_head(
            _("Planned and filled by sector"), "clipboard-list", "posts:index", pgettext("talent", "Posts")
        ),
    }
    return render(request, "credentials/posts/admin/sectors.html", context)
