"""A policy that gives no money: approved without an account, never in a batch, and settled by who gave what and when."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice
from credentials.claims import actions
from credentials.claims.models import Claim, PaymentEntry
from credentials.payments.actions import build_batch
from credentials.payments.queries.budgets import budget_rows
from credentials.payments.queries.desk import desk_rows, shown_groups, total_row
from tests.factories import make_conduct, make_qualification
from tests.factories.subsidies import make_claim, make_payer, make_reviewer, make_subsidies, pass_claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(tree, cast):
    return make_subsidies(tree["city"], cast.city_administrator, notice=0, channel="none")


@pytest.fixture
def approved(version, cast, tree):
    head = make_reviewer(tree["station"])
    claim = make_claim(cast.trainee.person, version, state="review")
    return pass_claim(claim, head, cast.administrator, cast.city_administrator)


def give(claim, actor, words="课程券12号", days_ago=0):
    on = timezone.localdate() - timedelta(days=days_ago)
    return actions.give_in_kind(claim=claim, on=on, words=words, actor=actor)


def test_it_is_approved_without_an_account_and_settled_by_being_given(approved, version, cast, tree):
    payer = make_payer(tree["city"])
    assert (approved.state, approved.in_kind, approved.account_sealed) == ("approved", True, None)
    with pytest.raises(actions.ClaimRefused):
        actions.lock_for_payment(claim=approved, actor=payer)
    built = build_batch(policy=version.subsidy, claims=[approved], actor=payer)
    assert built.batch is None
    total = total_row(desk_rows(payer, "policy"))
    assert (total.cells["give"].count, total.cells["due"].count) == (1, 0) and "give" in shown_groups(total)

    assert give(approved, payer)

    approved.refresh_from_db()
    entry = PaymentEntry.objects.get()
    assert (approved.state, approved.given_by) == ("given", payer)
    assert (entry.kind, entry.words, entry.on) == ("given", "课程券12号", timezone.localdate())
    assert entry.entered_by == payer and entry.amount == approved.amount
    assert Notice.objects.filter(user=cast.trainee, title="Your subsidy was handed over").exists()
    assert AuditEntry.objects.filter(action="credentials.give_in_kind").count() == 1
    row = budget_rows(payer, timezone.localdate().year)[0]
    assert (row.paid, row.committed) == (0, 0)  # no money
    with pytest.raises(actions.ClaimRefused):
        give(approved, payer)
    with pytest.raises(actions.ClaimRefused):
        make_claim(cast.trainee.person, version)  # once
    make_qualification(cast.trainee.person, "social_worker", days_ago=30)
    assert make_claim(cast.trainee.person, version, level="social_worker", state="review").amount == 500


def test_nobody_gives_to_themselves_nor_what_they_approved_and_nothing_that_lost_its_ground(
    approved, cast, tree
):
    payer = make_payer(tree["city"])
    for actor in (cast.trainee, cast.city_administrator, cast.administrator, cast.auditor, cast.finance):
        with pytest.raises(actions.ClaimRefused):
            give(approved, actor)
    for unfit in ({"words": " "}, {"days_ago": -1}, {"days_ago": 1}):
        with pytest.raises(actions.ClaimRefused):
            give(approved, payer, **unfit)
    rows = Claim.objects.filter(pk=approved.pk)
    for wrong in (
        {"given_by": None},
        {"given_by": approved.holder},
        {"given_by": approved.approved_by},
        {"given_by": payer, "in_kind": False},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**{"state": "given"} | wrong)
    for state, kind in (("locked", True), ("paid", True), ("approved", False)):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=state, in_kind=kind)

    make_conduct(cast.trainee.person, cast.administrator)

    assert not give(approved, payer)
    approved.refresh_from_db()
    assert approved.state == "review" and not PaymentEntry.objects.exists()


def test_at_the_page_of_the_claim(approved, client, cast, tree):
    page, door = (reverse(f"claims:{name}", args=[approved.pk]) for name in ("inspect", "give"))
    client.force_login(cast.city_administrator)  # has approved it
    assert door not in client.get(page).content.decode()
    client.force_login(make_payer(tree["city"]))
    assert door in client.get(page).content.decode()
    said = {"on": timezone.localdate().isoformat(), "words": "课程券12号"}
    client.post(door, said | {"words": ""})
    assert not PaymentEntry.objects.exists()
    client.post(door, said)
    client.post(door, said)  # once
    assert PaymentEntry.objects.count() == 1
    assert approved.serial in client.get(reverse("payments:claims") + "?group=given").content.decode()
    client.force_login(cast.trainee)
    mine = client.get(reverse("credentials:claim-detail", args=[approved.pk])).content.decode()
    assert "课程券12号" in mine
    assert client.get(reverse("credentials:claim-list")).context["overview"].total == 0
