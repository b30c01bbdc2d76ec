"""The rounds that one may take part in, nominating, one's own nominations, and the vote."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access.scope import scope_of
from core.access.states import Role
from core.attachments.actions import attachment_response
from core.people.models import Person
from core.states import IllegalMove, Refused
from credentials.awards.actions import (
    NominationFacts,
    NomineeBarred,
    accept_nomination,
    add_paper,
    cast_vote,
    decline_nomination,
    nominate,
)
from credentials.awards.forms import FindForm, NominationForm, PaperForm
from credentials.awards.models import AwardRound, Nomination
from credentials.awards.policy import Bar
from credentials.awards.queries import (
    BAR_WORDS,
    bar_for_nominator,
    bars_of,
    emptied,
    membership,
    nominations_with,
    rounds_for,
    seen_bars_of,
    shortlisted,
    waiting_for,
    why_not_vote,
    winners_of,
)
from credentials.awards.states import NominationState, RoundState, Way

MOST_SHOWN = 200  # people in one list to choose from


def me(request: HttpRequest) -> Person:
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    return person


def round_of(request: HttpRequest, pk: int) -> AwardRound:
    return get_object_or_404(rounds_for(me(request)), pk=pk)


@require_safe
def award_list(request: HttpRequest) -> HttpResponse:
    """What waits for me, the rounds where I work, and what I am nominated for."""
    person = me(request)
    waiting, seats, votes = waiting_for(request.user)
    context = {
        "waiting": waiting,
        "seats": seats,
        "votes": [row for row in votes if row.takes_votes()],
        "rounds": rounds_for(person)[:30],
        "mine": nominations_with(request.user).order_by("-made_at")[:30],
        "me": request.user.pk,
    }
    return render(request, "credentials/awards/list.html", context)


@require_safe
def award_round(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: for whom, until when, how it is decided, and what I can do."""
    row = round_of(request, pk)
    context = {
        "round": row,
        "indicators": row.indicators.all(),
        "may_nominate": row.takes_nominations() and bool(_ways(row, request)),
        "mine": nominations_with(request.user).filter(round=row, holder=request.user.pk).first(),
        "seat": membership(row, request.user),
        "winners": winners_of(row),
        "places_empty": emptied(row).count() if row.state == RoundState.DECIDED else 0,
    }  # fmt: skip
    return render(request, "credentials/awards/round.html", context)


def _ways(round: AwardRound, request: HttpRequest) -> list[str]:
    ways = [Way.SELF.value] if round.by_self else []
    ways += [Way.PEER.value] if round.by_peer and me(request).employer_id else []
    if round.quota and scope_of(request.user).holds(Role.ADMINISTRATOR):
        ways.append(Way.ORGANISATION.value)
    return ways


def _offered(ways: list[str], person: Person, request: HttpRequest) -> QuerySet[Person]:
    """Whom one may nominate: colleagues, and who is employed below one's own administration."""
    rows = Person.objects.filter(employer=person.employer_id) if Way.PEER in ways else Person.objects.none()
    if Way.ORGANISATION in ways:
        rows = rows | Person.objects.filter(scope_of(request.user).q("employer", Role.ADMINISTRATOR))
    return rows.exclude(pk=person.pk).select_related("employer").order_by("pinyin", "pk")


def _shown(people: QuerySet[Person], find: FindForm, request: HttpRequest) -> tuple[list[Person], bool]:
    """Of too many people for one list those who were looked for, or were chosen just now; and whether all stand in it."""
    if people[MOST_SHOWN:].exists():
        words = find.cleaned_data["find"] if find.is_valid() else ""
        chosen = request.POST.get("person", "")
        picked = (
            Q(pk=int(chosen)) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else Q(pk=None)
        )
        named = Q(pk__in=Person.objects.named(words).values("pk")) if words else Q(pk=None)
        return list(people.filter(picked | named)[:MOST_SHOWN]), False
    return list(people), True


