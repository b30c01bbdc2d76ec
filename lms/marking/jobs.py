"""Marking all attempts at a paper anew, as a job that goes on where it was cut."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.jobs.actions import Run, job_kind
from core.jobs.models import Job
from core.jobs.queries import Place
from core.notices.actions import both, notify
from lms.assessments.actions import settle
from lms.assessments.models import Attempt
from lms.assessments.queries import rows_of
from lms.assessments.states import AttemptState
from lms.corrections.models import Regrade
from lms.marking.actions.regrading import REGRADE
from lms.marking.models import RegradeLine


def _place(job: Job) -> Place:
    return Place(_("Corrected key"), reverse("marking:regraded", args=[job.params["regrade"]]))


@job_kind(REGRADE, _place)
def regrade_attempts(run: Run) -> dict[str, Any]:
    """Mark every attempt at the paper once. Open ones are looked at too: what was handed in at that very moment by the old key
    is found so. Run again it leaves out what has its line."""
    regrade = Regrade.objects.select_related("paper").get(pk=run.params["regrade"])
    done = RegradeLine.objects.filter(regrade=regrade).values("attempt")
    rows = Attempt.objects.filter(paper=regrade.paper_id).exclude(pk__in=done).order_by("pk")
    left = list(rows.values_list("pk", flat=True))

    def again(pk: int) -> None:
        regrade_attempt(regrade=regrade, attempt_id=pk)

    run.each(left, again, total=len(left))
    lines = RegradeLine.objects.filter(regrade=regrade)
    changed = sum(line.before != line.after for line in lines.only("before", "after").iterator())
    return {"done": lines.count(), "changed": changed}


@transaction.atomic
def regrade_attempt(*, regrade: Regrade, attempt_id: int) -> RegradeLine | None:
    """Mark one attempt by the keys that stand, and keep what that changed; None for one that is open, was marked anew already
    or was not asked this. A notice goes to whom it changes the result of."""
    row = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt_id)
    if row.state == AttemptState.OPEN or row.regrades.filter(regrade=regrade).exists():
        return None
    if all(asked["key"] != regrade.question for asked in rows_of(row)):
        return None
    now = settle(attempt=row)
    line = RegradeLine.objects.create(
        regrade=regrade,
        attempt=row,
        points_before=row.points,
        points_after=now.points,
        before=row.percent,
        after=now.percent,
        passed_before=row.passed,
        passed_after=now.passed,
    )
    if line.before is not None and (line.before, line.passed_before) != (line.after, line.passed_after):
        _tell(line, now)
    return line


def _tell(line: RegradeLine, attempt: Attempt) -> None:
    notify(
        user=attempt.enrolment.person.user,
        kind="lms.result_regraded",
        title=gettext_noop("Your score changed: %(quiz)s"),
        body=gettext_noop(
            "A question was corrected: %(reason)s Your score was %(before)s, and is %(after)s."
        ),
        url=reverse("lms:attempt-result", args=[attempt.pk]),
        source=f"lms.regrade_line:{line.pk}",
        reason=line.regrade.reason,
        before=line.before,
        after=line.after,
        quiz=both(attempt.paper.title, attempt.paper.title_en),
    )
