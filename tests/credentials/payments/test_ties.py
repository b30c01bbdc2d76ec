"""Two who stand for a payment are two people, whichever of the two roles one has given the other, and stand behind nobody who
claims it or decided about it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.audit.actions import record
from core.models import User
from core.states import move
from credentials.claims.models import Claim
from credentials.claims.states import MOVES
from credentials.payments import actions
from credentials.payments.models import PaymentLine
from credentials.payments.queries.apart import (
    who_confirms,
    who_releases,
    why_not_build,
    why_not_confirm,
    why_not_release,
)
from tests.factories import give_role, make_user
from tests.factories.subsidies import (
    make_approved,
    make_batch,
    make_claim,
    make_paid,
    make_payer,
    make_reviewer,
    money_back,
)

pytestmark = pytest.mark.django_db


def fresh(user):
    return User.objects.get(pk=user.pk)


def let_in(giver, place, role="finance", name="新财务"):
    user = make_user(name, place)
    give_role(user, role, place, granted_by=giver)
    return fresh(user)


@pytest.fixture
def boss(tree):
    """Administers the city and is its finance officer."""
    user = make_reviewer(tree["city"], "管理兼财务")
    give_role(user, "finance", tree["city"])
    return fresh(user)


@pytest.fixture
def hand(tree, boss):
    return let_in(boss, tree["city"])


def recorded_by(officer, claim, *, built_by, released_by):
    line = make_paid(claim, built_by=built_by, released_by=released_by)
    return actions.record_reversal(line=line, back=money_back(), actor=officer)


def test_who_got_the_finance_role_from_the_builder_releases_nothing_of_theirs(desk, boss, hand):
    batch = make_batch(desk.claims[0], built_by=boss, state="locked")

    assert why_not_release(batch, hand) == "bound"
    assert why_not_release(batch, desk.releaser) == ""
    with pytest.raises(actions.PaymentRefused):
        actions.release_batch(batch=batch, total=batch.total, actor=hand)


@pytest.mark.parametrize("place", ["city", "province"])
def test_nor_does_who_gave_it_to_the_builder_from_whatever_tier(desk, tree, place):
    giver = make_payer(tree[place], "授权人")
    builder = let_in(giver, tree["city"])
    batch = make_batch(desk.claims[0], built_by=builder, state="locked")

    assert why_not_release(batch, giver) == "gave"
    assert why_not_release(batch, desk.releaser) == ""
    with pytest.raises(actions.PaymentRefused, match="由你给予"):
        actions.release_batch(batch=batch, total=batch.total, actor=giver)


def test_nor_does_who_made_the_account_of_the_builder_or_the_other_way_round(desk, tree, boss):
    made = make_payer(tree["city"], "新账号")
    record(action="core.create_people", target=made.person, actor=boss, organisation=tree["city"])
    of_made = make_batch(desk.claims[0], built_by=fresh(made), state="locked")
    of_maker = make_batch(desk.claims[1], built_by=boss, state="locked")

    assert why_not_release(of_made, boss) == "gave"
    assert why_not_release(of_maker, fresh(made)) == "bound"


def test_nor_confirms_the_reversal_that_they_recorded(desk, boss, hand):
    reversal = recorded_by(boss, desk.claims[0], built_by=boss, released_by=desk.releaser)

    assert why_not_confirm(reversal, hand) == "bound"
    assert why_not_confirm(reversal, desk.releaser) == ""
    with pytest.raises(actions.PaymentRefused):
        actions.confirm_reversal(reversal=reversal, actor=hand)


def test_a_reversal_is_confirmed_by_neither_the_builder_nor_the_approver_nor_who_let_in_its_recorder(
    desk, tree, boss, hand
):
    give_role(desk.approver, "finance", tree["city"])
    reversal = recorded_by(hand, desk.claims[0], built_by=desk.builder, released_by=desk.releaser)
    barred = {desk.builder: "built", desk.approver: "decided", boss: "gave", hand: "recorded"}

    assert {one: why_not_confirm(reversal, fresh(one)) for one in barred} == barred
    for one in barred:
        with pytest.raises(actions.PaymentRefused):
            actions.confirm_reversal(reversal=reversal, actor=fresh(one))
    assert who_confirms(reversal) == [desk.releaser]
    actions.confirm_reversal(reversal=reversal, actor=desk.releaser)


def test_whom_the_approver_let_in_may_build_and_does_not_release(desk, tree):
    first, second = (let_in(desk.approver, tree["city"], name=name) for name in ("财务一", "财务二"))
    batch = make_batch(desk.claims[0], built_by=first, state="locked")

    assert why_not_release(batch, second) == "tied"
    assert why_not_release(batch, fresh(desk.approver)) == "gave"
    with pytest.raises(actions.PaymentRefused, match="审核人"):
        actions.release_batch(batch=batch, total=batch.total, actor=second)
    released = actions.release_batch(batch=batch, total=batch.total, actor=desk.releaser)
    assert released.released_by == desk.releaser


def test_whom_the_claimant_let_in_neither_builds_nor_releases_their_money(desk, tree, boss):
    claim = make_approved(boss.person, desk.version, desk.approver)
    hand = let_in(boss, tree["city"])
    mine = Claim.objects.filter(pk=claim.pk)

    assert why_not_build(mine, tree["city"], hand) == {claim.pk: "close"}
    built = actions.build_batch(policy=desk.policy, claims=[claim], actor=hand)
    assert built.batch is None and "申领人" in built.left[0][1]
    batch = make_batch(claim, desk.claims[0], built_by=desk.builder, state="locked")
    assert why_not_release(batch, hand) == "close"
    assert why_not_release(batch, desk.releaser) == ""


def test_who_let_in_the_colleague_who_claims_does_not_pay_them_either(desk, tree, boss, hand):
    claim = make_approved(hand.person, desk.version, desk.approver)

    assert why_not_build(Claim.objects.filter(pk=claim.pk), tree["city"], boss) == {claim.pk: "giver"}
    batch = make_batch(claim, built_by=desk.builder, state="locked")
    assert why_not_release(batch, boss) == "giver"


def passed_below(desk, person, officer, approver):
    """A claim that this officer passed at the station, and this one at the city."""
    claim = make_claim(person, desk.version, level="senior", state="review")
    claim.reviews.create(holder=claim.holder, stage="employer", verdict="pass", by=officer)
    move(claim, "approved", MOVES, stage="", stage_due_on=None, approved_by=approver)
    return Claim.objects.select_related("version__subsidy").get(pk=claim.pk)


def test_one_person_behind_approval_list_and_release_is_one_too_few(desk, tree, cast, boss):
    """Where a tier below has passed the claim as well, the money is not in one hand alone."""
    first, second = (let_in(boss, tree["city"], name=name) for name in ("财务一", "财务二"))
    approver = let_in(boss, tree["city"], "administrator", "审批二")
    station = make_reviewer(tree["station"], "站长")
    alone = make_approved(cast.instructor.person, desk.version, approver)
    looked_at = passed_below(desk, cast.supervisor.person, station, approver)
    free = make_batch(looked_at, built_by=first, state="locked")
    batch = make_batch(alone, built_by=first, state="locked")

    assert why_not_release(free, second) == ""
    assert why_not_release(batch, second) == "same"
    with pytest.raises(actions.PaymentRefused, match="同一名"):
        actions.release_batch(batch=batch, total=batch.total, actor=second)
    assert why_not_release(batch, desk.releaser) == ""


def heard_and_conflicted(desk, person):
    """A claim about which one officer has decided an appeal, and another has declared a conflict of interest."""
    claim = make_claim(person, desk.version, level="senior", state="review")
    refusal = claim.reviews.create(
        holder=claim.holder, stage="city", verdict="refuse", reason="不符", by=make_user("拒")
    )
    judge, friend = (make_payer(desk.policy.organisation, name) for name in ("复核人", "同学"))
    about = {"against": refusal, "holder": claim.holder, "refused_by": refusal.by, "words": "请复核"}
    claim.appeals.create(**about, state="upheld", decided_by=judge, decided_at=timezone.now(), answer="属实")
    claim.conflicts.create(officer=friend, words="同学")
    move(claim, "approved", MOVES, stage="", stage_due_on=None, approved_by=desk.approver)
    return Claim.objects.select_related("version__subsidy").get(pk=claim.pk), judge, friend


def test_who_decided_an_appeal_or_declared_a_conflict_neither_builds_nor_releases(desk, cast):
    claim, judge, friend = heard_and_conflicted(desk, cast.instructor.person)

    for officer, words in ((judge, "申诉"), (friend, "利益冲突")):
        built = actions.build_batch(policy=desk.policy, claims=[claim], actor=officer)
        assert built.batch is None and words in built.left[0][1]
    batch = make_batch(claim, desk.claims[0], built_by=desk.builder, state="locked")
    assert [why_not_release(batch, one) for one in (judge, friend)] == ["heard", "conflict"]
    for officer, words in ((judge, "申诉"), (friend, "利益冲突")):
        with pytest.raises(actions.PaymentRefused, match=words):
            actions.release_batch(batch=batch, total=batch.total, actor=officer)
    assert desk.releaser in who_releases(batch) and not {judge, friend, desk.builder} & set(
        who_releases(batch)
    )


def test_what_is_asked_of_the_second_person_costs_the_same_for_any_number_of_lines(desk, tree):
    users = [make_user(f"申领人{number}", tree["station"]) for number in range(6)]
    many = [make_approved(one.person, desk.version, desk.approver) for one in users]
    counted = []
    for claims in (desk.claims[:1], many):
        batch = make_batch(*claims, built_by=desk.builder, state="locked")
        officer = User.objects.select_related("person").get(pk=desk.releaser.pk)
        with CaptureQueriesContext(connection) as queries:
            assert why_not_release(batch, officer) == ""
        builder = User.objects.select_related("person").get(pk=desk.builder.pk)
        with CaptureQueriesContext(connection) as more:
            assert (
                why_not_build(Claim.objects.filter(pk__in=[one.pk for one in claims]), tree["city"], builder)
                == {}
            )
        counted.append((len(queries), len(more)))
    assert counted[0] == counted[1] and max(counted[0]) <= 8


def shown(client, officer, name, row):
    client.force_login(officer)
    return client.get(reverse(f"payments:{name}", args=[row.pk]))


def test_the_page_of_a_batch_offers_the_release_to_whom_it_is_granted_and_names_them_to_others(
    client, desk, tree, cast, boss, hand
):
    batch = make_batch(desk.claims[0], built_by=hand, state="locked")

    for officer in (boss, hand, fresh(desk.approver)):
        page = shown(client, officer, "batch", batch)
        text = page.content.decode()
        assert not page.context["may_release"] and "可以办理的人员：" in text
        assert {"制表人", "审核人"} <= set(page.context["who_can"].strip("。").split("：")[1].split("、"))
    assert shown(client, desk.releaser, "batch", batch).context["may_release"]
    for officer in (desk.builder, desk.releaser, cast.city_administrator):
        officer.roles.all().delete()
    assert "均无可以办理的人员" in shown(client, boss, "batch", batch).content.decode()
    above = make_payer(tree["province"], "省财务")
    assert "可以办理的人员：省财务。" in shown(client, boss, "batch", batch).content.decode()
    assert actions.release_batch(batch=batch, total=batch.total, actor=above).state == "released"


def test_the_page_of_a_reversal_names_who_can_confirm_it(client, desk, boss, hand):
    reversal = recorded_by(hand, desk.claims[0], built_by=desk.builder, released_by=desk.releaser)

    text = shown(client, boss, "reversal", reversal).content.decode()
    assert "登记人的账号或角色由你给予" in text and "可以办理的人员：审核人。" in text
    assert 'name="confirm"' not in text
    assert 'name="confirm"' in shown(client, desk.releaser, "reversal", reversal).content.decode()


def test_what_somebody_puts_into_no_batch_is_not_offered_to_them(client, desk, cast):
    claim, judge, friend = heard_and_conflicted(desk, cast.instructor.person)

    for officer, words in ((judge, "申诉"), (friend, "利益冲突")):
        page = shown(client, officer, "build", desk.policy)
        offered = {row.claim.pk for row, barred in page.context["rows"] if not barred}
        assert offered == {one.pk for one in desk.claims} and words in page.content.decode()
        assert f'value="{claim.pk}"' not in page.content.decode()
    client.post(reverse("payments:build", args=[desk.policy.pk]), {"all": "on"})
    assert set(PaymentLine.objects.values_list("claim", flat=True)) == {one.pk for one in desk.claims}


def test_a_batch_with_a_line_that_is_not_for_its_builder_is_not_offered_to_be_locked(client, desk):
    batch = make_batch(*desk.claims[:2], built_by=desk.builder)
    Claim.objects.get(pk=desk.claims[0].pk).conflicts.create(officer=desk.builder, words="同学")

    text = shown(client, desk.builder, "batch", batch).content.decode()
    assert f"{desk.claims[0].serial} 由你本人" in text and "/lock/" not in text
    with pytest.raises(actions.PaymentRefused, match=desk.claims[0].serial):
        actions.lock_batch(batch=batch, actor=desk.builder)
    actions.drop_line(line=batch.lines.get(claim=desk.claims[0]), actor=desk.builder)
    assert "/lock" in shown(client, desk.builder, "batch", batch).content.decode()


def test_who_would_record_what_nobody_could_confirm_is_told_so_before(client, desk):
    line = make_paid(desk.claims[0], built_by=desk.builder, released_by=desk.releaser)
    address = reverse("payments:reverse", args=[line.batch_id, line.pk])

    for officer, is_alone in ((desk.releaser, True), (desk.builder, False)):
        client.force_login(officer)
        assert ("都没有人能够复核" in client.get(address).content.decode()) == is_alone
