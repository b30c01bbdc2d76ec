"""The verbs for many people at once, as jobs with progress: killed at any moment, they go on from where they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.jobs.actions import ItemFailed, Run, job_kind, start_once
from core.jobs.models import Job
from core.jobs.queries import Place
from core.organisations.models import Organisation
from core.people.models import User
from core.states import Refused
from lms.cohorts.models import Cohort
from lms.courses.versions import CourseVersion
from lms.enrolments.actions import complete_if_done, decide, pin_version
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING, EnrolmentState

AT_ONCE = 50  # as many people as one request looks after; more of them become a job
READ = 200  # people who are read at a time
APPROVE, MOVE = "lms.approve_many", "lms.move_to_version"


@transaction.atomic
def start_approving(*, cohort: Cohort | None, enrolment_ids: Iterable[int], actor: Asker) -> Job:
    """Start the job that admits these applicants, of one cohort or (None) of any; a second click gets the same job while
    it goes on."""
    title = _("Approve applications: %(cohort)s") % {
        "cohort": cohort.title_here if cohort else _("several cohorts")
    }
    return _start(APPROVE, title, cohort, actor, enrolments=sorted(enrolment_ids))


@transaction.atomic
def start_moving(*, cohort: Cohort, version: CourseVersion, actor: Asker) -> Job:
    """Start the job that moves a cohort to another version of its course; a second click gets the same job."""
    title = _("Version %(number)s for %(cohort)s") % {"number": version.number, "cohort": cohort.title_here}
    return _start(MOVE, title, cohort, actor, version=version.pk)


def _start(kind: str, title: str, cohort: Cohort | None, actor: Asker, **more: Any) -> Job:
    # Of two clicks the second waits here, and finds the job of the first.
    organisation = None
    if cohort is None:
        User.objects.select_for_update().get(pk=actor.pk or 0)
    else:
        organisation = Organisation.objects.select_for_update().get(pk=cohort.organisation_id)
    params = {"cohort": cohort.pk if cohort else None, "actor": actor.pk, **more}
    return start_once(kind=kind, title=title, params=params, actor=actor, organisation=organisation)


def _place(job: Job) -> Place:
    if job.params["cohort"] is None:
        return Place(_("Applications to decide"), reverse("approvals:index"))
    return Place(_("People of this cohort"), reverse("applications:cohort", args=[job.params["cohort"]]))


@job_kind(APPROVE, _place)
def approve_many(run: Run) -> dict[str, Any]:
    """Admit each applicant by themselves; whoever cannot be admitted is named with the reason."""
    actor, ids = User.objects.get(pk=run.params["actor"]), run.params["enrolments"]
    rows = Enrolment.objects.readable_by(actor)
    if run.params["cohort"] is not None:
        rows = rows.filter(cohort=run.params["cohort"])
    done: list[int] = []

    def do(enrolment: Enrolment) -> None:
        # Admitted by an earlier attempt of this job or by somebody else; or the next step is another tier's.
        if enrolment.state in LEARNING or enrolment.steps.filter(decided_by=actor).exists():
            return
        outcome = decide(enrolment=enrolment, actor=actor, approves=True)
        if not outcome.done:
            raise ItemFailed(outcome.text)
        done.append(enrolment.pk)

    run.each(_read(rows, ids), do, total=len(ids), label=_name)
    return {"done": len(done), "of": len(ids)}


@job_kind(MOVE, _place)
def move_many(run: Run) -> dict[str, Any]:
    """Move the cohort in one statement, then ask of each who learns whether they now meet the rule."""
    actor = User.objects.get(pk=run.params["actor"])
    cohort = Cohort.objects.visible_to(actor).get(pk=run.params["cohort"])
    pin_version(
        cohort=cohort, version=CourseVersion.objects.get(pk=run.params["version"]), actor=actor
    )  # nothing, if an earlier attempt has done it
    learning = Enrolment.objects.filter(cohort=cohort, state=EnrolmentState.ENROLLED)
    ids = list(learning.order_by("pk").values_list("pk", flat=True))
    completed: list[int] = []

    def do(enrolment: Enrolment) -> None:
        try:
            complete_if_done(enrolment=enrolment)
        except Refused as refused:
            raise ItemFailed(str(refused))
        if enrolment.state == EnrolmentState.COMPLETED:
            completed.append(enrolment.pk)

    run.each(_read(Enrolment.objects.filter(cohort=cohort), ids), do, total=len(ids), label=_name)
    return {"of": len(ids), "completed": len(completed)}


def _read(rows: Any, ids: list[int]) -> Iterator[Enrolment]:
    """The rows with these keys, in their order, so many at a time."""
    known = rows.select_related("cohort__organisation", "person__user")
    for first in range(0, len(ids), READ):
        found = known.in_bulk(ids[first : first + READ])
        yield from (found[pk] for pk in ids[first : first + READ] if pk in found)


def _name(enrolment: Enrolment) -> tuple[str, str]:
    return str(enrolment.pk), enrolment.person.name
