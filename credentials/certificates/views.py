"""Certificates for their holders, and verification for everybody."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.access.limits import limited
from credentials.certificates.actions import render_file
from credentials.certificates.forms import CodeForm, CompareForm
from credentials.certificates.models import Certificate
from credentials.certificates.queries import look_up, sha256_of

LOOKUPS_A_MINUTE = 30


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Where anybody types the code of a certificate."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        return redirect("verify-code", code=form.cleaned_data["code"])
    return _private(render(request, "credentials/certificates/verify.html", {"form": form}))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@limited("verify", LOOKUPS_A_MINUTE)
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What one certificate is worth today; a visitor may compare a name or a file."""
    form = CompareForm(request.POST or None, request.FILES or None)
    name, digest = "", ""
    if request.method == "POST" and form.is_valid():
        name, file = form.cleaned_data["name"], form.cleaned_data["file"]
        digest = sha256_of(file.file) if file else ""
    answer = look_up(code, name=name, digest=digest)
    context = {"answer": answer, "certificate": answer.certificate, "form": form, "code": code}
    return _private(render(request, "credentials/certificates/answer.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """No search engine keeps it, and no page that is left by a link learns the code."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_GET
def certificate_list(request: HttpRequest) -> HttpResponse:
    """My certificates."""
    rows = Certificate.objects.filter(person__user_id=request.user.pk).select_related("organisation")
    return render(request, "credentials/certificates/list.html", {"certificates": rows})


@require_GET
def certificate_detail(request: HttpRequest, serial: str) -> HttpResponse:
    """One certificate, for its holder and those who may see it."""
    rows = Certificate.objects.visible_to(request.user).select_related("organisation", "person", "replaces", "replaced_by")
    certificate = get_object_or_404(rows, serial=serial)
    return render(request, "credentials/certificates/detail.html", {"certificate": certificate})


@require_GET
def certificate_file(request: HttpRequest, serial: str) -> FileResponse:
    """The PDF. When the worker has not made it yet, it is made now."""
    certificate = get_object_or_404(Certificate.objects.visible_to(request.user), serial=serial)
    if not certificate.sha256:
        certificate = render_file(certificate_id=certificate.pk)
    return FileResponse(
        storages["private"].open(certificate.file),
        as_attachment="download" in request.GET,
        filename=f"{certificate.serial}.pdf",
        content_type="application/pdf",
        headers={"Cache-Control": "private, no-store"},
    )
