"""Matching rounds in the Wagtail admin: making one, who takes part, the result, trials, publication, appeals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, IndexView

from core.access.desk import KeptViewSet, ReaderMenuItem, SavedByAction, ScopedEditView
from core.access.scope import holds
from core.access.states import READERS
from core.sheets.writing import sheet_response
from core.states import IllegalMove, Refused
from supervision.matching import actions
from supervision.matching.forms import (
    AddMenteesForm,
    AddSupervisorsForm,
    DecideForm,
    FindForm,
    NextRoundForm,
    PlacesForm,
    ReasonForm,
    RoundForm,
    TryForm,
)
from supervision.matching.models import (
    Appeal,
    MatchingRound,
    RoundMentee,
    RoundRun,
    RoundSupervisor,
    RunLine,
    Wish,
)
from supervision.matching.queries import (
    SOFT_LABELS,
    alternatives_for,
    changes_of,
    desk_rounds,
    figures_of,
    is_inside,
    line_words,
    moves_of,
    prices_of,
    result_lines,
    result_table,
    rules_of,
    standing_of,
)
from supervision.matching.states import CHANGEABLE, Engine, RoundState
from supervision.supervisors.viewsets import ForReaders

PER_PAGE = 50


class RoundFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=RoundState.choices)
    appeals = django_filters.BooleanFilter(
        label=gettext_lazy("with appeals that wait"), method="with_appeals", widget=forms.CheckboxInput
    )

    class Meta:
        model = MatchingRound
        fields = ["state", "appeals"]

    def with_appeals(
        self, queryset: QuerySet[MatchingRound], name: str, value: bool
    ) -> QuerySet[MatchingRound]:
        waiting = Appeal.objects.to_decide(self.request.user).order_by().values("round")
        return queryset.filter(pk__in=waiting) if value else queryset


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


def _round(request: HttpRequest, pk: int, perm: str = "") -> MatchingRound:
    """A round of one's tree; to act in it one must run it, and not take part in it."""
    if not holds(request.user, *READERS):
        raise Http404
    round = get_object_or_404(desk_rounds(request.user), pk=pk)
    if perm and not request.user.has_perm(perm, round):
        raise Http404
    return round


CHANGE = "supervision.change_matchinground"


def _results_of(request: HttpRequest, pk: int, perm: str = "") -> MatchingRound:
    """A round whose lists and results this officer may look into: who takes part in it may not."""
    round = _round(request, pk, perm)
    if is_inside(request.user, round):
        raise Http404
    return round


def _head(round: MatchingRound, *titles: str) -> dict[str, Any]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("rounds:index"), "label": _("Matching rounds")},
        {"url": reverse("rounds:detail", args=[round.pk]), "label": round.title},
        *({"url": "", "label": title} for title in titles),
    ]
    title = " · ".join([round.title, *titles])
    return {"round": round, "header_title": title, "header_icon": "group", "breadcrumbs_items": crumbs}


