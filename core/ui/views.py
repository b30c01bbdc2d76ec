"""Pages and switches that belong to the look itself: the living page, elder mode, language, polite refusals."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from core.audit.middleware import current_request
from core.ui.covers import KINDS
from core.ui.icons import ICONS

ELDER_COOKIE = "elder"
ELDER_AGE = timedelta(days=365)


def _back(request: HttpRequest) -> str:
    """Where the visitor came from, if that is here."""
    for address in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
            return address
    return "/"


@csrf_exempt  # a way of reading, nothing more; without a token, public pages can be cached
@login_not_required
@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Switch large type on (elder=1) or off for a year on this device; scripts get 204 instead of a redirect."""
    quiet = request.headers.get("X-Requested-With") == "fetch"
    response = HttpResponse(status=204) if quiet else HttpResponseRedirect(_back(request))
    if request.POST.get("elder") == "1":
        response.set_cookie(
            ELDER_COOKIE, "1", max_age=ELDER_AGE, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(ELDER_COOKIE, samesite="Lax")
    return response


set_language = csrf_exempt(login_not_required(django_set_language))


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere: say so kindly (settings.CSRF_FAILURE_VIEW)."""
    return render(request, "core/csrf_failure.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, without context processors: the request itself may be what is wrong."""
    return HttpResponse(render_to_string("400.html"), status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason when the code gave one in words."""
    return render(request, "403.html", {"reason": _words_of(exception)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404; also the answer to a row that one may not see."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, from a template that needs neither database nor context; the request id helps whoever searches."""
    return HttpResponse(render_to_string("500.html", {"code": current_request.get()[:12]}), status=500)


def _words_of(exception: Exception | None) -> str:
    return str(exception) if exception is not None else ""


class SampleForm(forms.Form):
    """Every kind of question, for the living page."""

    name = forms.CharField(label=_("Full name"), help_text=_("As on your identity card."), max_length=40)
    phone = forms.CharField(
        label=_("Mobile phone"), max_length=11, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    level = forms.ChoiceField(
        label=_("Level"), choices=[("", "—"), ("1", _("Assistant social worker")), ("2", _("Social worker"))]
    )
    way = forms.ChoiceField(
        label=_("How would you like to meet?"),
        choices=[("face", _("Face to face")), ("video", _("By video"))],
        widget=forms.RadioSelect,
    )
    fields_of_work = forms.MultipleChoiceField(
        label=_("Fields of work"),
        choices=[("old", _("Older people")), ("youth", _("Young people")), ("health", _("Health care"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = forms.CharField(label=_("Why do you apply?"), widget=forms.Textarea(attrs={"rows": 4}))
    proof = forms.FileField(
        label=_("Certificate"), required=False, help_text=_("PDF or picture, up to 5 MB.")
    )
    agreed = forms.BooleanField(label=_("I have read the rules of the programme"))


def _samples(request: HttpRequest) -> dict[str, Any]:
    """Figures and dates that show each component in each state."""
    now = timezone.localtime()
    wrong = SampleForm({"name": "", "phone": "138", "email": "li@", "reason": "…"})
    wrong.is_valid()
    months = [
        (f"{n}", value) for n, value in enumerate((12, 18, 9, 24, 31, 28, 40, 36, 44, 52, 49, 61), start=1)
    ]
    return {
        "form": SampleForm(prefix="ok", initial={"way": "face"}),
        "wrong": wrong,
        "page": Paginator(range(120), 10).get_page(request.GET.get("page", "3")),
        "days": [now.date() + timedelta(days=n) for n in (40, 6, 1, 0, -3)],
        "moment": now + timedelta(days=9, hours=2),
        "bars": [
            {"label": _("Casework"), "value": 46, "strong": True},
            {"label": _("Group work"), "value": 31},
            {"label": _("Community work"), "value": 18},
            {"label": _("Administration"), "value": 5},
        ],
        "months": months,
        "kinds": tuple(KINDS),
        "icons": ICONS,
        "living_page": True,
    }


@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    """The living page. ?lang=en and ?elder=1 show it in the other language or in large type, without a cookie."""
    language = request.GET.get("lang") or translation.get_language() or settings.LANGUAGE_CODE
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    with translation.override(language):
        elder_mode = "1" in (request.GET.get("elder"), request.COOKIES.get(ELDER_COOKIE))
        context = {**_samples(request), "elder": elder_mode}
        return render(request, "core/ui/components.html", context)
