"""Public notices at the desk: what runs, what was objected, and the answers."""

from __future__ import annotations

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
from core.sheets.words import list_words
from core.states import IllegalMove, Refused
from credentials.public_notices.actions import (
    answer_objection,
    erase_objector,
    open_objection,
    who_answers,
    why_not_answer,
    withdraw_notice,
)
from credentials.public_notices.forms import AnswerForm, WithdrawForm
from credentials.public_notices.models import Objection, PublicNotice
from credentials.public_notices.queries import desk_notices, desk_objections, lines_concerning, reads_whole
from credentials.public_notices.states import About, NoticeState, ObjectionState

STALE = gettext_lazy("This was decided in the meantime. Nothing was changed now.")


def crumbs(*last: tuple[str, Any]) -> list[dict[str, Any]]:
    return desk_crumbs((reverse("public-notices:index"), _("Public notices")), *last)


class NoticeFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=NoticeState.choices)
    about = django_filters.ChoiceFilter(label=gettext_lazy("about"), choices=About.choices)
    elsewhere = django_filters.BooleanFilter(
        label=gettext_lazy("of another authority, with people of ours"), method="of_others"
    )
    waiting = django_filters.BooleanFilter(
        label=gettext_lazy("with objections to answer"), method="with_open"
    )

    class Meta:
        model = PublicNotice
        fields = ["state", "about"]

    def with_open(self, rows: QuerySet[Any], _name: str, wanted: bool) -> QuerySet[Any]:
        return rows.filter(open_count__gt=0) if wanted else rows.filter(open_count=0)

    def of_others(self, rows: QuerySet[Any], _name: str, wanted: bool) -> QuerySet[Any]:
        mine = PublicNotice.objects.visible_to(self.request.user).order_by().values("pk")
        return rows.exclude(pk__in=mine) if wanted else rows.filter(pk__in=mine)


class NoticeIndex(ReadersIndex):
    """Every notice in scope, and those of others that show people of it, the newest first."""

    model = PublicNotice
    name = "public-notices"
    page_title = gettext_lazy("Public notices")
    header_icon = "clipboard-list"
    filterset_class = NoticeFilterSet
    search_fields = ["title", "organisation__name"]

    def get_base_queryset(self) -> QuerySet[PublicNotice]:
        return desk_notices(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "title",
                label=gettext_lazy("title"),
                get_url=lambda row: reverse("public-notices:inspect", args=[row.pk]),
            ),
            Column("organisation", label=gettext_lazy("authority"), accessor="organisation.name"),
            Column("about", label=gettext_lazy("about"), accessor="get_about_display"),
            Column("lines", label=gettext_lazy("lines"), accessor="line_count"),
            Column("ends_on", label=pgettext_lazy("public notice", "last day"), sort_key="ends_on"),
            Column("open", label=gettext_lazy("objections to answer"), accessor="open_count"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor="get_state_display",
                primary=lambda row: row.state == NoticeState.RUNNING,
            ),
        ]


