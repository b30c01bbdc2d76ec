"""Papers that were sat: their questions, another key with a preview, and what it did."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from core.access.desk import desk_head
from core.jobs.models import Job
from lms.assessments.models import Attempt
from lms.corrections.models import Regrade
from lms.corrections.policy import changed
from lms.corrections.states import Remedy
from lms.courses.versions import PaperVersion
from lms.marking import actions
from lms.marking.forms import KeyForm
from lms.marking.queries.regrading import (
    JOB_KEY,
    asked_rows,
    is_covered,
    is_pending,
    preview_of,
    regrades_of,
)
from lms.marking.viewsets.reading import found_paper

PER_PAGE = 50


def _head(title: str) -> dict[str, Any]:
    return desk_head(title, "edit", "marking:index", pgettext("marking", "Quiz marking"))


@require_safe
def paper(request: HttpRequest, paper_id: int) -> HttpResponse:
    """The questions of a paper, each with what was put right."""
    found = found_paper(request, paper_id)
    regrades = regrades_of(found)
    rows = asked_rows(found)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    first = page.start_index() if rows else 0
    context = {
        **_head(found.title_here),
        "paper": found,
        "page": page,
        "rows": [
            (number, row, regrades.get(row["key"], []))
            for number, row in enumerate(page.object_list, start=first)
        ],
        "may_regrade": request.user.has_perm("lms.regrade_papers") and is_covered(request.user, found),
    }
    return render(request, "lms/marking/admin/paper.html", context)


def _asked(paper: PaperVersion, key: str, before: list[Regrade]) -> dict[str, Any]:
    """The question as it is marked now."""
    asked = next((row for row in asked_rows(paper) if row["key"] == key), None)
    if asked is None:
        raise Http404
    return changed(asked, before[-1].change) if before and before[-1].remedy == Remedy.KEY else asked


@require_http_methods(["GET", "POST"])
def regrade(request: HttpRequest, paper_id: int, key: str) -> HttpResponse:
    """Another key; first what it would do, then for good."""
    found = found_paper(request, paper_id)
    if not request.user.has_perm("lms.regrade_papers") or not is_covered(request.user, found):
        raise Http404
    before = regrades_of(found).get(key, [])
    asked = _asked(found, key, before)
    form = KeyForm(request.POST or None, asked=asked, initial={"seen": len(before)})
    preview, pending = None, False
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if request.POST.get("act") == "confirm":
            made = _confirmed(request, found, key, form)
            if made is not None:
                return redirect("marking:regraded", made.pk)
        elif not (pending := is_pending(found)):
            preview = preview_of(found, key, values["remedy"], form.change, before[-1] if before else None)
    context = {
        **_head(_("Correct the key")),
        "paper": found,
        "asked": asked,
        "before": before,
        "form": form,
        "preview": preview,
        "pending": pending,
    }
    return render(request, "lms/marking/admin/regrade.html", context)


def _confirmed(request: HttpRequest, paper: PaperVersion, key: str, form: KeyForm) -> Regrade | None:
    values = form.cleaned_data
    try:
        made = actions.regrade_paper(
            paper=paper,
            question=key,
            remedy=values["remedy"],
            change=form.change,
            reason=values["reason"],
            seen=values["seen"],
            actor=request.user,
        )
    except actions.NotPossible as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, _("The key is corrected. All attempts are marked anew."))
    return made


@require_safe
def regraded(request: HttpRequest, pk: int) -> HttpResponse:
    """What a correction did: the results that changed, and how far the job is."""
    row = get_object_or_404(Regrade.objects.select_related("made_by__person"), pk=pk)
    found = found_paper(request, row.paper_id)
    seen = Attempt.objects.visible_to(request.user)
    lines = row.lines.filter(attempt__in=seen).select_related("attempt__enrolment__person")
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    job = Job.objects.visible_to(request.user).filter(dedupe_key=f"{JOB_KEY}{row.pk}").first()
    context = {**_head(_("Corrected key")), "row": row, "paper": found, "page": page, "job": job}
    return render(request, "lms/marking/admin/regraded.html", context)
