"""The account of a claim on its claimant's pages: corrected after a failure, taken back, named again."""

import pytest
from django.urls import reverse

from credentials.claims import actions
from credentials.claims.models import Claim
from credentials.claims.states import ClaimState
from tests.factories.subsidies import (
    ACCOUNT,
    make_claim,
    make_subsidies,
    pass_claim,
)

pytestmark = pytest.mark.django_db
GOOD_ACCOUNT = "9999990200112233442"  # passes the check of bank cards; nobody's bank


def at(name, claim, *args):
    return reverse(f"credentials:claim-{name}", args=[claim.pk, *args])


@pytest.fixture
def approved(tree, cast, me):
    version = make_subsidies(tree["city"], cast.city_administrator, code="example-2021", notice=0)
    claim = make_claim(me, version, state="review")
    return pass_claim(claim, cast.administrator, cast.city_administrator)


def test_the_account_is_corrected_after_the_bank_failed_and_not_before(client, approved, cast):
    said = {"bank": "示例银行沙市支行", "account": GOOD_ACCOUNT, "agrees": "on", "checked": "on"}
    assert client.post(at("account", approved), said)["Location"] == approved.get_absolute_url()
    actions.lock_for_payment(claim=approved, actor=cast.finance)
    approved.refresh_from_db()
    actions.unlock_claim(claim=approved, batch="FF-2026-0001", actor=cast.finance, reason="账号户名不符")
    assert "账号户名不符" in client.get(at("detail", approved)).content.decode()
    assert len(client.post(at("account", approved), {}).context["form"].errors) == 3

    client.post(at("account", approved), said)

    approved.refresh_from_db()
    assert (approved.account_sealed, approved.reason) == (GOOD_ACCOUNT, "")
    assert actions.lock_for_payment(claim=approved, actor=cast.finance)


def test_the_account_is_taken_back_and_the_claim_comes_back(client, approved, cast, tree):
    consent = approved.consent
    client.post(at("take-back", approved))

    approved.refresh_from_db()
    consent.refresh_from_db()
    assert (approved.state, approved.account_sealed, approved.approved_by) == (
        ClaimState.RETURNED,
        None,
        None,
    )
    assert consent.withdrawn_at
    client.post(
        at("edit", approved),
        {
            "fact-work-since": "2024-01-01",
            "bank": "示例银行",
            "account": ACCOUNT,
            "agrees": "on",
            "checked": "on",
            "stamp": client.get(at("edit", approved)).context["stamp"],
        },
    )
    client.post(at("check", approved), {"declares": "on"})
    approved.refresh_from_db()
    assert (approved.state, approved.stage, approved.round) == (ClaimState.REVIEW, "county", 2)
    pass_claim(approved, cast.administrator, cast.city_administrator)
    assert approved.state == ClaimState.APPROVED


def test_of_a_refused_claim_it_is_forgotten_and_the_refusal_stays(client, approved):
    Claim.objects.filter(pk=approved.pk).update(
        state=ClaimState.REFUSED, reason="证书不符。", approved_by=None, decided_at=None
    )
    consent = approved.consent
    page = client.get(at("detail", approved))
    assert page.context["may_take_back"] and "仍可申诉" in page.content.decode()
    client.post(at("take-back", approved))

    approved.refresh_from_db()
    consent.refresh_from_db()
    assert (approved.state, approved.account_sealed, approved.reason) == (
        ClaimState.REFUSED,
        None,
        "证书不符。",
    )
    assert consent.withdrawn_at


def test_in_public_notice_it_is_taken_back_and_another_named_and_once_it_is_being_paid_the_page_says_why_not(
    client, approved, cast
):
    from credentials.claims.actions.noticing import approve_noticed

    said = {"bank": "示例银行沙市支行", "account": GOOD_ACCOUNT, "agrees": "on", "checked": "on"}
    for names_another, ends in ((False, ClaimState.RETURNED), (True, ClaimState.APPROVED)):
        Claim.objects.filter(pk=approved.pk).update(state=ClaimState.NOTICE, account_sealed=ACCOUNT)
        page = client.get(at("detail", approved))
        assert page.context["may_take_back"] and "公示继续进行" in page.content.decode()
        client.post(at("take-back", approved))
        approved.refresh_from_db()
        assert (approved.state, approved.account_sealed, approved.consent) == (ClaimState.NOTICE, None, None)
        assert at("account", approved) in client.get(at("detail", approved)).content.decode()
        assert client.get(at("account", approved)).status_code == 200
        if names_another:
            client.post(at("account", approved), said)
        approve_noticed(approved, 0)
        approved.refresh_from_db()
        assert approved.state == ends
        Claim.objects.filter(pk=approved.pk).update(approved_by=cast.city_administrator, stage="city")
    assert approved.account_sealed == GOOD_ACCOUNT

    actions.lock_for_payment(claim=approved, actor=cast.finance)
    page = client.get(at("detail", approved))
    assert not page.context["may_take_back"] and "已列入发放批次" in page.content.decode()
    client.post(at("take-back", approved))
    approved.refresh_from_db()
    assert approved.account_sealed == GOOD_ACCOUNT
