"""Imports in the Wagtail admin: send a table, see what is in it, take it over; and the codes for new accounts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.access.scope import holds
from core.access.states import COURSE_READERS, READERS, Role
from core.imports import people  # registers its kind
from core.imports.actions import ImportRefused, apply_import, drop_import, take_wrong_rows
from core.imports.kinds import kind_of
from core.imports.models import SheetImport
from core.imports.queries import TONES, blank, sheet_of, waiting_of
from core.imports.states import ImportState
from core.imports.uploads import upload_page
from core.jobs.queries import sheet_of as job_sheet_of
from core.people.actions import draw_codes
from core.people.models import User
from core.people.policy import mask_email, mask_phone
from core.sheets.reading import SheetRefused
from core.sheets.writing import Heading, Table, sheet_response
from core.states import IllegalMove

PER_PAGE = 30
CODES_AT_ONCE = 20_000


def crumbs(*labels: str) -> list[dict[str, Any]]:
    """Where a page about imports stands in the admin."""
    rows = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse("imports:index"), "label": _("Imports")},
    ]
    return [*rows, *({"url": "", "label": label} for label in labels)]


def _sheet(request: HttpRequest, pk: int, perm: str = "") -> SheetImport:
    rows = SheetImport.objects.visible_to(request.user).select_related(
        "organisation", "created_by__person", "job", "file"
    )
    sheet = get_object_or_404(rows, pk=pk)
    if perm and not request.user.has_perm(perm, sheet):
        raise Http404
    return sheet


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All imports that one sees, newest first."""
    if not holds(request.user, *COURSE_READERS):
        raise Http404
    rows = SheetImport.objects.visible_to(request.user).select_related("organisation", "created_by__person")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "may_add": request.user.has_perm("core.add_sheetimport"),
        "header_title": _("Imports"),
        "header_icon": "upload",
        "breadcrumbs_items": crumbs(),
    }
    return render(request, "core/imports/admin/index.html", context)


@require_http_methods(["GET", "POST"])
def add_people(request: HttpRequest) -> HttpResponse:
    """Send a table of people."""
    return upload_page(
        request,
        kind=people.PEOPLE,
        heading=_("Import people"),
        name_of=lambda file: _("People: %(file)s") % {"file": file},
        crumbs=crumbs(_("Import people")),
        opens_accounts=True,
    )


@never_cache
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: what is in it, what is wrong and why, and what can be done."""
    return _detail(request, _sheet(request, pk), "core/imports/admin/detail.html")


@never_cache
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that lives."""
    return _detail(request, _sheet(request, pk), "core/imports/admin/progress.html")


def _detail(request: HttpRequest, sheet: SheetImport, template: str) -> HttpResponse:
    shown = sheet_of(sheet, request.user)
    mend = kind_of(sheet.kind).mend
    if mend is not None and sheet.has_file and request.user.has_perm("core.change_sheetimport", sheet):
        for line in shown.wrong:
            line.mend = mend(sheet, line.number)  # type: ignore[attr-defined]
    context = {
        "sheet": shown,
        "job_sheet": job_sheet_of(sheet.job) if sheet.job else None,
        "place": kind_of(sheet.kind).place(sheet),
        "then": kind_of(sheet.kind).then(sheet),
        "tone": TONES[ImportState(sheet.state)],
        "may_take_wrong": request.user.has_perm("core.take_wrong_rows", sheet),
        "may_change": request.user.has_perm("core.change_sheetimport", sheet),
        "may_see_job": sheet.job is not None and request.user.has_perm("core.view_job", sheet.job),
        "has_codes": sheet.state == ImportState.DONE and waiting_of(sheet, request.user).exists(),
        "header_title": sheet.title_here,
        "header_icon": "upload",
        "breadcrumbs_items": crumbs(sheet.title_here),
    }
    return render(request, template, context)


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it over."""
    sheet = _sheet(request, pk, "core.change_sheetimport")
    try:
        apply_import(sheet=sheet, actor=_user(request))
    except ImportRefused as refused:
        messages.warning(request, str(refused))
    except IllegalMove:
        messages.info(request, _("This was done already. The page shows how it stands now."))
    return redirect("imports:detail", sheet.pk)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take nothing over."""
    sheet = _sheet(request, pk, "core.change_sheetimport")
    try:
        drop_import(sheet=sheet, actor=_user(request))
        messages.success(request, _("Nothing was taken over, and the file is erased."))
    except IllegalMove:
        messages.info(request, _("This was done already. The page shows how it stands now."))
    return redirect("imports:detail", sheet.pk)


@never_cache
@require_safe
def wrong(request: HttpRequest, pk: int) -> HttpResponse:
    """The wrong rows as a table, to be mended and sent again by whoever sent them."""
    sheet = _sheet(request, pk, "core.take_wrong_rows")
    try:
        table = take_wrong_rows(sheet=sheet, actor=_user(request))
        return sheet_response(f"{_('Wrong rows')}-{sheet.pk}.xlsx", table)
    except SheetRefused as refused:
        messages.warning(request, str(refused))
        return redirect("imports:detail", sheet.pk)


@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty table with the right headings."""
    if not holds(request.user, *READERS):
        raise Http404
    try:
        return sheet_response(f"{_('Table')}.xlsx", blank(kind))
    except KeyError:
        raise Http404


@require_POST
def codes(request: HttpRequest, pk: int) -> HttpResponse:
    """Fresh activation codes for everybody this import made who has not taken the account over. Shown this once."""
    sheet = _sheet(request, pk, "core.change_sheetimport")
    users = waiting_of(sheet, request.user).select_related("person__employer")
    ordered = users.order_by("person__employer__path", "person__pinyin")[:CODES_AT_ONCE]
    found = {user.pk: user for user in ordered}
    drawn = draw_codes(users=list(found.values()), sheet_id=sheet.pk, actor=_user(request))
    address = request.build_absolute_uri(reverse("core:activate"))
    rows = [
        [user.person.name, str(user.person.employer or ""), _login_of(user), drawn[pk], address]
        for pk, user in found.items()
        if pk in drawn
    ]
    headings = [Heading(_("Name")), Heading(_("Employer"), 30), Heading(_("Signs in with"), 24)]
    headings += [Heading(_("Activation code"), 20), Heading(_("Where to type it"), 40)]
    notes = [
        _(
            "Hand each person their own line only. A code is valid for 30 days, and stops working when new ones are made."
        )
    ]
    return sheet_response(
        f"{_('Activation codes')}.xlsx", Table(_("Activation codes"), headings, rows, notes)
    )


def _login_of(user: User) -> str:
    return mask_phone(user.phone) if user.phone else mask_email(user.email)


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


class ImportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, Role.ADMINISTRATOR)


class ImportViewSet(ViewSet):
    name = "imports"
    icon = "upload"
    menu_label = gettext_lazy("Imports")
    menu_order = 320
    add_to_admin_menu = True
    menu_item_class = ImportMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("people/", add_people, name="add-people"),
            path("blank/<slug:kind>/", template, name="blank"),
            path("<int:pk>/", detail, name="detail"),
            path("<int:pk>/progress/", progress, name="progress"),
            path("<int:pk>/apply/", apply, name="apply"),
            path("<int:pk>/drop/", drop, name="drop"),
            path("<int:pk>/wrong/", wrong, name="wrong"),
            path("<int:pk>/codes/", codes, name="codes"),
        ]
