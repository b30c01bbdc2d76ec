"""A claim that was returned: where its review goes on once it is handed in again."""

import datetime

import pytest
from django.urls import reverse

from core.attachments.actions import keep_file
from core.models import AuditEntry
from credentials.claims import actions
from credentials.claims.models import Claim
from credentials.conduct.models import ConductRecord
from tests.factories import make_conduct, make_proof
from tests.factories.subsidies import ACCOUNT, make_claim, make_reviewer, pass_claim

pytestmark = pytest.mark.django_db
OTHER = "6222029900000015"


@pytest.fixture
def returned(tree, cast, version, me):
    """Passed by the employer, returned by the county."""
    station = make_reviewer(tree["station"], "站长")
    claim = pass_claim(make_claim(me, version, state="review"), station)
    actions.review_claim(
        claim=claim, stage="county", verdict="return", reason="请核对", actor=cast.administrator
    )
    return Claim.objects.get(pk=claim.pk)


def type_in(claim, *, since="2024-01-01", account=None):
    actions.save_draft(
        claim=claim,
        declared={**claim.declared, "work.since": since},
        bank="示例银行沙市支行",
        account=account,
        agrees=True,
        consent_version="1",
        actor=claim.holder,
    )


def put_paper(claim):
    file = keep_file(upload=make_proof(name="另一份.pdf"), actor=claim.holder)
    actions.add_paper(claim=claim, slot="form", file=file, actor=claim.holder)


def handed_in(claim):
    claim = actions.hand_in(claim=claim, actor=claim.holder)
    return Claim.objects.get(pk=claim.pk)


def says_so(client, claim):
    page = client.get(reverse("credentials:claim-check", args=[claim.pk]))
    assert not page.context["missing"]
    return "从第一个环节重新审核" in page.content.decode()


@pytest.mark.parametrize("change", ["a fact", "a paper", "a record"])
def test_what_earlier_stages_have_not_seen_begins_at_the_first_stage_again(client, returned, change, cast):
    if change == "a fact":
        type_in(returned, since="2023-01-01")
    elif change == "a paper":
        put_paper(returned)
    else:
        record = make_conduct(returned.person, cast.administrator, occurred_on=datetime.date(2020, 1, 1))
        assert isinstance(record, ConductRecord)
    returned.refresh_from_db()
    assert says_so(client, returned)

    claim = handed_in(returned)

    assert (claim.stage, claim.round) == ("employer", 2)
    entry = AuditEntry.objects.trail_of(claim).filter(action="credentials.hand_in").order_by("-pk").first()
    assert entry.data["after"]["round"] == 2


def test_an_amount_that_has_risen_meanwhile_begins_at_the_first_stage_again(client, returned):
    """Nobody of the employer has passed so much: what a stage passed is the amount, too."""
    Claim.objects.filter(pk=returned.pk).update(amount=100)
    returned.refresh_from_db()
    assert says_so(client, returned)

    claim = handed_in(returned)

    assert (claim.stage, claim.round, claim.amount) == ("employer", 2, 500)


def test_another_account_goes_on_where_it_stopped(client, returned):
    type_in(returned, account=OTHER)
    returned.refresh_from_db()
    assert returned.account_sealed == OTHER != ACCOUNT
    assert not says_so(client, returned)

    claim = handed_in(returned)

    assert (claim.stage, claim.round) == ("county", 1)


def test_a_paper_that_was_seen_already_does_not_begin_it_again_a_second_time(returned, tree, cast):
    put_paper(returned)
    claim = pass_claim(handed_in(returned), make_reviewer(tree["station"], "副站长"))
    second = make_reviewer(tree["district"], "区二")
    actions.review_claim(claim=claim, stage="county", verdict="return", reason="账号", actor=second)
    claim.refresh_from_db()
    type_in(claim, account=OTHER)

    claim = handed_in(Claim.objects.get(pk=claim.pk))

    assert (claim.stage, claim.round) == ("county", 2)


def test_what_only_the_last_stage_was_asked_for_again_begins_at_the_first_once_it_has_changed(returned, cast):
    Claim.objects.filter(pk=returned.pk).update(state="review", stage="city", round=2)
    actions.review_claim(
        claim=returned, stage="city", verdict="return", reason="请补材料", actor=cast.city_administrator
    )
    returned.refresh_from_db()
    put_paper(returned)

    claim = handed_in(returned)

    assert (claim.stage, claim.round) == ("employer", 3)
