"""A group of the supervisor with two members, and a gathering that is recorded."""

import uuid
from types import SimpleNamespace

import pytest

from supervision.circles import actions
from supervision.circles.policy import GatheringFacts, Shared
from tests.factories import make_circle, make_supervisor
from tests.supervision.conftest import moment


def facts(days_ago: int = 1, start: int = 9, hours: float = 1.5, **more) -> GatheringFacts:
    starts_at = moment(days_ago, start)
    ends_at = moment(days_ago, start + int(hours), round(hours % 1 * 60))
    return GatheringFacts(starts_at, ends_at, functions=("educational",), **more)


@pytest.fixture
def group(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"], code="SV001")
    people = [cast.trainee.person, cast.other_trainee.person]
    circle = make_circle(supervisor, *people, name="个案督导小组")
    return SimpleNamespace(supervisor=supervisor, circle=circle, people=people, leader=cast.supervisor)


def record(group, days_ago=1, start=9, came=None, key=None, gathering=None, hours=1.5, late="", **said):
    minutes = round(hours * 60)
    return actions.log_gathering(
        circle=group.circle,
        actor=group.leader,
        facts=facts(days_ago, start, hours),
        shared=Shared(**{"topics": "转介的时机"} | said),
        came={person.pk: minutes for person in group.people} if came is None else came,
        key=key or uuid.uuid4(),
        gathering=gathering,
        late_reason=late,
    )


@pytest.fixture
def held(group):
    return record(group)


def part_of(gathering, user):
    return gathering.parts.get(person__user=user)


def confirm(gathering, user):
    return actions.confirm_part(part=part_of(gathering, user), actor=user)


def plan(group, days=3, hour=9, **more):
    values = {"starts_at": moment(-days, hour), "ends_at": moment(-days, hour + 1), "key": uuid.uuid4()}
    return actions.plan_gathering(circle=group.circle, actor=group.leader, **values | more)


@pytest.fixture
def late(group):
    """What is asked about a gathering that was recorded six days late."""
    return record(group, days_ago=20, late="出差").late_records.get()
