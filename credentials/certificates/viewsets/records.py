"""Certificates in the Wagtail admin: the list, and the verbs of an officer."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem, ReadersIndex
from core.access.scope import covers, holds, scope_of
from core.access.states import READERS, Role
from core.organisations.forms import OrganisationFilter
from core.organisations.models import Organisation
from core.states import IllegalMove, Refused
from credentials.certificates.actions import NotIndependent, redraw, renew, replace, revoke, why_not_by
from credentials.certificates.forms import ReasonForm
from credentials.certificates.models import Certificate
from credentials.certificates.queries import chain_of, desk_certificates, trail_of
from credentials.certificates.states import CertificateState
from credentials.certificates.viewsets.crumbs import crumbs
from credentials.certificates.viewsets.holds import on_hold, try_again
from credentials.keys.files import KeyMissing


def trees(request: HttpRequest) -> QuerySet[Organisation]:
    return Organisation.objects.filter(scope_of(request.user).q("", *READERS)).order_by("path")


class CertificateFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=gettext_lazy("state"), choices=CertificateState.choices)
    issued_on = django_filters.DateFromToRangeFilter(label=gettext_lazy("days"), widget=DateRangePickerWidget)
    organisation = OrganisationFilter(
        label=gettext_lazy("organisation, with all below it"), queryset=trees, method="below"
    )

    class Meta:
        model = Certificate
        fields = ["state", "issued_on", "organisation"]

    def below(self, queryset: QuerySet[Certificate], name: str, value: Organisation) -> QuerySet[Certificate]:
        return queryset.filter(organisation__path__startswith=value.path)


class CertificateIndex(ReadersIndex):
    """Every certificate in scope, newest first."""

    model = Certificate
    name = "certificates"
    filterset_class = CertificateFilterSet
    search_fields = ["serial", "name", "title", "person__name_search"]
    header_icon = "doc-full-inverse"
    page_title = gettext_lazy("Certificates")

    def get_base_queryset(self) -> QuerySet[Certificate]:
        return desk_certificates(self.request.user)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "name",
                label=gettext_lazy("holder"),
                url_name="certificates:inspect",
                sort_key="person__pinyin",
            ),
            Column("title", label=gettext_lazy("course"), accessor="title_here", sort_key="title"),
            StatusTagColumn(
                "state",
                label=gettext_lazy("state"),
                accessor=lambda row: row.verdict().label,
                primary=lambda row: row.verdict().value == CertificateState.VALID,
            ),
            Column("serial", label=gettext_lazy("serial number"), sort_key="serial"),
            Column("organisation", label=gettext_lazy("issued by"), accessor="organisation.name"),
            Column("issued_on", label=gettext_lazy("issued on"), sort_key="issued_on"),
        ]


def _certificate(request: HttpRequest, pk: int, perm: str = "") -> Certificate:
    certificate = get_object_or_404(desk_certificates(request.user), pk=pk)
    if not holds(request.user, *READERS) or (perm and not request.user.has_perm(perm, certificate)):
        raise Http404
    return certificate


def _decides_here(request: HttpRequest, certificate: Certificate) -> bool:
    """An administrator of the place that issued it, while there is something to decide: they are told what keeps them."""
    valid = certificate.state == CertificateState.VALID
    return valid and covers(request.user, certificate.organisation, Role.ADMINISTRATOR)


@require_safe
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate with its chain and everything that was done to it."""
    certificate = _certificate(request, pk)
    open_ = certificate.state == CertificateState.VALID
    context = {
        "certificate": certificate,
        "verdict": certificate.verdict(),
        "chain": chain_of(certificate),
        "trail": trail_of(certificate),
        "may_revoke": open_ and request.user.has_perm("credentials.revoke_certificate", certificate),
        "may_replace": open_ and request.user.has_perm("credentials.replace_certificate", certificate),
        "may_renew": open_
        and certificate.expires_on is not None
        and request.user.has_perm("credentials.renew_certificate", certificate),
        "may_redraw": open_ and request.user.has_perm("credentials.redraw_certificate", certificate),
        "why_not": why_not_by(request.user, certificate) if _decides_here(request, certificate) else "",
        "editions": certificate.editions.select_related("made_by__person"),
        "header_title": certificate.serial,
        "header_icon": "doc-full-inverse",
        "breadcrumbs_items": crumbs(("", certificate.serial)),
    }
    return render(request, "credentials/certificates/admin/inspect.html", context)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Revoke, replace, renew or draw anew, with a reason."""
    certificate = _certificate(request, pk, f"credentials.{verb}_certificate")
    if certificate.state != CertificateState.VALID:  # by the back button, or somebody else was quicker
        return _too_late(request, certificate)
    form = ReasonForm(request.POST or None, verb=verb)
    if (
        request.method == "POST"
        and form.is_valid()
        and (answer := _do(request, certificate, verb, form.cleaned_data))
    ):
        return answer
    title = {
        "revoke": _("Revoke the certificate"),
        "replace": _("Replace the certificate"),
        "renew": _("Renew the certificate"),
        "redraw": _("Make the file anew"),
    }[verb]
    context = {
        "certificate": certificate,
        "form": form,
        "verb": verb,
        "header_title": title,
        "header_icon": "doc-full-inverse",
        "breadcrumbs_items": crumbs(
            (reverse("certificates:inspect", args=[certificate.pk]), certificate.serial), ("", title)
        ),
    }
    return render(request, "credentials/certificates/admin/end.html", context)


def _do(
    request: HttpRequest, certificate: Certificate, verb: str, told: dict[str, str]
) -> HttpResponse | None:
    by: dict[str, Any] = {"certificate": certificate, "reason": told["reason"], "actor": request.user}
    try:
        if verb == "revoke":
            revoke(reason_class=told["kind"], **by)
            messages.success(request, _("The certificate is revoked. The verify page says so from now on."))
            return redirect("certificates:inspect", certificate.pk)
        if verb == "redraw":
            redraw(**by)
            messages.success(request, _("The file is made anew; the one before is still recognised."))
            return redirect("certificates:inspect", certificate.pk)
        fresh = renew(**by) if verb == "renew" else replace(reason_class=told["kind"], **by)
    except KeyMissing:
        messages.error(
            request, _("Nothing can be signed at the moment: the key is missing. The operator can help.")
        )
        return None
    except IllegalMove:
        return _too_late(request, certificate)
    except NotIndependent as refusal:
        messages.error(request, str(refusal))
        return redirect("certificates:inspect", certificate.pk)
    except Refused as refusal:
        advice = _("Correct the name in the profile first.") if verb == "replace" else ""
        messages.error(request, f"{refusal} {advice}".strip())
        return None
    text = _("The new certificate is %(serial)s; the old one answers “replaced”.")
    messages.success(request, text % {"serial": fresh.serial})
    return redirect("certificates:inspect", fresh.pk)


def _too_late(request: HttpRequest, certificate: Certificate) -> HttpResponse:
    messages.warning(
        request, _("The certificate was revoked or replaced in the meantime. Nothing was changed now.")
    )
    return redirect("certificates:inspect", certificate.pk)


class CertificateViewSet(ViewSet):
    """The list and its addresses under /admin/certificates/."""

    name = "certificates"
    menu_label = gettext_lazy("All certificates")
    icon = "doc-full-inverse"
    menu_item_class = ReaderMenuItem

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *CertificateIndex.urls(),
            path("on-hold/", on_hold, name="on-hold"),
            path("on-hold/<int:pk>/", try_again, name="try-again"),
            path("<int:pk>/", inspect, name="inspect"),
            path("<int:pk>/revoke/", end, {"verb": "revoke"}, name="revoke"),
            path("<int:pk>/replace/", end, {"verb": "replace"}, name="replace"),
            path("<int:pk>/renew/", end, {"verb": "renew"}, name="renew"),
            path("<int:pk>/redraw/", end, {"verb": "redraw"}, name="redraw"),
        ]
