"""Attendance at the desk: the classes of a cohort, the register of one, its sheet, its lists, its requests, the rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.viewsets.base import ViewSet

from core.pdf.faces import MissingGlyph
from core.states import IllegalMove, Refused
from lms.attendance import actions
from lms.attendance.actions.entering import seen_of
from lms.attendance.document import render as render_sheet
from lms.attendance.forms import DecisionForm, ListForm, MakeUpForm, RuleForm, SourceForm, typed_entries
from lms.attendance.models import AbsenceRequest, ParticipantList, Register
from lms.attendance.policy import list_refusal, opening_refusal
from lms.attendance.queries import (
    Line,
    Preview,
    cohort_classes,
    counts_of,
    ends_of,
    flags_of,
    leave_asked,
    lines_of,
    make_up_choices,
    open_requests,
    preview_of,
    register_as_it_is,
    rule_for,
    sheet_of,
    standing_requests,
)
from lms.attendance.states import ENTERED, Method, RequestKind, RequestState
from lms.cohorts.models import Cohort
from lms.cohorts.queries import list_words, words
from lms.cohorts.viewsets import crumbs
from lms.enrolments.models import Enrolment
from lms.timetable.models import ClassSession


def _cohort(request: HttpRequest, cohort_id: int) -> Cohort:
    rows = Cohort.objects.visible_to(request.user).select_related("organisation", "course", "version")
    return get_object_or_404(rows, pk=cohort_id)


def _class(request: HttpRequest, class_id: int, *, takes: bool = False) -> ClassSession:
    """A class that the user looks after; with `takes`, one whose attendance they may take."""
    rows = ClassSession.objects.visible_to(request.user)
    klass = get_object_or_404(
        rows.select_related("cohort__organisation", "cohort__version", "instructor__user", "register"),
        pk=class_id,
    )
    wanted = "lms.take_attendance" if takes else "lms.view_register"
    asked: Any = klass if takes else getattr(klass, "register", None) or Register(class_session=klass)
    if not request.user.has_perm(wanted, asked):
        raise Http404
    return klass


def _where(request: HttpRequest, klass: ClassSession, *labels: str) -> list[dict[str, Any]]:
    rows = crumbs(klass.cohort)
    rows.append({"url": reverse("attendance:cohort", args=[klass.cohort_id]), "label": _("Attendance")})
    rows.append({"url": reverse("attendance:register", args=[klass.pk]), "label": klass.title})
    return [*rows, *({"url": "", "label": label} for label in labels)]


@require_safe
def cohort(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The classes of a cohort, each with its register, and what people have asked for."""
    shown = _cohort(request, cohort_id)
    rule = rule_for(shown.pk)
    rule.cohort = shown
    context = {
        "cohort": shown,
        "classes": cohort_classes(shown),
        "requests": _decidable(request, open_requests(request.user, shown)[:100]),
        "may_change_rule": request.user.has_perm("lms.change_attendancerule", rule),
        "now": timezone.now(),
        "header_title": _("Attendance"),
        "header_icon": "tasks",
        "breadcrumbs_items": crumbs(shown, _("Attendance")),
    }
    return render(request, "lms/attendance/admin/cohort.html", context)


def _decidable(request: HttpRequest, rows: Iterable[AbsenceRequest]) -> list[AbsenceRequest]:
    """These requests, each marked whether this user may decide on it."""
    found = list(rows)
    for row in found:
        row.may_decide = request.user.has_perm("lms.decide_absencerequest", row)  # type: ignore[attr-defined]
    return found


@require_safe
def register(request: HttpRequest, class_id: int) -> HttpResponse:
    """The register of one class: a hundred people a page, to be read and to be typed into."""
    klass = _class(request, class_id)
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
        "is_opened": shown.opened_at is not None,
        "rows": [
            _row(line, request, posted) | {"make_up": make_ups.get(line.enrolment.pk)} for line in lines
        ],
        "page": page,
        "counts": counts,
        "flags": flags_of(klass),
        "requests": _decidable(request, [one for one in asked if one.state == RequestState.ASKED]),
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
        "header_title": klass.title,
        "header_icon": "tasks",
        "breadcrumbs_items": [*_where(request, klass)[:-1], {"url": "", "label": klass.title}],
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
    klass = _class(request, class_id, takes=True)
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
    klass = _class(request, class_id, takes=True)
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
        "breadcrumbs_items": _where(request, klass, _("Close the register")),
    }
    return render(request, "lms/attendance/admin/close.html", context)


@require_safe
def sheet(request: HttpRequest, class_id: int) -> HttpResponse:
    """The sign-in sheet to print."""
    klass = _class(request, class_id)
    try:
        content = render_sheet(sheet_of(klass))
    except MissingGlyph as missing:
        messages.error(request, _("The sheet cannot be printed: %(why)s") % {"why": missing})
        return redirect("attendance:register", klass.pk)
    answer = HttpResponse(content, content_type="application/pdf")
    name = _("Sign-in sheet %(title)s.pdf") % {"title": klass.title}
    answer["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, class_id: int) -> HttpResponse:
    """Hand in the participant list of an online meeting."""
    klass = _class(request, class_id, takes=True)
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
        "breadcrumbs_items": _where(request, klass, _("Participant list")),
    }
    return render(request, "lms/attendance/admin/upload.html", context)


