"""Qualifications for the person they belong to: declare one, see what it waits for, note what was passed on the way."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.attachments.actions import attachment_response
from core.people.models import Person
from core.states import IllegalMove
from credentials.qualifications.actions import (
    QualificationRefused,
    declare_qualification,
    forget_exam,
    note_exam,
    open_scan,
    withdraw_qualification,
)
from credentials.qualifications.forms import ExamForm, LevelChoice, QualificationForm
from credentials.qualifications.models import ExamPass, QualificationLevel, QualificationRecord
from credentials.qualifications.policy import Terms, first_registration_until, slip_until
from credentials.qualifications.queries import (
    claims_besides,
    desk_records,
    name_here,
    records_of,
    registered_from,
    terms_at,
    terms_of,
)
from credentials.qualifications.states import RecordState


def _me(request: HttpRequest) -> Person:
    person: Person | None = getattr(request.user, "person", None)
    if person is None:
        raise Http404
    return person


def _levels(person: Person) -> list[tuple[QualificationLevel, Terms, str]]:
    """Every level in use as it is called today at the place of this person."""
    terms, today = terms_at(person.employer), timezone.localdate()
    found = [(level, terms_of(level, terms, today)) for level in QualificationLevel.objects.active()]
    return [(level, known, name_here(known)) for level, known in found]


def _said_before(person: Person, level: QualificationLevel) -> dict[str, Any]:
    """What was declared of a level and returned: it is corrected, not typed anew."""
    held = records_of(person).filter(level=level, state=RecordState.RETURNED).order_by("-pk").first()
    if held is None:
        return {}
    said = {name: getattr(held, name) for name in ("number", "issued_on", "exam_year", "slip_on")}
    said |= {f"subject_{subject}": year for subject, year in dict(held.passes).items()}
    return {name: value for name, value in said.items() if value is not None}


@require_http_methods(["GET", "HEAD", "POST"])
def qualification_declare(request: HttpRequest) -> HttpResponse:
    """Declare a certificate: first its level, then what stands on it."""
    person = _me(request)
    levels = _levels(person)
    standing = {row.level_id: row for row in records_of(person).standing()}
    choice = LevelChoice(request.GET)
    level = choice.cleaned_data["level"] if choice.is_valid() else None
    shown = [(*each, standing.get(each[0].pk)) for each in levels]
    context = {"levels": shown, "employer": person.employer, "level": level}
    if level is None or (level.pk in standing and request.method != "POST"):
        return render(request, "credentials/qualifications/choose_level.html", context)
    terms = next(known for each, known, _name in levels if each.pk == level.pk)
    noted = {row.subject: row.year for row in ExamPass.objects.filter(person=person, level=level).order_by("year")}  # fmt: skip
    form = QualificationForm(
        request.POST or None,
        request.FILES or None,
        actor=request.user,
        terms=terms,
        noted=noted,
        initial=_said_before(person, level),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = declare_qualification(
                person=person, level=level, said=form.said, upload=form.given("scan"), actor=request.user
            )
        except QualificationRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, _("Declared. An administrator of your employer compares it with the scan.")
            )
            return redirect(made)
    form.hold()
    context |= {"form": form, "level_name": name_here(terms), "terms": terms}
    return render(request, "credentials/qualifications/declare.html", context)


def _record(request: HttpRequest, pk: int) -> QualificationRecord:
    return get_object_or_404(desk_records(request.user), pk=pk)


@require_safe
def qualification_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One qualification: where it stands, what it says, what comes next."""
    held = _record(request, pk)
    terms = terms_of(held.level, terms_at(held.person.employer), held.issued_on)
    years = dict(held.passes)
    context = {
        "held": held,
        "level_name": name_here(terms),
        "terms": terms,
        "subjects": [
            (name, years[number]) for number, name in enumerate(terms.subjects, 1) if number in years
        ],
        "slip_until": slip_until(held.slip_on, terms.slip_years),
        "register_by": first_registration_until(held.issued_on),
        "registered_from": registered_from(held),
        "is_mine": held.holder_id == request.user.pk,
        # For officers alone: whoever declares a number does not learn that somebody holds it.
        "claimed": held.is_open and held.holder_id != request.user.pk and claims_besides(held).exists(),
    }
    return render(request, "credentials/qualifications/detail.html", context)


@require_safe
def qualification_scan(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The scan. Opened by anybody but the person themself, that is audited."""
    held = _record(request, pk)
    if held.scan is None:
        raise Http404
    if request.method == "GET":  # who asks for the headers has seen nothing
        open_scan(qualification=held, actor=request.user)
    return attachment_response(held.scan, download="download" in request.GET)


@require_POST
def qualification_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a declared qualification back; a second click changes nothing."""
    held = get_object_or_404(records_of(_me(request)), pk=pk)
    try:
        withdraw_qualification(qualification=held, actor=request.user)
    except IllegalMove:
        messages.warning(
            request, _("This qualification was decided in the meantime. Nothing was changed now.")
        )
    else:
        messages.success(request, _("The qualification is withdrawn."))
    return redirect("credentials:qualification-list")


@require_http_methods(["GET", "HEAD", "POST"])
def exam_note(request: HttpRequest) -> HttpResponse:
    """Note a subject that was passed: first the level, then which one and when."""
    person = _me(request)
    levels = _levels(person)
    choice = LevelChoice(request.GET)
    level = choice.cleaned_data["level"] if choice.is_valid() else None
    if level is None:
        choices = [(*each, None) for each in levels]
        context = {"levels": choices, "employer": person.employer, "exam": True}
        return render(request, "credentials/qualifications/choose_level.html", context)
    terms = next(known for each, known, _name in levels if each.pk == level.pk)
    form = ExamForm(request.POST or None, terms=terms)
    if request.method == "POST" and form.is_valid():
        try:
            note_exam(person=person, level=level, **form.cleaned_data)
        except QualificationRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Noted."))
            return redirect(f"{reverse('credentials:qualification-list')}#exams")
    shown = {"form": form, "level_name": name_here(terms), "terms": terms}
    return render(request, "credentials/qualifications/exam.html", shown)


@require_POST
def exam_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a note of one's own back."""
    row = get_object_or_404(
        ExamPass.objects.visible_to(request.user).select_related("person", "level"), pk=pk
    )
    forget_exam(person=row.person, level=row.level, subject=row.subject, year=row.year)
    messages.success(request, _("The note is gone."))
    return redirect(f"{reverse('credentials:qualification-list')}#exams")
