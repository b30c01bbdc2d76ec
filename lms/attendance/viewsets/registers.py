"""The classes of a cohort at the desk, the register of one, its sheet, and the rule."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.pdf.faces import MissingGlyph
from core.states import Refused
from lms.attendance import actions
from lms.attendance.actions.entering import seen_of
from lms.attendance.document import render as render_sheet
from lms.attendance.forms import RuleForm, SourceForm, typed_entries
from lms.attendance.policy import list_refusal, opening_refusal
from lms.attendance.queries import (
    Line,
    cohort_classes,
    counts_of,
    ends_of,
    flags_of,
    lines_of,
    open_requests,
    register_as_it_is,
    rule_for,
    sheet_of,
    standing_requests,
)
from lms.attendance.states import ENTERED, Method, RequestKind, RequestState
from lms.attendance.viewsets.places import class_of, cohort_of, crumbs_of, decidable
from lms.cohorts.queries import list_words, words
from lms.cohorts.viewsets import crumbs
from lms.timetable.models import ClassSession


@require_safe
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The classes of a cohort, each with its register, and what people have asked for."""
    shown = cohort_of(request, cohort_id)
    rule = rule_for(shown.pk)
    rule.cohort = shown
    context = {
        "cohort": shown,
        "classes": cohort_classes(shown),
        "requests": decidable(request, open_requests(request.user, shown)[:100]),
        "may_change_rule": request.user.has_perm("lms.change_attendancerule", rule),
        "now": timezone.now(),
        "header_title": _("Attendance"),
        "header_icon": "tasks",
        "breadcrumbs_items": crumbs(shown, _("Attendance")),
    }
    return render(request, "lms/attendance/admin/cohort.html", context)


@require_safe
def register(request: HttpRequest, class_id: int) -> HttpResponse:
    """The register of one class: a hundred people a page, to be read and to be typed into."""
    klass = class_of(request, class_id)
    return render(request, "lms/attendance/admin/register.html", _register(request, klass))


def _register(request: HttpRequest, klass: ClassSession, posted: Any = None) -> dict[str, Any]:
    shown = getattr(klass, "register", None) or register_as_it_is(klass)
    shown.class_session = klass
    lines, page = lines_of(shown, request.GET.get("page"))
    takes = request.user.has_perm("lms.take_attendance", klass)
    now = timezone.now()
    refusal = opening_refusal(shown.facts, now=now)
    asked = standing_requests(request.user, klass)
    make_ups = {one.enrolment_id: one for one in asked if one.kind == RequestKind.MAKE_UP}
    counts = counts_of(klass, page.paginator.count)
    ends = ends_of(shown, counts)
    return {
        "klass": klass,
        "cohort": klass.cohort,
        "sees_cohort": request.user.has_perm("lms.view_cohort", klass.cohort),
        "register": shown,
        "is_over": now >= klass.ends_at,
        "is_opened": shown.opened_at is not None,
        "rows": [
            _row(line, request, posted) | {"make_up": make_ups.get(line.enrolment.pk)} for line in lines
        ],
        "page": page,
        "counts": counts,
        "flags": flags_of(klass),
        "requests": decidable(request, [one for one in asked if one.state == RequestState.ASKED]),
        "entered": [(value.value, value.label) for value in ENTERED],
        "methods": [(value.value, value.label) for value in (Method.PAPER, Method.OFFICER)],
        "posted": posted or {},
        "takes": takes and refusal is None,
        "takes_later": takes and klass.cancelled_at is None,
        "takes_lists": takes and list_refusal(shown.facts, now=now) is None,
        "refusal": words(refusal) if refusal is not None and klass.cancelled_at is None else "",
        "may_close": takes and ends.can_close,
        "may_say_not_held": takes
        and ends.can_say_not_held
        and request.user.has_perm("lms.change_classsession", klass),
        "header_title": klass.title_here,
        "header_icon": "tasks",
        "breadcrumbs_items": [*crumbs_of(request, klass)[:-1], {"url": "", "label": klass.title_here}],
    }


