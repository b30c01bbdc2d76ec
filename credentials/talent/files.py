"""A CV as a download."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _


def cv_answer(name: str, content: bytes) -> HttpResponse:
    """The PDF under the person's name; kept by no cache on the way."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"{name} {_('CV')}.pdf") or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer
