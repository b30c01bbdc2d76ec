"""Publishing a round: every pair becomes a pairing exactly once, or says why it could not."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.jobs.actions import Run, job_kind, start_job
from core.jobs.models import Job
from core.people.models import User
from core.states import move
from core.ui.lists import listed
from supervision.matching.actions.basis import (
    RoundRefused,
    audit,
    locked,
    require_newest,
    round_place,
    tell_all,
)
from supervision.matching.models import MatchingRound, RoundRun, RunLine
from supervision.matching.queries import AGAINST_DESK, against_now, overfull_of
from supervision.matching.states import MOVES, TOLD, RoundState
from supervision.pairings.actions import NotPossible, create_pairings
from supervision.supervisors.actions import raise_places

PUBLISH = "supervision.settle_round"
AT_ONCE = 200


@transaction.atomic
def publish_round(
    *, round: MatchingRound, actor: Asker, gives_places: bool = False, number: int | None = None
) -> Job:
    """Publish what holds: from now on each pair of it becomes a pairing, and appeals may be made for some days.

    Where places were tried that the registry does not have, `gives_places` gives the supervisors as many as the result
    fills; the actor must keep their entries. `number` is that of the calculation which the actor has seen. Raises
    RoundRefused without a result, when it is another one by now, while a trial is undecided, or for want of such
    places; IllegalMove or StaleState when it was published before. Side effects in order: the places, the state,
    audit, the job that makes the pairings and then tells everybody.
    """
    row = locked(round)
    if row.runs.filter(kept_at=None, discarded_at=None).exists():
        raise RoundRefused(_("A trial is open. Keep it or put it aside first."))
    current = row.runs.filter(kept_at__isnull=False, discarded_at=None).first()
    if current is None:
        raise RoundRefused(_("The round is not calculated yet."))
    require_newest(row, number)
    if row.state == RoundState.RUN:
        _give_places(row, current, actor, is_wanted=gives_places)
    now = timezone.now()
    old = move(
        row,
        RoundState.PUBLISHED,
        MOVES,
        published_at=now,
        published_by_id=getattr(actor, "pk", None),
        appeals_until=now + datetime.timedelta(days=row.appeal_days),
    )
    audit("supervision.publish_round", row, actor, before={"state": old}, after={"run": current.number})
    return start_job(
        kind=PUBLISH,
        title=_("Publish: %(round)s") % {"round": row.title},
        params={"run": current.pk, "actor": getattr(actor, "pk", None)},
        actor=actor,
        organisation=row.organisation,
        dedupe_key=f"{PUBLISH}:{row.pk}",
    )


def _give_places(round: MatchingRound, run: RoundRun, actor: Asker, *, is_wanted: bool) -> None:
    over = overfull_of(run)
    if not over:
        return
    names = listed(f"{one.member.supervisor} ({one.given}/{one.free})" for one in over)
    if not is_wanted:
        words = _(
            "The result gives these supervisors more mentees than they have free places: %(names)s. Nothing is "
            "published. Give them the places, or try fewer."
        )
        raise RoundRefused(words % {"names": names})
    closed = [
        one for one in over if not actor.has_perm("supervision.change_supervisor", one.member.supervisor)
    ]
    if closed:
        names = listed(f"{one.member.supervisor} ({one.member.supervisor.organisation})" for one in closed)
        words = _(
            "You do not keep the registry of %(names)s: ask the administrator there, or try fewer places."
        )
        raise RoundRefused(words % {"names": names})
    reason = _("Matching round: %(round)s") % {"round": round.title}
    for one in over:
        raise_places(
            supervisor_id=one.member.supervisor_id, capacity=one.capacity, actor=actor, reason=reason
        )


@job_kind(PUBLISH, lambda job: round_place(RoundRun.objects.filter(pk=job.params["run"])))
def settle_round(run: Run) -> dict[str, Any]:
    """Make the pairings of a published round, some hundreds at a time, then tell everybody. Killed, it goes on from
    where it was."""
    actor = User.objects.filter(pk=run.params["actor"]).first()
    lines = RunLine.objects.filter(run=run.params["run"])
    keys = list(lines.filter(settled_at=None).order_by("supervisor", "pk").values_list("pk", flat=True))
    run.report(0, len(keys))
    for first in range(0, len(keys), AT_ONCE):
        settle_lines(line_ids=keys[first : first + AT_ONCE], actor=actor)
        run.report(first + AT_ONCE, len(keys))
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


def settle_lines(*, line_ids: Sequence[int], actor: Asker | None) -> None:
    """Make these pairs pairings, or write down why they cannot be, each once. Should somebody pair two of them by another
    way at the same moment, they are made one by one."""
    try:
        _settle(line_ids, actor)
    except IntegrityError:
        if len(line_ids) == 1:
            raise
        for line_id in line_ids:
            _settle([line_id], actor)


@transaction.atomic
def _settle(line_ids: Sequence[int], actor: Asker | None) -> None:
    rows = RunLine.objects.select_for_update(of=("self",)).filter(pk__in=line_ids, settled_at=None)
    lines = list(
        rows.select_related(
            "mentee__person__user", "mentee__person__employer", "supervisor__supervisor"
        ).order_by("pk")
    )
    pairs = [line for line in lines if line.supervisor is not None]
    if pairs:
        _pair(pairs, actor)
    now = timezone.now()
    for line in lines:
        line.settled_at = now
    # As bulk_update would, in one plain statement instead of hundreds of conditions: the rows are there, and locked.
    RunLine.objects.bulk_create(
        lines,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["settled_at", "pairing", "failure"],
        batch_size=100,
    )


def _pair(lines: Sequence[RunLine], actor: Asker | None) -> None:
    """Make the pairings of these lines, or write into a line why there is none; nothing of the lines is saved."""
    round = MatchingRound.objects.get(runs=lines[0].run_id)
    first = max(round.starts_on, timezone.localdate())
    against = against_now(round, lines)
    for line in lines:
        line.failure = str(AGAINST_DESK[against[line.pk]]) if line.pk in against else ""
    pairs = [(line, line.supervisor) for line in lines if line.supervisor and line.pk not in against]
    made = create_pairings(
        wanted=[(by.supervisor, line.mentee.person) for line, by in pairs],
        actor=actor,
        starts_on=first,
        ends_on=round.ends_on if round.ends_on and round.ends_on >= first else None,
    )
    for (line, _by), found in zip(pairs, made, strict=True):
        if isinstance(found, NotPossible):
            line.failure = str(found)[:300]
        else:
            line.pairing = found


def export_results(*, round: MatchingRound, actor: Asker) -> None:
    """Note that the result was taken out as a workbook. Side effect: audit."""
    audit("supervision.export_results", round, actor)


@transaction.atomic
def retry_line(*, line: RunLine, actor: Asker) -> None:
    """Try once more to make a pairing that failed, such as after a place has become free. Raises RoundRefused when it is
    settled, or the round is not published, or with the reason why it fails again. Side effect: audit."""
    row = locked(line.run.round)
    tried = RunLine.objects.filter(pk=line.pk, pairing=None, settled_at__isnull=False).exclude(failure="")
    if row.state not in TOLD or not tried.update(settled_at=None, failure=""):
        raise RoundRefused(_("This pair is settled. Nothing was changed."))
    settle_lines(line_ids=[line.pk], actor=actor)
    line.refresh_from_db()
    if line.failure:
        raise RoundRefused(line.failure)
    audit("supervision.retry_line", row, actor, after={"line": line.pk})
