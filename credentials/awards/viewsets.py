"""Award rounds at the desk: the list, a round with its nominees, shortlist, scores and result, and its next step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_crumbs
from core.access.scope import holds, scope_of
from core.access.states import READERS, Role
from core.attachments.actions import attachment_response
from core.audit.models import AuditEntry
from core.organisations.models import Organisation
from core.people.models import User
from core.states import IllegalMove, Refused
from credentials.awards import actions
from credentials.awards.forms import CancelForm, MemberForm, RoundForm, ShortlistForm
from credentials.awards.models import AwardRound
from credentials.awards.queries import (
    bars_said,
    desk_rounds,
    missing_sheets,
    nominations_with,
    nominees,
    places_of,
    shortlisted,
)
from credentials.awards.states import NominationState, RoundState

STEPS: dict[str, tuple[Callable[..., Any], Any]] = {
    "open": (actions.open_round, gettext_lazy("Announced. Nominations are taken from the first day on.")),
    "end-nominations": (actions.end_nominations, gettext_lazy("Nominations are ended. Draw up the shortlist.")),
    "judge": (actions.start_judging, gettext_lazy("The panel has been told to begin.")),
    "vote": (actions.start_vote, gettext_lazy("The public vote is open on its days.")),
    "end-judging": (actions.end_judging, gettext_lazy("The result is frozen, and the winners stand in a public notice.")),
    "post-again": (actions.post_again, gettext_lazy("The winners stand in a public notice again.")),
}  # fmt: skip


def crumbs(*last: tuple[str, Any]) -> list[dict[str, Any]]:
    return desk_crumbs((reverse("award-rounds:index"), _("Award rounds")), *last)


class RoundIndex(ReadersIndex):
    """Every round in scope, the newest first."""

    model = AwardRound
    name = "award-rounds"
    page_title = gettext_lazy("Award rounds")
    header_icon = "pick"
    search_fields = ["title", "organisation__name"]
    add_url_name = "award-rounds:add"
    add_item_label = gettext_lazy("Write an award round")

    def get_base_queryset(self) -> QuerySet[AwardRound]:
        return desk_rounds(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "title",
                label=pgettext_lazy("award", "title to be given"),
                get_url=lambda row: reverse("award-rounds:inspect", args=[row.pk]),
            ),
            Column("year", label=gettext_lazy("year"), sort_key="year"),
            Column("organisation", label=gettext_lazy("authority"), accessor="organisation.name"),
            Column("rank", label=gettext_lazy("rank"), accessor="get_rank_display"),
            Column("nominated", label=gettext_lazy("nominees"), accessor="nominated"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.state not in (RoundState.DECIDED, RoundState.CANCELLED),
            ),
        ]


def _round(request: HttpRequest, pk: int, perm: str = "credentials.view_awardround") -> AwardRound:
    if not holds(request.user, *READERS):
        raise Http404
    mine = scope_of(request.user).q("organisation", *READERS)
    row = get_object_or_404(desk_rounds(request.user).filter(mine), pk=pk)
    if not request.user.has_perm(perm, row):
        raise Http404
    return row


def _tabs(row: AwardRound) -> list[tuple[str, Any]]:
    """What there is to look at in the state of the round."""
    tabs = [("nominees", _("Nominees")), ("panel", _("Panel"))]
    if row.state not in (RoundState.DRAFT, RoundState.NOMINATING, RoundState.SHORTLISTING):
        tabs.append(("scores", _("Scores")))
    if row.state in (RoundState.NOTICE, RoundState.DECIDED):
        tabs.append(("result", _("Result")))
    return tabs


@require_safe
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: its facts, its next step, and one of its tabs."""
    row = _round(request, pk)
    may = request.user.has_perm("credentials.run_awardround", row)
    tabs = _tabs(row)
    tab = (
        request.GET.get("tab")
        if request.GET.get("tab") in dict(tabs)
        else tabs[-1][0]
        if len(tabs) > 2
        else "nominees"
    )
    context = {
        "row": row,
        "indicators": row.indicators.all(),
        "tabs": tabs,
        "tab": tab,
        "may_run": may,
        "steps": _steps(row) if may else [],
        "cancel": CancelForm(),
        "may_cancel": may and row.state not in (RoundState.NOTICE, RoundState.DECIDED, RoundState.CANCELLED),
        "trail": AuditEntry.objects.trail_of(row).exclude(action="credentials.give_scores"),
        "header_title": str(row),
        "header_icon": "pick",
        "breadcrumbs_items": crumbs(("", str(row))),
    } | _tab_of(request, row, str(tab))  # fmt: skip
    return render(request, "credentials/awards/admin/inspect.html", context)


