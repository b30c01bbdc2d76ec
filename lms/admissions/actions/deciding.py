"""Deciding at one step after the other, and who is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker, covers
from core.access.states import Role
from core.audit.actions import record
from core.notices.actions import both, notify
from core.organisations.models import Organisation
from core.organisations.queries import administrators_of
from core.people.models import User
from core.people.queries import let_in_by
from core.states import Refused, StaleState, move
from lms.admissions.models import (
    ApprovalStep,
)
from lms.admissions.policy import organiser_alone
from lms.admissions.queries import (
    current_step,
    deciders_of_step,
    has_decided,
    may_decide_step,
    waiting_at,
    with_steps,
)
from lms.admissions.states import MOVES, StepState
from lms.cohorts.policy import Standing

if TYPE_CHECKING:
    from lms.enrolments.models import Enrolment


@transaction.atomic
def approve_step(*, enrolment: Enrolment, actor: Asker, comment: str = "") -> bool:
    """Approve an application at the step where it waits; True when none is left and the applicant can be admitted.

    An application without steps has none left; on it the organiser's administrators decide. The enrolment's row is
    locked, so of two officers the second finds the step decided. Raises Refused when somebody else is to decide,
    for one's own application, or when one has decided on it before; StaleState when it is no longer under review. Side
    effects: the step; an audit entry; the deciders of the next step are told, and the applicant.
    """
    fresh = _under_decision(enrolment, Standing.ENROLLED)
    step = current_step(fresh)
    if step is None:
        _refuse_others(fresh, actor)
        return True
    _decide(step, actor, StepState.APPROVED, comment)
    if (following := current_step(fresh)) is None:
        return True
    _tell(fresh, deciders_of_step(following))
    _tell_applicant(step, following)
    return False


@transaction.atomic
def refuse_step(*, enrolment: Enrolment, actor: Asker, reason: str) -> None:
    """Refuse at the step where an application waits, if it waits at one; the enrolment itself is refused by the caller.

    Raises Refused and StaleState as `approve_step`.
    """
    fresh = _under_decision(enrolment, "refused")
    step = current_step(fresh)
    if step is None:
        _refuse_others(fresh, actor)
    else:
        _decide(step, actor, StepState.REFUSED, reason)


def agree_to_move(*, enrolment: Enrolment, actor: Asker | None, at: datetime) -> bool:
    """Let the organiser's agreement to a move stand for the organiser's step: nobody is asked twice for one thing.
    It is decided at the moment of the move.

    Only where this step alone is to be decided, and by this officer: a step of another tier is never passed. False
    where it waits as any other. Side effects: the step; an audit entry.
    """
    fresh = _with_steps(enrolment)
    if actor is None or not organiser_alone(waiting_at(fresh), fresh.cohort.organisation_id):
        return False
    step = current_step(fresh)
    if step is None:
        return False
    try:
        _decide(step, actor, StepState.APPROVED, "", at)
    except Refused:  # not theirs to decide: somebody else is asked
        return False
    return True


def _under_decision(enrolment: Enrolment, new: str) -> Enrolment:
    """The application as it is now with its steps, its row locked. Raises StaleState when it has moved since it was
    read."""
    rows = type(enrolment)._base_manager.select_for_update(of=("self",))
    if rows.get(pk=enrolment.pk).state != enrolment.state:
        raise StaleState(enrolment, enrolment.state, new)
    return _with_steps(enrolment)


def _refuse_others(enrolment: Enrolment, actor: Asker) -> None:
    """Where no step is to be decided, the administrators of the cohort decide: not who reads, not the applicant, and
    nobody who decided at an earlier step."""
    if enrolment.person.user_id == actor.pk:
        raise Refused(_("Nobody decides on their own application. Ask another administrator."))
    _refuse_let_in(enrolment, enrolment.cohort.organisation, actor)
    if has_decided(actor, enrolment):
        raise Refused(_twice())
    organisation = enrolment.cohort.organisation
    if not covers(actor, organisation, Role.ADMINISTRATOR):
        words = _("On this application the administrators of %(who)s decide, or those above them.")
        raise Refused(words % {"who": organisation.name})


def _decide(step: ApprovalStep, actor: Asker, verdict: str, comment: str, at: datetime | None = None) -> None:
    if not may_decide_step(actor, step):
        raise Refused(_not_yours(step, actor))
    _refuse_let_in(step.enrolment, step.organisation, actor)
    changes: dict[str, Any] = {
        "decided_by_id": actor.pk,
        "decided_at": at or timezone.now(),
        "comment": comment.strip()[:1000],
    }
    old = move(step, verdict, MOVES, **changes)
    if verdict == StepState.APPROVED:
        record(
            action="lms.approve_step",
            target=step.enrolment,
            actor=actor,
            organisation=step.organisation,
            before={"state": old},
            after={"state": verdict, "stage": step.stage, "number": step.number},
            reason=comment.strip(),
        )


def _refuse_let_in(enrolment: Enrolment, organisation: Organisation, actor: Asker) -> None:
    """Nobody decides on their own application through somebody whom they have let in either."""
    applicant = enrolment.person.user
    if isinstance(actor, User) and let_in_by(user=actor, officer=applicant, organisation=organisation):
        raise Refused(_("Your account or your role here is the applicant's doing: somebody else decides."))


def _not_yours(step: ApprovalStep, actor: Asker) -> str:
    if step.applicant_id == actor.pk:
        return _("Nobody decides on their own application. Ask another administrator.")
    if has_decided(actor, step.enrolment):
        return _twice()
    return _("This application waits for %(who)s. Only their administrators decide at this step.") % {
        "who": step.organisation.name
    }


def _twice() -> str:
    return _("You have decided on this application at an earlier step. Somebody else decides at this one.")


def _with_steps(enrolment: Enrolment) -> Enrolment:
    rows = type(enrolment)._base_manager.select_related("cohort__organisation", "person__user")
    return rows.prefetch_related(with_steps()).get(pk=enrolment.pk)


def tell_deciders(*, enrolment: Enrolment) -> None:
    """Tell those who are to decide on this application now: of its step, or without steps the cohort's administrators.

    Nobody while it has no place, because there is nothing to decide. One notice a day for each cohort.
    """
    fresh = _with_steps(enrolment)
    if fresh.state != Standing.APPLIED:
        return
    step = current_step(fresh)
    _tell(fresh, deciders_of_step(step) if step else administrators_of(fresh.cohort.organisation))


def _tell(enrolment: Enrolment, users: Iterable[User]) -> None:
    cohort, today = enrolment.cohort, timezone.localdate()
    for user in users:
        notify(
            user=user,
            kind="lms.applications",
            title=gettext_noop("Applications wait for you: %(cohort)s"),
            body=gettext_noop("New applications have come in today. Each waits for your decision."),
            url=reverse("approvals:index"),
            source=f"{told_of(cohort.pk)}{today.isoformat()}",
            cohort=both(cohort.title, cohort.title_en),
        )


def told_of(cohort_id: int | None = None) -> str:
    """How the source of every notice about applications that wait begins, of one cohort or of all."""
    return "lms.applications:" if cohort_id is None else f"lms.applications:{cohort_id}:"


def _tell_applicant(step: ApprovalStep, following: ApprovalStep) -> None:
    enrolment = step.enrolment
    notify(
        user=enrolment.person.user,
        kind="lms.enrolment_step",
        title=gettext_noop("One step further: %(cohort)s"),
        body=gettext_noop("%(who)s has approved your application. Next decides: %(following)s."),
        url=reverse("lms:enrolment-detail", args=[enrolment.pk]),
        source=f"lms.enrolment:{enrolment.pk}:step-{step.number}",
        cohort=both(enrolment.cohort.title, enrolment.cohort.title_en),
        who=step.organisation.name,
        following=following.organisation.name,
    )
