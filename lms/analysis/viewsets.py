"""The item analysis of a paper in the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import desk_crumbs
from core.sheets.writing import sheet_response
from lms.analysis.jobs import analyse_items, export_items
from lms.analysis.models import ItemReport
from lms.analysis.policy import ENOUGH
from lms.analysis.queries import flag_words, report_tables
from lms.courses.versions import PaperVersion
from lms.marking.viewsets.reading import found_paper

PER_PAGE = 50


def _head(paper: PaperVersion) -> dict[str, Any]:
    crumbs = desk_crumbs(
        (reverse("marking:index"), pgettext("marking", "Quiz marking")),
        (reverse("marking:paper", args=[paper.pk]), paper.title_here),
        ("", _("Item analysis")),
    )
    return {"header_title": paper.title_here, "header_icon": "order", "breadcrumbs_items": crumbs}


def _whole(share: float) -> int:
    return round(share * 100)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """A question of a report as the page shows it: per cent for shares, words for flags."""
    choices = [
        {**each, **{name: _whole(each[name]) for name in ("upper", "middle", "lower")}}
        for each in row["choices"]
    ]
    return {
        **row,
        "percent": _whole(row["difficulty"]),
        "apart": f"{row['discrimination']:.2f}",
        "rest": "" if row["correlation"] is None else f"{row['correlation']:.2f}",
        "words": [flag_words(flag) for flag in row["flags"]],
        "choices": choices,
    }


def _bar(row: dict[str, Any]) -> tuple[str, int, str]:
    """The bar of a discrimination; below nothing there is none, and the figure stands beside it."""
    return (
        str(row["number"]),
        max(0, _whole(row["discrimination"])),
        row["apart"] if row["discrimination"] < 0 else "",
    )


@require_safe
def report(request: HttpRequest, paper_id: int) -> HttpResponse:
    """The last analysis that this officer has made: figures, drawn, with the tables behind."""
    paper = found_paper(request, paper_id)
    found = ItemReport.objects.visible_to(request.user).filter(paper=paper).first()
    page = Paginator(found.items if found else [], PER_PAGE).get_page(request.GET.get("page"))
    rows = [_shown(row) for row in page.object_list]
    context = {
        **_head(paper),
        "paper": paper,
        "report": found,
        "alpha": f"{found.alpha:.2f}" if found and found.alpha is not None else "",
        "enough": ENOUGH,
        "page": page,
        "rows": rows,
        "difficulty": [(str(row["number"]), row["percent"]) for row in rows],
        "discrimination": [_bar(row) for row in rows],
        "flagged": sum(bool(set(row["flags"]) - {"few"}) for row in found.items) if found else 0,
    }
    return render(request, "lms/analysis/admin/report.html", context)


@require_POST
def make(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Analyse the paper anew, in a job."""
    paper = found_paper(request, paper_id)
    job = analyse_items(paper=paper, actor=request.user)
    if job.state == "done":
        return redirect("analysis:report", paper.pk)
    messages.info(request, _("The analysis is being made. Open this page again in a moment."))
    return redirect("core:job", job.pk)


@require_safe
def download(request: HttpRequest, paper_id: int) -> HttpResponse:
    """The analysis as a spreadsheet; that it was taken out stands in the audit."""
    paper = found_paper(request, paper_id)
    found = get_object_or_404(
        ItemReport.objects.visible_to(request.user).select_related("paper"), paper=paper
    )
    if request.method == "GET":
        export_items(report=found, actor=request.user)
    return sheet_response(f"{_('Item analysis')}-{paper.title_here}.xlsx", *report_tables(found))


class AnalysisViewSet(ViewSet):
    name = "analysis"
    icon = "order"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:paper_id>/", report, name="report"),
            path("<int:paper_id>/make/", make, name="make"),
            path("<int:paper_id>/download/", download, name="download"),
        ]
