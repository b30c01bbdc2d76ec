"""Internships in the Wagtail admin: the list, planning one, and one with everything that is decided about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_crumbs
from core.access.scope import holds
from core.access.states import READERS
from core.audit.models import AuditEntry
from core.people.models import Person
from core.people.queries import is_let_in_by
from core.states import IllegalMove
from credentials.internships import actions
from credentials.internships.forms import PlanForm, ReasonForm
from credentials.internships.models import EmploymentProof, Internship
from credentials.internships.queries import (
    desk_internships,
    desk_proofs,
    has_opened_paper,
    has_opened_proof,
    months_asked,
    progress_in,
    waiting_for,
)
from credentials.internships.states import MOVES, PROOF_MOVES, InternshipState, ProofState

# What an officer does: the state it leads to, and the act.
ACTS: dict[str, tuple[str, Callable[..., Any]]] = {
    "place": (InternshipState.PLACED, actions.place_internship),
    "end": (InternshipState.ENDED, actions.end_internship),
    "cancel": (InternshipState.CANCELLED, actions.cancel_internship),
}
REASONED = {"cancel", "return"}


def crumbs(label: str) -> list[dict[str, Any]]:
    """Where an officer is: home, internships, and a page of them."""
    return desk_crumbs((reverse("internships:index"), _("Internships")), ("", label))


class InternshipFilterSet(WagtailFilterSet):
    # Not a box to tick: one that is not ticked says "no", and would stand there as a filter that is on.
    waiting = django_filters.ChoiceFilter(
        label=gettext_lazy("waiting for me"), method="for_me", choices=[("on", gettext_lazy("yes"))]
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=InternshipState.choices)

    class Meta:
        model = Internship
        fields = ["waiting", "state"]

    def for_me(self, queryset: QuerySet[Internship], name: str, value: str) -> QuerySet[Internship]:
        return queryset.filter(pk__in=waiting_for(self.request.user).values("pk")) if value else queryset


class InternshipIndex(ReadersIndex):
    """Every internship in scope, with how many months of employment are proved."""

    model = Internship
    name = "internships"
    page_title = gettext_lazy("Internships")
    header_icon = "user"
    filterset_class = InternshipFilterSet
    search_fields = ["person__name", "person__name_search", "school"]

    def get_base_queryset(self) -> QuerySet[Internship]:
        return desk_internships(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "person",
                label=gettext_lazy("person"),
                accessor="person.name",
                url_name="internships:inspect",
            ),
            Column("school", label=gettext_lazy("school")),
            Column("station", label=pgettext_lazy("internship", "place"), accessor="station.name"),
            Column("starts_on", label=gettext_lazy("from"), sort_key="starts_on"),
            Column("ends_on", label=gettext_lazy("until"), sort_key="ends_on"),
            Column("months", label=gettext_lazy("months proved"), accessor=_months),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.state in (InternshipState.CONFIRMED, InternshipState.SIGNED),
            ),
        ]


def _months(row: Internship) -> str:
    if row.state != InternshipState.ENDED:
        return ""
    words = str(progress_in(row).months)
    waits = any(each.state == ProofState.DECLARED for each in row.proofs.all())
    return f"{words} · " + _("a proof waits") if waits else words


def _reads(request: HttpRequest) -> None:
    if not holds(request.user, *READERS):
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One internship: place it, end it, return what was handed in, or cancel it; below it the proofs of employment."""
    _reads(request)
    row = get_object_or_404(desk_internships(request.user), pk=pk)
    may = request.user.has_perm("credentials.decide_internship", row)
    verb = next((each for each in (*ACTS, "return") if each in request.POST), "")
    form = ReasonForm(request.POST if verb in REASONED else None)
    if request.method == "POST":
        if not may:
            raise Http404
        if verb and (verb not in REASONED or form.is_valid()):
            return _decide(request, row, verb, form)
    moves = MOVES[InternshipState(row.state)] if may else ()
    is_back = InternshipState.PROPOSED in moves or (row.state == InternshipState.SIGNED and may)
    context = {
        "row": row,
        "form": form,
        "may_place": row.state == InternshipState.CONFIRMED and may,
        "may_end": InternshipState.ENDED in moves and row.supervisor_id != request.user.pk,
        "may_return": is_back and row.supervisor_id != request.user.pk,
        "may_cancel": InternshipState.CANCELLED in moves,
        "may_verify": may,
        "has_opened": row.state != InternshipState.CONFIRMED or has_opened_paper(row, request.user),
        "progress": progress_in(row, months_asked(row.authority))
        if row.state == InternshipState.ENDED
        else None,
        "is_bound": not may and is_let_in_by(request.user, row.person),
        "trail": AuditEntry.objects.trail_of(row),
        "header_title": f"{row.person.name} · {row.station.name}",
        "header_icon": "user",
        "breadcrumbs_items": crumbs(row.person.name),
    }
    return render(request, "credentials/internships/admin/inspect.html", context)


