"""Two who stand for a payment are two people, whichever of the two roles one has given the other."""

import pytest
from django.utils import timezone

from credentials.payments import actions
from credentials.payments.queries.apart import why_not_confirm, why_not_release
from tests.factories import give_role, make_user
from tests.factories.subsidies import make_batch, make_reviewer, money_back

pytestmark = pytest.mark.django_db


def fresh(user):
    return type(user).objects.get(pk=user.pk)


@pytest.fixture
def boss(tree):
    """Administers the city and is its finance officer."""
    user = make_reviewer(tree["city"], "管理兼财务")
    give_role(user, "finance", tree["city"])
    return fresh(user)


@pytest.fixture
def hand(tree, boss):
    user = make_user("新财务", tree["city"])
    give_role(user, "finance", tree["city"], granted_by=boss)
    return fresh(user)


def test_who_got_the_finance_role_from_the_builder_releases_nothing_of_theirs(desk, boss, hand):
    batch = make_batch(desk.claims[0], built_by=boss, state="locked")

    assert why_not_release(batch, hand) == "bound"
    assert why_not_release(batch, desk.releaser) == ""
    with pytest.raises(actions.PaymentRefused):
        actions.release_batch(batch=batch, total=batch.total, actor=hand)


def test_nor_confirms_the_reversal_that_they_recorded(desk, boss, hand):
    batch = make_batch(desk.claims[0], built_by=boss, released_by=desk.releaser, state="released")
    actions.record_result(line=batch.lines.get(), paid=True, on=timezone.localdate(), actor=boss)
    reversal = actions.record_reversal(line=batch.lines.get(), back=money_back(), actor=boss)

    assert why_not_confirm(reversal, hand) == "bound"
    assert why_not_confirm(reversal, desk.releaser) == ""
    with pytest.raises(actions.PaymentRefused):
        actions.confirm_reversal(reversal=reversal, actor=hand)
