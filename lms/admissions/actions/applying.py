"""Applying: what is asked first, what is handed in with it, and the steps that it goes through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.audit.actions import record
from core.people.models import Person, User
from core.states import Refused
from lms.admissions.models import (
    AnswerFile,
    ApplicationRecord,
    ApprovalStep,
    InvitationCode,
    InvitationUse,
)
from lms.admissions.policy import Answer, Stop
from lms.admissions.queries import (
    Admission,
    admission_of,
    code_found,
    finding_words,
    stops_of,
)
from lms.cohorts.models import Cohort
from lms.cohorts.policy import Standing

if TYPE_CHECKING:
    from lms.enrolments.models import Enrolment

from lms.admissions.actions.deciding import agree_to_move, tell_deciders

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


def _lay_steps(enrolment: Enrolment) -> None:
    stops = stops_of(enrolment.cohort, enrolment.person)
    ApprovalStep.objects.bulk_create(
        _step(enrolment, number, stop) for number, stop in enumerate(stops, start=1)
    )


@transaction.atomic
def reroute_application(
    *,
    enrolment: Enrolment,
    source: Cohort,
    was: str,
    actor: Asker | None,
    agreed_at: datetime | None = None,
) -> bool:
    """Give an application that was moved here from another cohort, and is to be decided on, the steps of this one.

    Under the same plan of the same organiser what is decided stays so. Otherwise the steps of the other cohort are
    archived, and those of the plan here are laid. `was` is the state before the move. Whether the application can come
    at all is asked before (see `moving_words`). Where `actor` agreed to the move for the organiser, that stands for
    the organiser's step, if no other is to be decided; True when nothing is left to decide then. Side effects: the
    steps; an audit entry; those who decide now are told.
    """
    cohort = enrolment.cohort
    stages = cohort.plan.stages if cohort.plan is not None else []
    is_same = (cohort.plan_id, cohort.organisation_id) == (source.plan_id, source.organisation_id)
    if is_same and (not stages or enrolment.steps.exists()):
        return False
    before, was_decided = _stages(enrolment), enrolment.steps.exclude(decided_at=None).exists()
    archive_steps(enrolment=enrolment)
    _lay_steps(enrolment)
    after = _stages(enrolment)
    if before == after and was != Standing.ENROLLED and not was_decided:
        return False
    record(
        action="lms.reroute_application",
        target=enrolment,
        actor=actor,
        organisation=cohort.organisation,
        before={"steps": before, "state": was},
        after={"steps": after, "state": enrolment.state},
    )
    if (
        agreed_at
        and was == Standing.ENROLLED
        and agree_to_move(enrolment=enrolment, actor=actor, at=agreed_at)
    ):
        return True
    tell_deciders(enrolment=enrolment)
    return False


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