def _row(line: Line, request: HttpRequest, posted: Any) -> dict[str, Any]:
    """A line with what its fields show: what was typed, else what is kept."""
    row, pk = line.attendance, line.enrolment.pk
    came, left = _clock(row and row.checked_in_at), _clock(row and row.checked_out_at)
    presence = line.presence if line.presence in ENTERED else ""
    fields = {"presence": presence, "came": came, "left": left}
    shown, seen = f"{presence} {came} {left}", seen_of(row)
    if posted:
        fields = {name: str(posted.get(f"{name}-{pk}", value)) for name, value in fields.items()}
        shown, seen = str(posted.get(f"shown-{pk}", shown)), str(posted.get(f"seen-{pk}", seen))
    own = line.enrolment.person.user_id == request.user.pk
    return {"line": line, "row": row, "is_own": own, "shown": shown, "seen": seen, **fields}


def _clock(moment: Any) -> str:
    return f"{timezone.localtime(moment):%H:%M}" if moment else ""


@require_POST
def save(request: HttpRequest, class_id: int) -> HttpResponse:
    """Keep what was typed on one page of the register. What cannot be kept comes back as it was typed."""
    klass = class_of(request, class_id, takes=True)
    kept = register_as_it_is(klass)
    lines, page = lines_of(kept, request.GET.get("page"))
    typed = typed_entries(request.POST, lines, klass)
    source = SourceForm(request.POST)
    if not source.is_valid():
        messages.error(request, _("Say how it was found: by the sign-in sheet, or by hand."))
        return render(request, "lms/attendance/admin/register.html", _register(request, klass, request.POST))
    if typed.faults:
        text = _("These times cannot be: %(names)s. Nothing was saved yet.")
        messages.error(request, text % {"names": list_words(typed.faults[:10])})
        return render(request, "lms/attendance/admin/register.html", _register(request, klass, request.POST))
    try:
        done = actions.enter_attendance(
            klass=klass, entries=typed.entries, actor=request.user, **source.cleaned_data
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return render(request, "lms/attendance/admin/register.html", _register(request, klass, request.POST))
    _say_entered(request, done)
    return redirect(f"{reverse('attendance:register', args=[klass.pk])}?page={page.number}")


def _say_entered(request: HttpRequest, done: actions.Entered) -> None:
    if done.changed_meanwhile:
        text = _("Changed by somebody else in the meantime, and left alone: %(names)s.")
        messages.warning(request, text % {"names": list_words(done.changed_meanwhile[:20])})
    if done.own:
        messages.warning(
            request, _("Nobody enters their own attendance. Ask another teacher or an administrator.")
        )
    if done.changed:
        text = ngettext("%(count)s person saved.", "%(count)s people saved.", done.changed)
        messages.success(request, text % {"count": done.changed})
    elif not done.changed_meanwhile and not done.own:
        messages.info(request, _("Nothing was changed."))


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, class_id: int) -> HttpResponse:
    """Close the register, after a look at what that means."""
    klass = class_of(request, class_id, takes=True)
    if request.method == "POST":
        try:
            actions.close_register(klass=klass, actor=request.user)
            messages.success(request, _("The register is closed. The minutes are passed on to the hours."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("attendance:register", klass.pk)
    context = {
        "klass": klass,
        "counts": counts_of(klass),
        "header_title": _("Close the register"),
        "header_icon": "lock",
        "breadcrumbs_items": crumbs_of(request, klass, _("Close the register")),
    }
    return render(request, "lms/attendance/admin/close.html", context)


@require_safe
def sheet(request: HttpRequest, class_id: int) -> HttpResponse:
    """The sign-in sheet to print."""
    klass = class_of(request, class_id)
    try:
        content = render_sheet(sheet_of(klass))
    except MissingGlyph as missing:
        messages.error(request, _("The sheet cannot be printed: %(why)s") % {"why": missing})
        return redirect("attendance:register", klass.pk)
    answer = HttpResponse(content, content_type="application/pdf")
    name = _("Sign-in sheet %(title)s.pdf") % {"title": klass.title_here}
    answer["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """How attendance is taken and counted in a cohort."""
    shown = cohort_of(request, cohort_id)
    kept = rule_for(shown.pk)
    kept.cohort = shown
    if not request.user.has_perm("lms.change_attendancerule", kept):
        raise Http404
    form = RuleForm(request.POST or None, instance=kept, for_user=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_attendance_rule(cohort=shown, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. It holds for the registers that are opened from now on."))
        return redirect("attendance:cohort", shown.pk)
    context = {
        "cohort": shown,
        "form": form,
        "header_title": _("Attendance rule"),
        "header_icon": "cog",
        "breadcrumbs_items": crumbs(shown, _("Attendance rule")),
    }
    return render(request, "lms/attendance/admin/rule.html", context)
