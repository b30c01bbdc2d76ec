"""The participant list of an online meeting: handed in, looked at, applied."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.states import Refused
from lms.attendance import actions
from lms.attendance.forms import ListForm
from lms.attendance.models import ParticipantList
from lms.attendance.policy import list_refusal
from lms.attendance.queries import (
    Preview,
    Proposal,
    leave_asked,
    preview_of,
    register_as_it_is,
)
from lms.attendance.viewsets.places import class_of, crumbs_of
from lms.cohorts.queries import list_words, words


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, class_id: int) -> HttpResponse:
    """Hand in the participant list of an online meeting."""
    klass = class_of(request, class_id, takes=True)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = actions.upload_list(klass=klass, file=file, filename=file.name or "", actor=request.user)
            return redirect("attendance:preview", kept.pk)
        except Refused as refused:
            form.add_error("file", str(refused))
    refusal = list_refusal(register_as_it_is(klass).facts, now=timezone.now())
    context = {
        "klass": klass,
        "form": form,
        "refusal": words(refusal) if refusal else "",
        "lists": klass.participant_lists.select_related("uploaded_by__person")[:10],
        "header_title": _("Participant list"),
        "header_icon": "upload",
        "breadcrumbs_items": crumbs_of(request, klass, _("Participant list")),
    }
    return render(request, "lms/attendance/admin/upload.html", context)


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What a list would change; posting applies it, with the people chosen for the doubtful names."""
    rows = ParticipantList.objects.visible_to(request.user)
    kept = get_object_or_404(rows.select_related("class_session"), pk=pk)
    klass = kept.class_session = class_of(request, kept.class_session_id, takes=True)
    shown = register_as_it_is(klass)
    found = preview_of(shown, kept)
    reason, fault, chosen = "", "", {}
    if request.method == "POST":
        chosen = _chosen(request, found)
        reason = str(request.POST.get("reason", ""))[:300].replace("\0", "")
        try:
            done = actions.apply_list(participants=kept, chosen=chosen, actor=request.user, reason=reason)
            count = len({one.enrolment_id for one in done.of("matched")})
            text = ngettext("%(count)s person written down.", "%(count)s people written down.", count)
            messages.success(request, text % {"count": count})
            return redirect("attendance:register", klass.pk)
        except Refused as refused:
            fault = str(refused)
            messages.error(request, fault)
    refusal, asked = list_refusal(shown.facts, now=timezone.now()), leave_asked(klass, found)
    context = {
        "klass": klass,
        "register": shown,
        "kept": kept,
        "refusal": words(refusal) if refusal else "",
        "asked": len(asked),
        "asked_names": list_words(asked),
        "others": list_words(found.others),
        "is_partial": found.is_partial,
        "doubtful": [
            (f"who-{number}", one, found.options(one), chosen.get(one.participant.key, one.enrolment_id))
            for number, one in found.doubtful
        ],
        "reason": reason,
        "fault": fault,
        "groups": [(kind, label, _named(found, kind)) for kind, label in _groups()],
        "header_title": _("Participant list"),
        "header_icon": "upload",
        "breadcrumbs_items": crumbs_of(request, klass, _("Participant list")),
    }
    return render(request, "lms/attendance/admin/preview.html", context)


def _chosen(request: HttpRequest, found: Preview) -> dict[str, int]:
    """The officer's answers, by participant; 0 leaves one out."""
    answers = {}
    for number, one in found.doubtful:
        value = request.POST.get(f"who-{number}")
        if value is not None:
            is_number = value.isascii() and value.isdigit() and len(value) < 19
            answers[one.participant.key] = int(value) if is_number else 0
    return answers


def _groups() -> list[tuple[str, str]]:
    return [
        ("matched", _("Will be written down")),
        ("unchanged", _("Already applied, unchanged")),
        ("other", _("Already found by another way, left alone")),
    ]


def _named(found: Preview, kind: str) -> list[tuple[str, Proposal]]:
    return [(found.names.get(one.enrolment_id or 0, "—"), one) for one in found.of(kind)]
