"""A policy of the city, two finance officers, and three people whose claims wait for payment."""

from types import SimpleNamespace

import pytest

from tests.factories.subsidies import make_approved, make_payer, make_reviewer, make_subsidies


@pytest.fixture
def desk(tree, cast):
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0)
    approver = make_reviewer(tree["city"], "审批人")
    people = (cast.trainee, cast.other_trainee, cast.outside_trainee)
    return SimpleNamespace(
        version=version,
        policy=version.subsidy,
        approver=approver,
        builder=make_payer(tree["city"], "制表人"),
        releaser=make_payer(tree["city"], "审核人"),
        claims=[make_approved(user.person, version, approver) for user in people],
    )
