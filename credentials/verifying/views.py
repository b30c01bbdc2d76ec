"""The doors of verification: a code, a file, or a table of codes. Open to everybody, and nothing of it is kept."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access.limits import limited
from core.sheets.writing import sheet_response
from credentials.badges.queries import check_badge
from credentials.badges.states import BadgeVerdict
from credentials.badges.views import answer_of_badge
from credentials.certificates.forms import CodeForm
from credentials.certificates.views import private
from credentials.verifying.forms import FileForm, ListForm
from credentials.verifying.queries import answers_table, blank_list, judge_file

FILES_A_MINUTE = 15
LISTS_A_MINUTE = 4


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Where anybody types the code of a paper, or goes on to its file or to a table of codes."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        address = reverse("verify-code", args=[form.cleaned_data["code"]])
        return redirect(f"{address}?serial={form.serial}" if form.serial else address)
    context = {"form": form, "file_form": FileForm(auto_id="given_%s")}
    return private(render(request, "credentials/certificates/verify.html", context))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("verify-file", FILES_A_MINUTE, only="POST")
def verify_file(request: HttpRequest) -> HttpResponse:
    """What a file is: the one that was issued, one that was changed, or none of ours."""
    form = FileForm(auto_id="given_%s")
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES, auto_id="given_%s")
        if form.is_valid():
            content = form.cleaned_data["file"].read()
            if (badge := check_badge(content)).verdict != BadgeVerdict.UNREADABLE:
                return answer_of_badge(request, badge)
            answer = judge_file(content)
            context = {"answer": answer, "paper": answer.paper, "now": timezone.now(), "form": FileForm()}
            return private(render(request, "credentials/verifying/file_answer.html", context))
    return private(render(request, "credentials/verifying/file.html", {"form": form}))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("verify-list", LISTS_A_MINUTE, only="POST")
def verify_list(request: HttpRequest) -> HttpResponse:
    """A table of codes in, the table with its verdicts out."""
    form = ListForm()
    if request.method == "POST":
        form = ListForm(request.POST, request.FILES)
        if form.is_valid():
            name = _("Verdicts %(day)s.xlsx") % {"day": f"{timezone.localtime():%Y-%m-%d %H%M}"}
            return private(sheet_response(name, answers_table(form.rows)))
    return private(render(request, "credentials/verifying/list.html", {"form": form}))


@login_not_required
@require_safe
def verify_list_blank(request: HttpRequest) -> HttpResponse:
    """An empty table to fill in."""
    return sheet_response(_("Codes to verify.xlsx"), blank_list())
