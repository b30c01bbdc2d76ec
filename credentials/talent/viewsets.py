"""The talent pool in the Wagtail admin: searching, one person's record, lists and CVs taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem
from core.access.scope import holds
from core.access.states import READERS
from core.organisations.models import Organisation
from core.people.models import User
from core.sheets.writing import Heading, Table, sheet_response
from core.states import Refused
from credentials.posts.forms import GiveForm, RouteForm
from credentials.posts.queries import holdings_of, offered_to
from credentials.talent import actions
from credentials.talent.files import cv_answer
from credentials.talent.forms import SaveForm, SearchForm, TakeOutForm, facets_shown
from credentials.talent.models import SavedSearch, TalentProfile
from credentials.talent.queries import (
    Found,
    Names,
    organisations_at,
    rows_for,
    search,
    skill_picture_of,
    timeline_of,
)

PER_PAGE = 30
MOST_ROWS = 20_000
TITLE = gettext_lazy("Talent pool")


class _Counted(Paginator):
    """Pages of rows whose number is known already."""

    def __init__(self, found: Found) -> None:
        self.total = found.total
        super().__init__(found.rows, PER_PAGE)

    @property
    def count(self) -> int:
        return self.total


def _require_reader(request: HttpRequest) -> None:
    if not holds(request.user, *READERS):
        raise PermissionDenied


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Search the people in scope: words, place, facets with counts; a page of those who agree to be listed."""
    _require_reader(request)
    form = SearchForm(request.GET, user=request.user)
    wanted = form.wanted
    found = search(request.user, wanted)
    page = _Counted(found).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    places = organisations_at([*found.places, *(row.path for row in page.object_list)])
    for row in page.object_list:
        _name(row, form.names, places)
    context = {
        "form": form,
        "found": found,
        "page": page,
        "facets": facets_shown(request.GET, wanted, found, form.names, places),
        "query": _query(request.GET),
        "today": timezone.localdate(),
        "searches": SavedSearch.objects.visible_to(request.user),
        "save_form": SaveForm(),
        "take_out_form": TakeOutForm(),
        "most_rows": MOST_ROWS,
        **_header(TITLE, []),
    }
    return render(request, "credentials/talent/admin/index.html", context)


def _name(row: Any, names: Names, places: Mapping[str, Organisation]) -> None:
    """Put the words beside the numbers of a row."""
    employer = places.get(row.path)
    row.employer_name = employer.name if employer else ""
    row.level_name = names.level.get(row.level_id, "")
    row.sector_name = names.sector.get(row.sector_id, "")
    row.field_names = [names.field[each] for each in row.field_ids if each in names.field]


def _query(given: QueryDict) -> str:
    """The search as an address keeps it, without the page."""
    kept = given.copy()
    kept.pop("page", None)
    return kept.urlencode()[:1000]


def _header(title: Any, crumbs: list[tuple[str, str]]) -> dict[str, Any]:
    items = [{"url": reverse("wagtailadmin_home"), "label": _("Home")}]
    items += [{"url": url, "label": label} for url, label in crumbs]
    return {
        "header_title": title,
        "header_icon": "group",
        "breadcrumbs_items": [*items, {"url": "", "label": title}],
    }


@require_POST
def take_out(request: HttpRequest) -> HttpResponse:
    """The rows of a search as XLSX, once the purpose is said; recorded before the file is made."""
    _require_reader(request)
    query = _query(QueryDict(request.POST.get("query", "")[:1000]))
    back = f"{reverse('talent:index')}?{query}"
    form = TakeOutForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["purpose"]))
        return redirect(back)
    search_form = SearchForm(QueryDict(query), user=request.user)
    rows = rows_for(request.user, search_form.wanted)
    number = rows.count()
    try:
        if number > MOST_ROWS:
            words = _("At most %(most)s people are taken out at once. Narrow the search down.")
            raise Refused(words % {"most": MOST_ROWS})
        purpose = form.cleaned_data["purpose"]
        actions.take_out_pool(actor=request.user, purpose=purpose, query=query, rows=number)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return sheet_response(f"{TITLE}.xlsx", _table(list(rows), purpose, search_form.names))


