"""Pairings in the Wagtail admin: the list, pairing two people, pausing, ending."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, IndexView
from wagtail.admin.widgets.button import HeaderButton

from core.access.bounds import key_in
from core.access.desk import KeptViewSet, ReaderMenuItem, SavedByAction, desk_crumbs, desk_head
from core.organisations.forms import OrganisationFilter
from core.organisations.models import Organisation
from core.states import IllegalMove
from supervision.pairings.actions import (
    NotPossible,
    change_pair,
    create_pairing,
    end_pairing,
    pause_pairing,
    resume_pairing,
)
from supervision.pairings.forms import ChangePairForm, CreatePairingForm, EndForm, PauseForm, SuggestForm
from supervision.pairings.models import Pairing, read_from_desk
from supervision.pairings.queries import quiet_pairings, suggestions_for
from supervision.pairings.states import OPEN, PairingState
from supervision.supervisors.viewsets import FindsPairs, ForReaders, trees


def desk_rows(request: HttpRequest) -> QuerySet[Pairing]:
    """The pairings that this user reads from the desk, with what the list shows of their sessions. One query."""
    done = Q(sessions__state="confirmed")
    rows = Pairing.objects.visible_to(request.user).filter(read_from_desk(request.user)).with_people()
    return rows.annotate(
        minutes=Sum("sessions__minutes", filter=done, default=0),
        held=Count("sessions", filter=done),
        last_at=Max("sessions__starts_at", filter=done),
    )


class PairingFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=PairingState.choices)
    quiet = django_filters.BooleanFilter(label=gettext_lazy("gone quiet"), method="gone_quiet")
    bare = django_filters.BooleanFilter(label=gettext_lazy("without agreement"), method="without_agreement")
    organisation = OrganisationFilter(
        label=gettext_lazy("organisation, with all below it"), queryset=trees, method="below"
    )

    class Meta:
        model = Pairing
        fields = ["state", "quiet", "bare", "organisation"]

    def below(self, queryset: QuerySet[Pairing], name: str, value: Organisation) -> QuerySet[Pairing]:
        return queryset.filter(organisation__path__startswith=value.path)

    def without_agreement(self, queryset: QuerySet[Pairing], name: str, value: bool) -> QuerySet[Pairing]:
        agreed = Pairing.objects.filter(agreements__state="accepted").values("pk")
        standing = queryset.filter(state__in=sorted(OPEN))
        return standing.exclude(pk__in=agreed) if value else queryset.filter(pk__in=agreed)

    def gone_quiet(self, queryset: QuerySet[Pairing], name: str, value: bool) -> QuerySet[Pairing]:
        found = Q(pk__in=quiet_pairings(timezone.now()).values("pk"))
        return queryset.filter(found if value else ~found)


class PairingIndex(FindsPairs, ForReaders, IndexView):
    default_ordering = "-starts_on"
    add_item_label = gettext_lazy("New pairing")  # short: the suggestions stand beside it on a phone

    def get_base_queryset(self) -> QuerySet[Pairing]:
        return desk_rows(self.request)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Who may pair people finds the suggestions beside it, not only behind the dots of the form."""
        buttons: list[HeaderButton] = super().header_buttons
        return [*buttons, _suggest_button()] if self.add_url else buttons

    @cached_property
    def columns(self) -> list[Column]:
        def page(pairing: Pairing) -> str:
            return reverse("pairings:detail", args=[pairing.pk])

        def first_day(pairing: Pairing) -> str:
            return date_format(pairing.starts_on)

        def last_day(pairing: Any) -> str:
            return date_format(timezone.localtime(pairing.last_at).date()) if pairing.last_at else ""

        return [
            *self.columns_of_pair(page, lambda pairing: pairing.is_active),
            Column("starts_on", label=gettext_lazy("first day"), accessor=first_day, sort_key="starts_on"),
            Column("held", label=gettext_lazy("sessions"), sort_key="held"),
            Column("minutes", label=gettext_lazy("minutes"), sort_key="minutes"),
            Column("last_at", label=gettext_lazy("last session"), accessor=last_day, sort_key="last_at"),
        ]


def _suggest_button() -> HeaderButton:
    url = reverse("pairings:suggest")
    return HeaderButton(label=gettext_lazy("Suggest supervisors"), url=url, icon_name="search")


def number_in(request: HttpRequest, name: str) -> str:
    """The key that an address names, to begin a form with; "" where it is no number."""
    value = request.GET.get(name, "")
    return "" if key_in(value) is None else value


