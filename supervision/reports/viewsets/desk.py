"""What the pages of reports and of allowances share: the two files of a paper."""

from __future__ import annotations

from django.http import HttpResponse

from core.sheets.writing import sheet_response
from supervision.reports.document import Paper
from supervision.reports.queries import (
    sheets_of,
)


def pdf(name: str, document: bytes) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(document, content_type="application/pdf", headers=headers)


def xlsx(name: str, paper: Paper) -> HttpResponse:
    return sheet_response(f"{name}.xlsx", *sheets_of(paper))