@require_http_methods(["GET", "HEAD", "POST"])
def award_nominate(request: HttpRequest, pk: int) -> HttpResponse:
    """Nominate oneself, a colleague, or for the organisation."""
    row, person = round_of(request, pk), me(request)
    ways = _ways(row, request)
    if not row.takes_nominations() or not ways:
        messages.info(request, _("Nominations are not taken now."))
        return redirect(row)
    people, find = _offered(ways, person, request), FindForm(request.GET)
    shown, is_whole = _shown(people, find, request)
    form = NominationForm(
        request.POST or None,
        ways=ways,
        people=people,
        shown=shown,
        me=person,
        notes=seen_bars_of(row, shown),
        bar_of=lambda one: "" if one == person else bar_for_nominator(row, one, request.user),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        facts = NominationFacts(data["way"], data["deeds"])
        try:
            made = nominate(round=row, person=data["person"], facts=facts, actor=request.user)
        except Refused as refusal:
            named = isinstance(refusal, NomineeBarred) and data["person"] != person
            form.add_error("person" if named else None, str(refusal))
        else:
            said = (
                _("You take part. Add your papers.")
                if made.accepted_at
                else _("Nominated. It counts once they accept.")
            )
            messages.success(request, said)
            return redirect(made)
    own = bars_of(row, [person])[person.pk] if Way.SELF in ways else []
    context = {
        "round": row,
        "form": form,
        "find": None if is_whole else find,
        "own_bars": [BAR_WORDS[bar] for bar in own],
    }
    return render(request, "credentials/awards/nominate.html", context)


def _nomination(request: HttpRequest, pk: int) -> Nomination:
    return get_object_or_404(nominations_with(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def nomination(request: HttpRequest, pk: int) -> HttpResponse:
    """One nomination: what it says, its papers, and the nominee's yes or no."""
    row = _nomination(request, pk)
    takes_papers = row.round.takes_nominations() and request.user.pk in (row.holder_id, row.nominated_by_id)
    takes_papers = takes_papers and row.state in (NominationState.OFFERED, NominationState.ACCEPTED)
    form = PaperForm(request.POST or None, request.FILES or None) if takes_papers else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            return _paper_added(request, row, form.cleaned_data["paper"])
    is_mine = row.holder_id == request.user.pk
    may_decide = is_mine and row.state == NominationState.OFFERED and row.round.takes_nominations()
    found = bars_of(row.round, [row.person])[row.person_id] if may_decide else []
    context = {
        "row": row,
        "papers": row.papers.select_related("attachment"),
        "form": form,
        "may_decide": may_decide,
        "bars": [BAR_WORDS[bar] for bar in found],
        "months": row.round.rule.qualified_months if Bar.UNQUALIFIED in found else None,
        "may_leave": is_mine
        and row.state == NominationState.ACCEPTED
        and row.round.state == RoundState.NOMINATING,
    }
    return render(request, "credentials/awards/nomination.html", context)


def _paper_added(request: HttpRequest, row: Nomination, upload: object) -> HttpResponse:
    try:
        add_paper(nomination=row, upload=upload, actor=request.user)
        messages.success(request, _("The paper is added."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(row)


@require_POST
def nomination_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The nominee accepts or declines."""
    row = _nomination(request, pk)
    if row.holder_id != request.user.pk:
        raise Http404
    try:
        if request.POST.get("go") == "accept":
            accept_nomination(nomination=row, actor=request.user)
            messages.success(request, _("You take part."))
        else:
            decline_nomination(nomination=row, actor=request.user)
            messages.success(request, _("You do not take part."))
    except IllegalMove:
        messages.warning(request, _("This was decided in the meantime. Nothing was changed now."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(row)


@require_safe
def nomination_paper(request: HttpRequest, pk: int, paper_id: int) -> HttpResponseBase:
    """A paper of a nomination that one may read."""
    paper = get_object_or_404(_nomination(request, pk).papers.select_related("attachment"), pk=paper_id)
    return attachment_response(paper.attachment, download="download" in request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
def award_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """The shortlist, and one vote for good."""
    row = round_of(request, pk)
    has_voted = row.votes.filter(voter=request.user.pk).exists()
    if request.method == "POST":
        chosen = request.POST.get("chosen", "")
        found = (
            shortlisted(row).filter(pk=int(chosen)).first()
            if chosen.isascii() and chosen.isdigit() and len(chosen) < 19
            else None
        )
        if found is None:
            messages.error(request, _("Choose somebody on the shortlist."))
        else:
            try:
                cast_vote(round=row, nomination=found, actor=request.user)
                messages.success(request, _("Your vote is counted. Nobody is shown whom you voted for."))
            except Refused as refusal:
                messages.error(request, str(refusal))
        return redirect("credentials:award-vote", row.pk)
    if row.state != RoundState.VOTING:
        return redirect(row)
    context = {
        "round": row,
        "nominees": shortlisted(row),
        "has_voted": has_voted,
        "is_open": row.takes_votes(),
        "why_not": "" if has_voted else why_not_vote(row, request.user),
        "me": request.user.pk,
    }
    return render(request, "credentials/awards/vote.html", context)
