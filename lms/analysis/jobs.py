"""Making an item analysis, as a job with progress."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.actions import Run, job_kind, start_once
from core.jobs.models import Job
from core.jobs.queries import Place
from core.organisations.models import Organisation
from core.people.models import User
from lms.analysis.models import ItemReport
from lms.analysis.policy import alpha_of, items_of
from lms.analysis.queries import asked_for, counted, kept, sittings_of
from lms.courses.versions import PaperVersion

ANALYSE = "lms.analyse_items"


@transaction.atomic
def analyse_items(*, paper: PaperVersion, actor: Asker) -> Job:
    """Analyse the questions of a paper by the attempts that the actor may see. A second click gets the job of the first. Side
    effect: the job, whose report takes the place of the actor's last one."""
    PaperVersion.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    return start_once(
        kind=ANALYSE,
        title=_("Item analysis: %(title)s") % {"title": paper.title_here},
        params={"paper": paper.pk},
        actor=actor,
        organisation=None,
    )


@transaction.atomic
def export_items(*, report: ItemReport, actor: Asker) -> None:
    """Note that somebody takes an item analysis out of the site."""
    top = Organisation.get_first_root_node()
    after = {"people": report.people}
    record(action="lms.export_items", target=report.paper, actor=actor, organisation=top, after=after)


def _place(job: Job) -> Place:
    return Place(_("Item analysis"), reverse("analysis:report", args=[job.params["paper"]]))


@job_kind(ANALYSE, _place)
def analyse(run: Run) -> dict[str, Any]:
    """Read what was answered, reckon, keep the report. Run again it makes the same report."""
    paper = PaperVersion.objects.get(pk=run.params["paper"])
    maker = User.objects.get(pk=run.job.created_by_id or 0)
    ids, left_out = counted(maker, paper)
    asked, sittings = sittings_of(paper, ids, run.report)
    order = {key: number for number, key in enumerate(asked, start=1)}
    found = items_of(asked_for(asked), sittings, lambda: run.report(len(ids), len(ids)))  # keeps the lease
    ItemReport.objects.update_or_create(
        paper=paper,
        made_by=maker,
        defaults={
            "people": len(sittings),
            "left_out": left_out,
            "alpha": None if paper.bank_id else alpha_of(sittings),
            "items": [kept(item, order[item.key], asked[item.key]) for item in found],
            "made_at": timezone.now(),
        },
    )
    return {"done": len(sittings)}
