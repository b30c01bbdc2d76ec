"""Searching the talent pool at the desk, keeping a search, and taking its list out of the site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from core.organisations.models import Organisation
from core.people.models import User
from core.sheets.writing import Heading, Table, sheet_response
from core.states import Refused
from credentials.talent import actions
from credentials.talent.forms import SaveForm, SearchForm, TakeOutForm, facets_shown
from credentials.talent.models import SavedSearch, TalentProfile
from credentials.talent.queries import Found, Names, organisations_at, rows_for, search
from credentials.talent.viewsets.doors import TITLE, header, require_reader

PER_PAGE = 30
MOST_ROWS = 20_000
LONGEST = 4000  # characters of an address that a form hands back


class _Counted(Paginator):
    """Pages of rows whose number is known already."""

    def __init__(self, found: Found) -> None:
        self.total = found.total
        super().__init__(found.rows, PER_PAGE)

    @property
    def count(self) -> int:
        return self.total


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Search the people in scope: words, place, facets with counts; a page of those who agree to be listed."""
    require_reader(request)
    return _show(request, SearchForm(request.GET, user=request.user))


def _show(request: HttpRequest, form: SearchForm, **sent: Form) -> HttpResponse:
    """The page of a search; `sent` is a form on it that was just sent and is refused: nothing typed is lost."""
    context = {
        "form": form,
        "searches": SavedSearch.objects.visible_to(request.user),
        **(_results(request, form) if form.is_clear else {}),
        **header(TITLE),
        **sent,
    }
    return render(request, "credentials/talent/admin/index.html", context)


def _results(request: HttpRequest, form: SearchForm) -> dict[str, Any]:
    """What a search that can be read has found, and what can be done with it."""
    wanted = form.wanted
    found = search(request.user, wanted)
    page = _Counted(found).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    places = organisations_at([*found.places, *(row.path for row in page.object_list)])
    for row in page.object_list:
        _name(row, form.names, places)
    facets = facets_shown(QueryDict(form.query), wanted, found, form.names, places)
    return {
        "found": found,
        "page": page,
        "facets": facets,
        "chosen": [(facet, choice) for facet in facets for choice in facet.choices if choice.chosen],
        "query": form.query,
        "save_form": SaveForm(),
        "take_out_form": TakeOutForm(),
        "most_rows": MOST_ROWS,
    }


def _name(row: Any, names: Names, places: Mapping[str, Organisation]) -> None:
    """Put the words beside the numbers of a row."""
    employer = places.get(row.path)
    row.employer_name = employer.name if employer else ""
    row.level_name = names.level.get(row.level_id, "")
    row.sector_name = names.sector.get(row.sector_id, "")
    row.field_names = [names.field[each] for each in row.field_ids if each in names.field]


def _asked(request: HttpRequest) -> SearchForm:
    """The search that a form on the page hands back. Raises Refused for one that cannot be read as a whole: a part of it
    would find other people."""
    text = request.POST.get("query", "")
    form = SearchForm(QueryDict(text[:LONGEST]), user=request.user)
    if len(text) > LONGEST or not form.is_clear:
        raise Refused(_("This search cannot be read. Search again, then take its list out or keep it."))
    return form


def _refused(request: HttpRequest, refusal: Refused, asked: SearchForm | None, **sent: Form) -> HttpResponse:
    """Why not, on the page of the search if it can be read."""
    messages.error(request, str(refusal))
    return _show(request, asked, **sent) if asked else redirect("talent:index")


def _require(form: Form, name: str) -> str:
    """The one sentence of a form. Raises Refused with what is wrong with it."""
    if not form.is_valid():
        raise Refused(" ".join(str(error) for error in form.errors[name]))
    text: str = form.cleaned_data[name]
    return text


@require_POST
def take_out(request: HttpRequest) -> HttpResponse:
    """The rows of a search as XLSX, once the purpose is said; recorded before the file is made."""
    require_reader(request)
    form, asked = TakeOutForm(request.POST), None
    try:
        asked = _asked(request)
        purpose = _require(form, "purpose")
        rows = rows_for(request.user, asked.wanted)
        number = rows.count()
        if number > MOST_ROWS:
            words = _("At most %(most)s people are taken out at once. Narrow the search down.")
            raise Refused(words % {"most": MOST_ROWS})
        actions.take_out_pool(actor=request.user, purpose=purpose, query=asked.query, rows=number)
    except Refused as refusal:
        return _refused(request, refusal, asked, take_out_form=form)
    return sheet_response(f"{TITLE}.xlsx", _table(list(rows), purpose, asked.names))


def _table(rows: list[TalentProfile], purpose: str, names: Names) -> Table:
    """The list as a sheet: no number of a document, no phone; its purpose stands on top."""
    widths = (12, 28, 16, 12, 8, 14, 20, 14, 10, 10, 30)
    labels = (
        _("Name"), _("Employer"), _("Level"), _("In practice since"), _("Hours held"), _("Sector"), pgettext("talent", "Post"),
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
        pgettext("between the parts of a list", ", ").join(
            names.field[each] for each in row.field_ids if each in names.field
        ),
    ]


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep a search under a name."""
    require_reader(request)
    assert isinstance(request.user, User)
    form, asked = SaveForm(request.POST), None
    try:
        asked = _asked(request)
        actions.save_search(owner=request.user, name=_require(form, "name"), query=asked.query)
    except Refused as refusal:
        return _refused(request, refusal, asked, save_form=form)
    messages.success(request, _("The search is kept. Only you see it."))
    return redirect(f"{reverse('talent:index')}?{asked.query}")


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of one's own searches."""
    actions.drop_search(search=get_object_or_404(SavedSearch.objects.visible_to(request.user), pk=pk))
    messages.success(request, _("The search is deleted."))
    return redirect("talent:index")
