"""What is said to wait for a finance officer is what the rules let them do."""

import pytest

from core.models import RoleAssignment, User
from credentials.claims.models import Claim
from credentials.payments import actions
from credentials.payments.queries.apart import why_not_release
from credentials.payments.queries.waiting import money_waiting_for
from tests.factories import give_role
from tests.factories.subsidies import make_batch, make_paid, make_payer, money_back

pytestmark = pytest.mark.django_db


def test_a_locked_batch_waits_for_whoever_may_release_it_and_for_nobody_else(desk, cast, tree):
    for user in (cast.trainee, desk.approver):
        give_role(user, "finance", tree["city"])
    third = make_payer(tree["city"], "第三人")
    claim = Claim.objects.get(pk=desk.claims[0].pk)
    friend = make_payer(tree["city"], "同学")
    claim.conflicts.create(officer=friend, words="同学")
    batch = make_batch(desk.claims[0], built_by=desk.builder)
    actions.lock_batch(batch=batch, actor=desk.builder)

    for user in (desk.builder, desk.releaser, desk.approver, cast.trainee, cast.finance, third, friend):
        officer = User.objects.get(pk=user.pk)
        waits = bool(money_waiting_for(officer).get("release"))
        assert (
            waits
            == officer.has_perm("credentials.release_paymentbatch", batch)
            == (user in (desk.releaser, third))
        )


def test_a_reversal_waits_for_whoever_may_confirm_it_and_for_nobody_else(desk, cast, tree):
    give_role(desk.approver, "finance", tree["city"])
    third, friend = (make_payer(tree["city"], name) for name in ("第三人", "同学"))
    line = make_paid(desk.claims[0], built_by=desk.builder, released_by=desk.releaser)
    line.claim.conflicts.create(officer=friend, words="同学")
    reversal = actions.record_reversal(line=line, back=money_back(), actor=desk.releaser)

    for user in (desk.builder, desk.releaser, desk.approver, third, friend):
        officer = User.objects.get(pk=user.pk)
        waits = bool(money_waiting_for(officer).get("reversals"))
        assert waits == officer.has_perm("credentials.confirm_paymentreversal", reversal) == (user == third)


def test_a_locked_batch_does_not_wait_for_whom_its_builder_or_approver_let_in(desk, cast, tree):
    """The number asks, as the page does, who let whom in."""
    hands = [make_payer(tree["city"], name) for name in ("甲", "乙")]
    for hand, giver in zip(hands, (desk.builder, desk.approver), strict=True):
        RoleAssignment.objects.filter(user=hand).update(granted_by=giver)
    batch = make_batch(desk.claims[0], built_by=desk.builder)
    actions.lock_batch(batch=batch, actor=desk.builder)

    for user in (*hands, desk.releaser):
        officer = User.objects.get(pk=user.pk)
        waits = bool(money_waiting_for(officer).get("release"))
        assert waits == officer.has_perm("credentials.release_paymentbatch", batch) == (user == desk.releaser)


def test_the_number_may_count_a_batch_of_which_only_its_page_tells_that_somebody_let_its_builder_in_from_above(
    desk, tree
):
    """What a number would have to ask of each batch, its page asks: nobody is kept from finding what waits."""
    above = make_payer(tree["province"], "省财务")
    RoleAssignment.objects.filter(user=desk.builder).update(granted_by=above)
    batch = make_batch(desk.claims[0], built_by=desk.builder)
    actions.lock_batch(batch=batch, actor=desk.builder)

    officer = User.objects.get(pk=above.pk)
    assert money_waiting_for(officer)["release"] == 1
    assert why_not_release(batch, officer) == "gave"
    assert not officer.has_perm("credentials.release_paymentbatch", batch)
