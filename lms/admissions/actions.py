"""The verbs of admissions. All that touches places or codes happens under the lock of the cohort."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker, covers
from core.access.states import Role
from core.attachments.actions import keep_file
from core.attachments.models import Attachment
from core.audit.actions import record
from core.notices.actions import notify
from core.organisations.models import Organisation
from core.organisations.queries import administrators_of
from core.people.models import Person, User
from core.states import Refused, StaleState, move
from lms.admissions.models import (
    AdmissionPlan,
    AnswerFile,
    ApplicationRecord,
    ApprovalStep,
    CohortQuota,
    InvitationCode,
    InvitationUse,
)
from lms.admissions.policy import Answer, Quota, Stop, kept_free, new_code, route
from lms.admissions.queries import (
    Admission,
    admission_of,
    code_found,
    current_step,
    deciders_of_step,
    finding_words,
    has_decided,
    may_decide_step,
    quotas_of,
    seats_by_path,
    stages_found,
    with_steps,
)
from lms.admissions.states import MOVES, StepState
from lms.cohorts.models import Cohort
from lms.cohorts.policy import Standing
from lms.signals import PlacesAdded, places_added

if TYPE_CHECKING:
    from lms.enrolments.models import Enrolment

WRONG_CODE = gettext_noop(
    "This code does not open this cohort. It may be mistyped, used up, run out or taken back: ask the organiser."
)


@dataclass(frozen=True)
class HandedIn:
    """What comes with an application beside the statement. `level` is what the applicant declares; `uploads` are the
    files that answer a question, by its key, not kept yet."""

    answers: tuple[Answer, ...] = ()
    level: str = ""
    code: str = ""
    uploads: Mapping[str, Any] = field(default_factory=dict)


NOTHING = HandedIn()


# --- Applying -----------------------------------------------------------------------------------------------


def check_admission(*, cohort: Cohort, person: Person, handed: HandedIn = NOTHING) -> Admission:
    """Whether this person may apply at all; called under the lock of the cohort, within the application.

    Raises Refused with every condition that is not met, or when a code is wanted and this one does not open the
    cohort. Side effect: a use of the code is counted, once per person.
    """
    admission = admission_of(cohort, person)
    if not admission.is_admissible:
        raise Refused(" ".join(row["text"] for row in finding_words(admission.failed)))
    if cohort.by_invitation:
        _use_code(cohort, person, handed.code)
    return admission


def _use_code(cohort: Cohort, person: Person, typed: str) -> None:
    code = code_found(cohort, typed, person)
    if code is None:
        raise Refused(_(WRONG_CODE))
    _use, is_first = InvitationUse.objects.get_or_create(code=code, person=person)
    left = InvitationCode.objects.valid().filter(pk=code.pk, uses__lt=F("uses_allowed"))
    if is_first and not left.update(uses=F("uses") + 1):
        raise Refused(_(WRONG_CODE))


def hand_in(*, enrolment: Enrolment, admission: Admission, handed: HandedIn = NOTHING) -> None:
    """Freeze what came with an application and who decides on it. Does nothing where the cohort asks for nothing.

    Side effects: the files are kept; the record with its documents; the approval steps.
    """
    cohort, person = enrolment.cohort, enrolment.person
    if cohort.plan is None and not cohort.by_invitation and not cohort.quotas.exists():
        return
    answers = [_with_file(answer, handed.uploads.get(answer.key), person.user) for answer in handed.answers]
    kept = ApplicationRecord.objects.create(
        enrolment=enrolment,
        plan=cohort.plan,
        employer=person.employer,
        answers=[asdict(answer) for answer in answers],
        findings=finding_words(admission.findings),
        level=handed.level,
    )
    files = [(answer.key, answer.attachment) for answer in answers if answer.attachment]
    AnswerFile.objects.bulk_create(AnswerFile(record=kept, key=key, attachment_id=pk) for key, pk in files)
    _lay_steps(enrolment)


def _with_file(answer: Answer, upload: Any, applicant: User) -> Answer:
    if upload is None:
        return answer
    file = keep_file(upload=upload, actor=applicant)
    return replace(answer, value=file.name, attachment=file.pk)


def hold_files(*, uploads: Mapping[str, Any], actor: Asker) -> dict[str, Attachment]:
    """Keep the files of an application that could not be handed in yet, so that they need not be chosen again.

    Nothing points to them until it is handed in: what is not used by then is erased (core.attachments.erase_unused).
    Side effects: as of `keep_file`.
    """
    return {name: keep_file(upload=upload, actor=actor) for name, upload in uploads.items()}


def _lay_steps(enrolment: Enrolment) -> None:
    cohort, person = enrolment.cohort, enrolment.person
    stages = [str(child.value) for child in cohort.plan.stages] if cohort.plan is not None else []
    if not stages:
        return
    found = stages_found(person.employer, person.user_id)
    ids = {stage: row.pk for stage, row in found.items() if row is not None}
    stops = route(stages, ids, cohort.organisation_id)
    ApprovalStep.objects.bulk_create(
        _step(enrolment, number, stop) for number, stop in enumerate(stops, start=1)
    )


@transaction.atomic
def reroute_application(*, enrolment: Enrolment, source: Cohort, was: str, actor: Asker | None) -> None:
    """Give an application that was moved here from another cohort, and is to be decided on, the steps of this one.

    Under the same plan of the same organiser what is decided stays so. Otherwise the steps of the other cohort are
    archived, and those of the plan here are laid. `was` is the state before the move. Whether the application can come
    at all is asked before (see `moving_words`). Side effects: the steps; an audit entry; those who decide now are told.
    """
    cohort = enrolment.cohort
    stages = cohort.plan.stages if cohort.plan is not None else []
    is_same = (cohort.plan_id, cohort.organisation_id) == (source.plan_id, source.organisation_id)
    if is_same and (not stages or enrolment.steps.exists()):
        return
    before = _stages(enrolment)
    archive_steps(enrolment=enrolment)
    _lay_steps(enrolment)
    after = _stages(enrolment)
    if before == after and was != Standing.ENROLLED:
        return
    record(
        action="lms.reroute_application",
        target=enrolment,
        actor=actor,
        organisation=cohort.organisation,
        before={"steps": before, "state": was},
        after={"steps": after, "state": enrolment.state},
    )
    tell_deciders(enrolment=enrolment)


def archive_steps(*, enrolment: Enrolment) -> None:
    """The steps of a cohort that this person has left count no more: they decide nothing and show nobody anything."""
    enrolment.steps.filter(archived_at=None).update(archived_at=timezone.now())


def _stages(enrolment: Enrolment) -> list[str]:
    """The steps of an application as the audit names them."""
    rows = enrolment.steps.select_related("organisation").order_by("number")
    return [f"{row.stage}: {row.organisation.name}" for row in rows]


def _step(enrolment: Enrolment, number: int, stop: Stop) -> ApprovalStep:
    return ApprovalStep(
        enrolment=enrolment,
        number=number,
        stage=stop.stage,
        also=list(stop.also),
        organisation_id=stop.organisation,
        applicant_id=enrolment.person.user_id,
    )


# --- Deciding -----------------------------------------------------------------------------------------------


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
    if has_decided(actor, enrolment):
        raise Refused(_twice())
    organisation = enrolment.cohort.organisation
    if not covers(actor, organisation, Role.ADMINISTRATOR):
        words = _("On this application the administrators of %(who)s decide, or those above them.")
        raise Refused(words % {"who": organisation.name})


def _decide(step: ApprovalStep, actor: Asker, verdict: str, comment: str) -> None:
    if not may_decide_step(actor, step):
        raise Refused(_not_yours(step, actor))
    changes: dict[str, Any] = {
        "decided_by_id": actor.pk,
        "decided_at": timezone.now(),
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
            source=f"lms.applications:{cohort.pk}:{today.isoformat()}",
            cohort=cohort.title,
        )


def _tell_applicant(step: ApprovalStep, following: ApprovalStep) -> None:
    enrolment = step.enrolment
    notify(
        user=enrolment.person.user,
        kind="lms.enrolment_step",
        title=gettext_noop("One step further: %(cohort)s"),
        body=gettext_noop("%(who)s has approved your application. Next decides: %(following)s."),
        url=reverse("lms:enrolment-detail", args=[enrolment.pk]),
        source=f"lms.enrolment:{enrolment.pk}:step-{step.number}",
        cohort=enrolment.cohort.title,
        who=step.organisation.name,
        following=following.organisation.name,
    )


# --- Plans --------------------------------------------------------------------------------------------------


@transaction.atomic
def save_plan(*, plan: AdmissionPlan, actor: Asker | None) -> AdmissionPlan:
    """Keep a new or changed plan. Applications handed in before keep what they were asked. Side effect: audit entry."""
    plan.full_clean(exclude=["questions", "conditions", "stages"])  # cleaned as blocks by the form
    plan.save()
    after = {
        "name": plan.name,
        "questions": len(plan.questions),
        "conditions": len(plan.conditions),
        "stages": [str(child.value) for child in plan.stages],
        "is_active": plan.is_active,
    }
    record(action="lms.save_plan", target=plan, actor=actor, organisation=plan.organisation, after=after)
    return plan


# --- Places kept for organisations --------------------------------------------------------------------------


@transaction.atomic
def set_quota(
    *,
    cohort: Cohort,
    organisation: Organisation,
    places: int,
    actor: Asker | None,
    until: datetime | None = None,
) -> CohortQuota:
    """Keep so many places for an organisation, or change how many are kept; those who wait move up where they can.

    Raises Refused when all quotas together would be more than the places, or more than are still free.
    Side effects: an audit entry; PlacesAdded.
    """
    cohort = _locked(cohort)
    others = cohort.quotas.exclude(organisation=organisation)
    kept = (others.aggregate(sum=Sum("places"))["sum"] or 0) + places
    if kept > cohort.capacity:
        words = _("The quotas together would keep %(kept)s places, but there are only %(capacity)s.")
        raise Refused(words % {"kept": kept, "capacity": cohort.capacity})
    quotas = [row.quota for row in quotas_of(cohort) if row.quota.path != organisation.path]
    wanted = kept_free([*quotas, Quota(organisation.path, places)], seats_by_path(cohort))
    if wanted > cohort.seats_free:
        words = _("%(wanted)s places would have to be free for the quotas, but only %(free)s are.")
        raise Refused(words % {"wanted": wanted, "free": cohort.seats_free})
    row, _is_new = CohortQuota.objects.update_or_create(
        cohort=cohort, organisation=organisation, defaults={"places": places, "until": until}
    )
    _record("lms.set_quota", row, actor, {"places": places, "until": until})
    places_added.send(Cohort, event=PlacesAdded(cohort_id=cohort.pk))
    return row


@transaction.atomic
def remove_quota(*, quota: CohortQuota, actor: Asker | None) -> bool:
    """Keep no places for this organisation any more; False when somebody was first.

    Side effects: an audit entry; PlacesAdded, on which those who wait move up: the places are open to all now.
    """
    _locked(quota.cohort)
    if not CohortQuota.objects.filter(pk=quota.pk).delete()[0]:
        return False
    _record("lms.remove_quota", quota, actor, {"places": 0})
    places_added.send(Cohort, event=PlacesAdded(cohort_id=quota.cohort_id))
    return True


def release_places() -> int:
    """Let those who wait for places that are kept no longer move up; returns how many cohorts were looked at.

    Idempotent: where all quotas still hold, nobody moves.
    """
    waiting = Cohort.objects.filter(
        quotas__isnull=False, enrolments__state=Standing.WAITING, cancelled_at=None
    )
    ids = list(waiting.order_by("pk").values_list("pk", flat=True).distinct())
    for pk in ids:
        places_added.send(Cohort, event=PlacesAdded(cohort_id=pk))
    return len(ids)


def _record(action: str, quota: CohortQuota, actor: Asker | None, after: dict[str, Any]) -> None:
    after = {"organisation": quota.organisation.name, **after}
    record(
        action=action, target=quota.cohort, actor=actor, organisation=quota.cohort.organisation, after=after
    )


def _locked(cohort: Cohort) -> Cohort:
    rows = Cohort.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=cohort.pk)


# --- Invitation codes ---------------------------------------------------------------------------------------


@transaction.atomic
def make_code(
    *,
    cohort: Cohort,
    actor: Asker,
    uses_allowed: int = 1,
    expires_at: datetime | None = None,
    note: str = "",
) -> InvitationCode:
    """Make a code with which so many people may apply. Side effect: an audit entry, which does not hold the code."""
    row = InvitationCode.objects.create(
        cohort=cohort,
        code=new_code(),
        uses_allowed=uses_allowed,
        expires_at=expires_at,
        note=note.strip(),
        created_by_id=actor.pk,
    )
    after = {"uses_allowed": uses_allowed, "expires_at": expires_at, "note": row.note}
    record(action="lms.make_code", target=row, actor=actor, organisation=cohort.organisation, after=after)
    return row


@transaction.atomic
def revoke_code(*, code: InvitationCode, actor: Asker) -> bool:
    """Take a code back: nobody applies with it any more; False when that was done. Side effect: an audit entry."""
    now = timezone.now()
    if not InvitationCode.objects.filter(pk=code.pk, revoked_at=None).update(revoked_at=now):
        return False
    facts = {"uses": code.uses, "note": code.note}
    record(
        action="lms.revoke_code", target=code, actor=actor, organisation=code.cohort.organisation, after=facts
    )
    return True