def _try(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do it and say so; what is refused or was done before is told, and changes nothing."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.info(request, _("The round has changed meanwhile. Nothing was changed now."))
    else:
        if done:
            messages.success(request, done)
        return True
    return False


@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How a round stands, what comes next, and the trade between the two engines."""
    round = _round(request, pk)
    inside = is_inside(request.user, round)
    rules = rules_of(round)
    context: dict[str, Any] = {
        "standing": standing_of(round, request.user),
        "may_change": request.user.has_perm(CHANGE, round),
        "is_inside": inside,
        "changeable": round.state in CHANGEABLE,
        "weights": [(SOFT_LABELS[code], rules.most(code)) for code in rules.weights],
        "now": timezone.now(),
        "cancel_form": ReasonForm(),
        "engines": Engine,
        **_head(round),
    }
    answer = render(request, "supervision/matching/admin/detail.html", context)
    return _looks_again(answer, is_calculating=context["standing"].is_calculating)


def _looks_again(answer: HttpResponse, *, is_calculating: bool) -> HttpResponse:
    """While the round is being calculated, the browser asks again every three seconds; nothing is typed on these pages."""
    if is_calculating:
        answer["Refresh"] = "3"
    return answer


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
    round = _round(request, pk, CHANGE)
    step = STEPS.get(request.POST.get("to", ""))
    if step is None:
        messages.error(request, _("That could not be understood. Nothing was changed."))
    else:
        act, done = step
        _try(request, lambda: act(round=round, actor=request.user), str(done))
    return redirect("rounds:detail", round.pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """End a round that is not published, and say why."""
    round = _round(request, pk, CHANGE)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["reason"])))
    else:
        reason = form.cleaned_data["reason"]
        done = _("The round is cancelled.")
        _try(request, lambda: actions.cancel_round(round=round, actor=request.user, reason=reason), done)
    return redirect("rounds:detail", round.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def make_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the next round from this one."""
    round = _round(request, pk, CHANGE)
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
    context = {"form": form, **_head(round, _("Next round"))}
    return render(request, "supervision/matching/admin/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mentees(request: HttpRequest, pk: int) -> HttpResponse:
    """The mentees of a round; while it is a draft or open, more are added here."""
    round = _round(request, pk)
    may = round.state in CHANGEABLE and request.user.has_perm(CHANGE, round)
    if request.method == "POST" and not may:
        raise Http404
    form = AddMenteesForm(request.POST or None, round=round) if may else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            number = actions.add_mentees(round=round, people=form.rows(), actor=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("New in the round: %(number)s.") % {"number": number})
            return redirect("rounds:mentees", round.pk)
    find = FindForm(request.GET)
    rows = RoundMentee.objects.visible_to(request.user).inside().filter(round=round)
    if name := find.wish():
        rows = rows.filter(Q(person__name__icontains=name) | Q(person__name_search__contains=name.lower()))
    rows = rows.select_related("person__employer").annotate(
        named=Count("wishes", filter=Q(wishes__side="mentee"))
    )
    rows = rows.order_by("person__pinyin", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "form": form, "find": find, "may": may, **_head(round, _("Mentees"))}
    return render(request, "supervision/matching/admin/mentees.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def supervisors(request: HttpRequest, pk: int) -> HttpResponse:
    """The supervisors of a round with their places; while it is a draft or open, more are added here."""
    round = _round(request, pk)
    may = round.state in CHANGEABLE and request.user.has_perm(CHANGE, round)
    if request.method == "POST" and not may:
        raise Http404
    form = AddSupervisorsForm(request.POST or None, round=round, user=request.user) if may else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            number = actions.add_supervisors(round=round, supervisors=form.rows(), actor=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("New in the round: %(number)s.") % {"number": number})
            return redirect("rounds:supervisors", round.pk)
    find = FindForm(request.GET)
    rows = RoundSupervisor.objects.visible_to(request.user).inside().filter(round=round)
    if name := find.wish():
        rows = rows.filter(
            Q(supervisor__person__name__icontains=name)
            | Q(supervisor__person__name_search__contains=name.lower())
            | Q(supervisor__code__icontains=name)
        )
    rows = rows.select_related("supervisor__person", "supervisor__organisation").annotate(
        named=Count("wishes", filter=Q(wishes__side="supervisor"), distinct=True),
        given=Count(
            "lines",
            filter=Q(lines__run__kept_at__isnull=False, lines__run__discarded_at=None),
            distinct=True,
        ),
    )
    rows = rows.order_by("supervisor__code")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "find": find,
        "may": may,
        "may_try": round.state == RoundState.RUN and request.user.has_perm(CHANGE, round),
        "has_result": (round.state == RoundState.RUN or round.is_told) and not is_inside(request.user, round),
        **_head(round, _("Supervisors")),
    }
    return render(request, "supervision/matching/admin/supervisors.html", context)


@require_POST
def out(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a mentee or a supervisor out of the round."""
    round = _round(request, pk, CHANGE)
    side, key = request.POST.get("side", ""), request.POST.get("member", "")
    models: dict[str, Any] = {"mentees": RoundMentee, "supervisors": RoundSupervisor}
    if side not in models or not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404
    member = get_object_or_404(models[side].objects.visible_to(request.user), pk=int(key), round=round)
    done = _("Taken out of the round.")
    _try(request, lambda: actions.take_out(round=round, member=member, actor=request.user), done)
    return redirect(f"rounds:{side}", round.pk)


@require_POST
def places(request: HttpRequest, pk: int, member_id: int) -> HttpResponse:
    """Set a supervisor's places for the round."""
    round = _round(request, pk, CHANGE)
    rows = RoundSupervisor.objects.visible_to(request.user).select_related("round", "supervisor")
    member = get_object_or_404(rows, pk=member_id, round=round)
    form = PlacesForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["places"])))
    else:
        number = form.cleaned_data["places"]
        done = _("Places set.")
        _try(request, lambda: actions.set_places(member=member, places=number, actor=request.user), done)
    return redirect("rounds:supervisors", round.pk)


def _run(round: MatchingRound, request: HttpRequest) -> RoundRun:
    """The calculation that holds."""
    runs = RoundRun.objects.visible_to(request.user).current().filter(round=round)
    return get_object_or_404(runs.select_related("round__organisation"))


