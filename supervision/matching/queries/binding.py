"""Whether pairs of a result still keep the rules that are the round's own: region and level."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import timezone

from supervision.matching.models import MatchingRound, RunLine
from supervision.matching.queries.facts import LEVELS, rules_of
from supervision.matching.scoring import may_serve
from supervision.supervisors.models import Supervisor


def against_now(round: MatchingRound, lines: Sequence[RunLine]) -> dict[int, str]:
    """Of these lines with a supervisor the keys of those that a rule of the round forbids by now, each with the rule
    ("region", "level"): between calculation and publication somebody may have changed their employer, or a designation run
    out. The other hard rules are asked wherever a pairing is made. Three statements, however many lines."""
    rules, today = rules_of(round), timezone.localdate()
    rows = Supervisor.objects.filter(
        pk__in={line.supervisor.supervisor_id for line in lines if line.supervisor}
    )
    known = rows.select_related("organisation").prefetch_related("regions", "designations")
    supervisors = {row.pk: row for row in known}
    found = {}
    for line in lines:
        employer = line.mentee.person.employer
        if line.supervisor is None or employer is None:
            continue
        by = supervisors[line.supervisor.supervisor_id]
        regions = tuple(each.path for each in by.regions.all())
        level = max(
            (LEVELS.get(each.tier, 0) for each in by.designations.all() if each.is_in_force(today)), default=0
        )
        if not may_serve(by.organisation.path, regions, employer.path, rules.region):
            found[line.pk] = "region"
        elif level < rules.level:
            found[line.pk] = "level"
    return found