def _notice(request: HttpRequest, pk: int) -> PublicNotice:
    if not holds(request.user, *READERS):
        raise Http404
    return get_object_or_404(desk_notices(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice: its lines and what became of them, its objections, and taking it back. Of one of another authority only the
    lines about people of whom one reads, and nothing is done."""
    row = _notice(request, pk)
    if not reads_whole(row, request.user):
        return _of_others(request, row)
    may = request.user.has_perm("credentials.withdraw_publicnotice", row)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST":
        if not may:
            raise Http404
        if form.is_valid():
            return _withdraw(request, row, form.cleaned_data["reason"])
    context = {
        "row": row,
        "lines": row.lines.select_related("settled").order_by("position"),
        "objections": row.objections.select_related("line", "answered_by__person"),
        "form": form,
        "may_withdraw": may and row.state == NoticeState.RUNNING,
        "trail": AuditEntry.objects.trail_of(row),
        "header_title": row.title,
        "header_icon": "clipboard-list",
        "breadcrumbs_items": crumbs(("", row.title)),
    }
    return render(request, "credentials/public_notices/admin/inspect.html", context)


def _of_others(request: HttpRequest, row: PublicNotice) -> HttpResponse:
    if request.method == "POST":
        raise Http404
    lines = lines_concerning(request.user).filter(notice=row)
    context = {
        "row": row,
        "lines": lines.select_related("settled").order_by("position"),
        "header_title": row.title,
        "header_icon": "clipboard-list",
        "breadcrumbs_items": crumbs(("", row.title)),
    }
    return render(request, "credentials/public_notices/admin/of_others.html", context)


def _withdraw(request: HttpRequest, row: PublicNotice, reason: str) -> HttpResponse:
    try:
        withdraw_notice(notice=row, reason=reason, actor=request.user)
        messages.success(request, _("Withdrawn. Its names are shown no longer."))
    except IllegalMove:
        messages.warning(request, STALE)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("public-notices:inspect", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, notice_id: int, pk: int) -> HttpResponse:
    """One objection with all that was said, and its answer."""
    notice = _notice(request, notice_id)
    row: Objection = get_object_or_404(desk_objections(request.user).filter(notice=notice), pk=pk)
    may = request.user.has_perm("credentials.answer_objection", row)
    erases = request.user.has_perm("credentials.erase_objector", row)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        if not (erases if "erase" in request.POST else may):
            raise Http404
        if "erase" in request.POST:
            return _erase(request, row)
        if form.is_valid():
            return _answer(request, row, form.cleaned_data)
    if request.method != "HEAD":  # who asks for the headers has seen nothing
        open_objection(objection=row, actor=request.user)
    is_open = row.state == ObjectionState.OPEN
    barred = why_not_answer(row, request.user) if request.user.is_authenticated else ""
    context = {
        "row": row,
        "notice": notice,
        "form": form,
        "barred": _whom_to_ask(row, barred, may) if is_open else "",
        "hides": barred and row.filed_by_id != request.user.pk,  # who is objected to is not told by whom
        "may_answer": may and is_open,
        "may_erase": erases and not is_open and row.erased_at is None,
        "trail": AuditEntry.objects.trail_of(row),
        "header_title": _("Objection"),
        "header_icon": "warning",
        "breadcrumbs_items": crumbs(
            (reverse("public-notices:inspect", args=[notice.pk]), notice.title), ("", _("Objection"))
        ),
    }
    return render(request, "credentials/public_notices/admin/objection.html", context)


def _whom_to_ask(row: Objection, barred: str, may: bool) -> str:
    """Why this reader does not answer it, and who does instead, by name, organisation and role; "" where they may."""
    if may and not barred:
        return ""
    why = barred if may else _("You read this objection; administrators of the authority answer it.")
    names = list_words(
        _("%(name)s (%(organisation)s, %(role)s)")
        % {
            "name": held.user.get_full_name(),
            "organisation": held.organisation.name,
            "role": held.get_role_display(),
        }
        for held in who_answers(row)
    )
    can = (
        _("Can answer it: %(names)s.") % {"names": names}
        if names
        else _("Nobody here or above can answer it: ask the operator to appoint somebody.")
    )
    return f"{why} {can}"


def _answer(request: HttpRequest, row: Objection, data: dict[str, str]) -> HttpResponse:
    try:
        answer_objection(
            objection=row, upheld=data["verdict"] == "upheld", answer=data["answer"], actor=request.user
        )
        messages.success(request, _("Answered. Tell the person: the answer is not published."))
    except IllegalMove:
        messages.warning(request, STALE)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("public-notices:objection", row.notice_id, row.pk)


def _erase(request: HttpRequest, row: Objection) -> HttpResponse:
    try:
        erase_objector(objection=row, actor=request.user, reason=request.POST.get("reason", "")[:200])
        messages.success(request, _("Erased. What was said and the answer stay."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("public-notices:objection", row.notice_id, row.pk)


class PublicNoticeViewSet(ViewSet):
    """The menu item and its addresses under /admin/public-notices/."""

    name = "public-notices"
    menu_label = gettext_lazy("Public notices")
    icon = "clipboard-list"
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *NoticeIndex.urls(),
            path("<int:pk>/", inspect, name="inspect"),
            path("<int:notice_id>/objections/<int:pk>/", objection, name="objection"),
        ]
