"""What every verb of moving asks first."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.states import Refused
from lms.cohorts.models import Cohort
from lms.cohorts.policy import JOINABLE
from lms.cohorts.queries import state_of
from lms.enrolments.models import Enrolment


def locked(enrolment: Enrolment) -> Enrolment:
    """The enrolment as it is now, locked until the transaction ends."""
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("cohort__organisation")
    return rows.select_related("cohort__organisation", "person__user").get(pk=enrolment.pk)


def is_open(target: Cohort) -> bool:
    """Whether a trainee may choose this cohort by themselves: open to all, and taking people now."""
    return target.is_public and not target.by_invitation and state_of(target) in JOINABLE


def refuse(sentence: str) -> None:
    """Raise Refused with what stands in the way; "" is nothing."""
    if sentence:
        raise Refused(sentence)


def refuse_own(enrolment: Enrolment, actor: Asker) -> None:
    """Raise Refused for whoever would decide on their own place."""
    if enrolment.person.user_id == actor.pk:
        raise Refused(_("Nobody decides on their own transfer. Ask another administrator."))
