"""What administrators were told of applications is done as soon as none waits for them."""

from __future__ import annotations

from django.utils import timezone

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import settle
from core.notices.models import Notice
from core.people.models import User
from lms.admissions.actions import told_of
from lms.admissions.models import AnswerFile
from lms.approvals.queries import waiting_for
from lms.cohorts.models import Cohort
from lms.cohorts.policy import OVER
from lms.enrolments.models import Enrolment


def settle_decided(*, cohort_id: int, actor_id: int | None) -> None:
    """An application of this cohort was decided or taken back: settles what was told of it, as `settle_told`.

    While more of them wait for whoever decided, they wait for the colleagues too, and nobody else is asked about: of
    many decisions only the last one costs more than a look.
    """
    actor = User.objects.filter(pk=actor_id).first() if actor_id is not None else None
    if actor is None or not waiting_for(actor).filter(cohort=cohort_id).exists():
        settle_told(cohort_id=cohort_id)


def settle_told(*, cohort_id: int | None = None) -> int:
    """Read for them the notices of officers for whom no application of the cohort waits, or whose cohort is over; of one
    cohort or of all. Returns how many notices changed. A statement or two for each officer with such a notice."""
    asked: dict[int, set[int]] = {}
    unread = Notice.objects.unread().filter(source__startswith=told_of(cohort_id))
    for user_id, source in unread.order_by().values_list("user_id", "source"):
        asked.setdefault(user_id, set()).add(int(str(source).split(":")[1]))
    cohorts = set().union(*asked.values())
    over = set(Cohort.objects.in_state(*OVER).filter(pk__in=cohorts).order_by().values_list("pk", flat=True))
    changed = 0
    for user in User.objects.filter(pk__in=asked):
        rows = waiting_for(user).filter(cohort__in=asked[user.pk] - over).order_by()
        for done in asked[user.pk] - set(rows.values_list("cohort_id", flat=True)):
            changed += settle(source=told_of(done), user=user)
            _let_tell_again(user, done)
    return changed


def _let_tell_again(user: User, cohort_id: int) -> None:
    """Officers are told once a day of each cohort: what comes in today after all was decided is told once more."""
    now = timezone.now()
    today = f"{told_of(cohort_id)}{timezone.localdate().isoformat()}"
    Notice.objects.filter(user=user, source=today).update(source=f"{today}:{now:%H%M%S%f}")


def open_application_document(*, file: AnswerFile, enrolment: Enrolment, actor: Asker) -> None:
    """Somebody else opens a document of an application: that is audited, since it may name more than was asked."""
    if enrolment.person.user_id == actor.pk:
        return
    record(
        action="lms.open_application_document",
        target=enrolment,
        actor=actor,
        organisation=enrolment.cohort.organisation,
        after={"document": file.attachment.name},
    )
