"""What cannot be issued or printed is refused in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.pdf.faces import MissingGlyph, describe_character
from core.states import Refused
from core.ui.lists import listed
from supervision.reports.document import Paper, render


class ReportRefused(Refused):
    """The report or the statement cannot be issued; the message says why."""


def printed(paper: Paper) -> bytes:
    """The paper as a PDF. Raises ReportRefused, naming the characters, where it would have a gap."""
    try:
        return render(paper)
    except MissingGlyph as missing:
        words = _("These characters cannot be printed: %(characters)s.")
        raise ReportRefused(
            words % {"characters": listed(describe_character(each) for each in missing.characters)}
        )
