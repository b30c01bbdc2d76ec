"""What no record knows is found out by reviewers: by each anew, and never for good."""

import pytest
from django.test import Client
from django.urls import reverse

from credentials.claims import actions
from credentials.claims.models import Claim
from credentials.claims.queries.case import case_of
from tests.factories.subsidies import ACCOUNT, make_claim, make_reviewer, make_subsidies, pass_claim

pytestmark = pytest.mark.django_db
POINT = "long_enough"


@pytest.fixture
def claim(tree, cast):
    """Without a word about how long its claimant is at work: at the stage of the employer."""
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0)
    draft = make_claim(cast.trainee.person, version)
    keep(draft, {})
    make_reviewer(tree["station"], "站长")
    return fresh(actions.hand_in(claim=draft, actor=cast.trainee))


@pytest.fixture
def station(claim, tree):
    return make_reviewer(tree["station"], "副站长")


def keep(claim, declared):
    actions.save_draft(
        claim=claim, declared=declared, bank="示例银行", account=ACCOUNT, agrees=True, consent_version="1",
        actor=claim.holder,
    )  # fmt: skip


def fresh(claim):
    return Claim.objects.get(pk=claim.pk)


def found(passes, words):
    return {POINT: {"passes": passes, "words": words}}


def decide(claim, actor, verdict="pass", **more):
    actions.review_claim(claim=claim, stage=claim.stage, verdict=verdict, actor=actor, **more)
    return fresh(claim)


def test_after_an_upheld_appeal_what_was_found_is_open_again_and_the_claim_can_be_granted(
    claim, station, tree, cast
):
    claim = decide(claim, station, "refuse", reason="不在岗", judged=found(False, "听说不在岗"))
    appeal = actions.appeal(claim=claim, words="在岗", actor=cast.trainee)
    actions.answer_appeal(
        appeal=appeal, upheld=True, answer="属实", actor=make_reviewer(tree["city"], "市二")
    )

    claim = fresh(claim)
    assert (claim.state, claim.settled, claim.amount) == ("review", {}, 500)
    assert str(case_of(claim).asked.decision.outcome) == "unknown"
    claim = decide(claim, make_reviewer(tree["station"], "新站长"), judged=found(True, "有考勤"))
    claim = pass_claim(claim, cast.administrator, cast.city_administrator)
    assert claim.state == "approved"


def test_a_later_reviewer_finds_otherwise_in_words_of_their_own_and_the_earlier_review_stays(
    claim, station, cast
):
    claim = decide(claim, station, judged=found(True, "我认识她"))
    client = Client()
    client.force_login(cast.administrator)
    address = reverse("claims:inspect", args=[claim.pk])
    page = client.get(address).content.decode()
    assert "副站长认定符合：我认识她" in page and f"judge-{POINT}" in page

    said = {f"judge-{POINT}": "no", "stage": "county", "verdict": "refuse", "reason": "不满六个月"}
    assert client.post(address, said).status_code == 200  # without words of one's own
    client.post(address, said | {f"words-{POINT}": "社保只有三个月"})

    claim = fresh(claim)
    assert (claim.state, claim.settled[POINT]["words"]) == ("refused", "社保只有三个月")
    first, second = claim.reviews.order_by("pk")
    assert "我认识她" in str(first.decision) and "社保只有三个月" in str(second.decision)


def test_who_leaves_it_as_it_is_passes_on_what_was_found(claim, station, cast):
    claim = pass_claim(
        decide(claim, station, judged=found(True, "有考勤")), cast.administrator, cast.city_administrator
    )
    assert (claim.state, claim.settled[POINT]["words"]) == ("approved", "有考勤")


def test_what_somebody_typed_about_a_point_is_no_markup(claim, station, cast):
    claim = decide(claim, station, judged=found(True, "<b>有考勤</b>"))
    client = Client()
    client.force_login(cast.administrator)
    page = client.get(reverse("claims:inspect", args=[claim.pk])).content.decode()
    assert "<b>有考勤" not in page and "&lt;b&gt;有考勤" in page


def test_what_is_known_nobody_finds_otherwise(tree, cast):
    version = make_subsidies(tree["city"], cast.city_administrator, notice=0, stages="city")
    claim = make_claim(cast.trainee.person, version, state="review")
    claim = decide(claim, cast.city_administrator, judged=found(False, "不满"))
    assert (claim.state, claim.settled) == ("approved", {})


def test_what_was_not_fulfilled_when_a_claim_was_returned_can_be_corrected(claim, station):
    claim = decide(claim, station, "return", reason="请补说明", judged=found(False, "看不出"))
    keep(claim, {})

    claim = fresh(actions.hand_in(claim=claim, actor=claim.holder))

    assert (claim.state, claim.stage, claim.settled) == ("review", "employer", {})
