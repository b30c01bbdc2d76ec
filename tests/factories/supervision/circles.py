"""Circles, their gatherings, and who took part."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Person, User
from tests.factories.numbers import numbers

if TYPE_CHECKING:
    from supervision.models import (
        Circle,
        CircleMember,
        CircleReview,
        Gathering,
        GatheringAmendment,
        LateGathering,
        Participation,
        Supervisor,
    )


def make_circle(leader: Person | Supervisor, *members: Person, **fields: object) -> Circle:
    """A group of this supervisor, or a peer circle of this person, who is then its first member."""
    from supervision.models import Circle, Supervisor

    peer = not isinstance(leader, Supervisor)
    person = leader if peer else leader.person
    defaults = {
        "kind": "peer" if peer else "group",
        "name": f"督导小组{next(numbers)}",
        "organisation": person.employer if peer else leader.organisation,
        "supervisor": None if peer else leader,
        "admission": "request",
        "capacity": 8,
        "purpose": "一起讨论个案",
        "every_days": 14,
    }
    circle = Circle.objects.create(leader=person, **defaults | fields)
    for member in (*([person] if peer else []), *members):
        make_member(circle, member)
    return circle


def make_member(circle: Circle, person: Person, state: str = "joined") -> CircleMember:
    """Somebody who belongs to a circle since a month ago, with the place counted, or who is asked or asks."""
    from django.db.models import F

    from supervision.models import Circle, CircleMember

    since = timezone.now() - timedelta(days=30)
    if state == "joined":
        Circle.objects.filter(pk=circle.pk).update(taken=F("taken") + 1)
        circle.taken += 1
    return CircleMember.objects.create(
        circle=circle,
        person=person,
        state=state,
        since=since,
        joined_at=since if state in ("joined", "left") else None,
        ended_at=timezone.now() if state in ("declined", "left") else None,
    )


def make_gathering(
    circle: Circle,
    state: str = "logged",
    days_ago: int = 1,
    minutes: int = 90,
    hour: int = 14,
    **fields: object,
) -> Gathering:
    """A gathering in the afternoon, `days_ago` days ago (below zero: in so many days), without what the acts record."""
    from supervision.models import Gathering

    afternoon = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    starts_at = afternoon - timedelta(days=days_ago)
    logged = {"logged_at": timezone.now(), "functions": ["educational"]} if state == "logged" else {}
    return Gathering.objects.create(
        circle=circle,
        leader=circle.leader,
        state=state,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        minutes=minutes,
        form=circle.form,
        **logged | fields,
    )


def make_part(
    gathering: Gathering, person: Person, state: str = "waiting", minutes: int = 60
) -> Participation:
    """One who took part."""
    from supervision.models import Participation

    fields: dict[str, object] = {}
    if state == "confirmed":
        fields = {"confirmed_at": timezone.now(), "confirmed_by_id": person.user_id}
    return Participation.objects.create(
        gathering=gathering,
        person=person,
        organisation=person.employer or gathering.circle.organisation,
        minutes=minutes,
        state=state,
        **fields,
    )


def make_circle_review(circle: Circle, reviewer: User, **fields: object) -> CircleReview:
    """A review of a circle that was asked for and waits for a second person."""
    from supervision.models import CircleReview

    return CircleReview.objects.create(circle=circle, reviewer=reviewer, **{"reason": "投诉核查"} | fields)


def make_gathering_amendment(part: Participation, minutes: int = 45) -> GatheringAmendment:
    """A correction of this one's minutes that waits for their answer."""
    from supervision.models import GatheringAmendment, GatheringAmendmentText, PartAmendment
    from supervision.sessions.models import kept_facts

    held = part.gathering
    amendment = GatheringAmendment.objects.create(
        gathering=held,
        number=held.revision + 1,
        former=kept_facts(held.facts),
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        minutes=held.minutes,
        mode=held.mode,
        setting=held.setting,
        functions=held.functions,
    )
    GatheringAmendmentText.objects.create(amendment=amendment, reason="记错", written="{}")
    PartAmendment.objects.create(amendment=amendment, part=part, former=part.minutes, minutes=minutes)
    return amendment


def make_late_gathering(gathering: Gathering, **fields: object) -> LateGathering:
    """That this gathering was recorded late: an administrator is asked about it as it is."""
    from supervision.models import LateGathering

    parts = gathering.parts.live().values_list("person", "minutes")
    defaults: dict[str, object] = {
        "starts_at": gathering.starts_at,
        "ends_at": gathering.ends_at,
        "came": {str(person): minutes for person, minutes in parts},
        "said_at": gathering.logged_at or timezone.now(),
        "days": 3,
        "allowed": 14,
        "reason": "出差",
        "asked_at": timezone.now(),
    }
    return LateGathering.objects.create(gathering=gathering, **defaults | fields)