def _tab_of(request: HttpRequest, row: AwardRound, tab: str) -> dict[str, Any]:
    if tab == "panel":
        left = missing_sheets(row) if row.state == RoundState.SCORING else {}
        members = row.members.filter(left_at=None).select_related("user__person__employer")
        return {
            "members": [(one, left.get(one.pk)) for one in members],
            "member_form": MemberForm(people=_judges(request, row)),
        }
    if tab == "scores":
        people = {one.pk: one for one in shortlisted(row)}
        return {
            "places": [(place, people[place.nominee]) for place in places_of(row) if place.nominee in people]
        }
    if tab == "result":
        rows = row.results.select_related(
            "nomination__person", "nomination__organisation", "grant__commendation"
        )
        return {"results": rows}
    found = list(nominees(row))
    return {
        "nominees": [(one, barred) for one, barred in zip(found, bars_said(row, found), strict=True)],
        "may_shortlist": row.state == RoundState.SHORTLISTING,
    }


def _judges(request: HttpRequest, row: AwardRound) -> QuerySet[User]:
    """Whom one may ask to judge: who works in the officer's whole tree, so that others than the nominees' colleagues can be
    asked, and is not nominated."""
    mine = scope_of(request.user).q("person__employer", *READERS)
    below = User.objects.filter(mine, is_active=True)
    nominated = row.nominations.values("holder")
    return below.exclude(pk__in=nominated).select_related("person__employer").order_by("person__pinyin", "pk")


def _steps(row: AwardRound) -> list[tuple[str, Any]]:
    """The next steps of a round, as (word in the address, label)."""
    steps: dict[str, list[tuple[str, Any]]] = {
        RoundState.DRAFT: [("open", pgettext("award round", "Announce it"))],
        RoundState.NOMINATING: [("end-nominations", _("End nominations"))],
        RoundState.SHORTLISTING: [("judge", _("Let the panel begin"))],
        RoundState.SCORING: [("vote", _("Open the public vote")) if row.vote_share else ("end-judging", _("Freeze the result and open the public notice"))],
        RoundState.VOTING: [("end-judging", _("Freeze the result and open the public notice"))],
        RoundState.NOTICE: [] if row.notice_id else [("post-again", _("Open the public notice again"))],
    }  # fmt: skip
    return steps.get(row.state, [])