def _decide(request: HttpRequest, row: Internship, verb: str, form: ReasonForm) -> HttpResponse:
    is_signed = row.state == InternshipState.SIGNED
    back = actions.return_signature if is_signed else actions.return_confirmation
    act = back if verb == "return" else ACTS[verb][1]
    said = {"reason": form.cleaned_data["reason"]} if verb in REASONED else {}
    _try(request, lambda: act(internship=row, actor=request.user, **said))
    return redirect("internships:inspect", row.pk)


def _try(request: HttpRequest, act: Callable[[], Any]) -> None:
    """Do it and say what came of it."""
    try:
        act()
    except IllegalMove:
        messages.warning(request, _("This was decided in the meantime. Nothing was changed now."))
    except actions.InternshipRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done, and whom it concerns has been told."))


@require_http_methods(["GET", "HEAD", "POST"])
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """One proof of employment: verify it (`verify`), or return it with a reason."""
    _reads(request)
    held: EmploymentProof = get_object_or_404(desk_proofs(request.user), pk=pk)
    if not request.user.has_perm("credentials.read_internship", held.internship):
        raise Http404
    may = request.user.has_perm("credentials.verify_employmentproof", held)
    form = ReasonForm(request.POST if "return" in request.POST else None)
    if request.method == "POST":
        if not may:
            raise Http404
        if "verify" in request.POST:
            _try(request, lambda: actions.verify_employment(proof=held, actor=request.user))
            return redirect("internships:inspect", held.internship_id)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            _try(request, lambda: actions.return_employment(proof=held, reason=reason, actor=request.user))
            return redirect("internships:inspect", held.internship_id)
    moves = PROOF_MOVES[ProofState(held.state)] if may else ()
    context = {
        "held": held,
        "form": form,
        "may_verify": ProofState.VERIFIED in moves,
        "may_return": ProofState.RETURNED in moves,
        "has_opened": has_opened_proof(held, request.user),
        "is_bound": not may and is_let_in_by(request.user, held.person),
        "trail": AuditEntry.objects.trail_of(held),
        "header_title": f"{held.person.name} · {held.employer_name}",
        "header_icon": "user",
        "breadcrumbs_items": crumbs(held.person.name),
    }
    return render(request, "credentials/internships/admin/proof.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, person_id: int) -> HttpResponse:
    """Plan an internship for somebody in one's tree."""
    people = Person.objects.visible_to(request.user).select_related("employer", "user")
    person = get_object_or_404(people, pk=person_id)
    if not request.user.has_perm("credentials.propose_internship", person):
        raise Http404
    form = PlanForm(request.POST or None, user=request.user, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.propose_internship(person=person, plan=form.plan, actor=request.user)
        except actions.InternshipRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(
                request, _("Planned; the student has been told, and is asked for the school’s paper.")
            )
            return redirect("internships:inspect", row.pk)
    context = {
        "person": person,
        "form": form,
        "lede": _(
            "The student hands in the school’s paper, you place them, and their supervisor signs at the end."
        ),
        "submit": _("Plan the internship"),
        "header_title": _("Plan an internship"),
        "header_icon": "user",
        "breadcrumbs_items": crumbs(person.name),
    }
    return render(request, "credentials/qualifications/admin/about_person.html", context)


class InternshipViewSet(ViewSet):
    name = "internships"
    icon = "user"
    menu_label = gettext_lazy("Internships")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *InternshipIndex.urls(),
            path("<int:pk>/", inspect, name="inspect"),
            path("add/<int:person_id>/", add, name="add"),
            path("proofs/<int:pk>/", proof, name="proof"),
        ]
