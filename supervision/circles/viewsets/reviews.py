"""Reviews of what a circle wrote: asked for with a reason, granted by a second person, every look audited."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_head
from core.access.scope import holds, scope_of
from core.access.states import READERS
from supervision.circles.actions import ask_circle_review, read_gathering_in_review
from supervision.circles.models import CircleReview, Gathering
from supervision.circles.queries import shared_rows
from supervision.circles.viewsets.circles import desk_rows
from supervision.pairings.actions import NotPossible
from supervision.sessions.forms import AskReviewForm
from supervision.sessions.states import ReviewState
from supervision.sessions.viewsets.reviews import review_columns, review_forms, reviewed


def desk_reviews(request: HttpRequest) -> QuerySet[CircleReview]:
    """Those that this user reads from the desk. One query."""
    mine = scope_of(request.user).q("circle__organisation", *READERS)
    return CircleReview.objects.visible_to(request.user).filter(mine).with_people()


class CircleReviewFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=ReviewState.choices)

    class Meta:
        model = CircleReview
        fields = ["state"]


class CircleReviewIndex(ReadersIndex):
    """Every review in scope, the newest first."""

    model = CircleReview
    name = "circle_reviews"
    page_title = gettext_lazy("Reviews of circles")
    header_icon = "view"
    filterset_class = CircleReviewFilterSet
    search_fields = ["circle__name", "circle__leader__name"]

    def get_base_queryset(self) -> QuerySet[CircleReview]:
        return desk_reviews(self.request)

    @cached_property
    def columns(self) -> list[Column]:
        label = pgettext_lazy("supervision", "circle")
        title = TitleColumn("circle", label=label, accessor="circle", url_name="circle_reviews:inspect")
        return [title, *review_columns()]


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, circle_id: int) -> HttpResponse:
    """Ask to read what was written in one circle, with the reason."""
    if not holds(request.user, *READERS):
        raise Http404
    circle = get_object_or_404(desk_rows(request), pk=circle_id)
    if not request.user.has_perm("supervision.ask_circlereview", circle):
        raise Http404
    form = AskReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            review = ask_circle_review(
                circle=circle,
                reviewer=request.user,  # type: ignore[arg-type]
                reason=form.cleaned_data["reason"],
            )
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Asked. A second person decides."))
            return redirect("circle_reviews:inspect", review.pk)
    context = {"form": form, **_head(str(circle))}
    return render(request, "supervision/circles/admin/review_ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One review: grant or decline it, end it, or, for the reviewer, choose a gathering to read."""
    review = _review(request, pk)
    may = request.user.has_perm("supervision.decide_circlereview", review)
    own = review.reviewer_id == request.user.pk
    form, answer = review_forms(request)
    if request.method == "POST":
        if not (may or (own and "end" in request.POST)):
            raise Http404
        if done := reviewed(request, review, form, answer):
            return done
    rows = Gathering.objects.visible_to(request.user).logged().filter(circle=review.circle)
    context: dict[str, Any] = {"review": review, "form": form, "answer": answer, "own": own, "may": may}
    context["sessions"] = rows if own and review.is_open_now else []
    context["read_url"] = "circle_reviews:read"
    return render(request, "supervision/circles/admin/review.html", context | _head(str(review.circle)))


@require_safe
@never_cache
def read(request: HttpRequest, pk: int, gathering_id: int) -> HttpResponse:
    """What was written in one gathering, for the reviewer while it is granted. Every look is audited."""
    review = _review(request, pk)
    rows = Gathering.objects.visible_to(request.user).filter(circle=review.circle)
    gathering = get_object_or_404(rows, pk=gathering_id)
    if request.method == "HEAD":
        return HttpResponse()
    try:
        contents = read_gathering_in_review(review=review, gathering=gathering, actor=request.user)
    except NotPossible:
        raise Http404
    for content in contents:
        content.said_rows = shared_rows(content.shared)  # type: ignore[attr-defined]
    context = {"gathering": gathering, "contents": contents, **_head(str(review.circle))}
    return render(request, "supervision/circles/admin/review_read.html", context)


def _review(request: HttpRequest, pk: int) -> CircleReview:
    if not holds(request.user, *READERS):
        raise Http404
    return get_object_or_404(desk_reviews(request), pk=pk)


def _head(title: str) -> dict[str, object]:
    return desk_head(title, "view", "circle_reviews:index", _("Reviews of circles"))


class CircleReviewViewSet(ViewSet):
    name = "circle_reviews"
    url_prefix = "circle-reviews"
    icon = "view"
    menu_label = gettext_lazy("Reviews of circles")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *CircleReviewIndex.urls(),
            path("ask/<int:circle_id>/", ask, name="ask"),
            path("<int:pk>/", inspect, name="inspect"),
            path("<int:pk>/gatherings/<int:gathering_id>/", read, name="read"),
        ]
