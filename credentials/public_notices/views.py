"""One public notice, as everybody reads it, with the way to object."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.access.limits import limited
from core.states import Refused
from credentials.public_notices.actions import file_objection
from credentials.public_notices.forms import ObjectionForm
from credentials.public_notices.models import PublicNotice, PublicNoticeLine

OBJECTIONS_A_MINUTE = 5


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("objection", OBJECTIONS_A_MINUTE, only="POST")
def public_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines while they may be read, the last day, the office, and the form for an objection while it is taken.
    After one was sent, its place says so (`objected`), and another can be unfolded."""
    notice = get_object_or_404(PublicNotice.objects.select_related("organisation"), pk=pk)
    form = ObjectionForm(request.POST or None, notice=notice) if notice.takes_objections() else None
    if request.method == "POST" and form is None:
        messages.error(request, _("Objections to this public notice are not taken any more."))
        return redirect(notice)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            file_objection(notice=notice, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(f"{notice.get_absolute_url()}?objected=1#objected")
    response = render(
        request,
        "credentials/public_notices/notice.html",
        {
            "notice": notice,
            "lines": lines_shown(notice),
            "form": form,
            "is_sent": request.method != "POST" and "objected" in request.GET,
        },
    )
    response["X-Robots-Tag"] = (
        "noindex, nofollow"  # what goes from here after some days is to be gone elsewhere too
    )
    return response


def lines_shown(notice: PublicNotice) -> QuerySet[PublicNoticeLine]:
    """What everybody may read of the lines today."""
    return notice.lines.order_by("position") if notice.shows_lines() else notice.lines.none()
