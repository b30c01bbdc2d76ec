"""The certificates that could not be issued, in the Wagtail admin: why, and trying again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.viewsets.base import ViewSet

from core.access.desk import ReaderMenuItem
from credentials.certificates.actions import issue_pending
from credentials.certificates.models import PendingIssue, PendingIssueQuerySet
from credentials.certificates.viewsets.crumbs import crumbs


def _held(request: HttpRequest) -> PendingIssueQuerySet:
    rows = PendingIssue.objects.visible_to(request.user)
    return rows.select_related("enrolment__person__user", "organisation")


@require_safe
def on_hold(request: HttpRequest) -> HttpResponse:
    """The certificates that could not be issued."""
    if not request.user.has_perm("credentials.view_pendingissue"):
        raise Http404
    waiting = _held(request).waiting()
    context = {
        "rows": [(row, request.user.has_perm("credentials.issue_pending", row)) for row in waiting],
        "may_try": request.user.has_perm("credentials.add_certificate"),
        "header_title": _("Certificates on hold"),
        "header_icon": "warning",
        "breadcrumbs_items": crumbs(("", _("On hold"))),
    }
    return render(request, "credentials/certificates/admin/on_hold.html", context)


@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Try to issue one of them; a second click finds what the first one issued."""
    pending = get_object_or_404(_held(request), pk=pk)
    if not request.user.has_perm("credentials.issue_pending", pending):
        raise Http404
    if made := issue_pending(pending=pending, actor=request.user):
        messages.success(request, _("Issued as %(serial)s.") % {"serial": made.serial})
    else:
        messages.error(request, _("It still cannot be issued; the reason stands in the list."))
    return redirect("certificates:on-hold")


class HoldViewSet(ViewSet):
    """The menu item of what is on hold; its addresses are the certificates'."""

    name = "certificates-on-hold"
    menu_label = gettext_lazy("On hold")
    icon = "warning"
    menu_item_class = ReaderMenuItem

    @cached_property
    def menu_url(self) -> str:
        return reverse("certificates:on-hold")
