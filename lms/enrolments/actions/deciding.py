"""Deciding on an application, and saying what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.states import IllegalMove, Refused, can_move, move
from lms.admissions.actions import approve_step, refuse_step
from lms.cohorts.models import Cohort
from lms.enrolments.actions.leaving import end_enrolment
from lms.enrolments.models import Enrolment
from lms.enrolments.places import lock_cohort_of, note, settle_places, tell
from lms.enrolments.states import LEARNING, MOVES, EnrolmentState
from lms.signals import ApplicationDecided, PersonAdmitted, application_decided, person_admitted


@transaction.atomic
def approve(*, enrolment: Enrolment, actor: Asker, comment: str = "") -> EnrolmentState:
    """Admit an applicant, or approve the step where the application waits while others are still to decide; returns the
    state in which the application is now.

    Raises IllegalMove or StaleState when it is no longer an application under review, and Refused for one's own
    application, whatever roles one holds, at another tier's step, and without steps for whoever is no administrator
    over the cohort. Side effects: audit entry, notice, PersonAdmitted, ApplicationDecided."""
    _locked_to_decide(enrolment, actor, EnrolmentState.ENROLLED)
    decided = ApplicationDecided(enrolment.cohort_id, actor.pk)
    if not approve_step(enrolment=enrolment, actor=actor, comment=comment):
        application_decided.send(Enrolment, event=decided)
        return EnrolmentState(enrolment.state)
    old = move(
        enrolment,
        EnrolmentState.ENROLLED,
        MOVES,
        decided_at=timezone.now(),
        decided_by_id=actor.pk,
        reason="",
    )
    note("lms.approve_enrolment", enrolment, actor, before={"state": old}, after={"state": enrolment.state})
    tell(
        enrolment,
        "approved",
        gettext_noop("You have a place: %(cohort)s"),
        gettext_noop("Your application was approved. You can begin to learn now."),
    )
    person_admitted.send(Enrolment, event=PersonAdmitted(enrolment_id=enrolment.pk))
    application_decided.send(Enrolment, event=decided)
    return EnrolmentState.ENROLLED


@transaction.atomic
def refuse(*, enrolment: Enrolment, actor: Asker, reason: str) -> None:
    """Refuse an applicant and say why; a kept seat goes to the next on the waiting list.

    Raises Refused without a reason, and as `approve`. Side effects: audit entry, notice.
    """
    if not reason.strip():
        raise Refused(_("Write the reason: the applicant will read it."))
    cohort = _locked_to_decide(enrolment, actor, EnrolmentState.REFUSED)
    refuse_step(enrolment=enrolment, actor=actor, reason=reason)
    end_enrolment(enrolment, EnrolmentState.REFUSED, "lms.refuse_enrolment", actor, reason.strip())
    settle_places(cohort)
    tell(
        enrolment,
        "refused",
        gettext_noop("Your application was not successful: %(cohort)s"),
        gettext_noop("Reason: %(reason)s"),
        reason=reason.strip(),
    )


@dataclass(frozen=True)
class Outcome:
    """What became of the decision on one application, in words for whoever decided."""

    name: str
    cohort: str
    done: bool
    text: str

    @property
    def sentence(self) -> str:
        """The words where the name does not stand beside them."""
        return self.text if self.done else f"{self.name} · {self.text}"


def decide(*, enrolment: Enrolment, actor: Asker, approves: bool, comment: str = "") -> Outcome:
    """Approve or refuse an application and say what came of it: the one dialogue of all desks and of the job.

    Whoever clicks twice reads twice what the first click did. Raises nothing that an officer could cause. Side effects: as `approve` and `refuse`.
    """
    name, cohort = enrolment.person.name, enrolment.cohort.title_here
    try:
        if approves:
            is_admitted = (
                approve(enrolment=enrolment, actor=actor, comment=comment) == EnrolmentState.ENROLLED
            )
        else:
            refuse(enrolment=enrolment, actor=actor, reason=comment)
    except IllegalMove:
        text = _decided_by(enrolment, actor, approves)
        return Outcome(name, cohort, bool(text), text or decided_already(enrolment))
    except Refused as refused:
        text = _decided_by(enrolment, actor, approves)
        return Outcome(name, cohort, bool(text), text or str(refused))
    return Outcome(name, cohort, True, _done_words(name, approves, approves and is_admitted))


def _done_words(name: str, approves: bool, is_admitted: bool) -> str:
    if not approves:
        text = _("%(name)s is refused and has been told the reason.")
    elif is_admitted:
        text = _("%(name)s has a place now.")
    else:
        text = _("Approved. The application of %(name)s goes on to the next stage.")
    return text % {"name": name}


def _decided_by(enrolment: Enrolment, actor: Asker, approves: bool) -> str:
    """What this officer's own decision came to, when the same one was the last: a second click answers what the first
    did. "" when it was another's, or another decision."""
    now = Enrolment.objects.select_related("person").get(pk=enrolment.pk)
    wanted = LEARNING if approves else {EnrolmentState.REFUSED}
    if now.state in wanted and now.decided_by_id == actor.pk:
        return _done_words(now.person.name, approves, True)
    last = now.steps.exclude(decided_at=None).order_by("number").last()
    if now.state != EnrolmentState.APPLIED or not approves or last is None or last.decided_by_id != actor.pk:
        return ""
    return _done_words(now.person.name, True, False)


def decided_already(enrolment: Enrolment) -> str:
    """What to say to whoever comes second: how the application stands by now."""
    enrolment.refresh_from_db(fields=["state"])
    if enrolment.state == EnrolmentState.APPLIED:  # a step of it
        return _("This was decided already. The page shows how it stands now.")
    return _("Already “%(state)s”. Nothing was changed.") % {"state": enrolment.get_state_display()}


def _locked_to_decide(enrolment: Enrolment, actor: Asker, new: str) -> Cohort:
    """The cohort of an application that is to be decided on, locked. Raises Refused for one's own application, and
    IllegalMove when there is nothing to decide any more."""
    if enrolment.person.user_id == actor.pk:
        raise Refused(_("Nobody decides on their own application. Ask another administrator."))
    cohort = lock_cohort_of(enrolment)
    if not can_move(MOVES, enrolment.state, new):
        raise IllegalMove(enrolment, enrolment.state, new)
    return cohort
