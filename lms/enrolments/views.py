"""Applying, and one's own application."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.people.models import Person
from core.states import IllegalMove, Refused
from lms.admissions.queries import admission_of, answered, finding_words, moved_here
from lms.admissions.views import code_in_session
from lms.cohorts.models import Cohort
from lms.cohorts.policy import HELD, OfferKind
from lms.cohorts.queries import WayBack, list_words, offer_of, titled, way_back, words
from lms.enrolments import actions
from lms.enrolments.actions.one_place import WAITS
from lms.enrolments.forms import ApplyForm
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Checklist
from lms.enrolments.queries import (
    card_of,
    checklist_of,
    leaving_of,
    shown_conditions,
    steps_of,
    turns_of,
    turns_on,
)
from lms.enrolments.states import LEARNING, EnrolmentState

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """The application form. Who has applied already is shown that application; a closed cohort says so."""
    announced = Q(is_public=True) | Q(by_invitation=True)
    rows = Cohort.objects.filter(announced).select_related("organisation", "version", "plan")
    cohort = get_object_or_404(rows, pk=cohort_id)
    person = getattr(request.user, "person", None)
    if person is None or not person.name.strip():
        messages.info(
            request, _("Please write your real name into your profile first: the organiser needs it.")
        )
        return redirect(f"{reverse('core:profile')}?{urlencode({'next': request.path})}")
    own = Enrolment.objects.active().filter(cohort=cohort, person=person).first()
    if own is not None:
        # Whoever pressed "sign in to apply" did not know, and would wonder at the page that comes instead of the form.
        messages.info(request, _("You have applied for this cohort already. This is how it stands."))
        return redirect("lms:enrolment-detail", own.pk)
    code = code_in_session(request, cohort)
    if cohort.by_invitation and not code:
        typed = request.GET.get("code", "")
        query = f"?{urlencode({'code': typed})}" if typed else ""
        return redirect(reverse("lms:invitation-enter", args=[cohort.pk]) + query)
    admission = admission_of(cohort, person)
    form = ApplyForm(request.POST or None, request.FILES or None, admission=admission, actor=request.user)
    if request.method == "POST":
        if form.is_valid():
            answer = _apply(request, cohort, person, form, code)
            if answer is not None:
                return answer
        form.hold()
    offer = offer_of(cohort, request.user, is_invited=bool(code))
    elsewhere = actions.elsewhere_in_course(person, cohort.pk)
    waits = elsewhere.filter(state__in=WAITS)
    learns = elsewhere.filter(state=EnrolmentState.ENROLLED).first() if offer.kind == OfferKind.MOVE else None
    held = elsewhere.filter(state__in=HELD).first() if offer.kind == OfferKind.ELSEWHERE else None
    context = {
        "cohort": cohort,
        "cohort_title": titled(cohort.title, cohort.title_en),
        "course_title": titled(cohort.version.title, cohort.version.title_en),
        "form": form,
        "offer": offer,
        "label": words(offer.label),
        "sentence": words(offer.sentence),
        "is_open": offer.kind in (OfferKind.APPLY, OfferKind.JOIN_WAITING_LIST),
        "admission": admission,
        "learns": learns,  # in another cohort: one asks to move instead
        "held": held,  # in another cohort: one looks at it, and may take it back there
        "waits": list_words(titled(row.cohort.title, row.cohort.title_en) for row in waits),
        "findings": finding_words(admission.findings),
        # Where places are kept for organisations, others may wait while one of these is free.
        "takes_seat": admission.has_seat and (offer.kind == OfferKind.APPLY or bool(admission.kept)),
    }
    return render(request, "lms/enrolments/apply.html", context)


def _apply(
    request: HttpRequest, cohort: Cohort, person: Person, form: ApplyForm, code: str
) -> HttpResponse | None:
    """Apply and go to the application; None when that is not possible, with the reason among the messages."""
    data = form.cleaned_data
    handed = form.handed_in(code)
    try:
        done = actions.apply(
            cohort=cohort, person=person, actor=request.user, statement=data["statement"], handed=handed
        )
    except (Refused, IntegrityError) as refused:
        own = Enrolment.objects.active().filter(cohort=cohort, person=person).first()
        if own is not None:  # a second click: the first one has done it
            return redirect("lms:enrolment-detail", own.pk)
        sentence = str(refused) if isinstance(refused, Refused) else _("Please try again.")
        messages.error(request, sentence)
        return None
    if done.place is None:
        messages.success(
            request, _("Your application has been handed in. A place is kept for you until it is decided.")
        )
    else:
        messages.success(request, _("You are number %(place)s on the waiting list.") % {"place": done.place})
    return redirect("lms:enrolment-detail", done.enrolment.pk)


@require_safe
def detail(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """One application: where it stands, what it waits for and on whom. An offer that has run out lapses here at once."""
    enrolment = _visible(request, enrolment_id)
    if enrolment.is_overdue and actions.expire_offers(cohort=enrolment.cohort):
        enrolment = _visible(request, enrolment_id)
    checklist = _checklist(request, enrolment) if enrolment.state in LEARNING else None
    context = {
        "enrolment": enrolment,
        "cohort": enrolment.cohort,
        "card": card_of(enrolment, checklist),
        "steps": steps_of(enrolment),
        "answers": answered(enrolment) if request.user.has_perm("lms.read_application", enrolment) else [],
        "is_own": enrolment.person.user_id == request.user.pk,
        "may_withdraw": enrolment.can_withdraw and request.user.has_perm("lms.withdraw_enrolment", enrolment),
        "leaving": leaving_of(enrolment),
        "leaving_words": words(leaving_of(enrolment).sentence),
        "way_back": _way_back(request, enrolment),
    }
    return render(request, "lms/enrolments/detail.html", context)


def _way_back(request: HttpRequest, enrolment: Enrolment) -> WayBack | None:
    """What the same cohort offers to whoever has withdrawn or let an offer lapse. Two queries, in these states only."""
    left = enrolment.state in (EnrolmentState.WITHDRAWN, EnrolmentState.LAPSED)
    if not left or enrolment.person.user_id != request.user.pk:
        return None
    return way_back(enrolment.cohort, request.user)


def _checklist(request: HttpRequest, enrolment: Enrolment) -> Checklist:
    """What the rule says; without what is for the trainee alone where somebody else reads it."""
    found = checklist_of(enrolment)
    return found if enrolment.person.user_id == request.user.pk else found.for_others()


@require_safe
def progress(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Everything that the course asks for: done or missing, how far, and where to do it. For those who learn in it."""
    enrolment = _visible(request, enrolment_id, state__in=LEARNING)
    checklist = _checklist(request, enrolment)
    context = {
        "enrolment": enrolment,
        "checklist": checklist,
        "rows": shown_conditions(enrolment, checklist),
        "is_own": enrolment.person.user_id == request.user.pk,
    }
    return render(request, "lms/enrolments/progress.html", context)


