"""Badges for their holders, for wallets and for whoever verifies one without asking us."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.access.limits import limited
from core.organisations.models import Organisation
from core.states import Refused
from credentials.badges.actions import achievement_facts, badge_for
from credentials.badges.document import Addresses, achievement_of
from credentials.badges.forms import BadgeFileForm
from credentials.badges.models import Achievement, Badge, StatusList
from credentials.badges.queries import (
    BadgeAnswer,
    certificate_by_code,
    check_badge,
    issuer_address,
    picture_of,
    profile_of,
    signed_list,
    whole,
)
from credentials.certificates.models import Certificate
from credentials.certificates.policy import CERTIFICATE, is_serial
from credentials.certificates.views import LOOKUPS_A_MINUTE, private
from credentials.keys.actions import signer_for
from credentials.keys.files import KeyMissing
from credentials.keys.states import Purpose

log = logging.getLogger("xinhuo.badges")
JSON, TOKEN, SVG = "application/vc", "application/vc+jwt", "image/svg+xml"
FORMS: dict[str, tuple[str, str, Callable[[Badge], str]]] = {
    "json": (JSON, "json", lambda badge: badge.credential),
    "jwt": (TOKEN, "jwt", lambda badge: badge.token),
    "svg": (SVG, "svg", lambda badge: picture_of(badge.achievement, badge.credential)),
}
# What the parts of a badge are called where a change is named; the longest path that fits counts.
PARTS = {
    "name": pgettext_lazy("badge", "title of the badge"),
    "description": pgettext_lazy("badge", "description"),
    "issuer": pgettext_lazy("badge", "issuer"),
    "validFrom": pgettext_lazy("badge", "first day"),
    "validUntil": pgettext_lazy("badge", "last day"),
    "awardedDate": pgettext_lazy("badge", "day of completion"),
    "credentialSubject": pgettext_lazy("badge", "achievement"),
    "credentialSubject.id": pgettext_lazy("badge", "whose badge it is"),
    "credentialSubject.achievement.name": pgettext_lazy("badge", "course"),
    "credentialSubject.achievement.criteria": pgettext_lazy("badge", "criteria"),
    "credentialStatus": pgettext_lazy("badge", "place in the status list"),
    "proof": pgettext_lazy("badge", "signature"),
    "picture": pgettext_lazy("badge", "picture"),
}


def _open(answer: HttpResponse) -> HttpResponse:
    """Readable by programs on other sites; kept by no search engine."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _json(content: dict[str, Any], kind: str = "application/ld+json") -> HttpResponse:
    return _open(JsonResponse(content, content_type=kind, json_dumps_params={"ensure_ascii": False}))


# --- For the holder and the officers -----------------------------------------------------------------------------


@require_safe
def badge_page(request: HttpRequest, serial: str) -> HttpResponse:
    """The badge of one certificate: what it is, a link to share, and files to take along."""
    if not is_serial(serial, CERTIFICATE):
        raise Http404
    rows = Certificate.objects.visible_to(request.user).select_related("person", "organisation")
    certificate = get_object_or_404(rows, serial=serial)
    badge, trouble = _badge_or_trouble(certificate)
    facts = achievement_facts(certificate)
    context = {
        "certificate": certificate,
        "verdict": certificate.verdict(),
        "badge": badge,
        "trouble": trouble,
        "facts": facts,
        "is_mine": certificate.person.user_id == request.user.pk,
    }
    return render(request, "credentials/badges/detail.html", context)


def _badge_or_trouble(certificate: Certificate) -> tuple[Badge | None, str]:
    try:
        return badge_for(certificate=certificate), ""
    except Refused as refusal:
        return None, str(refusal)
    except KeyMissing:
        log.exception("certificate %s: no badge", certificate.serial)
        return None, _(
            "Badges cannot be signed at the moment, for want of a key. Tell the operator of this site."
        )


