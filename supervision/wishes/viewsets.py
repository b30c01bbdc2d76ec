"""Wishes of pairs in the Wagtail admin: what waits, and one of them to be granted or not."""

from __future__ import annotations

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_head
from core.access.predicates import by_rule
from core.access.scope import holds
from core.access.states import READERS
from core.states import IllegalMove, Refused
from supervision.pairings.queries import suggestions_for
from supervision.pairings.viewsets import number_in
from supervision.supervisors.viewsets import FindsPairs
from supervision.wishes.actions import accept_wish, decline_wish
from supervision.wishes.forms import DecideForm
from supervision.wishes.models import PairWish
from supervision.wishes.queries import desk_wishes
from supervision.wishes.states import WishKind, WishState

TITLE = gettext_lazy("Wishes of pairs")


class WishFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=WishState.choices)
    kind = django_filters.ChoiceFilter(
        label=pgettext_lazy("wish of a pair", "wish"), choices=WishKind.choices
    )

    class Meta:
        model = PairWish
        fields = ["state", "kind"]


class WishIndex(FindsPairs, ReadersIndex):
    """Every wish in scope, the newest first; how many wait for this user stands on top."""

    model = PairWish
    pair_path = "pairing__"
    name = "pair_wishes"
    page_title = TITLE
    header_icon = "mail"
    filterset_class = WishFilterSet
    default_ordering = "-asked_at"
    search_fields = ["pairing__mentee__name"]

    def get_base_queryset(self) -> QuerySet[PairWish]:
        return desk_wishes(self.request.user)

    @cached_property
    def waiting(self) -> int:
        return PairWish.objects.to_decide(self.request.user).count()

    def get_page_subtitle(self) -> str:
        number = self.waiting
        words = ngettext("%(number)s waits for you", "%(number)s wait for you", number)
        return words % {"number": number} if number else ""

    @cached_property
    def columns(self) -> list[Column]:
        def asked(row: PairWish) -> str:
            return date_format(timezone.localtime(row.asked_at).date())

        return [
            TitleColumn(
                "mentee",
                label=gettext_lazy("mentee"),
                accessor="pairing.mentee",
                url_name="pair_wishes:inspect",
                sort_key="pairing__mentee__pinyin",
            ),
            Column("supervisor", label=gettext_lazy("supervisor"), accessor="pairing.supervisor"),
            Column("organisation", label=gettext_lazy("organisation"), accessor="pairing.organisation"),
            Column("kind", label=pgettext_lazy("wish of a pair", "wish"), accessor="get_kind_display"),
            Column("asked_by", label=gettext_lazy("asked by"), accessor="asked_by"),
            Column("asked_at", label=gettext_lazy("Asked"), accessor=asked, sort_key="asked_at"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.is_open,
            ),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One wish; who may decide reads the reason, and grants it (it is done at once) or says why not."""
    if not holds(request.user, *READERS):
        raise Http404
    wish = get_object_or_404(desk_wishes(request.user), pk=pk)
    may = request.user.has_perm("supervision.decide_pairwish", wish)
    if request.method == "POST" and not may:
        raise Http404
    accepts = "accept" in request.POST
    chosen = {"to": number_in(request, "to")}
    form = DecideForm(request.POST or None, wish=wish, for_user=request.user, accepts=accepts, initial=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, wish, form, accepts)
        except IllegalMove:
            messages.warning(request, _("This was decided in the meantime. Nothing was changed now."))
            return redirect("pair_wishes:inspect", wish.pk)
        except Refused as refused:
            form.add_error("to" if accepts and "to" in form.fields else "answer", str(refused))
        else:
            messages.success(request, _("Decided, and both have been told."))
            return redirect("pair_wishes:inspect", wish.pk)
    context = {
        "wish": wish,
        "pairing": wish.pairing,
        "form": form,
        "may_read": by_rule(request.user, "supervision.read_pairwish", wish),
        "may_decide": may and wish.is_open,
        "suggestions": suggestions_for(wish.pairing.mentee, request.user)
        if may and wish.is_open and wish.kind == WishKind.CHANGE
        else [],
        **_head(str(wish)),
    }
    return render(request, "supervision/wishes/admin/inspect.html", context)


def _decide(request: HttpRequest, wish: PairWish, form: DecideForm, accepts: bool) -> None:
    if accepts:
        accept_wish(wish=wish, actor=request.user, **form.cleaned_data)
    else:
        decline_wish(wish=wish, actor=request.user, answer=form.cleaned_data["answer"])


def _head(title: str) -> dict[str, object]:
    return desk_head(title, "mail", "pair_wishes:index", TITLE)


class PairWishViewSet(ViewSet):
    name = "pair_wishes"
    url_prefix = "pair-wishes"
    icon = "mail"
    menu_label = TITLE
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [*WishIndex.urls(), path("<int:pk>/", inspect, name="inspect")]
