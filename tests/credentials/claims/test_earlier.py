"""What was paid before counts: it is entered for exactly what a later claim is called by."""

import pytest
from django.urls import reverse
from django.utils import timezone

from credentials.claims import actions
from credentials.claims.models import PaymentEntry
from credentials.claims.queries.deciding import ask
from credentials.commendations.actions import register_commendation
from tests.credentials.claims.test_years import YEARLY
from tests.factories import make_proof
from tests.factories.policies import make_policy_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def title(cast):
    return register_commendation(
        person=cast.trainee.person, rank="national", title="最美社工", issuer="示例部", year=2025, actor=cast.administrator
    )  # fmt: skip


def post(client, cast, what, **more):
    client.force_login(cast.administrator)
    said = {"what": what, "amount": "2000", "on": "2026-01-01", "words": "名册", "proof": make_proof()}
    return client.post(reverse("claims:earlier", args=[cast.trainee.person.pk]), said | more)


def test_what_was_paid_for_a_title_before_is_not_paid_again(client, cast, version, title):
    key = f"commendation-{title.pk}"
    assert post(client, cast, f"{version.subsidy_id}|commended|{key}").status_code == 302

    person = cast.trainee.person
    claim = actions.start_claim(
        person=person, version=version, benefit="commended", key=key, actor=person.user
    )
    decision = ask(claim, timezone.localdate()).decision

    assert (decision.paid, decision.amount, str(decision.outcome)) == (2000, 0, "refuse")
    page = client.get(reverse("claims:ledger", args=[person.pk])).content.decode()
    assert "最美社工" in page and key not in page


def test_a_title_is_chosen_from_what_is_on_record_and_not_typed(client, cast, version, title):
    for key in ("", "最美社工", "commendation-0"):
        assert post(client, cast, f"{version.subsidy_id}|commended|{key}", key="最美社工").status_code == 200
    assert not PaymentEntry.objects.exists()


@pytest.mark.parametrize("year", ["", "去年", "25", "20255"])
def test_what_is_paid_by_years_needs_one(client, cast, version, year):
    yearly = make_policy_of(version.subsidy.organisation, cast.city_administrator, YEARLY)

    assert post(client, cast, f"{yearly.pk}|allowance|year", year=year).status_code == 200
    assert not PaymentEntry.objects.exists()


def test_a_year_is_entered_as_claims_call_it(client, cast, version):
    yearly = make_policy_of(version.subsidy.organisation, cast.city_administrator, YEARLY)
    assert post(client, cast, f"{yearly.pk}|allowance|year", year="2025").status_code == 302
    assert PaymentEntry.objects.get().key == "2025"