def _table(rows: list[TalentProfile], purpose: str, names: Names) -> Table:
    """The list as a sheet: no number of a document, no phone; its purpose stands on top."""
    widths = (12, 28, 16, 12, 8, 14, 20, 14, 10, 10, 30)
    labels = (
        _("Name"), _("Employer"), _("Level"), _("In practice since"), _("Hours"), _("Sector"), pgettext("talent", "Post"),
        _("Supervision"), _("Route"), _("Commendations"), _("Service fields"),
    )  # fmt: skip
    headings = [Heading(label, width) for label, width in zip(labels, widths, strict=True)]
    notes = [_("Purpose: %(purpose)s") % {"purpose": purpose}]
    return Table(str(TITLE), headings, [_cells(row, names) for row in rows], notes)


def _cells(row: TalentProfile, names: Names) -> list[Any]:
    employer = row.person.employer.name if row.person.employer else ""
    return [
        *(row.name, employer, names.level.get(row.level_id or 0, ""), row.practice_started_on),
        *(row.hours, names.sector.get(row.sector_id or 0, ""), row.post, row.get_part_display()),
        *(row.get_route_display(), row.awards),
        "、".join(names.field[each] for each in row.field_ids if each in names.field),
    ]


def _profile(request: HttpRequest, pk: int) -> TalentProfile:
    """The row of one person, if this reader may have it in a list."""
    if not holds(request.user, *READERS):
        raise Http404
    rows = TalentProfile.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("person__employer", "person__user", "level", "sector"), pk=pk
    )


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person's record: everything proved, the fields, the posts; an administrator gives a post or records a route."""
    profile = _profile(request, pk)
    someone = profile.person
    may_act = request.user.has_perm("credentials.give_post", someone)
    context = {
        "profile": profile,
        "person": someone,
        "proofs": timeline_of(someone),
        "skills": skill_picture_of(someone),
        "holdings": holdings_of(someone),
        "may_act": may_act,
        "give_form": GiveForm(posts=offered_to(someone)) if may_act else None,
        "route_form": RouteForm(),
        "today": timezone.localdate(),
        **_header(someone.name, [(reverse("talent:index"), str(TITLE))]),
    }
    return render(request, "credentials/talent/admin/person.html", context)


@require_safe
def cv(request: HttpRequest, pk: int) -> HttpResponse:
    """The CV of one person as a PDF; audited."""
    someone = _profile(request, pk).person
    try:
        return cv_answer(someone.name, actions.print_cv(person=someone, actor=request.user))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("talent:person", pk)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep a search under a name."""
    _require_reader(request)
    form, query = SaveForm(request.POST), _query(QueryDict(request.POST.get("query", "")[:1000]))
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["name"]))
        return redirect(f"{reverse('talent:index')}?{query}")
    assert isinstance(request.user, User)
    try:
        actions.save_search(owner=request.user, name=form.cleaned_data["name"], query=query)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The search is kept. Only you see it."))
    return redirect(f"{reverse('talent:index')}?{query}")


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of one's own searches."""
    get_object_or_404(SavedSearch.objects.visible_to(request.user), pk=pk).delete()
    messages.success(request, _("The search is deleted."))
    return redirect("talent:index")


class TalentViewSet(ViewSet):
    name = "talent"
    url_prefix = "talent-pool"
    icon = "group"
    menu_label = TITLE
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("take-out/", take_out, name="take-out"),
            path("save/", save, name="save"),
            path("searches/<int:pk>/delete/", drop, name="drop"),
            path("person/<int:pk>/", person, name="person"),
            path("person/<int:pk>/cv/", cv, name="cv"),
        ]
