"""Certificates in the Wagtail admin: the list, and the verbs of an officer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSet

from core.audit.models import AuditEntry
from core.pdf.faces import MissingGlyph
from core.states import IllegalMove
from credentials.certificates.actions import issue_pending, replace, revoke
from credentials.certificates.forms import ReasonForm
from credentials.certificates.models import Certificate, PendingIssue


class CertificateIndex(IndexView):
    """Every certificate in scope, newest first."""

    model = Certificate
    any_permission_required = ["view"]
    default_ordering = "-pk"
    search_fields = ["serial", "name", "title", "person__name_search"]
    search_backend_name = None
    paginate_by = 30
    header_icon = "doc-full-inverse"
    page_title = gettext_lazy("Certificates")
    index_url_name = "certificates:index"
    index_results_url_name = "certificates:index_results"

    columns = [
        TitleColumn("serial", label=gettext_lazy("Serial number"), url_name="certificates:inspect"),
        Column("name", label=gettext_lazy("Holder")),
        Column("title", label=gettext_lazy("Course")),
        Column("get_state_display", label=gettext_lazy("State")),
        Column("organisation", label=gettext_lazy("Issued by")),
        DateColumn("issued_on", label=gettext_lazy("Issued on")),
    ]

    def get_base_queryset(self) -> QuerySet[Certificate]:
        return Certificate.objects.visible_to(self.request.user).select_related("organisation")


def _certificate(request: HttpRequest, pk: int) -> Certificate:
    if not request.user.has_perm("credentials.view_certificate"):
        raise PermissionDenied
    rows = Certificate.objects.visible_to(request.user).select_related("organisation", "person__user", "replaces", "replaced_by")
    return get_object_or_404(rows, pk=pk)


@require_GET
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    """One certificate with its chain and everything that was done to it."""
    certificate = _certificate(request, pk)
    context = {
        "certificate": certificate,
        "verdict": certificate.verdict(),
        "trail": AuditEntry.objects.for_instance(certificate).select_related("user__person"),
        "may_revoke": request.user.has_perm("credentials.revoke_certificate", certificate),
        "may_replace": request.user.has_perm("credentials.replace_certificate", certificate),
    }
    return render(request, "credentials/certificates/admin/inspect.html", context)


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Revoke or replace, with a reason."""
    certificate = _certificate(request, pk)
    if not request.user.has_perm(f"credentials.{verb}_certificate", certificate):
        raise PermissionDenied
    form = ReasonForm(request.POST or None)
    if form.is_valid() and (answer := _do(request, certificate, verb, form.cleaned_data["reason"])):
        return answer
    context = {"certificate": certificate, "form": form, "verb": verb}
    return render(request, "credentials/certificates/admin/end.html", context)


def _do(request: HttpRequest, certificate: Certificate, verb: str, reason: str) -> HttpResponse | None:
    try:
        if verb == "revoke":
            revoke(certificate=certificate, reason=reason, actor=request.user)
            messages.success(request, _("The certificate is revoked. The verify page says so from now on."))
            return redirect("certificates:inspect", certificate.pk)
        fresh = replace(certificate=certificate, reason=reason, actor=request.user)
    except IllegalMove:
        messages.warning(request, _("The certificate was revoked or replaced in the meantime. Nothing was changed now."))
        return redirect("certificates:inspect", certificate.pk)
    except MissingGlyph as error:
        messages.error(request, str(error))
        return None
    messages.success(request, _("The new certificate is %(serial)s; the old one answers “replaced”.") % {"serial": fresh.serial})
    return redirect("certificates:inspect", fresh.pk)


@require_http_methods(["GET", "POST"])
def on_hold(request: HttpRequest) -> HttpResponse:
    """The certificates that could not be issued, and trying them again."""
    if not request.user.has_perm("credentials.view_pendingissue"):
        raise PermissionDenied
    rows = PendingIssue.objects.visible_to(request.user).filter(solved_at=None).select_related(
        "enrolment__person", "organisation"
    )
    if request.method == "POST":
        pending = get_object_or_404(rows, pk=request.POST.get("pending") if str(request.POST.get("pending")).isdigit() else 0)
        if not request.user.has_perm("credentials.issue_pending", pending):
            raise PermissionDenied
        made = issue_pending(pending=pending, actor=request.user)
        if made:
            messages.success(request, _("Issued as %(serial)s.") % {"serial": made.serial})
        else:
            messages.error(request, _("It still cannot be issued; the reason stands in the list."))
        return redirect(reverse("certificates:on-hold"))
    return render(request, "credentials/certificates/admin/on_hold.html", {"rows": rows})


class CertificateViewSet(ViewSet):
    """The menu item and its addresses under /admin/certificates/."""

    name = url_prefix = "certificates"
    menu_label = gettext_lazy("Certificates")
    icon = "doc-full-inverse"
    menu_order = 320
    add_to_admin_menu = True

    def get_menu_item(self, order: int | None = None) -> Any:
        item = super().get_menu_item(order)
        item.is_shown = lambda request: request.user.has_perm("credentials.view_pendingissue")
        return item

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", CertificateIndex.as_view(permission_policy=_policy()), name="index"),
            path("results/", CertificateIndex.as_view(permission_policy=_policy(), results_only=True), name="index_results"),
            path("on-hold/", on_hold, name="on-hold"),
            path("<int:pk>/", inspect, name="inspect"),
            path("<int:pk>/revoke/", end, {"verb": "revoke"}, name="revoke"),
            path("<int:pk>/replace/", end, {"verb": "replace"}, name="replace"),
        ]


def _policy() -> Any:
    from core.access.wagtail import ScopedPolicy

    return ScopedPolicy(Certificate)
