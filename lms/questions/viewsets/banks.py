"""The banks: found, opened, and their questions found."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access.desk import desk_crumbs
from core.access.scope import holds
from core.access.states import COURSE_READERS
from core.states import Refused
from lms.questions import actions
from lms.questions.formats import FORMATS
from lms.questions.forms import BankForm
from lms.questions.models import DIFFICULTIES, KINDS
from lms.questions.queries import (
    banks_of,
    filtered,
    open_pairs,
    points_of,
)
from lms.questions.states import QuestionState
from lms.questions.viewsets.frame import bank_of, head_of

PER_PAGE = 30


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The banks of one's tree, and those shared from above."""
    if not holds(request.user, *COURSE_READERS):
        raise Http404
    page = Paginator(banks_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    crumbs = desk_crumbs(("", _("Question banks")))
    context = {
        "page": page,
        "may_add": request.user.has_perm("lms.add_questionbank"),
        "header_title": _("Question banks"),
        "header_icon": "help",
        "breadcrumbs_items": crumbs,
    }
    return render(request, "lms/questions/admin/index.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Open a bank."""
    if not request.user.has_perm("lms.add_questionbank"):
        raise Http404
    form = BankForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            bank = actions.open_bank(**form.cleaned_data, actor=request.user)
            messages.success(
                request, _("The bank is open. It has the subjects and chapters of the national examination.")
            )
            return redirect("questions:bank", bank.pk)
        except Refused as refused:
            form.add_error("code", str(refused))
    return render(request, "lms/questions/admin/add.html", {"form": form, **head_of(_("New question bank"))})


@require_safe
def bank(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions of a bank, found by point, kind, difficulty, state and words."""
    bank = bank_of(request, pk)
    points = points_of(bank)
    chosen = {name: request.GET.get(name, "")[:100] for name in ("q", "point", "kind", "difficulty", "state")}
    rows = filtered(bank, chosen, points).select_related("point")
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "bank": bank,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "points": points,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "query": query.urlencode(),
        "kinds": KINDS,
        "difficulties": DIFFICULTIES,
        "states": QuestionState.choices,
        "formats": list(FORMATS.values()),
        "alike": open_pairs(bank).count(),
        "may_write": request.user.has_perm("lms.write_questions", bank),
        "may_import": request.user.has_perm("lms.import_questions", bank),
        "may_export": request.user.has_perm("lms.export_questions", bank),
        **head_of(bank.title_here),
    }
    return render(request, "lms/questions/admin/bank.html", context)
