"""What is said to wait for a finance officer is what the rules let them do."""

import pytest

from core.models import User
from credentials.payments import actions
from credentials.payments.queries.waiting import money_waiting_for
from tests.factories import give_role
from tests.factories.subsidies import make_batch, make_payer

pytestmark = pytest.mark.django_db


def test_a_locked_batch_waits_for_whoever_may_release_it_and_for_nobody_else(desk, cast, tree):
    for user in (cast.trainee, desk.approver):
        give_role(user, "finance", tree["city"])
    third = make_payer(tree["city"], "第三人")
    batch = make_batch(desk.claims[0], built_by=desk.builder)
    actions.lock_batch(batch=batch, actor=desk.builder)

    for user in (desk.builder, desk.releaser, desk.approver, cast.trainee, cast.finance, third):
        officer = User.objects.get(pk=user.pk)
        waits = bool(money_waiting_for(officer).get("release"))
        assert (
            waits
            == officer.has_perm("credentials.release_paymentbatch", batch)
            == (user in (desk.releaser, third))
        )
