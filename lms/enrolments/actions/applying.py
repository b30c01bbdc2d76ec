"""Applying for a cohort."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.models import Person
from core.states import Refused
from lms.admissions.actions import (
    NOTHING,
    HandedIn,
    check_admission,
    hand_in,
    tell_deciders,
)
from lms.admissions.queries import may_take_seat
from lms.cohorts.models import Cohort
from lms.cohorts.policy import OfferKind
from lms.cohorts.queries import offer_of, words
from lms.enrolments.actions.one_place import give_up_waiting, lock_course_of
from lms.enrolments.models import Enrolment
from lms.enrolments.places import note, settle_places, take_seat
from lms.enrolments.states import EnrolmentState


@dataclass(frozen=True)
class Application:
    """The result of applying: the enrolment, and the place on the waiting list (None: a seat is kept)."""

    enrolment: Enrolment
    place: int | None


@transaction.atomic
def apply(
    *, cohort: Cohort, person: Person, actor: Asker, statement: str = "", handed: HandedIn = NOTHING
) -> Application:
    """Apply for a cohort: a seat is kept until the decision, or else the person joins the waiting list.

    Seats are taken by compare-and-set and never exceed the capacity; the waiting list has the order of arrival. A place
    that is free is first offered to whoever waits, under the same lock: no newcomer takes it before them. What is free
    afterwards is kept for organisations (lms/admissions), or nobody waits. Whoever has a place in another cohort of the
    course gets no second one, and who gets one here waits in no other any more.
    Raises Refused when the window, the places, a condition or an enrolment that still stands forbid it, or the
    person has no real name. Side effects: what was handed in and the approval steps are frozen (lms/admissions); an
    audit entry; a notice to the administrators who decide first (one a day for each cohort).
    """
    if not person.name.strip():
        raise Refused(_("Please write your real name into your profile first: the organiser needs it."))
    locked = lock_course_of(person, cohort.pk)
    cohort = locked[cohort.pk]
    settle_places(cohort)
    offer = offer_of(cohort, person.user)
    if offer.kind not in (OfferKind.APPLY, OfferKind.JOIN_WAITING_LIST):
        is_own = offer.is_action and offer.kind != OfferKind.MOVE
        raise Refused(words(offer.label if is_own else offer.sentence))
    admission = check_admission(cohort=cohort, person=person, handed=handed)
    seated = may_take_seat(cohort, person) and take_seat(cohort)
    if not seated and not cohort.has_waiting_list:
        raise Refused(_("All places are taken."))
    enrolment = Enrolment.objects.create(
        cohort=cohort,
        person=person,
        version_id=cohort.version_id,
        state=EnrolmentState.APPLIED if seated else EnrolmentState.WAITING,
        statement=statement.strip(),
        applied_at=timezone.now(),
    )
    hand_in(enrolment=enrolment, admission=admission, handed=handed)
    note("lms.apply", enrolment, actor, after={"state": enrolment.state})
    if seated:
        give_up_waiting(person=person, cohort=cohort, actor=actor, locked=locked)
    tell_deciders(enrolment=enrolment)
    return Application(enrolment, enrolment.place)
