"""Reviews of what a pair wrote: asked for with a reason, granted by a second person, every look audited."""

from __future__ import annotations

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_head
from core.access.scope import holds
from core.access.states import READERS
from core.states import IllegalMove
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing, read_from_desk
from supervision.sessions.actions import ask_review, decline_review, end_review, grant_review, read_in_review
from supervision.sessions.forms import AskReviewForm, DeskAnswerForm, GrantForm
from supervision.sessions.models import Review, Session, SessionReview
from supervision.sessions.states import ReviewState


def desk_reviews(request: HttpRequest) -> QuerySet[SessionReview]:
    """Those that this user reads from the desk. One query."""
    user = request.user
    rows = SessionReview.objects.visible_to(user).filter(read_from_desk(user, "pairing__"))
    return rows.with_people()


class ReviewFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=ReviewState.choices)

    class Meta:
        model = SessionReview
        fields = ["state"]


class ReviewIndex(ReadersIndex):
    """Every review in scope, the newest first."""

    model = SessionReview
    name = "session_reviews"
    page_title = gettext_lazy("Reviews of sessions")
    header_icon = "view"
    filterset_class = ReviewFilterSet
    search_fields = ["pairing__mentee__name", "pairing__supervisor__person__name"]

    def get_base_queryset(self) -> QuerySet[SessionReview]:
        return desk_reviews(self.request)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "pairing",
                label=gettext_lazy("pairing"),
                accessor="pairing",
                url_name="session_reviews:inspect",
            ),
            *review_columns(),
        ]


def review_columns() -> list[Column]:
    """What every list of reviews shows after whom it concerns."""
    return [
        Column("reviewer", label=gettext_lazy("reviewer"), accessor="reviewer"),
        Column("asked_at", label=gettext_lazy("asked"), sort_key="asked_at"),
        Column("ends_at", label=gettext_lazy("until"), sort_key="ends_at"),
        StatusTagColumn(
            "state",
            label=gettext_lazy("state"),
            accessor="get_state_display",
            primary=lambda row: row.state == ReviewState.ASKED,
        ),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pairing_id: int) -> HttpResponse:
    """Ask to read what one pair wrote, with the reason."""
    rows = Pairing.objects.visible_to(request.user).filter(read_from_desk(request.user)).with_people()
    pairing = get_object_or_404(rows, pk=pairing_id)
    if not request.user.has_perm("supervision.ask_review", pairing):
        raise Http404
    form = AskReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            review = ask_review(pairing=pairing, reviewer=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
        except NotPossible as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Asked. A second person decides."))
            return redirect("session_reviews:inspect", review.pk)
    context = {"pairing": pairing, "form": form, **_head(str(pairing))}
    return render(request, "supervision/sessions/admin/review_ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One review: grant or decline it, end it, or, for the reviewer, choose a session to read."""
    review = _review(request, pk)
    may = request.user.has_perm("supervision.decide_sessionreview", review)
    own = review.reviewer_id == request.user.pk
    form, answer = review_forms(request)
    if request.method == "POST":
        if not (may or (own and "end" in request.POST)):
            raise Http404
        if done := reviewed(request, review, form, answer):
            return done
    sessions = Session.objects.visible_to(request.user).filter(pairing=review.pairing)
    context = {
        "review": review,
        "form": form,
        "answer": answer,
        "own": own,
        "may": may,
        "read_url": "session_reviews:read",
        "sessions": sessions if own and review.is_open_now else [],
        **_head(str(review.pairing)),
    }
    return render(request, "supervision/sessions/admin/review.html", context)


def review_forms(request: HttpRequest) -> tuple[GrantForm, DeskAnswerForm]:
    """The two forms at a review, the one that was sent with what was sent."""
    grants = "grant" in request.POST
    form = GrantForm(request.POST if grants else None)
    return form, DeskAnswerForm(request.POST if request.POST and not grants else None)


def reviewed(
    request: HttpRequest, review: Review, form: GrantForm, answer: DeskAnswerForm
) -> HttpResponse | None:
    """Grant, decline or end a review, and show it; None with what is wrong said in the form that was sent."""
    sent: GrantForm | DeskAnswerForm = form if form.is_bound else answer
    if not sent.is_valid():
        return None
    data = sent.cleaned_data
    try:
        if sent is form:
            grant_review(review=review, actor=request.user, days=data["days"])
            messages.success(request, _("Granted. All whom it concerns have been told."))
        elif "end" in request.POST:
            end_review(review=review, actor=request.user)
            messages.success(request, _("The review has ended."))
        else:
            decline_review(review=review, actor=request.user, answer=data["answer"])
            messages.success(request, _("Declined, and who asked has been told why."))
    except IllegalMove:
        messages.warning(request, _("This was decided in the meantime. Nothing was changed now."))
    except NotPossible as refused:
        sent.add_error(None, str(refused))
        return None
    return redirect(review.desk_url())


@require_safe
@never_cache
def read(request: HttpRequest, pk: int, session_id: int) -> HttpResponse:
    """What the two wrote in one session, for the reviewer while it is granted. Every look is audited."""
    review = _review(request, pk)
    rows = Session.objects.visible_to(request.user).filter(pairing=review.pairing)
    session = get_object_or_404(rows, pk=session_id)
    if request.method == "HEAD":
        return HttpResponse()
    try:
        contents = read_in_review(review=review, session=session, actor=request.user)
    except NotPossible:
        raise Http404
    context = {"review": review, "session": session, "contents": contents, **_head(str(review.pairing))}
    return render(request, "supervision/sessions/admin/review_read.html", context)


def _review(request: HttpRequest, pk: int) -> SessionReview:
    if not holds(request.user, *READERS):
        raise Http404
    return get_object_or_404(desk_reviews(request), pk=pk)


def _head(title: str) -> dict[str, object]:
    return desk_head(title, "view", "session_reviews:index", _("Reviews of sessions"))


class ReviewViewSet(ViewSet):
    name = "session_reviews"
    url_prefix = "session-reviews"
    icon = "view"
    menu_label = gettext_lazy("Reviews of sessions")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *ReviewIndex.urls(),
            path("ask/<int:pairing_id>/", ask, name="ask"),
            path("<int:pk>/", inspect, name="inspect"),
            path("<int:pk>/sessions/<int:session_id>/", read, name="read"),
        ]
