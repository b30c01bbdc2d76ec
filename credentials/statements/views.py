"""Hours statements for the person they are about, and their verification for everybody."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access.limits import limited
from core.people.models import Person
from credentials.certificates.forms import CompareForm
from credentials.certificates.policy import STATEMENT, is_serial
from credentials.certificates.queries import sha256_of
from credentials.certificates.views import LOOKUPS_A_MINUTE, answer_of_certificate, private
from credentials.qualifications.queries import current_period
from credentials.statements.actions import StatementRefused, issue_statement
from credentials.statements.files import open_statement
from credentials.statements.forms import StatementForm, first_days
from credentials.statements.models import HoursStatement
from credentials.statements.queries import look_up_statement, statements_of

STATEMENTS_A_MINUTE = 10  # of one account: every other first day makes another paper with a serial of its own


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("verify", LOOKUPS_A_MINUTE)
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What one paper is worth today, be it a certificate or an hours statement; one may compare a name or a file."""
    form = CompareForm(request.POST or None, request.FILES or None)
    name, digest = "", ""
    if request.method == "POST" and form.is_valid():
        name, file = form.cleaned_data["name"], form.cleaned_data["file"]
        digest = sha256_of(file.file) if file else ""
    serial = request.GET.get("serial", "")
    answer = look_up_statement(code, serial=serial, name=name, digest=digest)
    if answer.statement is None:
        return answer_of_certificate(request, code, form, serial=serial, name=name, digest=digest)
    form.fields["name"].label = _("Full name on the statement")
    statement = answer.statement
    context = {
        "answer": answer,
        "statement": statement,
        "by_holder": statement.issued_by_id == statement.person.user_id,
        "form": form,
        "now": timezone.now(),
    }
    return private(render(request, "credentials/statements/answer.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
@limited("statement", STATEMENTS_A_MINUTE, by_account=True, only="POST")
def statement_list(request: HttpRequest) -> HttpResponse:
    """My hours statements, and the form for another."""
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    form = StatementForm(request.POST or None, initial=first_days(current_period(person)))
    if request.method == "POST" and form.is_valid():
        try:
            statement = issue_statement(person=person, actor=request.user, **form.cleaned_data)
        except StatementRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your statement %(serial)s is ready.") % {"serial": statement.serial})
            return redirect("credentials:statement-list")
    context = {"form": form, "statements": list(statements_of(person)[:50])}
    return render(request, "credentials/statements/list.html", context)


@require_safe
def statement_file(request: HttpRequest, serial: str) -> HttpResponseBase:
    """The PDF, for its person and the officers in scope."""
    if not is_serial(serial, STATEMENT):
        raise Http404
    rows = HoursStatement.objects.visible_to(request.user).select_related("person")
    statement = get_object_or_404(rows, serial=serial)
    try:
        file = open_statement(statement)
    except FileNotFoundError:
        messages.error(
            request, _("The file is missing from the store. The operator can bring it back from a backup.")
        )
        mine = statement.person.user_id == request.user.pk
        return redirect("credentials:statement-list" if mine else "hours:people")
    return FileResponse(
        file,
        as_attachment="download" in request.GET,
        filename=f"{statement.serial} {statement.name}.pdf",
        content_type="application/pdf",
        headers={"Cache-Control": "private, no-store"},
    )