class PairingCreate(SavedByAction, CreateView):
    """Made by the action; a full supervisor or a pair that there is already comes back as a sentence."""

    refused_field = "supervisor"

    def get_initial(self) -> dict[str, Any]:
        """A suggestion that was taken stands in the form; the form itself decides whether it is possible."""
        asked = {name: number_in(self.request, name) for name in ("mentee", "supervisor")}
        return super().get_initial() | {name: value for name, value in asked.items() if value}

    @cached_property
    def header_more_buttons(self) -> list[HeaderButton]:
        return [_suggest_button()]

    def save_instance(self) -> Pairing:
        return create_pairing(actor=self.request.user, **self.form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("pairings:detail", args=[self.object.pk])


def _pairing(request: HttpRequest, pk: int, perm: str = "") -> Pairing:
    pairing = get_object_or_404(desk_rows(request), pk=pk)
    if perm and not request.user.has_perm(perm, pairing):
        raise Http404
    return pairing


def _head(pairing: Pairing) -> dict[str, Any]:
    title = f"{pairing.mentee} · {pairing.supervisor}"
    crumbs = desk_crumbs(
        (reverse("pairings:index"), _("Pairings")), (reverse("pairings:detail", args=[pairing.pk]), title)
    )
    return {"header_title": title, "header_icon": "group", "breadcrumbs_items": crumbs}


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One pairing with its sessions as the desk may know them: when, how long, of which kind."""
    pairing = _pairing(request, pk)
    context = {
        "pairing": pairing,
        "sessions": pairing.sessions.all()[:100],
        "agreement": pairing.agreements.in_force().first(),  # its frame; the texts are the pair's
        "may_change": pairing.is_open and request.user.has_perm("supervision.change_pairing", pairing),
        "pauses": pairing.pauses.all()[:20],
        "wishes": pairing.wishes.select_related("asked_by")[:20],
        "may_ask_review": request.user.has_perm("supervision.ask_review", pairing),
        "today": timezone.localdate(),
        **_head(pairing),
    }
    return render(request, "supervision/pairings/admin/detail.html", context)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Supervisors for one mentee side by side, with the score of each and its reasons; one is taken into the form."""
    if not request.user.has_perm("supervision.add_pairing"):
        raise Http404
    form = SuggestForm(request.GET if "mentee" in request.GET else None, for_user=request.user)
    mentee = form.cleaned_data["mentee"] if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "mentee": mentee,
        "suggestions": suggestions_for(mentee, request.user) if mentee else [],
        **desk_head(_("Suggest supervisors"), "search", "pairings:index", _("Pairings")),
    }
    return render(request, "supervision/pairings/admin/suggest.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a pairing and say why."""
    pairing = _pairing(request, pk, "supervision.end_pairing")
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_pairing(pairing=pairing, actor=request.user, reason=form.cleaned_data["reason"])
        except IllegalMove:
            messages.info(request, _("This pairing has ended before. Nothing was changed."))
        else:
            messages.success(request, _("The pairing has ended, and both have been told."))
        return redirect("pairings:detail", pairing.pk)
    return render(
        request, "supervision/pairings/admin/end.html", {"pairing": pairing, "form": form, **_head(pairing)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the mentee another supervisor: the old pairing ends and the new one begins in one act."""
    pairing = _pairing(request, pk, "supervision.end_pairing")
    form = ChangePairForm(request.POST or None, for_user=request.user, mentee=pairing.mentee)
    if request.method == "POST" and form.is_valid():
        try:
            new = change_pair(pairing=pairing, actor=request.user, **form.cleaned_data)
        except NotPossible as refused:
            form.add_error("to", str(refused))
        except IllegalMove:
            messages.info(request, _("This pairing has ended before. Nothing was changed."))
            return redirect("pairings:detail", pairing.pk)
        else:
            messages.success(request, _("The supervisor has changed, and everybody has been told."))
            return redirect("pairings:detail", new.pk)
    context = {"pairing": pairing, "form": form, **_head(pairing)}
    return render(request, "supervision/pairings/admin/change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a pairing rest: why, and up to which day."""
    pairing = _pairing(request, pk, "supervision.change_pairing")
    form = PauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pause_pairing(pairing=pairing, actor=request.user, **form.cleaned_data)
        except NotPossible as refused:
            form.add_error(None, str(refused))
        except IllegalMove:
            return _changed_meanwhile(request, pairing)
        else:
            messages.success(request, _("Done, and both have been told."))
            return redirect("pairings:detail", pairing.pk)
    context = {"pairing": pairing, "form": form, **_head(pairing)}
    return render(request, "supervision/pairings/admin/pause.html", context)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a pairing that rests."""
    pairing = _pairing(request, pk, "supervision.change_pairing")
    try:
        resume_pairing(pairing=pairing, actor=request.user)
    except IllegalMove:
        return _changed_meanwhile(request, pairing)
    messages.success(request, _("Done, and both have been told."))
    return redirect("pairings:detail", pairing.pk)


def _changed_meanwhile(request: HttpRequest, pairing: Pairing) -> HttpResponse:
    messages.info(request, _("The pairing has changed meanwhile. Nothing was changed now."))
    return redirect("pairings:detail", pairing.pk)


class PairingViewSet(KeptViewSet):
    model = Pairing
    name = "pairings"
    icon = "group"
    menu_label = gettext_lazy("Pairings")
    index_view_class = PairingIndex
    add_view_class = PairingCreate
    filterset_class = PairingFilterSet
    search_fields = ("supervisor__code", "mentee__name")
    list_per_page = 50
    menu_item_class = ReaderMenuItem
    dropped = KeptViewSet.dropped | {"edit"}  # paused and ended by buttons of their own

    def get_form_class(self, for_update: bool = False) -> type:
        return CreatePairingForm

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("suggest/", suggest, name="suggest"),
            path("pairing/<int:pk>/", detail, name="detail"),
            path("pairing/<int:pk>/end/", end, name="end"),
            path("pairing/<int:pk>/change/", change, name="change"),
            path("pairing/<int:pk>/pause/", pause, name="pause"),
            path("pairing/<int:pk>/resume/", resume, name="resume"),
        ]
