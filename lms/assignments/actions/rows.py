"""What the verbs of an assignment share: the refusal, the lock, the entry in the audit trail."""

from __future__ import annotations

from typing import Any

from core.access.scope import Asker
from core.audit.actions import record
from core.states import Refused
from lms.assignments.models import Submission
from lms.courses.versions import version_of
from lms.enrolments.models import Enrolment


class NotPossible(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


def locked(enrolment_id: int) -> Enrolment:
    """The enrolment with its cohort, person and version, locked."""
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related(
        "cohort__organisation", "person__user"
    )
    enrolment = rows.get(pk=enrolment_id)
    enrolment.version = version_of(enrolment.version_id)
    return enrolment


def note(action: str, submission: Submission, enrolment: Enrolment, actor: Asker, **facts: Any) -> None:
    """Write it down for the organisation of the cohort."""
    record(action=action, target=submission, actor=actor, organisation=enrolment.cohort.organisation, **facts)
