"""Questions of a bank that are alike, side by side: both stay, or one is retired."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.jobs.models import Job
from core.jobs.states import OPEN
from lms.questions import actions
from lms.questions.actions.duplicates import FIND
from lms.questions.models import AlikePair, QuestionBank
from lms.questions.queries import open_pairs, side_by_side
from lms.questions.viewsets.frame import bank_of, head_of, way_to

PER_PAGE = 10


def _is_searching(bank: QuestionBank) -> bool:
    jobs = Job.objects.filter(kind=FIND, organisation=bank.organisation_id, state__in=sorted(OPEN))
    return any(job.params.get("bank") == bank.pk for job in jobs.only("params"))


@require_safe
def alike(request: HttpRequest, pk: int) -> HttpResponse:
    """The pairs that somebody should look at, the most alike first."""
    bank = bank_of(request, pk)
    pairs = open_pairs(bank).select_related("first__point", "second__point")
    page = Paginator(pairs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "bank": bank,
        "page": page,
        "pairs": side_by_side(list(page.object_list)),
        "is_searching": _is_searching(bank),
        "may_write": request.user.has_perm("lms.write_questions", bank),
        "query": "",
        **head_of(_("Near duplicates"), way_to(bank)),
    }
    return render(request, "lms/questions/admin/alike.html", context)


@require_POST
def find_alike(request: HttpRequest, pk: int) -> HttpResponse:
    """Search the bank."""
    bank = bank_of(request, pk, "lms.write_questions")
    if actions.find_alike(bank=bank, actor=request.user) is None:
        messages.success(request, _("The bank has been searched."))
    return redirect("questions:alike", bank.pk)


@require_POST
def keep_both(request: HttpRequest, pk: int) -> HttpResponse:
    """Both stay."""
    rows = AlikePair.objects.filter(bank__in=QuestionBank.objects.visible_to(request.user))
    pair = get_object_or_404(rows.select_related("bank__organisation", "first", "second"), pk=pk)
    if not request.user.has_perm("lms.write_questions", pair.bank):
        raise Http404
    if actions.keep_both_questions(pair=pair, actor=request.user):
        messages.success(request, _("Both questions stay. This pair is not shown again."))
    return redirect("questions:alike", pair.bank_id)
