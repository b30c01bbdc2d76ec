"""By which rule minutes count, and saying a new one."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from core.people.models import Person
from core.states import Refused
from credentials.hours.models import COMMON_SOURCE, SUPERVISING_SOURCE, Again, EntryKind, HoursRule
from credentials.hours.policy import Counting, Step, steps_fault
from lms.public import OpenCourse, open_courses

DEFAULT_STARTS = datetime.date(2009, 1, 1)
DEFAULT_RULE: dict[str, Any] = {
    "minutes_per_hour": 45,
    "lump_minutes": 90 * 45,
    "source": COMMON_SOURCE,
}
SUPERVISING_RULE: dict[str, Any] = {
    "minutes_per_hour": 45,
    "counts": False,
    "source": SUPERVISING_SOURCE,
}
STEP_FAULTS = {
    "twice": gettext_lazy("Two steps begin at the same minute."),
    "minutes": gettext_lazy("A step begins between 1 and 1440 minutes."),
    "hours": gettext_lazy("The hours of a step lie between 0.01 and 200, with at most two decimals."),
    "falling": gettext_lazy("A longer entry cannot be worth less than a shorter one."),
}


def rule_on(day: datetime.date, organisation: Organisation, kind: str = "") -> HoursRule:
    """The rule in force on this day at this organisation for this kind of hours.

    A rule for the kind itself goes before one for every kind, wherever it was made: who says that supervision does
    not count has not been overruled by a city that says how long an hour is. Then the nearest organisation decides,
    then the latest day.
    """
    known = HoursRule.objects.for_organisation(organisation.path).filter(starts_on__lte=day)
    rules = list(known.filter(kind__in=("", kind)).select_related("organisation"))
    if not rules:
        rules.append(_default("", DEFAULT_RULE))
    if kind == EntryKind.SUPERVISING and not any(rule.kind for rule in rules):
        rules.append(_default(kind, SUPERVISING_RULE))
    return max(rules, key=_nearness)


def _nearness(rule: HoursRule) -> tuple[bool, int, datetime.date]:
    return bool(rule.kind), len(rule.organisation.path) if rule.organisation else 0, rule.starts_on


def _default(kind: str, defaults: dict[str, Any]) -> HoursRule:
    """What holds where nobody has said anything: a row like any other, made when it is first needed."""
    common: dict[str, Any] = {"organisation": None, "starts_on": DEFAULT_STARTS}
    return HoursRule.objects.get_or_create(**common, kind=kind, defaults=defaults)[0]


def worth_now(person: Person) -> list[tuple[OpenCourse, Decimal]]:
    """The courses that are open to this person, with the hours that each can bring by the rule of today. Reads only."""
    courses = open_courses(person.user)
    counting = Counting()
    if courses and person.employer:
        counting = rule_on(timezone.localdate(), person.employer, EntryKind.COURSE).counting
    return [(each, counting.hours_of(each.minutes)) for each in courses]


@transaction.atomic
def add_hours_rule(
    *,
    organisation: Organisation | None,
    starts_on: datetime.date,
    minutes_per_hour: int | None = None,
    source: str,
    actor: Asker,
    kind: str = "",
    steps: Sequence[Step] = (),
    counts: bool = True,
    lump_minutes: int | None = None,
    lessons_again: str = Again.PERIOD,
    degrees_again: str = Again.NEVER,
    day_minutes: int | None = None,
    group_share: int = 100,
    peer_share: int = 100,
    open_share: int = 100,
    together_minutes: int | None = None,
    single_minutes: int | None = None,
) -> HoursRule:
    """Say how minutes become hours from a day on; what is credited already keeps its rule.

    A rule has either minutes for an hour or steps. Raises Refused when it has both or neither, when its steps cannot
    be counted by, or when this organisation has a rule for this kind from that very day. Side effects: a row, an
    audit entry.
    """
    if bool(steps) == bool(minutes_per_hour):
        raise Refused(_("Say either how many minutes make one hour, or the steps."))
    if fault := steps_fault(steps):
        raise Refused(STEP_FAULTS[fault])
    rule = HoursRule(
        organisation=organisation,
        kind=kind,
        starts_on=starts_on,
        minutes_per_hour=minutes_per_hour,
        steps=[{"from_minutes": step.from_minutes, "hours": f"{step.hours:f}"} for step in steps],
        counts=counts,
        lump_minutes=lump_minutes,
        lessons_again=lessons_again,
        degrees_again=degrees_again,
        day_minutes=day_minutes,
        group_share=group_share,
        peer_share=peer_share,
        open_share=open_share,
        together_minutes=together_minutes,
        single_minutes=single_minutes,
        source=source.strip(),
    )
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        raise Refused(_("There is a rule from this day already. Choose another day."))
    told = {"starts_on": starts_on.isoformat(), "kind": kind, "source": rule.source, "counts": counts}
    told |= {"lessons_again": lessons_again, "degrees_again": degrees_again, "day_minutes": day_minutes}
    told |= {"group_share": group_share, "peer_share": peer_share, "open_share": open_share}
    told |= {"together_minutes": together_minutes, "single_minutes": single_minutes}
    told |= {"steps": rule.steps} if steps else {"minutes_per_hour": minutes_per_hour}
    record(
        action="credentials.add_hours_rule", target=rule, actor=actor, organisation=organisation, after=told
    )
    return rule