@require_POST
def withdraw(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Take the application back, or leave the cohort."""
    done = _("You have withdrawn.")
    return _on_own(request, enrolment_id, actions.withdraw, done)


@require_POST
def accept(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Take the place that is held."""
    done = _("Accepted. The place is kept for you until your application is decided on.")
    return _on_own(request, enrolment_id, actions.accept_offer, done)


@require_POST
def decline(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Say no to the place that is held."""
    done = _("You have declined. The place goes to the next person.")
    return _on_own(request, enrolment_id, actions.decline_offer, done)


def _on_own(request: HttpRequest, enrolment_id: int, act: Callable[..., None], done: str) -> HttpResponse:
    """Do one thing with one's own enrolment and say what came of it."""
    enrolment = _visible(request, enrolment_id, person__user_id=request.user.pk)
    try:
        act(enrolment=enrolment, actor=request.user)
    except IllegalMove:
        messages.info(request, _no_longer())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("lms:enrolment-detail", enrolment.pk)


@require_safe
def waiting_list(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """The order of the waiting list that one stands on, without names: fairness that can be checked."""
    enrolment = _visible(request, enrolment_id)
    if enrolment.state not in (EnrolmentState.WAITING, EnrolmentState.OFFERED):
        return redirect("lms:enrolment-detail", enrolment.pk)
    page = Paginator(turns_of(enrolment.cohort), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "enrolment": enrolment,
        "course_title": titled(enrolment.version.title, enrolment.version.title_en),
        "cohort_title": titled(enrolment.cohort.title, enrolment.cohort.title_en),
        "page": page,
        "turns": turns_on(page, enrolment),
        "waiting": enrolment.cohort.waiting,
    }
    return render(request, "lms/enrolments/waiting_list.html", context)


def _no_longer() -> str:
    return _("This was already done, or is no longer possible. The page shows how it stands now.")


def _visible(request: HttpRequest, enrolment_id: int, **more: object) -> Enrolment:
    rows = Enrolment.objects.visible_to(request.user).filter(**more).with_place()
    rows = rows.annotate(moved_at=moved_here())
    return get_object_or_404(
        rows.select_related("cohort__organisation", "version", "person__user", "record"), pk=enrolment_id
    )
