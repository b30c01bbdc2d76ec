"""One's own profile."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access.limits import limited
from core.audit.actions import record
from core.organisations.models import RoleAssignment
from core.organisations.queries import organisations_named
from core.people import actions
from core.people.forms import PRIVACY_VERSION, IdForm, ProfileForm
from core.people.models import Person, User
from core.people.policy import mask_phone
from core.people.queries import consents_of, own_data


def _me(request: HttpRequest) -> Person:
    """The person of this account; an operator's bare account gets one when it first looks at its profile."""
    user = request.user
    if not isinstance(user, User):  # LoginRequiredMiddleware lets nobody else in
        raise BadRequest
    found = Person.objects.filter(user=user).select_related("user", "employer", "declared_employer").first()
    return found or actions.create_person(user=user, name=user.email.partition("@")[0])


def _back(request: HttpRequest) -> str:
    """The page that sent somebody here to complete the profile, if it is ours."""
    back = request.POST.get("next") or request.GET.get("next") or ""
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()) else ""


@never_cache
@require_http_methods(["GET", "POST"])
@limited("profile", 30, by_account=True)
def profile(request: HttpRequest) -> HttpResponse:
    """What I say about myself, and where to find the rest that is kept about me."""
    person = _me(request)
    form = ProfileForm(request.POST or None, instance=person, user=person.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_profile(
                person=form.instance,
                actor=person.user,
                phone=form.cleaned_data["phone"],
                fields=form.cleaned_data["service_fields"],
            )
        except actions.PhoneTaken:
            form.add_error(
                "phone", _("This number belongs to another account. If it is yours, ask your administrator.")
            )
        else:
            messages.success(request, _("Your profile is saved."))
            if declared := form.instance.declared_employer:
                words = _(
                    "That you work at %(organisation)s counts as soon as an administrator there confirms it."
                )
                messages.info(request, words % {"organisation": declared.name})
            return redirect(_back(request) or "core:profile")
    kept = Person.objects.select_related("user", "employer", "declared_employer").get(
        pk=person.pk
    )  # the form has changed its own copy
    context = {
        "person": kept,
        "form": form,
        "next": _back(request),
        "found": form.found,
        "phone_masked": mask_phone(kept.user.phone or ""),
        "consents": consents_of(kept),
        "roles": RoleAssignment.objects.in_force(timezone.localdate())
        .filter(user=person.user)
        .select_related("organisation"),
    }
    return render(request, "core/people/profile.html", context)


@require_GET
@limited("employers", 60, by_account=True)
def employers(request: HttpRequest) -> HttpResponse:
    """The organisations whose name contains the words, for the profile's chooser."""
    person = _me(request)
    found = organisations_named(request.GET.get("employer_words", "")[:60])
    words = bool(request.GET.get("employer_words", "").strip())
    return render(request, "core/people/employers.html", {"found": found, "person": person, "asked": words})


@never_cache
@require_http_methods(["GET", "POST"])
@limited("id-number", 20, by_account=True)
def id_number(request: HttpRequest) -> HttpResponse:
    """Give or replace the number of my identity document."""
    person = _me(request)
    form = IdForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            warnings = actions.set_id_number(
                person=person,
                id_type=form.cleaned_data["id_type"],
                number=form.cleaned_data["number"],
                consent_version=PRIVACY_VERSION,
                actor=person.user,
            )
        except actions.IdRefused as refusal:
            form.add_error("number", str(refusal))
        else:
            messages.success(request, _("Your ID number is kept, sealed."))
            if warnings:
                messages.warning(
                    request,
                    _(
                        "We do not know the region in this number. If it stands like this on your card, all is well."
                    ),
                )
            return redirect("core:profile")
    return render(request, "core/people/id_number.html", {"form": form, "person": person})


@require_POST
def id_remove(request: HttpRequest) -> HttpResponse:
    """Take back the consent to keep my ID number."""
    try:
        actions.remove_id_number(person=(person := _me(request)), actor=person.user)
    except actions.IdRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("core:profile-id")
    messages.success(request, _("Your ID number is deleted, and your consent is withdrawn."))
    return redirect("core:profile")


@never_cache
@require_GET
@limited("export", 10, by_account=True)
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is kept about me, as a JSON file."""
    person = _me(request)
    record(action="core.export_own_data", target=person, actor=person.user, organisation=person.employer)
    response = JsonResponse(own_data(person), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response
