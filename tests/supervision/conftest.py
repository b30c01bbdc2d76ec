"""One pair and what they share; everybody else of the cast stands outside of it."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from supervision.sessions.policy import SessionFacts, Written
from tests.factories import make_pairing, make_supervisor


@pytest.fixture
def pair(tree, cast):
    """The supervisor of the agency with the trainee of the station."""
    supervisor = make_supervisor(cast.supervisor, tree["agency"], code="SV001")
    pairing = make_pairing(supervisor, cast.trainee.person)
    return SimpleNamespace(supervisor=supervisor, pairing=pairing, mentee=cast.trainee.person)


def moment(days_ago: int, hour: int, minute: int = 0) -> datetime:
    day: date = timezone.localdate() - timedelta(days=days_ago)
    return datetime.combine(day, time(hour, minute), timezone.get_current_timezone())


def facts(days_ago: int = 1, start: int = 9, hours: float = 1, **more) -> SessionFacts:
    """A session of some hours that began at `start` o'clock."""
    starts_at = moment(days_ago, start)
    return SessionFacts(starts_at, starts_at + timedelta(hours=hours), functions=("educational",), **more)


def written(topics: str = "接案预估", **more: str) -> Written:
    return Written(topics=topics, **more)
