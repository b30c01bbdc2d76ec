"""What the pages of reports and of allowances share: the head of a page, and the two files of a paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.sheets.writing import sheet_response
from supervision.reports.document import Paper
from supervision.reports.queries import (
    sheets_of,
)


def crumbs(index: str, label: str, here: str) -> dict[str, Any]:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Home")},
        {"url": reverse(index), "label": label},
        {"url": "", "label": here},
    ]
    return {"header_title": here, "header_icon": "table", "breadcrumbs_items": crumbs}


def pdf(name: str, document: bytes) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(document, content_type="application/pdf", headers=headers)


def xlsx(name: str, paper: Paper) -> HttpResponse:
    return sheet_response(f"{name}.xlsx", *sheets_of(paper))
