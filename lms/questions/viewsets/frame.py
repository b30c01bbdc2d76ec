"""What the pages of question banks at the desk share: which bank or question, and where one is."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.desk import desk_crumbs
from lms.questions.models import BankQuestion, QuestionBank


def bank_of(request: HttpRequest, pk: int, perm: str = "") -> QuestionBank:
    rows = QuestionBank.objects.visible_to(request.user).select_related("organisation")
    bank = get_object_or_404(rows, pk=pk)
    if perm and not request.user.has_perm(perm, bank):
        raise Http404
    return bank


def row_of(request: HttpRequest, pk: int, perm: str = "") -> BankQuestion:
    rows = BankQuestion.objects.visible_to(request.user).select_related("bank__organisation", "point")
    row = get_object_or_404(rows, pk=pk)
    if perm and not request.user.has_perm(perm, row):
        raise Http404
    return row


def head_of(title: str, *way: tuple[str, str]) -> dict[str, Any]:
    crumbs = desk_crumbs((reverse("questions:index"), _("Question banks")), *way, ("", title))
    return {"header_title": title, "header_icon": "help", "breadcrumbs_items": crumbs}


def way_to(bank: QuestionBank) -> tuple[str, str]:
    return reverse("questions:bank", args=[bank.pk]), bank.title_here