def _act(request: HttpRequest, row: AwardRound, tab: str, done: Any, act: Callable[[], Any]) -> HttpResponse:
    """Do one act, say what came of it, and go back to the tab."""
    try:
        act()
        messages.success(request, str(done))
    except IllegalMove:
        messages.warning(request, _("This was decided in the meantime. Nothing was changed now."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("award-rounds:inspect", args=[row.pk]) + (f"?tab={tab}" if tab else ""))


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take the next step of a round."""
    row = _round(request, pk, "credentials.run_awardround")
    if name not in STEPS:
        raise Http404
    act, done = STEPS[name]
    return _act(request, row, "", done, lambda: act(round=row, actor=request.user))


@require_POST
def shortlist(request: HttpRequest, pk: int) -> HttpResponse:
    """Put those that are ticked on the shortlist."""
    row = _round(request, pk, "credentials.run_awardround")
    form = ShortlistForm(request.POST, nominees=row.nominations.all())
    if not form.is_valid():
        messages.error(request, _("Choose nominees of this round."))
        return redirect("award-rounds:inspect", row.pk)
    chosen = [one.pk for one in form.cleaned_data["chosen"]]
    return _act(
        request, row, "nominees", _("The shortlist is kept."),
        lambda: actions.shortlist_nominees(round=row, nomination_ids=chosen, actor=request.user),
    )  # fmt: skip


@require_POST
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Put somebody on the panel."""
    row = _round(request, pk, "credentials.run_awardround")
    form = MemberForm(request.POST, people=_judges(request, row))
    if not form.is_valid():
        messages.error(request, _("Choose somebody who works here and is not nominated."))
        return redirect(reverse("award-rounds:inspect", args=[row.pk]) + "?tab=panel")
    user = form.cleaned_data["user"]
    return _act(
        request,
        row,
        "panel",
        _("On the panel."),
        lambda: actions.add_member(round=row, user=user, actor=request.user),
    )


@require_POST
def remove_member(request: HttpRequest, pk: int, member_id: int) -> HttpResponse:
    """Take somebody off the panel."""
    row = _round(request, pk, "credentials.run_awardround")
    member = get_object_or_404(row.members.filter(left_at=None), pk=member_id)
    return _act(
        request, row, "panel", _("Off the panel. Their scores count no more."),
        lambda: actions.remove_member(member=member, actor=request.user),
    )  # fmt: skip


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call a round off."""
    row = _round(request, pk, "credentials.run_awardround")
    form = CancelForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _act(
        request, row, "", _("Called off. The nominees have been told."),
        lambda: actions.cancel_round(round=row, reason=reason, actor=request.user),
    )  # fmt: skip


@require_safe
def nominee(request: HttpRequest, pk: int, nomination_id: int) -> HttpResponse:
    """One nomination with its papers."""
    row = _round(request, pk)
    one = get_object_or_404(nominations_with(request.user).filter(round=row), pk=nomination_id)
    context = {
        "row": row,
        "one": one,
        "barred": bars_said(row, [one])[0],
        "papers": one.papers.select_related("attachment"),
        "is_accepted": one.state in (NominationState.ACCEPTED, NominationState.SHORTLISTED),
        "trail": AuditEntry.objects.trail_of(one),
        "header_title": one.person.name,
        "header_icon": "user",
        "breadcrumbs_items": crumbs(
            (reverse("award-rounds:inspect", args=[pk]), str(row)), ("", one.person.name)
        ),
    }
    return render(request, "credentials/awards/admin/nominee.html", context)


@require_safe
def paper(request: HttpRequest, pk: int, nomination_id: int, paper_id: int) -> HttpResponseBase:
    """A paper of a nomination."""
    row = _round(request, pk)
    one = get_object_or_404(nominations_with(request.user).filter(round=row), pk=nomination_id)
    return attachment_response(
        get_object_or_404(one.papers.select_related("attachment"), pk=paper_id).attachment
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a round, or change its draft."""
    row = _round(request, pk, "credentials.change_awardround") if pk else None
    if row is None and not request.user.has_perm("credentials.add_awardround"):
        raise Http404
    if row is not None and row.state != RoundState.DRAFT:
        raise Http404
    places = Organisation.objects.filter(scope_of(request.user).q("", Role.ADMINISTRATOR))
    form = RoundForm(request.POST or None, places=places, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.save_round(round=form.save(commit=False), indicators=form.read, actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The draft is kept. Read it, then announce it."))
            return redirect("award-rounds:inspect", kept.pk)
    title = str(row) if row else _("Write an award round")
    context = {
        "form": form,
        "row": row,
        "header_title": title,
        "header_icon": "pick",
        "breadcrumbs_items": crumbs(("", title)),
    }
    return render(request, "credentials/awards/admin/edit.html", context)


class AwardRoundViewSet(ViewSet):
    """The menu item and its addresses under /admin/award-rounds/."""

    name = "award-rounds"
    menu_label = gettext_lazy("Award rounds")
    icon = "pick"
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *RoundIndex.urls(),
            path("add/", edit, name="add"),
            path("<int:pk>/", inspect, name="inspect"),
            path("<int:pk>/edit/", edit, name="edit"),
            path("<int:pk>/shortlist/", shortlist, name="shortlist"),
            path("<int:pk>/members/", add_member, name="add-member"),
            path("<int:pk>/members/<int:member_id>/remove/", remove_member, name="remove-member"),
            path("<int:pk>/cancel/", cancel, name="cancel"),
            path("<int:pk>/steps/<slug:name>/", step, name="step"),
            path("<int:pk>/nominees/<int:nomination_id>/", nominee, name="nominee"),
            path("<int:pk>/nominees/<int:nomination_id>/papers/<int:paper_id>/", paper, name="paper"),
        ]
