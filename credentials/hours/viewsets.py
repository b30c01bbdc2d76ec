"""The hours ledger in the Wagtail admin: read, and entries taken back with a reason; and the rules of counting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import DatedCreate, DatedIndex, DatedViewSet, ReaderMenuItem, ReadersIndex, desk_crumbs
from core.people.models import Person
from core.sheets.writing import Heading, Table, sheet_response
from credentials.hours.actions import CannotCorrect, add_hours_rule, correct_hours, export_holdings
from credentials.hours.forms import CorrectForm, PeopleFilter, RuleForm
from credentials.hours.models import HoursEntry, HoursRule
from credentials.hours.queries import Holding, entries_for, holders_for, holdings_in

PEOPLE_PER_PAGE = 50
NOT_ALL = gettext_lazy(
    "The ledger shows what organisations of your tree have credited. Hours credited elsewhere stand only in the sums of “Hours of people”."
)


def asked_person(request: HttpRequest) -> QuerySet[Person]:
    """The one person whose hours the address asks for, if this user may read them."""
    number = request.GET.get("person", "")
    people = holders_for(request.user)
    return people.filter(pk=int(number)) if number.isdecimal() and len(number) < 16 else people.none()


class LedgerFilterSet(WagtailFilterSet):
    # Reached from the list of people: a name is no way to find one of several who share it.
    person = django_filters.ModelChoiceFilter(
        label=gettext_lazy("person"), queryset=asked_person, help_text=NOT_ALL
    )
    kind = django_filters.ChoiceFilter(label=gettext_lazy("kind"), choices=HoursEntry.Kind.choices)
    occurred_on = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("days"), widget=DateRangePickerWidget
    )

    class Meta:
        model = HoursEntry
        fields = ["person", "kind", "occurred_on"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        if not (data or {}).get("person"):
            del self.filters["person"]  # there would be nobody to choose


class LedgerIndex(ReadersIndex):
    """Every entry in scope, newest first. There is no form: the database itself refuses to change a row."""

    model = HoursEntry
    name = "hours"
    page_title = gettext_lazy("Hours ledger")
    header_icon = "time"
    filterset_class = LedgerFilterSet
    search_fields = ["person__name", "person__name_search", "title"]

    def get_base_queryset(self) -> QuerySet[HoursEntry]:
        return entries_for(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "person",
                label=gettext_lazy("person"),
                accessor="person.name",
                get_url=lambda row: reverse("credentials:hours-evidence", args=[row.pk]),
            ),
            Column("kind", label=gettext_lazy("kind"), accessor="get_kind_display", sort_key="kind"),
            Column("title", label=gettext_lazy("what for")),
            Column("occurred_on", label=gettext_lazy("date"), sort_key="occurred_on"),
            Column("minutes", label=gettext_lazy("minutes"), sort_key="minutes"),
            Column("hours", label=pgettext_lazy("unit", "hours")),
            Column("organisation", label=gettext_lazy("organisation"), accessor="organisation.name"),
        ]


@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one entry back, with a reason."""
    entry = get_object_or_404(entries_for(request.user), pk=pk)
    if not request.user.has_perm("credentials.correct_hoursentry", entry):
        raise Http404
    form = CorrectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            correct_hours(entry=entry, reason=form.cleaned_data["reason"], actor=request.user)
        except CannotCorrect:
            messages.warning(
                request, _("This entry was taken back in the meantime. Nothing was changed now.")
            )
        else:
            messages.success(
                request, _("The entry is taken back by a new one, and the person has been told.")
            )
        return redirect("hours:index")
    context = {
        "entry": entry,
        "form": form,
        "header_title": _("Take hours back"),
        "header_icon": "time",
        "breadcrumbs_items": desk_crumbs(
            (reverse("hours:index"), _("Hours ledger")), ("", _("Take hours back"))
        ),
    }
    return render(request, "credentials/hours/admin/take_back.html", context)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The hours of the people in scope, against the target of their period; `?format=xlsx` takes the list out."""
    if not request.user.has_perm("credentials.read_holdings"):
        raise PermissionDenied
    form = PeopleFilter(request.GET, user=request.user)
    rows = holdings_in(request.user, **form.wanted)
    if request.GET.get("format") == "xlsx":
        found = rows[:]
        export_holdings(actor=request.user, rows=len(found))
        return sheet_response(_("Hours of people") + ".xlsx", _table(found))
    page = Paginator(rows, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("format", None)
    context = {
        "form": form,
        "page": page,
        "may_enter": {
            row.person.pk
            for row in page
            if request.user.has_perm("credentials.enter_manualentry", row.person)
        },
        "query": query.urlencode(),
        "today": timezone.localdate(),
        "header_title": _("Hours of people"),
        "header_icon": "group",
        "breadcrumbs_items": desk_crumbs(("", _("Hours of people"))),
    }
    return render(request, "credentials/hours/admin/people.html", context)


def _table(rows: Sequence[Holding]) -> Table:
    """The list as a sheet: names and figures, no numbers of documents."""
    headings = [
        Heading(_("Name"), 12),
        Heading(_("Employer"), 28),
        Heading(_("Level"), 16),
        Heading(_("First day"), 12),
        Heading(pgettext("period", "Last day"), 12),
        Heading(_("Verified")),
        Heading(pgettext("hours", "Target"), 8),
        Heading(pgettext("hours", "Done"), 8),
        Heading(_("Missing"), 8),
        Heading(_("All hours held"), 12),
    ]
    return Table(_("Hours of people"), headings, [_cells(row) for row in rows])


def _cells(row: Holding) -> list[Any]:
    employer = row.person.employer.name if row.person.employer else ""
    if row.period is None or row.progress is None:
        return [row.person.name, employer, *[""] * 7, row.hours]
    progress, period = row.progress, row.period
    return [
        *(row.person.name, employer, period.level.name_here, period.starts_on, period.ends_on),
        *(period.get_state_display(), progress.target, progress.done, progress.missing, row.hours),
    ]


class LedgerViewSet(ViewSet):
    name = "hours"
    icon = "time"
    menu_label = gettext_lazy("Hours ledger")
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *LedgerIndex.urls(),
            path("people/", people, name="people"),
            path("<int:pk>/take-back/", take_back, name="take-back"),
        ]


class PeopleViewSet(ViewSet):
    """The menu item of people's hours; the address is the ledger's."""

    name = "hours-people"
    icon = "group"
    menu_label = gettext_lazy("Hours of people")
    menu_item_class = ReaderMenuItem

    @cached_property
    def menu_url(self) -> str:
        return reverse("hours:people")


class RuleIndex(DatedIndex):
    """The rules there are, the latest first."""

    model = HoursRule
    name = "hours-rules"
    page_title = gettext_lazy("Hours rules")
    header_icon = "cogs"
    add_item_label = gettext_lazy("Add a rule")
    columns = [
        TitleColumn(
            "minutes_per_hour",
            label=gettext_lazy("how minutes count"),
            accessor=lambda rule: rule.counting_words,
        ),
        Column(
            "kind",
            label=gettext_lazy("for which kind"),
            accessor=lambda rule: rule.get_kind_display() or _("Every kind"),
        ),
        Column(
            "counts",
            label=gettext_lazy("counts towards the period"),
            accessor=lambda rule: _("yes") if rule.counts else _("no"),
        ),
        Column("starts_on", label=gettext_lazy("from"), sort_key="starts_on"),
        Column(
            "organisation",
            label=gettext_lazy("where it applies"),
            accessor=lambda rule: rule.organisation or _("Everywhere"),
        ),
        Column("source", label=gettext_lazy("source")),
    ]


class RuleCreate(DatedCreate):
    """A rule is added, never changed: another one from a later day takes its place."""

    name = "hours-rules"
    model = HoursRule
    form_class = RuleForm
    page_title = gettext_lazy("Add a rule")
    header_icon = "cogs"

    def save_instance(self) -> HoursRule:
        return add_hours_rule(actor=self.request.user, **self.form.cleaned_data)


class RuleViewSet(DatedViewSet):
    name = "hours-rules"
    icon = "cogs"
    menu_label = gettext_lazy("Hours rules")
    index_view_class = RuleIndex
    add_view_class = RuleCreate
