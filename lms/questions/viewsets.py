"""Banks of questions in the Wagtail admin: find, write, correct, preview; take files over and take files out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import desk_crumbs
from core.access.scope import holds
from core.access.states import COURSE_READERS
from core.people.models import User
from core.sheets.writing import XLSX
from core.states import IllegalMove, Refused
from lms.questions import actions
from lms.questions.formats import FORMATS, Format, loss_words, xlsx
from lms.questions.forms import SHAPES, BankForm, FileForm, QuestionForm
from lms.questions.models import DIFFICULTIES, KINDS, BankQuestion, QuestionBank
from lms.questions.policy import Kind
from lms.questions.queries import banks_of, filtered, points_of, question_of_row, said_in
from lms.questions.states import QuestionState

PER_PAGE, LOSSES_SHOWN, REVISIONS_SHOWN = 30, 200, 50


def _bank(request: HttpRequest, pk: int, perm: str = "") -> QuestionBank:
    rows = QuestionBank.objects.visible_to(request.user).select_related("organisation")
    bank = get_object_or_404(rows, pk=pk)
    if perm and not request.user.has_perm(perm, bank):
        raise Http404
    return bank


def _row(request: HttpRequest, pk: int, perm: str = "") -> BankQuestion:
    rows = BankQuestion.objects.visible_to(request.user).select_related("bank__organisation", "point")
    row = get_object_or_404(rows, pk=pk)
    if perm and not request.user.has_perm(perm, row):
        raise Http404
    return row


def _head(title: str, *way: tuple[str, str]) -> dict[str, Any]:
    crumbs = desk_crumbs((reverse("questions:index"), _("Question banks")), *way, ("", title))
    return {"header_title": title, "header_icon": "help", "breadcrumbs_items": crumbs}


def _of_bank(bank: QuestionBank) -> tuple[str, str]:
    return reverse("questions:bank", args=[bank.pk]), bank.title_here


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
    return render(request, "lms/questions/admin/add.html", {"form": form, **_head(_("New question bank"))})


@require_safe
def bank(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions of a bank, found by point, kind, difficulty, state and words."""
    bank = _bank(request, pk)
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
        "may_write": request.user.has_perm("lms.write_questions", bank),
        "may_import": request.user.has_perm("lms.import_questions", bank),
        "may_export": request.user.has_perm("lms.export_questions", bank),
        **_head(bank.title_here),
    }
    return render(request, "lms/questions/admin/bank.html", context)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the kind of a question, then write it."""
    bank = _bank(request, pk, "lms.write_questions")
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in SHAPES:
        context = {"shapes": SHAPES.items(), "bank": bank, **_head(_("New question"), _of_bank(bank))}
        return render(request, "lms/questions/admin/kinds.html", context)
    paths = [point.path for point in points_of(bank)]
    form = QuestionForm(request.POST or None, kind=kind, paths=paths)
    if request.method == "POST" and form.is_valid() and form.question is not None:
        try:
            row = actions.add_question(bank=bank, question=form.question, actor=request.user)
            messages.success(request, _("The question is kept as a draft. Put it in use when it is ready."))
            return redirect("questions:question", row.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"form": form, "back": _of_bank(bank)[0], **_head(str(SHAPES[kind].name), _of_bank(bank))}
    return render(request, "lms/questions/admin/write.html", context)


@require_safe
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """A question as trainees see it, its answer, and what it said before."""
    row = _row(request, pk)
    said = question_of_row(row)
    context = {
        "row": row,
        "question": said,
        "is_several": said.kind == Kind.MULTIPLE,
        "revisions": row.revisions.select_related("created_by__person")[:REVISIONS_SHOWN],
        "may_change": request.user.has_perm("lms.change_bankquestion", row),
        **_head(row.key, _of_bank(row.bank)),
    }
    return render(request, "lms/questions/admin/question.html", context)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a question: papers that have it keep what it said."""
    row = _row(request, pk, "lms.change_bankquestion")
    paths = [point.path for point in points_of(row.bank)]
    form = QuestionForm(request.POST or None, was=question_of_row(row), paths=paths)
    if request.method == "POST" and form.is_valid() and form.question is not None:
        reason = form.cleaned_data["reason"]
        try:
            actions.correct_question(row=row, question=form.question, actor=request.user, reason=reason)
            messages.success(
                request, _("The question has a new revision. Papers that have it keep the old one.")
            )
            return redirect("questions:question", row.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    way = (reverse("questions:question", args=[row.pk]), row.key)
    context = {"form": form, "back": way[0], **_head(_("Correct the question"), _of_bank(row.bank), way)}
    return render(request, "lms/questions/admin/write.html", context)


def _moved(request: HttpRequest, pk: int, verb: Any, words: str) -> HttpResponse:
    row = _row(request, pk, "lms.change_bankquestion")
    try:
        verb(row=row, actor=request.user)
        messages.success(request, words)
    except IllegalMove:
        messages.info(request, _("This was done already. The page shows how it stands now."))
    return redirect("questions:question", row.pk)


@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Let papers draw it."""
    return _moved(request, pk, actions.use_question, _("The question is in use: papers can draw it."))


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Let no paper draw it any more."""
    return _moved(
        request, pk, actions.retire_question, _("The question is retired: no paper draws it any more.")
    )


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a file of questions; it is checked, and taken over by a second act."""
    bank = _bank(request, pk, "lms.import_questions")
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
    context = {"form": form, "bank": bank, **_head(_("Questions from a file"), _of_bank(bank))}
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
    bank, chosen = _bank(request, pk, "lms.export_questions"), _format(name)
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
        **_head(_("Take out as %(format)s") % {"format": chosen.label}, _of_bank(bank)),
    }
    return render(request, "lms/questions/admin/export.html", context)


@require_safe
def download(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The file."""
    bank, chosen = _bank(request, pk, "lms.export_questions"), _format(name)
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


class QuestionMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *COURSE_READERS)


class QuestionViewSet(ViewSet):
    name = "questions"
    icon = "help"
    menu_label = gettext_lazy("Question banks")
    menu_order = 225
    add_to_admin_menu = True
    menu_item_class = QuestionMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", index, name="index"),
            path("add/", add, name="add"),
            path("template/", template, name="template"),
            path("<int:pk>/", bank, name="bank"),
            path("<int:pk>/write/", write, name="write"),
            path("<int:pk>/upload/", upload, name="upload"),
            path("<int:pk>/export/<slug:name>/", export, name="take-out"),
            path("<int:pk>/export/<slug:name>/file/", download, name="download"),
            path("question/<int:pk>/", question, name="question"),
            path("question/<int:pk>/correct/", correct, name="correct"),
            path("question/<int:pk>/use/", use, name="use"),
            path("question/<int:pk>/retire/", retire, name="retire"),
        ]
