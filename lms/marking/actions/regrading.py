"""Correcting the key of a question in a paper. The paper stays as it is; what is marked from now on goes by the correction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.actions import start_job
from core.people.models import User
from lms.corrections.models import Regrade
from lms.corrections.policy import is_key
from lms.corrections.states import Remedy
from lms.courses.versions import PaperVersion
from lms.marking.actions.refusals import NotPossible
from lms.marking.queries.regrading import JOB_KEY, asked_rows, is_covered, is_pending

REGRADE = "lms.regrade_paper"


@transaction.atomic
def regrade_paper(
    *,
    paper: PaperVersion,
    question: str,
    remedy: str,
    change: Mapping[str, Any],
    reason: str,
    seen: int,
    actor: Asker,
) -> Regrade:
    """Correct the key of a question, or void it. `seen`: how many corrections of it there were when the page was shown; of two
    clicks the second gets the correction of the first.

    Raises NotPossible without a reason, for what is no key, where somebody else has corrected it meanwhile, while an earlier
    correction is still being worked in, where nothing else would count, and where the paper was sat outside of what the actor runs. Side effects, in order: the correction, by
    which every attempt at this paper is marked from now on; an audit entry; a job that marks anew what was handed in.
    """
    PaperVersion.objects.select_for_update(of=("self",)).get(pk=paper.pk)  # one after the other
    if not is_covered(actor, paper):
        raise NotPossible(
            _("This quiz was also taken in other organisations. Ask an administrator who runs them all.")
        )
    asked = {row["key"]: row for row in asked_rows(paper)}
    change = dict(change) if remedy == Remedy.KEY else {}
    _refuse(asked, question, remedy, change, reason, paper)
    before = list(Regrade.objects.filter(paper=paper, question=question).order_by("number"))
    if len(before) != seen:
        if before and _is_same(before[-1], remedy, change, reason, actor):
            return before[-1]
        raise NotPossible(_("Somebody has corrected this question meanwhile. Look at it again."))
    if is_pending(paper):
        raise NotPossible(
            _("Attempts are still being marked by the last correction. Wait until that is done.")
        )
    row = Regrade.objects.create(
        paper=paper,
        question=question,
        number=seen + 1,
        remedy=remedy,
        change=change,
        reason=reason.strip()[:300],
        made_by=cast(User, actor),
    )
    organisation = paper.attempts.select_related("enrolment__cohort__organisation")[:1]
    at = organisation[0].enrolment.cohort.organisation
    after = {"remedy": remedy}
    record(
        action="lms.regrade_paper", target=row, actor=actor, organisation=at, after=after, reason=row.reason
    )
    start_job(
        kind=REGRADE,
        title=_("Mark anew: %(title)s") % {"title": paper.title_here},
        params={"regrade": row.pk},
        actor=actor,
        organisation=at,
        dedupe_key=f"{JOB_KEY}{row.pk}",
    )
    return row


def _refuse(
    asked: Mapping[str, Any],
    question: str,
    remedy: str,
    change: Mapping[str, Any],
    reason: str,
    paper: PaperVersion,
) -> None:
    if not reason.strip():
        raise NotPossible(_("Write why the key is corrected: the trainees read it."))
    if question not in asked or remedy not in Remedy.values:
        raise NotPossible(_("This question is not part of the quiz."))
    if remedy == Remedy.KEY and not is_key(asked[question], change):
        raise NotPossible(_("This cannot be the key of the question."))
    if remedy == Remedy.OUT and not paper.bank_id:
        last = {row.question: row for row in Regrade.objects.filter(paper=paper).order_by("number")}
        gone = {key for key, row in last.items() if row.remedy == Remedy.OUT} | {question}
        if gone >= asked.keys():
            raise NotPossible(_("No question would be left that counts."))


def _is_same(row: Regrade, remedy: str, change: Mapping[str, Any], reason: str, actor: Asker) -> bool:
    mine = row.made_by_id == actor.pk and row.reason == reason.strip()[:300]
    return mine and row.remedy == remedy and row.change == change