@require_safe
@never_cache
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Every mentee with the supervisor and why, or why there is none; those without one first."""
    round = _results_of(request, pk)
    run = _run(round, request)
    find = FindForm(request.GET)
    only = request.GET.get("only", "")
    rows = result_lines(run, request.user, name=find.wish(), only=only)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "run": run,
        "find": find,
        "only": only if only in ("none", "failed", "pinned") else "",
        "lines": [(line, line_words(line)) for line in page],
        **_head(round, _("Result")),
    }
    return render(request, "supervision/matching/admin/results.html", context)


@require_safe
@never_cache
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole result as a workbook, with every reason. That it was taken out is audited."""
    round = _results_of(request, pk)
    run = _run(round, request)
    if request.method == "GET":
        actions.export_results(round=round, actor=request.user)
    return sheet_response(f"round-{round.pk}.xlsx", result_table(run, request.user))


@require_safe
@never_cache
def line(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """One mentee: why this supervisor or none, the alternatives side by side, and what can be tried."""
    round = _results_of(request, pk)
    rows = RunLine.objects.visible_to(request.user).filter(run__round=round, run__discarded_at=None)
    found = get_object_or_404(
        rows.with_people().select_related("run__round__organisation", "pairing"), pk=line_id
    )
    wishes = Wish.objects.visible_to(request.user).filter(mentee=found.mentee, side="mentee")
    other = None
    if found.other_id != found.supervisor_id and found.other_id:
        members = RoundSupervisor.objects.visible_to(request.user).select_related("supervisor__person")
        other = members.filter(pk=found.other_id).first()
    may = request.user.has_perm(CHANGE, round)
    context = {
        "line": found,
        "words": line_words(found),
        "wishes": wishes.select_related("supervisor__supervisor__person"),
        "alternatives": alternatives_for(found, request.user)
        if found.run.is_current or found.run.is_trial
        else [],
        "other": other,
        "may_try": may and round.state == RoundState.RUN,
        "may_retry": may and round.is_told and bool(found.failure),
        **_head(round, str(found.mentee)),
    }
    return render(request, "supervision/matching/admin/line.html", context)


@require_POST
def retry(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """Try once more to make a pairing that failed."""
    round = _results_of(request, pk, CHANGE)
    rows = RunLine.objects.visible_to(request.user).filter(run__round=round, run__discarded_at=None)
    found = get_object_or_404(rows.select_related("run__round"), pk=line_id)
    done = _("The pairing is made, and both have been told.")
    _try(request, lambda: actions.retry_line(line=found, actor=request.user), done)
    return redirect("rounds:line", round.pk, found.pk)


@require_POST
def try_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a change: pin, forbid, take back, set places, or the other engine. It moves nothing until it is kept."""
    round = _results_of(request, pk, CHANGE)
    form = TryForm(request.POST, round=round)
    if not form.is_valid():
        messages.error(request, _("Choose whom this is about, and what is to be tried."))
        return redirect("rounds:detail", round.pk)
    change = form.change()
    if form.cleaned_data["what"] == "engine":
        trial = RoundRun.objects.visible_to(request.user).filter(round=round, discarded_at=None).first()
        now = trial.engine if trial is not None else round.engine
        change = {"engine": Engine.STABLE if now == Engine.OPTIMAL else Engine.OPTIMAL}
    if _try(request, lambda: actions.try_change(round=round, actor=request.user, **change), ""):
        return redirect("rounds:trial", round.pk)
    return redirect("rounds:detail", round.pk)


@require_safe
@never_cache
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """What the open trial would move: before and after, figure by figure and mentee by mentee."""
    round = _results_of(request, pk)
    runs = RoundRun.objects.visible_to(request.user).filter(round=round)
    latest = runs.select_related("job").order_by("-number").first()
    if latest is None:
        raise Http404
    current = runs.current().first()
    moved = (
        moves_of(latest, current, request.user)
        if current and latest.is_trial and latest.finished_at and latest.pk != current.pk
        else []
    )
    page = Paginator(moved, PER_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "trial": latest,
        "current": current,
        "page": page,
        "moved": len(moved),
        "changes": changes_of(latest, request.user),
        "figures": _compared(current, latest),
        "is_calculating": latest.finished_at is None and not latest.error and latest.discarded_at is None,
        "may_change": request.user.has_perm(CHANGE, round) and round.state == RoundState.RUN,
        **_head(round, _("Trial")),
    }
    answer = render(request, "supervision/matching/admin/trial.html", context)
    return _looks_again(answer, is_calculating=context["is_calculating"])


def _compared(current: RoundRun | None, latest: RoundRun) -> list[tuple[str, Any, Any]]:
    """The figures before and after."""
    places = {engine: place for place, engine in enumerate(Engine.values, start=1)}
    before = [(row[0], row[places[current.engine]]) for row in figures_of(current)] if current else []
    after = [row[places[latest.engine]] for row in figures_of(latest)]
    return [(label, old, new) for (label, old), new in zip(before, after, strict=False)]


@require_POST
def decide_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the open trial, or put it aside."""
    round = _results_of(request, pk, CHANGE)
    runs = RoundRun.objects.visible_to(request.user).trials().filter(round=round)
    run = runs.select_related("round__organisation").first()
    if run is None:
        messages.info(request, _("The round has changed meanwhile. Nothing was changed now."))
    elif "keep" in request.POST:
        done = _("Kept. This is the result of the round now.")
        _try(request, lambda: actions.keep_trial(run=run, actor=request.user), done)
    else:
        done = _("Put aside. Nothing was changed.")
        _try(request, lambda: actions.discard_trial(run=run, actor=request.user), done)
    return redirect("rounds:detail", round.pk)


@require_safe
@never_cache
def prices(request: HttpRequest, pk: int) -> HttpResponse:
    """Where supervisors are short, in words and by district and field."""
    round = _results_of(request, pk)
    run = _run(round, request)
    context = {
        "run": run,
        "prices": prices_of(run, request.user),
        **_head(round, _("Where places are short")),
    }
    return render(request, "supervision/matching/admin/prices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def appeal(request: HttpRequest, pk: int, appeal_id: int) -> HttpResponse:
    """One appeal: read it, and decide it with a reason."""
    round = _results_of(request, pk)
    rows = Appeal.objects.visible_to(request.user).filter(round=round)
    found = get_object_or_404(rows.select_related("person__user", "round__organisation"), pk=appeal_id)
    may = request.user.has_perm("supervision.decide_appeal", found)
    if request.method == "POST" and not may:
        raise Http404
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        upholds = "uphold" in request.POST
        try:
            actions.decide_appeal(appeal=found, upholds=upholds, actor=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        except IllegalMove:
            messages.info(request, _("This was settled before. Nothing was changed."))
            return redirect("rounds:appeal", round.pk, found.pk)
        else:
            messages.success(request, _("Decided, and the person has been told why."))
            return redirect("rounds:detail", round.pk)
    lines = RunLine.objects.visible_to(request.user).filter(
        run__round=round, run__discarded_at=None, mentee__person=found.person
    )
    context = {
        "appeal": found,
        "form": form,
        "may_decide": may and found.is_waiting,
        "may_read": may,  # an auditor sees that there is one and how it was decided
        "line": lines.with_people().first(),
        **_head(round, _("Appeal")),
    }
    return render(request, "supervision/matching/admin/appeal.html", context)


class RoundViewSet(KeptViewSet):
    model = MatchingRound
    name = "rounds"
    url_prefix = "matching-rounds"
    icon = "group"
    menu_label = gettext_lazy("Matching rounds")
    index_view_class = RoundIndex
    add_view_class = RoundCreate
    edit_view_class = RoundEdit
    filterset_class = RoundFilterSet
    search_fields = ("title",)
    list_per_page = 50
    menu_item_class = ReaderMenuItem

    def get_form_class(self, for_update: bool = False) -> type:
        return RoundForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("round/<int:pk>/", detail, name="detail"),
            path("round/<int:pk>/move/", move, name="move"),
            path("round/<int:pk>/cancel/", cancel, name="cancel"),
            path("round/<int:pk>/next/", make_next, name="next"),
            path("round/<int:pk>/mentees/", mentees, name="mentees"),
            path("round/<int:pk>/supervisors/", supervisors, name="supervisors"),
            path("round/<int:pk>/supervisors/<int:member_id>/places/", places, name="places"),
            path("round/<int:pk>/out/", out, name="out"),
            path("round/<int:pk>/results/", results, name="results"),
            path("round/<int:pk>/results/export/", export, name="export"),
            path("round/<int:pk>/results/<int:line_id>/", line, name="line"),
            path("round/<int:pk>/results/<int:line_id>/retry/", retry, name="retry"),
            path("round/<int:pk>/try/", try_change, name="try"),
            path("round/<int:pk>/trial/", trial, name="trial"),
            path("round/<int:pk>/trial/decide/", decide_trial, name="decide_trial"),
            path("round/<int:pk>/prices/", prices, name="prices"),
            path("round/<int:pk>/appeals/<int:appeal_id>/", appeal, name="appeal"),
        ]
