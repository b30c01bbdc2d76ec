"""A claim that an officer enters: who reads it, whose account it is paid into, and what the claimant hears of it."""

import pytest
from django.test import Client
from django.urls import reverse

from core.attachments.actions import keep_file
from core.models import Notice
from core.organisations.models import RoleAssignment
from credentials.claims import actions
from credentials.claims.models import Claim
from tests.factories import give_role, make_proof, make_user
from tests.factories.subsidies import ACCOUNT, make_claim, make_reviewer

pytestmark = pytest.mark.django_db
OTHER = "6222020200112233452"


def fresh(user):
    return type(user).objects.get(pk=user.pk)


@pytest.fixture
def officer(tree):
    return make_reviewer(tree["station"], "站长")


def fill(claim, actor, account=None, *, agrees=True, bank="示例银行荆州支行"):
    own = actor.pk == claim.holder_id
    actions.save_draft(
        claim=claim, declared={"work.since": "2024-01-01"}, bank=bank, account=account, agrees=agrees,
        consent_version="2026-11" if own else "paper-1", actor=actor,
    )  # fmt: skip


@pytest.fixture
def entered(version, cast, officer):
    """Handed in by the officer."""
    return make_claim(cast.trainee.person, version, state="review", entered_by=officer)


def test_what_is_claimed_already_is_not_offered_again(entered, cast, officer):
    client = Client()
    client.force_login(officer)
    page = client.get(reverse("claims:enter", args=[entered.person_id]))
    assert page.context["has_claimed"] and not page.context["offers"]
    assert "不再列出" in page.content.decode()
    other = client.get(reverse("claims:enter", args=[make_user("同事", entered.employer).person.pk]))
    assert not other.context["has_claimed"]


def returned(claim, by):
    actions.review_claim(claim=claim, stage=claim.stage, verdict="return", reason="补章", actor=by)
    claim.refresh_from_db()
    return claim


@pytest.mark.parametrize("role", ["instructor", "finance", "administrator"])
def test_who_entered_it_reads_it_only_as_long_as_they_administer_its_people(entered, officer, tree, role):
    assert entered in Claim.objects.visible_to(officer)
    RoleAssignment.objects.filter(user=officer).delete()
    give_role(officer, role, tree["other_station"])
    left = fresh(officer)

    assert entered not in Claim.objects.visible_to(left)
    assert not left.has_perm("credentials.view_claim", entered)
    client = Client()
    client.force_login(left)
    pages = [reverse("claims:inspect", args=[entered.pk])]
    pages += [reverse("claims:paper", args=[entered.pk, one]) for one in (0, entered.papers.first().pk)]
    assert {client.get(page).status_code for page in pages} <= {403, 404, 302}
    assert "location" not in client.get(pages[1]).headers or "login" in client.get(pages[1])["location"]


def test_the_draft_of_who_entered_it_goes_with_their_role_too(version, cast, officer):
    proof = keep_file(upload=make_proof(), actor=officer)
    draft = actions.start_claim(
        person=cast.trainee.person, version=version, benefit="certificate", key="assistant", proof=proof, actor=officer
    )  # fmt: skip
    assert draft in Claim.objects.visible_to(officer)
    RoleAssignment.objects.filter(user=officer).delete()

    assert draft not in Claim.objects.visible_to(fresh(officer))
    assert draft in Claim.objects.visible_to(cast.trainee)


def test_the_claimant_hears_who_handed_in_what_and_into_which_account(entered, cast, officer):
    told = Notice.objects.get(user=cast.trainee, title="A claim was handed in on your behalf")

    assert told.values["account"] == f"**** {ACCOUNT[-4:]}" and told.values["officer"] == "站长"
    assert ACCOUNT not in str(told.values)
    returned(entered, cast.administrator)
    actions.hand_in(claim=entered, actor=cast.trainee)
    assert Notice.objects.filter(title=told.title).count() == 1  # what one hands in oneself one knows
    returned(entered, cast.city_administrator)
    actions.hand_in(claim=entered, actor=officer)
    assert Notice.objects.filter(title=told.title).count() == 2


def test_an_account_that_the_claimant_has_named_themselves_is_theirs_alone(entered, cast, officer):
    returned(entered, cast.administrator)
    fill(entered, officer, OTHER)  # nobody but the officer has said anything so far
    fill(entered, cast.trainee, ACCOUNT)

    for change in ({"account": OTHER}, {"bank": "别的银行"}, {"agrees": False}):
        with pytest.raises(actions.ClaimRefused, match="只能由本人修改"):
            fill(entered, officer, **change)
    fill(entered, officer)  # everything else is still filled in
    entered.refresh_from_db()
    assert entered.account_sealed == ACCOUNT and entered.consent.version == "2026-11"


@pytest.mark.parametrize("way", ["taken back", "no longer agreed"])
def test_an_account_that_the_claimant_has_taken_back_is_not_named_anew_by_the_officer(
    entered, cast, officer, way
):
    if way == "taken back":
        actions.take_back_account(claim=entered, actor=cast.trainee)
    else:
        returned(entered, cast.administrator)
        fill(entered, cast.trainee, agrees=False)
    entered.refresh_from_db()

    with pytest.raises(actions.ClaimRefused, match="只能由本人修改"):
        fill(entered, officer, OTHER)

    client = Client()
    client.force_login(officer)
    address = reverse("claims:fill", args=[entered.pk])
    page = client.get(address).content.decode()
    assert 'name="account"' not in page and "只能由本人修改" in page
    client.post(address, {"keep": "1", "account": OTHER, "agrees": "on", "bank": "银行"})
    entered.refresh_from_db()
    assert entered.account_sealed is None and entered.consent is None
    fill(entered, cast.trainee, ACCOUNT)
    assert actions.hand_in(claim=entered, actor=cast.trainee).account_sealed == ACCOUNT
