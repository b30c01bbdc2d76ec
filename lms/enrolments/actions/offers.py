"""A place that became free: offered, taken, declined."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.states import IllegalMove, Refused, move
from lms.admissions.actions import tell_deciders
from lms.cohorts.models import Cohort
from lms.enrolments.actions.leaving import end_enrolment
from lms.enrolments.actions.one_place import give_up_waiting, lock_course_of, refuse_second
from lms.enrolments.models import Enrolment
from lms.enrolments.places import (
    expire_offers,
    lock_cohort,
    lock_cohort_of,
    note,
    settle_offer,
    settle_places,
)
from lms.enrolments.states import MOVES, EnrolmentState


@transaction.atomic
def fill_places(*, cohort: Cohort) -> int:
    """Offer free places to whoever waits first; returns how many. Side effects for each: audit, notice."""
    return settle_places(lock_cohort(cohort.pk))


def accept_offer(*, enrolment: Enrolment, actor: Asker) -> None:
    """Take the place that is held; the application is reviewed as any other.

    An offer whose time has run out is never accepted: it lapses at once, and the next person gets it. Raises Refused
    then, with a place in another cohort of the course, and for anybody else than the person, and IllegalMove when there is no offer. Side effects, in order: the
    state; audit; the notice of the offer counts as read; waiting places elsewhere are given up; a notice to those who
    decide.
    """
    refuse_others(enrolment, actor)
    expire_offers(cohort=enrolment.cohort)
    with transaction.atomic():
        locked = lock_course_of(enrolment.person, enrolment.cohort_id)
        lock_cohort_of(enrolment)
        enrolment.refresh_from_db(fields=["state", "offer_expires_at"])
        if enrolment.state_now == EnrolmentState.LAPSED:
            raise Refused(_("The time to accept has run out, and the place was offered to the next person."))
        if (
            enrolment.state != EnrolmentState.OFFERED
        ):  # other states lead to an application as well, by a move
            raise IllegalMove(enrolment, enrolment.state, EnrolmentState.APPLIED)
        refuse_second(enrolment.person, enrolment.cohort)
        old = move(enrolment, EnrolmentState.APPLIED, MOVES)
        note("lms.accept_offer", enrolment, actor, before={"state": old}, after={"state": enrolment.state})
        settle_offer(enrolment)
        give_up_waiting(person=enrolment.person, cohort=enrolment.cohort, actor=actor, locked=locked)
        tell_deciders(enrolment=enrolment)


@transaction.atomic
def decline_offer(*, enrolment: Enrolment, actor: Asker) -> None:
    """Say no to the place that is held; it goes to the next person at once.

    Raises Refused for anybody else than the person, and IllegalMove when there is no offer. Side effects: audit.
    """
    refuse_others(enrolment, actor)
    cohort = lock_cohort_of(enrolment)
    if enrolment.state != EnrolmentState.OFFERED:
        raise IllegalMove(enrolment, enrolment.state, EnrolmentState.WITHDRAWN)
    end_enrolment(enrolment, EnrolmentState.WITHDRAWN, "lms.decline_offer", actor, "")
    settle_places(cohort)


def refuse_others(enrolment: Enrolment, actor: Asker) -> None:
    """Raise Refused for anybody but the person whose enrolment this is: what is theirs to say, nobody says for them."""
    if enrolment.person.user_id != actor.pk:
        raise Refused(_("Only the person themself can do this."))
