"""What the pages of reports and of allowances share: how looking is called, and the two files of a paper."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.access.scope import Asker, holds
from core.access.states import Role
from core.sheets.writing import sheet_response
from supervision.reports.document import Paper
from supervision.reports.queries import (
    sheets_of,
)


def look_words(user: Asker) -> str:
    """What the page before issuing is called: auditors and finance officers only look."""
    return _("Look and issue") if holds(user, Role.ADMINISTRATOR) else _("Show the figures")


def pdf(name: str, document: bytes) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(document, content_type="application/pdf", headers=headers)


def xlsx(name: str, paper: Paper) -> HttpResponse:
    return sheet_response(f"{name}.xlsx", *sheets_of(paper))