# --- For wallets and verifiers -----------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_safe
@limited("badge", LOOKUPS_A_MINUTE)
def badge(request: HttpRequest, code: str) -> HttpResponse:
    """The badge at its own address: for a program its JSON, for a person the page that says what it is worth."""
    certificate = _by_code(code)
    if "text/html" in request.headers.get("Accept", ""):
        return redirect("verify-code", certificate.code)
    return _given(certificate, "json", attached=False)


@login_not_required
@never_cache
@require_safe
@limited("badge", LOOKUPS_A_MINUTE)
def badge_file(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The badge as a file: `json`, `jwt`, or `svg`, a picture in which the badge itself is written."""
    return _given(_by_code(code), form, attached=True)


def _by_code(code: str) -> Certificate:
    certificate = certificate_by_code(code)
    if certificate is None:
        raise Http404
    return certificate


def _given(certificate: Certificate, form: str, *, attached: bool) -> HttpResponse:
    badge, trouble = _badge_or_trouble(certificate)
    if badge is None:
        status = 410 if certificate.state != "valid" else 503
        return _open(HttpResponse(trouble, status=status, content_type="text/plain; charset=utf-8"))
    kind, ending, content = FORMS[form]
    answer = _open(HttpResponse(content(badge), content_type=kind))
    if attached:
        answer["Content-Disposition"] = f'attachment; filename="{certificate.serial}.{ending}"'
    return answer


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
def badge_issuer(request: HttpRequest, pk: int) -> HttpResponse:
    """Who issues badges, with the keys that speak for it."""
    return _json(profile_of(get_object_or_404(Organisation, pk=pk)))


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def badge_achievement(request: HttpRequest, digest: str) -> HttpResponse:
    """What a badge is for."""
    row = get_object_or_404(Achievement, digest=digest)
    issued = Badge.objects.filter(achievement=row).select_related("certificate").first()
    issuer = issuer_address(issued.certificate.organisation_id) if issued else ""
    picture = whole(f"{row.get_absolute_url()}picture.svg")
    here = Addresses("", "", "", issuer, whole(row.get_absolute_url()), picture, "")
    return _json(achievement_of(row.read(), here))


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def badge_picture(request: HttpRequest, digest: str) -> HttpResponse:
    """The picture of an achievement."""
    row = get_object_or_404(Achievement, digest=digest)
    return _open(HttpResponse(picture_of(row), content_type=SVG))


@login_not_required
@require_safe
@cache_control(public=True, max_age=60)
def badge_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The list in which an issuer marks the badges that must not be accepted any more, signed."""
    status_list = get_object_or_404(StatusList, pk=pk)
    try:
        return _json(signed_list(status_list, signer_for(Purpose.BADGE)), JSON)
    except KeyMissing:
        return _open(HttpResponse(status=503))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("verify", LOOKUPS_A_MINUTE, only="POST")
def verify_badge(request: HttpRequest) -> HttpResponse:
    """Where anybody hands in a badge and learns whether it is genuine."""
    form = BadgeFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return answer_of_badge(request, check_badge(form.content()))
    return private(render(request, "credentials/badges/verify.html", {"form": form}))


def answer_of_badge(request: HttpRequest, answer: BadgeAnswer) -> HttpResponse:
    """The page that says what a badge is worth today, and what was changed in it."""
    context = {
        "answer": answer,
        "certificate": answer.certificate,
        "changed": named(answer.changed),
        "now": timezone.now(),
    }
    return private(render(request, "credentials/badges/answer.html", context))


def _shown(path: str) -> str:
    """A path as it can be written on a page: JSON may hold halves of a character."""
    return path[:60].encode("utf-8", errors="replace").decode("utf-8")


def named(paths: tuple[str, ...]) -> list[str]:
    """The changed parts in words, each once; what has no word of its own by its path, shortened."""
    names = []
    for path in paths:
        fits = [part for part in PARTS if path == part or path.startswith(f"{part}.")]
        names.append(str(PARTS[max(fits, key=len)]) if fits else _shown(path))
    return list(dict.fromkeys(names))[:12]
