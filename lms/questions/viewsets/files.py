"""Questions taken over from files, and taken out as files."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access.scope import holds
from core.access.states import COURSE_READERS
from core.imports.models import SheetImport
from core.imports.states import Outcome
from core.people.models import User
from core.sheets.reading import SheetRefused
from core.sheets.writing import XLSX
from core.states import Refused
from lms.questions import actions
from lms.questions.formats import FORMATS, Format, loss_words, xlsx
from lms.questions.forms import FileForm, QuestionForm
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


@require_http_methods(["GET", "POST"])
def mend(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A question that was wrong in a file, in its form: put right, it is a draft of the bank."""
    sheets = SheetImport.objects.visible_to(request.user).filter(kind__startswith=actions.PREFIX)
    sheet = get_object_or_404(sheets.select_related("file", "organisation"), pk=pk)
    bank = bank_of(request, sheet.target_id or 0, "lms.write_questions")
    line = get_object_or_404(sheet.lines.filter(outcome=Outcome.WRONG), number=number)
    try:
        entry = actions.entry_of(sheet, number)
    except SheetRefused as refused:
        messages.warning(request, str(refused))
        return redirect("imports:detail", sheet.pk)
    if entry is None or entry.question is None:
        messages.warning(request, _("Nothing of this question could be read. Write it here."))
        return redirect("questions:write", bank.pk)
    paths = [point.path for point in points_of(bank)]
    form = QuestionForm(request.POST or None, request.FILES or None, was=entry.question, paths=paths)
    del form.fields["reason"]
    if request.method == "POST" and form.is_valid() and form.question is not None:
        try:
            row = actions.mend_question(
                sheet=sheet, number=number, question=form.question, actor=request.user
            )
            messages.success(
                request, _("%(key)s is kept as a draft. Put it in use when it is ready.") % {"key": row.key}
            )
            return redirect("imports:detail", sheet.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    place = (reverse("imports:detail", args=[sheet.pk]), sheet.title_here)
    head = head_of(_("Mend the question"), way_to(bank), place)
    context = {"form": form, "back": place[0], "wrong": line.message_here, **head}
    return render(request, "lms/questions/admin/write.html", context)


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
