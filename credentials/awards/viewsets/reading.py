"""Award rounds at the desk: the list, one round with its tabs, one nominee."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn

from core.access.desk import ReadersIndex, desk_crumbs
from core.access.scope import Asker, holds, scope_of
from core.access.states import READERS
from core.attachments.actions import attachment_response
from core.audit.models import AuditEntry
from core.people.models import Person, User
from credentials.awards.actions import JOINABLE
from credentials.awards.forms import CancelForm, FindForm
from credentials.awards.models import AwardRound
from credentials.awards.queries import (
    bars_said,
    desk_rounds,
    membership,
    missing_sheets,
    nominations_with,
    nominees,
    places_of,
    shortlisted,
    why_waits,
)
from credentials.awards.states import NominationState, RoundState

PER_PAGE = 20


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


def round_at_desk(request: HttpRequest, pk: int, perm: str = "credentials.view_awardround") -> AwardRound:
    if not holds(request.user, *READERS):
        raise Http404
    mine = scope_of(request.user).q("organisation", *READERS)
    row = get_object_or_404(desk_rounds(request.user).filter(mine), pk=pk)
    if not request.user.has_perm(perm, row):
        raise Http404
    return row


def _tabs(row: AwardRound, user: Asker) -> list[tuple[str, Any]]:
    """What there is to look at in the state of the round. As long as it is not decided, whoever is nominated or judges does
    not see how the others have judged."""
    tabs = [("nominees", _("Nominees")), ("panel", _("Panel"))]
    judging = row.state in (RoundState.SCORING, RoundState.VOTING)
    closed = judging and (
        row.nominations.filter(holder=user.pk).exists() or membership(row, user) is not None
    )
    if row.state not in (RoundState.DRAFT, RoundState.NOMINATING, RoundState.SHORTLISTING) and not closed:
        tabs.append(("scores", _("Scores")))
    if row.state in (RoundState.NOTICE, RoundState.DECIDED):
        tabs.append(("result", _("Result")))
    return tabs


@require_safe
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: its facts, its next step, and one of its tabs."""
    row = round_at_desk(request, pk)
    may = request.user.has_perm("credentials.run_awardround", row)
    tabs = _tabs(row, request.user)
    tab = (
        request.GET.get("tab")
        if request.GET.get("tab") in dict(tabs)
        else tabs[-1][0]
        if len(tabs) > 2
        else "nominees"
    )
    waits = why_waits(row) if may else ""
    context = {
        "row": row,
        "indicators": row.indicators.all(),
        "tabs": tabs,
        "tab": tab,
        "may_run": may,
        "waits": waits,
        "steps": _steps(row) if may and not waits else [],
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
        find = FindForm(request.GET)
        words = find.cleaned_data["find"] if find.is_valid() else ""
        judges = judges_for(request, row, words).exclude(pk__in=members.values("user"))
        return {
            "members": [(one, left.get(one.pk)) for one in members],
            "may_join": row.state in JOINABLE,
            "find": find,
            "words": words,
            "found": Paginator(judges, PER_PAGE).get_page(request.GET.get("p")) if words else None,
        }
    if tab == "scores":
        people = {one.pk: one for one in shortlisted(row)}
        return {
            "places": [(place, people[place.nominee]) for place in places_of(row) if place.nominee in people]
        }
    if tab == "result":
        rows = row.results.select_related(
            *("nomination__person", "nomination__organisation", "grant__commendation"),
            *("succession__instead_of", "succeeded_by__result__nomination__person"),
        )
        return {"results": rows}
    found = list(nominees(row))
    return {
        "nominees": [(one, barred) for one, barred in zip(found, bars_said(row, found), strict=True)],
        "may_shortlist": row.state == RoundState.SHORTLISTING,
    }


def judges_for(request: HttpRequest, row: AwardRound, words: str = "") -> QuerySet[User]:
    """Whom one may ask to judge: who works in the officer's whole tree, so that others than the nominees' colleagues can be
    asked, and is not nominated; with `words`, those of this name or pinyin."""
    mine = scope_of(request.user).q("employer", *READERS)
    people = Person.objects.filter(mine)
    below = User.objects.filter(person__in=people.named(words) if words else people, is_active=True)
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


@require_safe
def nominee(request: HttpRequest, pk: int, nomination_id: int) -> HttpResponse:
    """One nomination with its papers."""
    row = round_at_desk(request, pk)
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
    row = round_at_desk(request, pk)
    one = get_object_or_404(nominations_with(request.user).filter(round=row), pk=nomination_id)
    return attachment_response(
        get_object_or_404(one.papers.select_related("attachment"), pk=paper_id).attachment
    )
