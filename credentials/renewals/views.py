"""The page of one's own qualifications, and the renewal pack."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.jobs.models import Job
from core.people.models import Person
from credentials.qualifications.models import RegistrationPeriod
from credentials.renewals.actions import PackRefused
from credentials.renewals.files import open_pack
from credentials.renewals.jobs import ask_for_pack
from credentials.renewals.models import RenewalPack
from credentials.renewals.queries import overview_of


@never_cache
@require_safe
def qualification_list(request: HttpRequest) -> HttpResponse:
    """My qualifications: what they wait for, how far my registration is, what is missing and what would fill it."""
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    context = {"overview": overview_of(person), "person": person, "today": timezone.localdate()}
    return render(request, "credentials/renewals/overview.html", context)


@require_POST
def pack_make(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the renewal pack of a period, of one's own or of somebody in one's tree."""
    periods = RegistrationPeriod.objects.visible_to(request.user).select_related("person__employer", "level")
    period = get_object_or_404(periods, pk=pk)
    if not request.user.has_perm("credentials.make_renewalpack", period):
        raise Http404
    mine = period.person.user_id == request.user.pk
    try:
        made = ask_for_pack(period=period, actor=request.user)
    except PackRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if isinstance(made, Job):
            messages.info(request, _("The pack lists many entries and is made in the background."))
            return redirect("core:job", made.pk)
        messages.success(request, _("The renewal pack %(serial)s is ready.") % {"serial": made.serial})
    return redirect("credentials:qualification-list") if mine else redirect("periods:inspect", period.pk)


@require_safe
def pack_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The PDF, for its person and the officers in scope."""
    pack = get_object_or_404(RenewalPack.objects.visible_to(request.user).select_related("person"), pk=pk)
    try:
        file = open_pack(pack)
    except FileNotFoundError:
        messages.error(
            request, _("The file is missing from the store. The operator can bring it back from a backup.")
        )
        mine = pack.person.user_id == request.user.pk
        return (
            redirect("credentials:qualification-list")
            if mine
            else redirect("periods:inspect", pack.period_id)
        )
    return FileResponse(
        file,
        as_attachment="download" in request.GET,
        filename=f"{pack.serial} {pack.facts['name']}.pdf",
        content_type="application/pdf",
        headers={"Cache-Control": "private, no-store"},
    )
