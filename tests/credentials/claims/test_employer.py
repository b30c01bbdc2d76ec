"""The employer on record decides where a claim is reviewed and which region and kind of employer it is of."""

import pytest
from django.urls import reverse
from django.utils import timezone

from credentials.claims import actions
from credentials.claims.models import Claim
from credentials.claims.queries.deciding import ask
from tests.factories import make_user
from tests.factories.subsidies import ACCOUNT, make_claim, make_subsidies, pass_claim

pytestmark = pytest.mark.django_db
REGION = {"work.region": "421000", "work.employer_kind": "station", "work.since": "2024-01-01"}


def without_employer(claim):
    claim.person.employer = None
    claim.person.save(update_fields=["employer"])
    return Claim.objects.get(pk=claim.pk)


def test_who_has_no_employer_hands_nothing_in_that_is_reviewed_there_first(client, draft, me):
    claim = without_employer(draft)
    page = client.get(reverse("credentials:claim-check", args=[claim.pk]))
    assert any("请先在个人资料中填写工作单位" in one for one in page.context["missing"])

    with pytest.raises(actions.ClaimRefused, match="工作单位"):
        actions.hand_in(claim=claim, actor=me.user)


def test_a_claim_that_was_handed_in_stays_with_the_employer_of_that_day(version, me, cast):
    claim = without_employer(make_claim(me, version, state="review"))
    actions.review_claim(
        claim=claim, stage=claim.stage, verdict="return", reason="补", actor=cast.administrator
    )
    place = claim.employer

    claim = Claim.objects.get(pk=claim.pk)
    assert claim.employer == place and not any(
        "工作单位" in one for one in actions.missing_of(claim, ask(claim, timezone.localdate()))
    )


def test_where_the_authority_alone_reviews_nobody_needs_an_employer_but_the_region_is_for_it_to_find(
    tree, cast
):
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0, stages="city")
    claim = without_employer(make_claim(cast.trainee.person, version))
    actions.save_draft(
        claim=claim, declared=REGION, bank="示例银行", account=ACCOUNT, agrees=True, consent_version="1", actor=cast.trainee
    )  # fmt: skip
    claim = actions.hand_in(claim=Claim.objects.get(pk=claim.pk), actor=cast.trainee)

    assert "region" not in claim.facts.get("work", {}) and claim.facts["work"]["since"]
    with pytest.raises(actions.ClaimRefused):
        pass_claim(claim, cast.city_administrator)


def test_the_form_asks_nobody_for_what_follows_from_the_employer(client, tree, cast, version):
    mine = make_user("新人", tree["province"])  # a place without a region
    claim = make_claim(mine.person, version)
    actions.save_draft(
        claim=claim, declared=REGION, bank="示例银行", account=ACCOUNT, agrees=True, consent_version="1", actor=mine
    )  # fmt: skip
    client.force_login(mine)

    page = client.get(reverse("credentials:claim-edit", args=[claim.pk]))

    assert set(page.context["form"].facts) == {"work.since"}
    assert [label for label, _value in page.context["page"].said] and len(page.context["page"].said) == 1
