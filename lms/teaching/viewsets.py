"""The instructor's desk in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.access.scope import holds
from core.access.states import COURSE_READERS, Role
from core.organisations.models import Organisation
from core.sheets.writing import sheet_response
from core.states import Refused
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.cohorts.viewsets import crumbs
from lms.teaching import actions
from lms.teaching.forms import ContactForm, LimitsForm, chosen_people, whole
from lms.teaching.models import RiskLimits
from lms.teaching.queries import (
    classes_in,
    columns_for,
    contact_page,
    gradebook_table,
    grid_of,
    grid_table,
    learners_in,
    limits_of,
    overview,
    risk_list,
    rows_of,
    sorted_by,
    taught_by,
    to_mark,
)

COHORTS_PER_PAGE, PEOPLE_PER_PAGE, CLASSES_PER_PAGE = 12, 50, 15


def _trail(*labels: str) -> list[dict[str, str]]:
    rows = [(reverse("wagtailadmin_home"), _("Home")), (reverse("teaching:index"), _("Teaching"))]
    return [{"url": url, "label": label} for url, label in (*rows, *(("", label) for label in labels))]


def _cohort(request: HttpRequest, cohort_id: int) -> Cohort:
    rows = Cohort.objects.visible_to(request.user).select_related("organisation", "course", "version")
    return get_object_or_404(rows, pk=cohort_id)


def _frame(cohort: Cohort, title: str, icon: str) -> dict[str, Any]:
    return {
        "cohort": cohort,
        "header_title": f"{title} · {cohort.title_here}",
        "header_icon": icon,
        "breadcrumbs_items": crumbs(cohort, title),
    }


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """My cohorts, each with what needs me."""
    if not holds(request.user, *COURSE_READERS):
        raise Http404
    everything = request.GET.get("all") == "1"
    cohorts = taught_by(request.user, everything=everything)
    page = Paginator(cohorts, COHORTS_PER_PAGE).get_page(request.GET.get("page"))
    desk = overview(list(page.object_list), Cohort.objects.visible_to(request.user))
    context = {
        "page": page,
        "cohorts": desk.cohorts,
        "to_mark": desk.to_mark,
        "everything": everything,
        "header_title": _("Teaching"),
        "header_icon": "glasses",
        "breadcrumbs_items": _trail(),
    }
    return render(request, "lms/teaching/index.html", context)


@require_safe
def marking(request: HttpRequest) -> HttpResponse:
    """What waits for a mark, the oldest first; of one cohort, of those that one teaches (`mine`), or of all."""
    if not holds(request.user, *COURSE_READERS):
        raise Http404
    chosen = whole(request.GET.get("cohort"))
    mine = chosen is None and request.GET.get("mine") == "1"
    cohorts = Cohort.objects.visible_to(request.user)
    if mine:
        cohorts = cohorts.instructed_by(request.user)
    titles = {
        pk: titled(title, english)
        for pk, title, english in cohorts.order_by().values_list("pk", "title", "title_en")
    }
    items = to_mark(list(titles))
    waiting = {item.cohort_id for item in items}
    shown = [item for item in items if chosen in (None, item.cohort_id)]
    page = Paginator(shown, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(item, titles.get(item.cohort_id, "")) for item in page.object_list],
        "next": shown[0] if shown else None,
        "cohorts": [(pk, titles[pk]) for pk in titles if pk in waiting],
        "chosen": chosen,
        "mine": mine,
        "teaches": holds(request.user, Role.INSTRUCTOR),
        "queue": "one" if chosen else "mine" if mine else "all",
        "query": f"&cohort={chosen}" if chosen else "&mine=1" if mine else "",
        "header_title": _("To mark"),
        "header_icon": "edit",
        "breadcrumbs_items": _trail(_("To mark")),
    }
    return render(request, "lms/teaching/marking.html", context)


@require_safe
def risk(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Who is at risk and why, the gravest first; filtered by reason, and by whether somebody has been in touch."""
    cohort = _cohort(request, cohort_id)
    found = risk_list(
        cohort,
        reason=request.GET.get("reason", ""),
        untouched=request.GET.get("untouched") == "1",
        page=request.GET.get("page"),
        per_page=PEOPLE_PER_PAGE,
    )
    context = {
        **_frame(cohort, _("At risk"), "warning"),
        "found": found,
        "page": found.page,
        "limited": found.limited,
        "may_contact": request.user.has_perm("lms.contact_trainee", cohort),
        "ticks_all": request.GET.get("tick") == "all",
    }
    return render(request, "lms/teaching/risk.html", context)


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Write to those that were ticked, or note a talk with them."""
    cohort = _cohort(request, cohort_id)
    if not request.user.has_perm("lms.contact_trainee", cohort):
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    seen = chosen_people(given.getlist("to"))
    people = contact_page(cohort, seen)
    if not people:
        messages.info(request, _("Tick the people first that you want to reach."))
        return redirect("teaching:risk", cohort.pk)
    form = ContactForm(
        request.POST or None, initial={"message": people[0].opening if len(people) == 1 else ""}
    )
    if request.method == "POST" and form.is_valid():
        _contact_all(request, people, seen, form.cleaned_data)
        return redirect("teaching:risk", cohort.pk)
    context = {**_frame(cohort, _("Get in touch"), "mail"), "people": people, "form": form, "seen": seen}
    return render(request, "lms/teaching/contact.html", context)


def _contact_all(request: HttpRequest, people: list[Any], seen: dict[int, int], data: dict[str, Any]) -> None:
    done = 0
    for person in people:
        try:
            actions.contact_trainee(
                enrolment=person.enrolment,
                actor=request.user,  # type: ignore[arg-type]
                way=data["way"],
                note=data["words"],
                seen=seen[person.enrolment.pk],
                risks=person.risks,
            )
            done += 1
        except Refused as refused:
            messages.warning(request, str(refused))
    if done:
        text = ngettext("Noted for %(count)s person.", "Noted for %(count)s people.", done)
        messages.success(request, text % {"count": done})


@require_http_methods(["GET", "POST"])
def limits(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """From when on somebody is at risk in the cohorts of an organisation: read by its teachers, set by its administrators."""
    organisation = get_object_or_404(Organisation, pk=organisation_id)
    row = RiskLimits.objects.filter(organisation=organisation).first() or RiskLimits(
        organisation=organisation
    )
    if not request.user.has_perm("lms.view_risklimits", row):
        raise Http404
    may_change = request.user.has_perm("lms.change_risklimits", row)
    if request.method == "POST" and not may_change:
        raise Http404
    limited = limits_of([organisation])[organisation.pk]
    initial = vars(limited.limits)
    form = LimitsForm(request.POST or None, instance=row, initial=initial, for_user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.save_risk_limits(organisation=organisation, actor=request.user, limits=form.cleaned_data)
        messages.success(request, _("Kept. The lists follow these limits from now on."))
        return redirect("teaching:limits", organisation.pk)
    context = {
        "organisation": organisation,
        "limited": limited,
        "form": form,
        "may_change": may_change,
        "header_title": _("When somebody is at risk"),
        "header_icon": "cog",
        "breadcrumbs_items": _trail(_("When somebody is at risk")),
    }
    return render(request, "lms/teaching/limits.html", context)


@require_safe
def grades(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The gradebook: everybody's results. Sorted by any column; read only."""
    cohort = _cohort(request, cohort_id)
    search, wanted = request.GET.get("q", "")[:60].replace("\0", ""), request.GET.get("sort", "")
    key, descending = wanted.removeprefix("-"), wanted.startswith("-")
    rows = learners_in(cohort, request.user, search)
    by_column = key not in ("", "name")
    if by_column:  # the values decide about the order, so all of them are read
        everybody = list(rows)
        columns = columns_for(cohort, everybody)
        column = next((column for column in columns if column.key == key), None)
        ordered: Any = sorted_by(everybody, column, descending=descending) if column else everybody
    else:
        ordered = rows.reverse() if descending else rows
    page = Paginator(ordered, PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    if not by_column:
        columns = columns_for(cohort, shown)
    context = {
        **_frame(cohort, _("Gradebook"), "table"),
        "page": page,
        "columns": columns,
        "rows": rows_of(shown, columns, request.user),
        "q": search,
        "sort": wanted,
        "key": key or "name",
        "descending": descending,
    }
    return render(request, "lms/teaching/grades.html", context)


@require_safe
def grades_sheet(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The gradebook of the whole cohort as a spreadsheet; that it was taken out stands in the audit."""
    cohort = _cohort(request, cohort_id)
    rows = list(learners_in(cohort, request.user))
    table = gradebook_table(cohort, rows)
    if request.method == "GET":
        actions.export_gradebook(cohort=cohort, actor=request.user, people=len(rows))
    return sheet_response(f"{_('Gradebook')}-{cohort.title_here}.xlsx", table)


@require_safe
def grid(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Who was in which class."""
    cohort = _cohort(request, cohort_id)
    page = Paginator(learners_in(cohort, request.user), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    classes = Paginator(classes_in(cohort), CLASSES_PER_PAGE).get_page(request.GET.get("classes"))
    people, shown = list(page.object_list), list(classes.object_list)
    cells = grid_of(cohort, people)
    known = cells or {}
    context = {
        **_frame(cohort, _("Attendance grid"), "calendar-check"),
        "page": page,
        "classes": classes,
        "is_counted": cells is not None,
        "rows": [(row, [(each, known.get((row.pk, each.pk))) for each in shown]) for row in people],
        "page_number": str(page.number),
        "classes_number": str(classes.number),
    }
    return render(request, "lms/teaching/grid.html", context)


@require_safe
def grid_sheet(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The grid of the whole cohort as a spreadsheet; that it was taken out stands in the audit."""
    cohort = _cohort(request, cohort_id)
    rows = list(learners_in(cohort, request.user))
    table = grid_table(cohort, rows)
    if request.method == "GET":
        actions.export_grid(cohort=cohort, actor=request.user, people=len(rows))
    return sheet_response(f"{_('Attendance grid')}-{cohort.title}.xlsx", table)


class TeacherMenuItem(MenuItem):
    """For whoever teaches or runs cohorts."""

    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *COURSE_READERS)


class TeachingViewSet(ViewSet):
    """The menu item and the addresses under /admin/teaching/."""

    name = "teaching"
    menu_label = gettext_lazy("Teaching")
    icon = "glasses"
    menu_order = 205
    add_to_admin_menu = True
    menu_item_class = TeacherMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("marking/", marking, name="marking"),
            path("limits/<int:organisation_id>/", limits, name="limits"),
            path("<int:cohort_id>/risk/", risk, name="risk"),
            path("<int:cohort_id>/contact/", contact, name="contact"),
            path("<int:cohort_id>/grades/", grades, name="grades"),
            path("<int:cohort_id>/grades/sheet/", grades_sheet, name="grades-sheet"),
            path("<int:cohort_id>/grid/", grid, name="grid"),
            path("<int:cohort_id>/grid/sheet/", grid_sheet, name="grid-sheet"),
        ]
