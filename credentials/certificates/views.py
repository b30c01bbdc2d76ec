"""Certificates for their holders, and verification for everybody."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.people.models import Person
from credentials.certificates.files import open_file
from credentials.certificates.forms import CompareForm
from credentials.certificates.models import Certificate
from credentials.certificates.policy import CERTIFICATE, is_serial
from credentials.certificates.queries import look_up

LOOKUPS_A_MINUTE = 30


def answer_of_certificate(
    request: HttpRequest, code: str, form: CompareForm, *, serial: str, name: str, digest: str
) -> HttpResponse:
    """The page that says what one certificate is worth today, or that no certificate has this code."""
    answer = look_up(code, serial=serial, name=name, digest=digest)
    context = {
        "answer": answer,
        "certificate": answer.certificate,
        "form": form,
        "now": timezone.now(),
    }
    return private(render(request, "credentials/certificates/answer.html", context))


def private(response: HttpResponse) -> HttpResponse:
    """No search engine keeps it, and no page that is left by a link learns the code."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = (
        "same-origin"  # "no-referrer" makes browsers send Origin: null, which CSRF refuses
    )
    return response


@require_safe
def certificate_list(request: HttpRequest) -> HttpResponse:
    """My certificates."""
    person: Person | None = getattr(request.user, "person", None)
    rows = Certificate.objects.filter(person=person) if person else Certificate.objects.none()
    return render(request, "credentials/certificates/list.html", {"certificates": rows})


def _certificate(request: HttpRequest, serial: str, *related: str) -> Certificate:
    """Of this serial number, if the user may see it. What is no serial number is not asked of the database."""
    if not is_serial(serial, CERTIFICATE):
        raise Http404
    rows = Certificate.objects.visible_to(request.user).select_related("person", *related)
    return get_object_or_404(rows, serial=serial)


@require_safe
def certificate_detail(request: HttpRequest, serial: str) -> HttpResponse:
    """One certificate, for its holder and those who may see it."""
    certificate = _certificate(request, serial, "replaces", "replaced_by")
    context = {
        "certificate": certificate,
        "verdict": certificate.verdict(),
        "is_mine": certificate.person.user_id == request.user.pk,
    }
    return render(request, "credentials/certificates/detail.html", context)


@require_safe
def certificate_file(request: HttpRequest, serial: str) -> HttpResponseBase:
    """The PDF. When the worker has not made it yet, it is made now."""
    certificate = _certificate(request, serial)
    try:
        file = open_file(certificate=certificate)
    except FileNotFoundError:
        messages.error(
            request, _("The file is missing from the store. The operator can bring it back from a backup.")
        )
        return redirect(certificate)
    return FileResponse(
        file,
        as_attachment="download" in request.GET,
        filename=f"{certificate.serial} {certificate.name}.pdf",
        content_type="application/pdf",
        headers={"Cache-Control": "private, no-store"},
    )
