"""A city's policy, a claimant who is signed in, their draft, and one officer for each stage."""

import pytest

from tests.factories.subsidies import make_claim, make_reviewer, make_subsidies


@pytest.fixture
def version(tree, cast):
    return make_subsidies(tree["city"], cast.city_administrator)


@pytest.fixture
def me(client, cast):
    client.force_login(cast.trainee)
    return cast.trainee.person


@pytest.fixture
def draft(version, me):
    return make_claim(me, version)


@pytest.fixture
def officers(tree, cast):
    return [make_reviewer(tree["station"], "站长"), cast.administrator, cast.city_administrator]