@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What a list would change; posting applies it, with the people chosen for the doubtful names."""
    rows = ParticipantList.objects.visible_to(request.user)
    kept = get_object_or_404(rows.select_related("class_session"), pk=pk)
    klass = kept.class_session = _class(request, kept.class_session_id, takes=True)
    shown = register_as_it_is(klass)
    found = preview_of(shown, kept.rows)
    if request.method == "POST":
        reason = str(request.POST.get("reason", ""))[:300].replace("\0", "")
        try:
            done = actions.apply_list(
                participants=kept, chosen=_chosen(request, found), actor=request.user, reason=reason
            )
            count = len({one.enrolment_id for one in done.of("matched")})
            text = ngettext("%(count)s person written down.", "%(count)s people written down.", count)
            messages.success(request, text % {"count": count})
            return redirect("attendance:register", klass.pk)
        except Refused as refused:
            messages.error(request, str(refused))
    refusal, asked = list_refusal(shown.facts, now=timezone.now()), leave_asked(klass, found)
    context = {
        "klass": klass,
        "register": shown,
        "kept": kept,
        "refusal": words(refusal) if refusal else "",
        "asked": len(asked),
        "asked_names": list_words(asked),
        "doubtful": [(f"who-{number}", one, found.options(one)) for number, one in found.doubtful],
        "groups": [(kind, label, _named(found, kind)) for kind, label in _groups()],
        "header_title": _("Participant list"),
        "header_icon": "upload",
        "breadcrumbs_items": _where(request, klass, _("Participant list")),
    }
    return render(request, "lms/attendance/admin/preview.html", context)


def _chosen(request: HttpRequest, found: Preview) -> dict[str, int]:
    """The officer's answers, by participant."""
    answers = {}
    for number, one in found.doubtful:
        value = str(request.POST.get(f"who-{number}", ""))
        if value.isascii() and value.isdigit() and len(value) < 19:
            answers[one.participant.key] = int(value)
    return answers


def _groups() -> list[tuple[str, str]]:
    return [
        ("matched", _("Will be written down")),
        ("unchanged", _("Already applied, unchanged")),
        ("other", _("Already found by another way, left alone")),
    ]


def _named(found: Preview, kind: str) -> list[tuple[str, str, int]]:
    return [
        (found.names.get(one.enrolment_id or 0, "—"), one.participant.name, one.minutes)
        for one in found.of(kind)
    ]


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to a request, or not; then back to the page it was decided on."""
    rows = AbsenceRequest.objects.visible_to(request.user).select_related(
        "class_session__cohort__organisation", "class_session__instructor", "enrolment__person"
    )
    asked = get_object_or_404(rows, pk=pk)
    if not request.user.has_perm("lms.decide_absencerequest", asked):
        raise Http404
    form = DecisionForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    act = actions.agree_request if "agree" in request.POST else actions.refuse_request
    try:
        act(request=asked, actor=request.user, reason=reason)
        messages.success(request, _("Done. %(name)s has been told.") % {"name": asked.enrolment.person.name})
    except Refused as refused:
        messages.error(request, str(refused))
    except IllegalMove:
        messages.info(request, _("This was decided in the meantime. Nothing was changed."))
    if request.POST.get("back") == "cohort":
        return redirect("attendance:cohort", asked.class_session.cohort_id)
    return redirect("attendance:register", asked.class_session_id)


@require_http_methods(["GET", "POST"])
def make_up(request: HttpRequest, class_id: int, enrolment_id: int) -> HttpResponse:
    """Let one person make this class up in another cohort."""
    klass = _class(request, class_id, takes=True)
    people = Enrolment.objects.filter(cohort=klass.cohort_id).exclude(person__user_id=request.user.pk or 0)
    enrolment = get_object_or_404(people.select_related("person__user", "cohort"), pk=enrolment_id)
    choices = make_up_choices(enrolment)
    form = MakeUpForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        try:
            actions.let_make_up(klass=klass, enrolment=enrolment, actor=request.user, **form.cleaned_data)
            messages.success(request, _("Done. %(name)s has been told.") % {"name": enrolment.person.name})
            return redirect("attendance:register", klass.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "klass": klass,
        "enrolment": enrolment,
        "form": form,
        "has_choices": choices.exists(),
        "header_title": _("Make-up class for %(name)s") % {"name": enrolment.person.name},
        "header_icon": "repeat",
        "breadcrumbs_items": _where(request, klass, _("Make-up class")),
    }
    return render(request, "lms/attendance/admin/make_up.html", context)


@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """How attendance is taken and counted in a cohort."""
    shown = _cohort(request, cohort_id)
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


class AttendanceViewSet(ViewSet):
    name = "attendance"
    icon = "tasks"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("<int:cohort_id>/", cohort, name="cohort"),
            path("<int:cohort_id>/rule/", rule, name="rule"),
            path("class/<int:class_id>/", register, name="register"),
            path("class/<int:class_id>/save/", save, name="save"),
            path("class/<int:class_id>/close/", close, name="close"),
            path("class/<int:class_id>/sheet/", sheet, name="sheet"),
            path("class/<int:class_id>/list/", upload, name="upload"),
            path("class/<int:class_id>/make-up/<int:enrolment_id>/", make_up, name="make-up"),
            path("list/<int:pk>/", preview, name="preview"),
            path("request/<int:pk>/", decide, name="decide"),
        ]
