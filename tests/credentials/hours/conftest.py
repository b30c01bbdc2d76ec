"""A pairing, and a rule of the city from the first day of that year on."""

from datetime import datetime

import pytest

from credentials.hours.actions import (
    add_hours_rule,
)
from tests.credentials.hours.acts import YEAR
from tests.factories import make_pairing, make_supervisor


@pytest.fixture
def pairing(tree, cast):
    return make_pairing(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)


@pytest.fixture
def rule(tree, cast):
    def made(**more):
        given = {"organisation": tree["city"], "starts_on": datetime(YEAR, 1, 1).date(), "source": "市局通知"}
        return add_hours_rule(**given | {"minutes_per_hour": 45, "actor": cast.city_administrator} | more)

    return made
