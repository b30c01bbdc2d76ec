"""Questions taken over from files, and taken out as files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access.scope import holds
from core.access.states import COURSE_READERS
from core.people.models import User
from core.sheets.writing import XLSX
from lms.questions import actions
from lms.questions.formats import FORMATS, Format, loss_words, xlsx
from lms.questions.forms import FileForm
from lms.questions.queries import (
    filtered,
    points_of,
    said_in,
)
from lms.questions.viewsets.frame import bank_of, head_of, way_to

LOSSES_SHOWN = 200


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a file of questions; it is checked, and taken over by a second act."""
    bank = bank_of(request, pk, "lms.import_questions")
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and isinstance(request.user, User):
        data = form.cleaned_data
        sheet = actions.send_questions(
            bank=bank,
            upload=data["file"],
            chosen=data["chosen"],
            all_or_none=data["all_or_none"],
            actor=request.user,
        )
        return redirect("imports:detail", sheet.pk)
    context = {"form": form, "bank": bank, **head_of(_("Questions from a file"), way_to(bank))}
    return render(request, "lms/questions/admin/upload.html", context)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The table to fill in."""
    if not holds(request.user, *COURSE_READERS):
        raise Http404
    return _file(xlsx.table(), XLSX, f"{_('Question bank')}.xlsx")


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise Http404
    return FORMATS[name]


@require_safe
def export(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Before questions are taken out: what the format leaves out, by question."""
    bank, chosen = bank_of(request, pk, "lms.export_questions"), _format(name)
    rows = filtered(bank, request.GET.dict(), points_of(bank))
    written = chosen.write(list(said_in(rows)))
    losses = [(each, loss_words(each)) for each in written.losses[:LOSSES_SHOWN]]
    context = {
        "bank": bank,
        "format": chosen,
        "number": rows.count(),
        "losses": losses,
        "more": len(written.losses) - len(losses),
        "query": request.GET.urlencode(),
        **head_of(_("Take out as %(format)s") % {"format": chosen.label}, way_to(bank)),
    }
    return render(request, "lms/questions/admin/export.html", context)


@require_safe
def download(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The file."""
    bank, chosen = bank_of(request, pk, "lms.export_questions"), _format(name)
    rows = filtered(bank, request.GET.dict(), points_of(bank))
    written = actions.export_questions(bank=bank, questions=rows, chosen=chosen, actor=request.user)
    ending = ".txt" if chosen.name in ("gift", "aiken") else chosen.endings[0]
    return _file(written.content, chosen.content_type, f"{bank.code}-{chosen.name}{ending}")


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
