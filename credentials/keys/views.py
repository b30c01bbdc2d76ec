"""The public halves of all keys, for whoever wants to verify without asking us."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from credentials.keys.models import SigningKey
from credentials.keys.queries import key_by_fingerprint


@login_not_required
@require_safe
def key_list(request: HttpRequest) -> HttpResponse:
    """Every key there was, with its fingerprint, from when until when, and whether it is to be trusted."""
    return render(request, "credentials/keys/list.html", {"keys": SigningKey.objects.all()})


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
def key_set(request: HttpRequest) -> HttpResponse:
    """The keys in use and the retired ones as a JWK set."""
    answer = JsonResponse({"keys": [_jwk(each) for each in SigningKey.objects.published()]})
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@login_not_required
@require_safe
@cache_control(public=True, max_age=300)
def key_file(request: HttpRequest, fingerprint: str, form: str) -> HttpResponse:
    """One key: as `pem` its certificate (of a badge's key: the public key), as `jwk` the public key alone."""
    key = key_by_fingerprint(fingerprint)
    if key is None:
        raise Http404
    if form == "jwk":
        answer: HttpResponse = JsonResponse(_jwk(key))
    else:
        answer = HttpResponse(key.certificate or key.public_key, content_type="application/x-pem-file")
        answer["Content-Disposition"] = f'attachment; filename="{key.purpose}-{key.fingerprint[:16]}.pem"'
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _jwk(key: SigningKey) -> dict[str, Any]:
    return {**key.jwk, "state": key.state}
