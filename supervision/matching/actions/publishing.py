"""Publishing a round: every pair becomes a pairing exactly once, or says why it could not."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.jobs.actions import Run, job_kind, start_job
from core.jobs.models import Job
from core.people.models import User
from core.states import move
from supervision.matching.actions.basis import RoundRefused, locked, note, tell_all
from supervision.matching.models import MatchingRound, RunLine
from supervision.matching.states import MOVES, TOLD, RoundState
from supervision.pairings.actions import NotPossible, create_pairing

PUBLISH = "supervision.settle_round"


@transaction.atomic
def publish_round(*, round: MatchingRound, actor: Asker) -> Job:
    """Publish what holds: from now on each pair of it becomes a pairing, and appeals may be made for some days.

    Raises RoundRefused without a result, or while a trial is undecided; IllegalMove or StaleState when it was published
    before. Side effects in order: the state, audit, the job that makes the pairings and then tells everybody.
    """
    row = locked(round)
    if row.runs.filter(kept_at=None, discarded_at=None).exists():
        raise RoundRefused(_("A trial is open. Keep it or put it aside first."))
    current = row.runs.filter(kept_at__isnull=False, discarded_at=None).first()
    if current is None:
        raise RoundRefused(_("The round is not calculated yet."))
    now = timezone.now()
    old = move(
        row,
        RoundState.PUBLISHED,
        MOVES,
        published_at=now,
        published_by_id=getattr(actor, "pk", None),
        appeals_until=now + datetime.timedelta(days=row.appeal_days),
    )
    note("supervision.publish_round", row, actor, before={"state": old}, after={"run": current.number})
    return start_job(
        kind=PUBLISH,
        title=_("Publish: %(round)s") % {"round": row.title},
        params={"run": current.pk, "actor": getattr(actor, "pk", None)},
        actor=actor,
        organisation=row.organisation,
        dedupe_key=f"{PUBLISH}:{row.pk}",
    )


@job_kind(PUBLISH)
def settle_round(run: Run) -> dict[str, Any]:
    """Make the pairings of a published round, one by one, then tell everybody. Killed, it goes on from where it was."""
    actor = User.objects.filter(pk=run.params["actor"]).first()
    lines = RunLine.objects.filter(run=run.params["run"]).order_by("pk")
    keys = list(lines.filter(settled_at=None).values_list("pk", flat=True))
    run.each(keys, lambda key: settle_line(line_id=key, actor=actor), total=len(keys), label=_label)
    round = MatchingRound.objects.select_related("organisation").get(runs=run.params["run"])
    tell_all(
        round,
        "published",
        gettext_noop("%(round)s: the result is there"),
        gettext_noop("See your result and the reasons for it. Appeals can be made until %(until)s."),
        until=round.appeals_until,
    )
    made = lines.filter(pairing__isnull=False).count()
    return {"done": made, "of": lines.exclude(supervisor=None).count()}


def _label(key: int) -> tuple[str, str]:
    return str(key), str(key)


@transaction.atomic
def settle_line(*, line_id: int, actor: Asker | None) -> None:
    """Make one pair a pairing, or write down why it cannot be. Of two who try at once, one does it; the other nothing."""
    if not RunLine.objects.filter(pk=line_id, settled_at=None).update(settled_at=timezone.now()):
        return
    rows = RunLine.objects.select_related(
        "run__round",
        "mentee__person__user",
        "mentee__person__employer",
        "supervisor__supervisor__person__user",
    )
    line = rows.get(pk=line_id)
    if line.supervisor is None:
        return
    round, person = line.run.round, line.mentee.person
    first = max(round.starts_on, timezone.localdate())
    last = round.ends_on if round.ends_on and round.ends_on >= first else None
    try:
        pairing = create_pairing(
            supervisor=line.supervisor.supervisor,
            mentee=person,
            actor=actor,
            starts_on=first,
            ends_on=last,
        )
    except NotPossible as refused:
        RunLine.objects.filter(pk=line.pk).update(failure=str(refused)[:300])
        return
    RunLine.objects.filter(pk=line.pk).update(pairing=pairing)


def export_results(*, round: MatchingRound, actor: Asker) -> None:
    """Note that the result was taken out as a workbook. Side effect: audit."""
    note("supervision.export_results", round, actor)


@transaction.atomic
def retry_line(*, line: RunLine, actor: Asker) -> None:
    """Try once more to make a pairing that failed, such as after a place has become free. Raises RoundRefused when it is
    settled, or the round is not published, or with the reason why it fails again. Side effect: audit."""
    row = locked(line.run.round)
    tried = RunLine.objects.filter(pk=line.pk, pairing=None, settled_at__isnull=False).exclude(failure="")
    if row.state not in TOLD or not tried.update(settled_at=None, failure=""):
        raise RoundRefused(_("This pair is settled. Nothing was changed."))
    settle_line(line_id=line.pk, actor=actor)
    line.refresh_from_db()
    if line.failure:
        raise RoundRefused(line.failure)
    note("supervision.retry_line", row, actor, after={"line": line.pk})
