"""Late records in the Wagtail admin: what waits, one of them with its facts and reason, and the local rule."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton

from core.access.desk import ReaderMenuItem, ReadersIndex, desk_head
from core.access.scope import holds
from core.access.states import READERS, Role
from core.states import IllegalMove
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import read_from_desk
from supervision.sessions.actions import approve_late, decline_late, set_logging_rule
from supervision.sessions.forms import DeskAnswerForm, RuleForm
from supervision.sessions.models import Lateness, LateRecord, LoggingRule
from supervision.sessions.states import LateState


class LateFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=LateState.choices)

    class Meta:
        model = LateRecord
        fields = ["state"]


class LateRecordIndex(ReadersIndex):
    """Every late record in scope, the newest first."""

    model = LateRecord
    name = "late_records"
    page_title = gettext_lazy("Late records")
    header_icon = "warning"
    filterset_class = LateFilterSet
    default_ordering = "-asked_at"
    search_fields = ["session__pairing__mentee__name", "session__pairing__supervisor__person__name"]

    def get_base_queryset(self) -> QuerySet[LateRecord]:
        user = self.request.user
        rows = LateRecord.objects.visible_to(user).filter(read_from_desk(user, "session__pairing__"))
        return rows.exclude(reason="").with_people()  # without a reason: nobody was asked

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [rules_button()]

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "held_on",
                label=gettext_lazy("day"),
                accessor="held_on",
                url_name="late_records:inspect",
            ),
            Column("supervisor", label=gettext_lazy("supervisor"), accessor="session.pairing.supervisor"),
            Column("mentee", label=gettext_lazy("mentee"), accessor="session.pairing.mentee"),
            *late_columns(),
        ]


def late_columns() -> list[Column]:
    """What every list of late records shows after whom it concerns."""
    return [
        Column("minutes", label=gettext_lazy("minutes"), accessor="minutes"),
        Column("days", label=gettext_lazy("days late"), sort_key="days"),
        Column("asked_at", label=gettext_lazy("asked"), sort_key="asked_at"),
        StatusTagColumn(
            "state",
            label=gettext_lazy("state"),
            accessor="get_state_display",
            primary=lambda row: row.is_waiting,
        ),
    ]


def rules_button() -> HeaderButton:
    """From a list of late records to the rules that say what is late."""
    return HeaderButton(_("Rules for recording"), url=reverse("late_records:rules"), icon_name="cog")


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One late record: that the session took place, how long and of which kind, and why it is late; approve or decline.
    Nothing of what was said."""
    if not holds(request.user, *READERS):
        raise Http404
    user = request.user
    rows = LateRecord.objects.visible_to(user).filter(read_from_desk(user, "session__pairing__"))
    late = get_object_or_404(rows.with_people(), pk=pk)
    may = user.has_perm("supervision.decide_laterecord", late)
    if request.method == "POST" and not may:
        raise Http404
    form = DeskAnswerForm(request.POST or None)
    if request.method == "POST":
        acts = {"approve": approve_late, "decline": decline_late}
        if done := decide_late(request, late, form, acts, "late_records"):
            return done
    others = rows.filter(session=late.session_id).exclude(pk=late.pk).select_related("decided_by")
    context = {
        "late": late,
        "earlier": others.filter(decided_at__isnull=False).order_by("-pk"),
        "session": late.session,
        "form": form,
        "may_decide": may and late.is_waiting,
        **_head(str(late.session.pairing)),
    }
    return render(request, "supervision/sessions/admin/late.html", context)


def decide_late(
    request: HttpRequest, late: Lateness, form: DeskAnswerForm, acts: dict[str, Callable[..., Any]], name: str
) -> HttpResponse | None:
    """Approve or decline what was recorded late, and go back to the list; None with what is wrong said in the form."""
    if not form.is_valid():
        return None
    act = acts["approve" if "approve" in request.POST else "decline"]
    try:
        act(late=late, actor=request.user, answer=form.cleaned_data["answer"])
    except IllegalMove:
        messages.warning(request, _("This was decided in the meantime. Nothing was changed now."))
        return redirect(f"{name}:inspect", late.pk)
    except NotPossible as refused:
        form.add_error("answer", str(refused))
        return None
    messages.success(request, _("Decided, and those concerned have been told."))
    return redirect(f"{name}:index")


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Within how many days sessions are to be recorded, by place and day; an administrator sets it here."""
    if not holds(request.user, *READERS):
        raise Http404
    may = holds(request.user, Role.ADMINISTRATOR)
    if request.method == "POST" and not may:
        raise Http404
    initial = {"starts_on": timezone.localdate()}
    form = RuleForm(request.POST or None, user=request.user, initial=initial) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            set_logging_rule(actor=request.user, **form.cleaned_data)
        except NotPossible as refused:
            form.add_error("starts_on", str(refused))
        else:
            messages.success(request, _("The rule is set."))
            return redirect("late_records:rules")
    found = LoggingRule.objects.visible_to(request.user).select_related("organisation")[:100]
    context = {"rules": found, "form": form, **_head(_("Rules for recording"))}
    return render(request, "supervision/sessions/admin/rules.html", context)


def _head(title: str) -> dict[str, object]:
    return desk_head(title, "warning", "late_records:index", _("Late records"))


class LateRecordViewSet(ViewSet):
    name = "late_records"
    url_prefix = "late-records"
    icon = "warning"
    menu_label = gettext_lazy("Late records")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *LateRecordIndex.urls(),
            path("rules/", rules, name="rules"),
            path("<int:pk>/", inspect, name="inspect"),
        ]
