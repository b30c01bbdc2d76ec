"""What somebody tries in order to be reviewer of their own claim, to skip a stage, or to keep an older policy alive."""

import pytest
from django.test import Client
from django.urls import reverse

from core.organisations.models import RoleAssignment
from credentials.claims import actions
from credentials.claims.models import Claim
from credentials.claims.queries.stages import why_not
from credentials.claims.queries.waiting import appeals_for, waiting_for
from credentials.claims.states import ClaimState
from credentials.policies.actions import publish_policy, save_policy
from tests.factories import give_role, make_user
from tests.factories.policies import make_policy_of
from tests.factories.subsidies import (
    make_approved,
    make_batch,
    make_claim,
    make_payer,
    make_reviewer,
    make_subsidies,
    pass_claim,
    policy_text,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(tree, cast):
    return make_subsidies(tree["city"], cast.city_administrator, notice=0)


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def test_a_stage_whose_last_holder_leaves_is_not_a_way_past_the_later_ones(version, tree, cast):
    station = make_reviewer(tree["station"], "站长")
    claim = make_claim(cast.trainee.person, version, state="review")
    assert claim.stage == "employer"
    RoleAssignment.objects.filter(user=station).delete()

    pass_claim(claim, cast.administrator)  # the district stands in for the station

    assert (claim.state, claim.stage) == (ClaimState.REVIEW, "county")
    second = make_reviewer(tree["district"], "区二")
    assert pass_claim(claim, second, cast.city_administrator).state == ClaimState.APPROVED


def test_whoever_owes_their_role_to_the_claimant_decides_nothing_about_the_claim(version, tree, cast):
    """An administrator at the city claims, and lets in colleagues who are to pass it."""
    claimant = make_user("市管", tree["station"])
    give_role(claimant, "administrator", tree["city"])
    claim = make_claim(claimant.person, version, state="review")
    puppet = make_user("新管", tree["station"])
    give_role(puppet, "administrator", tree["city"], granted_by=claimant)
    puppet = fresh(puppet)

    assert why_not(claim, puppet) == "bound"
    assert claim not in waiting_for(puppet) and claim in waiting_for(fresh(cast.city_administrator))
    with pytest.raises(actions.ClaimRefused):
        pass_claim(claim, puppet)
    actions.review_claim(
        claim=claim, stage=claim.stage, verdict="refuse", reason="不在岗", actor=cast.administrator
    )
    appeal = actions.appeal(claim=Claim.objects.get(pk=claim.pk), words="在岗", actor=claimant)
    assert appeal not in appeals_for(puppet) and appeal in appeals_for(fresh(cast.city_administrator))
    with pytest.raises(actions.ClaimRefused):
        actions.answer_appeal(appeal=appeal, upheld=True, answer="属实", actor=puppet)


def test_who_passed_an_earlier_stage_does_not_approve_when_only_the_last_is_asked_again(version, tree, cast):
    second = make_reviewer(tree["city"], "市二")
    make_reviewer(tree["station"], "站长")
    claim = make_claim(cast.trainee.person, version, state="review")
    pass_claim(claim, second, cast.administrator, cast.city_administrator)
    Claim.objects.filter(pk=claim.pk).update(state="notice")
    claim.refresh_from_db()
    actions.appealing.review_again(claim, at_last=True, reason="异议成立")

    assert why_not(claim, second) == "passed" and claim not in waiting_for(fresh(second))
    assert why_not(claim, cast.city_administrator) == ""
    assert claim in waiting_for(fresh(cast.city_administrator))


def test_a_draft_does_not_keep_an_older_version_alive(version, cast):
    claim = make_claim(cast.trainee.person, version)
    text = policy_text(notice=0).replace("assistant: 500", "assistant: 300")
    kept = {"organisation": version.subsidy.organisation, "cases": "", "answers": {}}
    saved = save_policy(subsidy=version.subsidy, text=text, actor=cast.city_administrator, **kept)
    newer = publish_policy(subsidy=saved, actor=cast.city_administrator)
    client = Client()
    client.force_login(cast.trainee)
    assert "500" not in client.get(reverse("credentials:claim-check", args=[claim.pk])).content.decode()

    claim = actions.hand_in(claim=claim, actor=cast.trainee)

    assert (claim.version_id, claim.amount) == (newer.pk, 300)
    saved = save_policy(
        subsidy=saved,
        text=text.replace("assistant: 300", "assistant: 900"),
        actor=cast.city_administrator,
        **kept,
    )
    publish_policy(subsidy=saved, actor=cast.city_administrator)
    actions.review_claim(
        claim=claim, stage=claim.stage, verdict="return", reason="补盖章", actor=cast.administrator
    )
    claim.refresh_from_db()
    assert actions.hand_in(claim=claim, actor=cast.trainee).amount == 300  # what was handed in keeps its own


def test_who_entered_a_claim_and_lost_their_role_there_fills_in_no_more(version, tree, cast):
    from core.attachments.actions import keep_file
    from tests.factories import make_proof, make_qualification

    officer = make_reviewer(tree["station"], "站长")
    person = cast.trainee.person
    make_qualification(person, "assistant", days_ago=60)
    proof = keep_file(upload=make_proof(), actor=officer)
    claim = actions.start_claim(
        person=person, version=version, benefit="certificate", key="assistant", proof=proof, actor=officer
    )
    address = reverse("claims:fill", args=[claim.pk])
    client = Client()
    client.force_login(officer)
    assert client.get(address).status_code == 200
    RoleAssignment.objects.filter(user=officer).delete()
    give_role(officer, "administrator", tree["other_station"])
    assert client.get(address).status_code == 404
    assert client.post(address, {"bank": "我的银行", "account": "6222020200112233452"}).status_code == 404


def test_a_title_struck_off_and_registered_anew_is_not_paid_for_again(version, cast):
    from credentials.claims.queries.facts import facts_of
    from credentials.commendations.actions import register_commendation, strike_commendation

    person = cast.trainee.person
    said = {
        "rank": "national",
        "title": "最美社工",
        "issuer": "示例部",
        "year": 2025,
        "actor": cast.administrator,
    }
    first = register_commendation(person=person, **said)
    key = f"commendation-{first.pk}"
    strike_commendation(commendation=first, reason="登记有误", actor=cast.administrator)
    assert facts_of(person, first.created_at.date()).titles == ()

    again = register_commendation(person=person, **said)

    assert again.pk != first.pk
    assert [one["key"] for one in facts_of(person, again.created_at.date()).titles] == [key]


def test_what_the_following_policy_has_paid_is_not_paid_again_by_the_older(tree, cast):
    """The code of the follower sorts before that of the policy that it follows: their claims are of two families."""
    older = make_subsidies(tree["city"], cast.city_administrator, code="m-2020", notice=0)
    text = policy_text(code="a-2026", notice=0).replace("jurisdiction:", "follows: [m-2020]\njurisdiction:")
    newer = make_policy_of(tree["city"], cast.city_administrator, text).latest()
    station = make_reviewer(tree["station"], "站长")
    person, officers = cast.trainee.person, (station, cast.administrator, cast.city_administrator)
    claim = pass_claim(make_claim(person, newer, state="review"), *officers)
    waiting = pass_claim(make_claim(cast.other_trainee.person, older, state="review"), *officers)
    assert (claim.state, claim.amount) == (ClaimState.APPROVED, 500)  # granted, and not paid yet

    with pytest.raises(actions.ClaimRefused, match="500"):
        make_claim(person, older, state="review")

    assert waiting.state == ClaimState.APPROVED
    assert actions.lock_for_payment(claim=claim, actor=cast.finance)
    assert actions.lock_for_payment(claim=waiting, actor=cast.finance)


def test_one_certificate_is_not_paid_for_to_a_second_account_of_its_holder(version, tree, cast):
    """The first account gives up the ID number, and its record is returned so that the second one can be verified."""
    from credentials.payments.actions import build_batch

    officer, payer = cast.city_administrator, make_payer(tree["city"])
    first = make_approved(cast.trainee.person, version, officer)
    record = cast.trainee.person.qualification_records.get()
    make_batch(first, built_by=payer)
    second = make_claim(cast.other_trainee.person, version, state="review")
    type(record).objects.filter(pk=record.pk).update(state="returned", reason="换账号")
    cast.other_trainee.person.qualification_records.update(number=record.number)
    Claim.objects.filter(pk=second.pk).update(
        facts=first.facts, state="approved", approved_by=officer, stage_due_on=None
    )
    second = Claim.objects.select_related("version__subsidy").get(pk=second.pk)

    built = build_batch(policy=version.subsidy, claims=[second], actor=payer)

    assert built.batch is None and record.number in built.left[0][1]
    second.refresh_from_db()
    assert second.state == ClaimState.APPROVED
