"""The account of a claim: what is said when it is taken back."""

import pytest
from django.urls import reverse

from credentials.claims import actions
from credentials.claims.models import Claim
from credentials.claims.states import ClaimState
from tests.factories.subsidies import make_claim

pytestmark = pytest.mark.django_db


def test_who_takes_the_account_of_a_refused_claim_back_reads_which_claims_keep_theirs(
    client, draft, version, me
):
    claim = actions.hand_in(claim=draft, actor=me.user)
    Claim.objects.filter(pk=claim.pk).update(state=ClaimState.REFUSED, reason="证书不符。", stage="")
    other = make_claim(me, version, level="social_worker", state="review")

    page = client.post(reverse("credentials:claim-take-back", args=[claim.pk]), follow=True)

    other.refresh_from_db()
    assert other.account_sealed and other.consent.withdrawn_at is None
    said = str(next(iter(page.context["messages"])))
    assert other.serial in said and "继续有效" in said


def test_the_last_account_that_is_taken_back_takes_the_agreement_with_it(client, draft, me):
    claim = actions.hand_in(claim=draft, actor=me.user)

    page = client.post(reverse("credentials:claim-take-back", args=[claim.pk]), follow=True)

    claim.refresh_from_db()
    assert claim.account_sealed is None
    assert "继续有效" not in str(next(iter(page.context["messages"])))
