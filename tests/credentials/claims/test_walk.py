"""A claim from the draft to the ledger, as the verbs see it."""

import datetime
import json

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from core.models import AuditEntry
from credentials.claims import actions
from credentials.claims.models import Claim, PaymentEntry
from credentials.claims.policy import unknown_facts
from credentials.claims.queries.deciding import ask_again
from credentials.claims.queries.facts import facts_of
from credentials.claims.queries.offers import offers_of
from credentials.claims.states import ClaimState
from credentials.policies.queries.data import decision_data
from tests.factories import make_conduct, make_proof, make_qualification
from tests.factories.subsidies import (
    make_claim,
    make_paid,
    make_payer,
    make_reviewer,
    make_subsidies,
    pass_claim,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(tree, cast):
    return make_subsidies(tree["city"], cast.city_administrator, notice=0)


@pytest.fixture
def officers(tree, cast):
    """Who holds the three stages: the employer, the district and the city."""
    return [make_reviewer(tree["station"], "站长"), cast.administrator, cast.city_administrator]


def test_a_claim_goes_through_its_stages_and_freezes_what_it_rests_on(version, cast, officers):
    claim = make_claim(cast.trainee.person, version, state="review")
    assert (claim.state, claim.stage, claim.amount) == (ClaimState.REVIEW, "employer", 500)

    pass_claim(claim, *officers)

    assert (claim.state, claim.approved_by) == (ClaimState.APPROVED, officers[2])
    assert [one.stage for one in claim.reviews.all()] == ["employer", "county", "city"]
    again = ask_again(claim)
    with override("zh-hans"):
        assert decision_data(again.decision, again.policy) == claim.decision
    assert json.loads(json.dumps(claim.facts)) == claim.facts


def test_a_stage_that_nobody_holds_is_left_out_and_the_authority_never(version, cast):
    claim = make_claim(cast.trainee.person, version, state="review")
    assert claim.stage == "county"


def test_nobody_decides_twice_nor_about_their_own(version, cast, officers, tree):
    claim = make_claim(cast.trainee.person, version, state="review")
    pass_claim(claim, cast.city_administrator)  # the city may stand in for a station

    with pytest.raises(actions.ClaimRefused):
        pass_claim(claim, cast.city_administrator)
    claim.refresh_from_db()
    assert claim.stage == "county"
    own = make_claim(cast.administrator.person, version, state="review")
    Claim.objects.filter(pk=own.pk).update(employer=tree["district"])
    with pytest.raises(actions.ClaimRefused):
        actions.review_claim(claim=own, stage=own.stage, verdict="pass", actor=cast.administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        own.reviews.create(holder=own.holder, stage=own.stage, verdict="pass", by=own.holder)
    with pytest.raises(DatabaseError), transaction.atomic():
        own.delete()


def test_returned_it_comes_back_to_the_stage_that_returned_it(version, cast, officers):
    claim = make_claim(cast.trainee.person, version, state="review")
    pass_claim(claim, officers[0])
    claim.refresh_from_db()
    actions.review_claim(
        claim=claim, stage="county", verdict="return", reason="申请表未盖章", actor=cast.administrator
    )
    claim.refresh_from_db()
    assert (claim.state, claim.reason) == (ClaimState.RETURNED, "申请表未盖章")

    claim = actions.hand_in(claim=claim, actor=cast.trainee)
    assert (claim.state, claim.stage) == (ClaimState.REVIEW, "county")
    assert pass_claim(claim, *officers[1:]).state == ClaimState.APPROVED


def test_what_nobody_knew_is_settled_by_a_reviewer_before_the_last_stage(version, cast, officers):
    claim = make_claim(cast.trainee.person, version)
    Claim.objects.filter(pk=claim.pk).update(declared={})
    claim = actions.hand_in(claim=claim, actor=cast.trainee)
    assert claim.decision["outcome"] == "unknown"
    pass_claim(claim, *officers[:2])

    with pytest.raises(actions.ClaimRefused):
        pass_claim(claim, officers[2])
    judged = {"long_enough": {"passes": True, "words": "社保缴纳记录"}, "clean_record": {"passes": False}}
    actions.review_claim(claim=claim, stage="city", verdict="pass", judged=judged, actor=officers[2])

    claim.refresh_from_db()
    assert (claim.state, claim.decision["outcome"]) == (ClaimState.APPROVED, "grant")
    assert claim.settled == {"long_enough": {"passes": True, "words": "社保缴纳记录", "by": officers[2].pk}}


def test_a_refusal_is_appealed_against_once_and_somebody_else_decides(version, cast, officers, tree):
    claim = make_claim(cast.trainee.person, version, state="review")
    refuse = {"claim": claim, "stage": "employer", "verdict": "refuse", "actor": officers[0]}
    with pytest.raises(actions.ClaimRefused):
        actions.review_claim(**refuse)
    actions.review_claim(**refuse, reason="不在岗")
    claim.refresh_from_db()
    appeal = actions.appeal(claim=claim, words="一直在岗，附考勤", actor=cast.trainee)
    with pytest.raises(actions.ClaimRefused):
        actions.appeal(claim=claim, words="再申诉", actor=cast.trainee)
    with pytest.raises(actions.ClaimRefused):
        actions.answer_appeal(appeal=appeal, upheld=True, answer="属实", actor=cast.administrator)

    actions.answer_appeal(appeal=appeal, upheld=True, answer="属实", actor=cast.city_administrator)

    claim.refresh_from_db()
    assert (claim.state, claim.round, claim.stage) == (ClaimState.REVIEW, 2, "employer")
    assert claim.reviews.count() == 1  # the old decision is kept
    with pytest.raises(actions.ClaimRefused):
        pass_claim(claim, officers[0])  # who refused decides no more
    second = make_reviewer(tree["station"], "副站长")
    pass_claim(claim, second, cast.administrator)
    with pytest.raises(actions.ClaimRefused):
        pass_claim(claim, cast.city_administrator)  # who heard the appeal decides no more either
    pass_claim(claim, make_reviewer(tree["city"], "市二"))
    assert claim.state == ClaimState.APPROVED


def test_a_higher_level_brings_the_difference_and_only_one_of_them_is_open(version, cast, officers):
    first = make_claim(cast.trainee.person, version, state="review")
    make_qualification(cast.trainee.person, "social_worker", days_ago=30)
    with pytest.raises(actions.ClaimRefused):
        make_claim(cast.trainee.person, version, level="social_worker")

    pass_claim(first, *officers)
    pay(first)
    second = make_claim(cast.trainee.person, version, level="social_worker", state="review")

    assert second.amount == 500
    with pytest.raises(actions.ClaimRefused):
        make_claim(cast.trainee.person, version)  # paid
    same = {"person": first.person, "holder": first.holder, "version": version, "authority": first.authority}
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(**same, family=first.family, benefit="certificate", key="assistant", lane="x")


def pay(claim):
    """By a batch of its own; its line of the ledger."""
    row = Claim.objects.select_related("version__subsidy").get(pk=claim.pk)
    line = make_paid(row, built_by=make_payer(row.authority), released_by=make_payer(row.authority))
    return PaymentEntry.objects.get(source=f"payment:{line.pk}")


def test_what_lost_its_ground_goes_back_instead_of_being_paid(version, cast, officers):
    claim = pass_claim(make_claim(cast.trainee.person, version, state="review"), *officers)
    make_conduct(cast.trainee.person, cast.administrator)

    assert not actions.lock_for_payment(claim=claim, actor=cast.finance)

    claim.refresh_from_db()
    assert (claim.state, claim.round, claim.approved_by) == (ClaimState.REVIEW, 2, None)
    assert not PaymentEntry.objects.exists()


def test_a_payment_is_entered_once_and_its_line_is_never_changed(version, cast, officers):
    claim = pass_claim(make_claim(cast.trainee.person, version, state="review"), *officers)
    entry = pay(claim)

    with pytest.raises(actions.ClaimRefused):
        actions.record_payment(claim=claim, on=entry.on, source="payment:again", actor=cast.finance)
    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentEntry.objects.update(amount=1)
    claim.refresh_from_db()
    assert claim.state == ClaimState.PAID


def test_what_was_paid_elsewhere_before_counts(version, cast, tree):
    from core.attachments.actions import keep_file

    said = {
        "authority": tree["city"],
        "policy": version.subsidy.code,
        "benefit": "certificate",
        "key": "assistant",
        "amount": 500,
        "on": datetime.date(2025, 1, 1),
        "words": "系统上线前发放",
        "proof": keep_file(upload=make_proof(), actor=cast.city_administrator),
    }
    earlier = actions.Earlier(**said)
    said = {"person": cast.trainee.person, "earlier": earlier, "actor": cast.city_administrator}
    actions.enter_earlier_payment(**said)
    told = AuditEntry.objects.get(action="credentials.enter_earlier_payment").data["after"]
    assert told["policy"] == version.subsidy.name != version.subsidy.code
    with pytest.raises(actions.ClaimRefused):
        actions.enter_earlier_payment(**said)

    with pytest.raises(actions.ClaimRefused, match="500"):
        make_claim(cast.trainee.person, version, state="review")


def test_what_can_be_claimed_is_said_with_its_last_day(version, cast):
    record = make_qualification(cast.trainee.person, "assistant", days_ago=60)
    cast.trainee.person.refresh_from_db()

    offers = offers_of(cast.trainee.person, timezone.localdate())

    certificate = next(one for one in offers if one.benefit.name == "certificate")
    assert certificate.is_open
    assert certificate.decision.last_day == record.issued_on.replace(year=record.issued_on.year + 1)
    known = facts_of(cast.trainee.person, timezone.localdate())
    missing = unknown_facts(certificate.policy, certificate.benefit, certificate.decision, known)
    assert list(missing) == ["work.since"]
    assert [one.benefit.name for one in offers if one.is_in_kind] == ["training"]
    assert offers_of(
        cast.outside_trainee.person, timezone.localdate()
    )  # the other district is in the city too


def test_withdrawing_forgets_the_account_and_frees_the_place(version, cast):
    claim = make_claim(cast.trainee.person, version, state="review")
    actions.withdraw_claim(claim=claim, actor=cast.trainee)

    claim.refresh_from_db()
    assert (claim.state, claim.account_sealed, claim.bank) == (ClaimState.WITHDRAWN, None, "")
    assert make_claim(cast.trainee.person, version).pk != claim.pk
