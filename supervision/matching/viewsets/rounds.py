"""The rounds of one's tree, making and changing one, and its moves from step to step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView

from core.access.desk import SavedByAction, ScopedEditView
from core.states import Refused
from supervision.matching import actions
from supervision.matching.forms import (
    NextRoundForm,
    ReasonForm,
)
from supervision.matching.models import Appeal, MatchingRound
from supervision.matching.queries import (
    SOFT_LABELS,
    cost_words,
    desk_rounds,
    is_inside,
    knob_words,
    proof_words,
    rules_of,
    standing_of,
)
from supervision.matching.states import CHANGEABLE, ENGINE_WORDS, Engine, RoundState
from supervision.matching.viewsets.basis import (
    CHANGE,
    attempt,
    head,
    looks_again,
    round_of,
    seen_run,
)
from supervision.supervisors.viewsets import ForReaders


class RoundFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=RoundState.choices)
    appeals = django_filters.ChoiceFilter(
        label=gettext_lazy("appeals"),
        method="with_appeals",
        choices=[("waiting", pgettext_lazy("appeal", "waiting"))],
    )

    class Meta:
        model = MatchingRound
        fields = ["state", "appeals"]

    def with_appeals(
        self, queryset: QuerySet[MatchingRound], name: str, value: str
    ) -> QuerySet[MatchingRound]:
        waiting = Appeal.objects.to_decide(self.request.user).order_by().values("round")
        return queryset.filter(pk__in=waiting)


class RoundIndex(ForReaders, IndexView):
    default_ordering = "-opens_at"

    def get_base_queryset(self) -> QuerySet[MatchingRound]:
        return desk_rounds(self.request.user)

    def search_queryset(self, queryset: Any) -> Any:
        return queryset.filter(title__icontains=self.search_query.strip()) if self.is_searching else queryset

    @cached_property
    def columns(self) -> list[Column]:
        def page(round: MatchingRound) -> str:
            return reverse("rounds:detail", args=[round.pk])

        def until(round: MatchingRound) -> str:
            return date_format(timezone.localtime(round.closes_at), "DATETIME_FORMAT")

        return [
            TitleColumn("title", label=gettext_lazy("title"), get_url=page, sort_key="title"),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda round: round.is_shown,
            ),
            Column("closes_at", label=gettext_lazy("wishes until"), accessor=until, sort_key="closes_at"),
            Column("mentees_in", label=gettext_lazy("mentees"), sort_key="mentees_in"),
            Column("supervisors_in", label=gettext_lazy("supervisors"), sort_key="supervisors_in"),
        ]


class RoundCreate(SavedByAction, CreateView):
    def save_instance(self) -> MatchingRound:
        organisation = self.form.cleaned_data["organisation"]
        return actions.save_round(actor=self.request.user, organisation=organisation, **self.form.values())

    def get_success_url(self) -> str:
        return reverse("rounds:detail", args=[self.object.pk])


class RoundEdit(SavedByAction, ScopedEditView):
    def save_instance(self) -> MatchingRound:
        return actions.save_round(
            actor=self.request.user,
            organisation=self.object.organisation,
            round=self.object,
            **self.form.values(),
        )

    def get_success_url(self) -> str:
        return reverse("rounds:detail", args=[self.object.pk])


@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How a round stands, what comes next, and the trade between the two engines."""
    round = round_of(request, pk)
    inside = is_inside(request.user, round)
    rules, standing = rules_of(round), standing_of(round, request.user)
    closed = [
        one
        for one in standing.overfull
        if not request.user.has_perm("supervision.change_supervisor", one.member.supervisor)
    ]
    context: dict[str, Any] = {
        "standing": standing,
        "closed": closed,
        "knob_words": knob_words(standing.current.weighed) if standing.current else [],
        "cost_words": cost_words(standing.current),
        "proof_words": proof_words(standing.current),
        "round_words": knob_words(round.knobs),
        "engine_words": ENGINE_WORDS,
        "may_change": request.user.has_perm(CHANGE, round),
        "is_inside": inside,
        "changeable": round.state in CHANGEABLE,
        "weights": [(SOFT_LABELS[code], rules.most(code)) for code in rules.weights],
        "now": timezone.now(),
        "cancel_form": ReasonForm(),
        "engines": Engine,
        **head(round),
    }
    answer = render(request, "supervision/matching/admin/detail.html", context)
    return looks_again(answer, is_calculating=standing.is_calculating or standing.is_publishing)


STEPS: dict[str, tuple[Callable[..., Any], Any]] = {
    "open": (actions.open_round, gettext_lazy("The round is open, and everybody in it has been told.")),
    "lock": (actions.lock_round, gettext_lazy("The round is locked. Nobody's wishes change any more.")),
    "back": (actions.put_back_round, gettext_lazy("What was calculated is put aside; the round is locked.")),
    "run": (actions.run_round, gettext_lazy("The calculation has started.")),
    "publish": (
        actions.publish_round,
        gettext_lazy("Published. The pairings are being made, and then everybody is told."),
    ),
    "close": (actions.close_round, gettext_lazy("The round is closed.")),
}


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of the round: open, lock, calculate, put back, publish, close."""
    round = round_of(request, pk, CHANGE)
    to = request.POST.get("to", "")
    if to not in STEPS:
        messages.error(request, _("That could not be understood. Nothing was changed."))
        return redirect("rounds:detail", round.pk)
    act, done = STEPS[to]
    more: dict[str, Any] = {}
    if to in ("publish", "back"):  # they are about a calculation: the one that the page showed
        more["number"] = seen_run(request)
        if more["number"] is None:
            return redirect("rounds:detail", round.pk)
    if to == "publish":
        more["gives_places"] = request.POST.get("gives_places") == "1"
    attempt(request, lambda: act(round=round, actor=request.user, **more), str(done))
    return redirect("rounds:detail", round.pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """End a round that is not published, and say why."""
    round = round_of(request, pk, CHANGE)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["reason"])))
    else:
        reason = form.cleaned_data["reason"]
        done = _("The round is cancelled.")
        attempt(request, lambda: actions.cancel_round(round=round, actor=request.user, reason=reason), done)
    return redirect("rounds:detail", round.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def make_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the next round from this one."""
    round = round_of(request, pk, CHANGE)
    if not round.is_told:
        raise Http404
    form = NextRoundForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_next_round(round=round, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The next round is a draft. Look at who takes part, then open it."))
            return redirect("rounds:detail", made.pk)
    context = {"form": form, **head(round, _("Next round"))}
    return render(request, "supervision/matching/admin/form.html", context)
