"""An earlier payment that was entered wrongly is corrected by another line, which counts in its place."""

import pytest
from django.urls import reverse

from core.audit.models import AuditEntry
from credentials.claims import actions
from credentials.claims.models import PaymentEntry
from credentials.policies.models import SubsidyPolicy
from tests.credentials.claims.test_earlier import paid, post
from tests.factories import make_proof

pytestmark = pytest.mark.django_db


def correction(client, cast, entry, **more):
    what = f"{SubsidyPolicy.objects.get(code=entry.policy).pk}|{entry.benefit}|{entry.key}"
    said = {
        "what": what,
        "amount": "500",
        "on": f"{entry.on}",
        "words": "名册第3行",
        "reason": "金额录入错误",
    }
    client.force_login(cast.administrator)
    address = reverse("claims:correct-earlier", args=[entry.person_id, entry.pk])
    return client.post(address, said | {"proof": make_proof()} | more)


def test_a_line_that_was_entered_wrongly_is_corrected_by_another_one_that_counts_in_its_place(
    client, cast, version
):
    person = cast.trainee.person
    what = f"{version.subsidy_id}|certificate|assistant"
    assert post(client, cast, what, amount="0.01").status_code == 302
    page = post(client, cast, what, amount="500")  # the true one, of the same day
    assert page.status_code == 200 and "请更正该条记录" in page.content.decode()
    wrong = PaymentEntry.objects.get()
    ledger = reverse("claims:ledger", args=[person.pk])
    assert (
        reverse("claims:correct-earlier", args=[person.pk, wrong.pk]) in client.get(ledger).content.decode()
    )
    form = client.get(reverse("claims:correct-earlier", args=[person.pk, wrong.pk])).content.decode()
    assert f'value="{what}" selected' in form and 'value="0.01"' in form

    assert correction(client, cast, wrong, reason=" ").status_code == 200
    assert correction(client, cast, wrong, amount="0.01").status_code == 200  # nothing is different
    assert PaymentEntry.objects.count() == 1
    assert correction(client, cast, wrong).status_code == 302

    right = PaymentEntry.objects.exclude(pk=wrong.pk).get()
    assert (right.source, list(PaymentEntry.objects.corrected())) == (f"correction:{wrong.pk}", [wrong])
    assert paid(person) == [("assistant", 500, "2026-01-01")]
    told = AuditEntry.objects.get(action="credentials.correct_earlier_payment")
    assert (told.data["before"]["amount"], told.data["after"]["amount"]) == ("0.01", "500.00")
    assert told.data["reason"] == "金额录入错误"
    page = client.get(ledger)
    assert page.context["total"] == 500 and "不再计入" in page.content.decode()
    assert correction(client, cast, wrong, amount="700").status_code == 404  # one line stands for it already
    assert correction(client, cast, right, amount="700").status_code == 302
    assert paid(person) == [("assistant", 700, "2026-01-01")]


def test_a_corrected_day_or_level_is_free_for_the_payment_that_was_made_then_and_counts_once(
    client, cast, version
):
    what = f"{version.subsidy_id}|certificate|assistant"
    post(client, cast, what, amount="500")
    wrong = PaymentEntry.objects.get()
    assert correction(client, cast, wrong, on="2025-12-31").status_code == 302
    assert post(client, cast, what, amount="500", on="2025-12-31").status_code == 200  # stands already
    assert post(client, cast, what, amount="300").status_code == 302  # another one, of that day
    assert sorted(paid(cast.trainee.person)) == [
        ("assistant", 300, "2026-01-01"),
        ("assistant", 500, "2025-12-31"),
    ]
    again = PaymentEntry.objects.standing().get(amount=300)
    assert (
        correction(client, cast, again, amount="500", on="2025-12-31").status_code == 200
    )  # that would be twice
    level = f"{version.subsidy_id}|certificate|social_worker"
    assert correction(client, cast, again, what=level, amount="300").status_code == 302
    assert ("social_worker", 300, "2026-01-01") in paid(cast.trainee.person)


def test_a_corrected_line_counts_for_the_same_person_also_where_their_account_has_forgotten_the_number(
    client, cast, version
):
    mine, other = cast.trainee.person, cast.other_trainee.person
    mine.set_id_number("resident_id", "42100219900307001X")
    mine.save()
    post(client, cast, f"{version.subsidy_id}|certificate|assistant", amount="499")
    number = mine.id_number
    mine.set_id_number("", None)
    mine.save()
    other.set_id_number("resident_id", number)
    other.save()

    assert correction(client, cast, PaymentEntry.objects.get()).status_code == 302
    post(client, cast, f"{version.subsidy_id}|certificate|social_worker", amount="100")

    assert sorted(paid(other)) == [("assistant", 500, "2026-01-01"), ("social_worker", 100, "2026-01-01")]


def test_nobody_corrects_their_own_line_nor_one_of_another_tree_nor_one_that_was_paid(client, cast, version):
    post(client, cast, f"{version.subsidy_id}|certificate|assistant", amount="0.01")
    entry = PaymentEntry.objects.get()
    for user in (cast.trainee, cast.outsider):
        client.force_login(user)
        address = reverse("claims:correct-earlier", args=[entry.person_id, entry.pk])
        assert client.get(address).status_code in (403, 404)
    said = {
        "entry": entry, "authority": entry.authority, "policy": entry.policy, "benefit": entry.benefit, "key": entry.key,
        "amount": 500, "on": entry.on, "words": "x", "reason": "x", "proof": entry.proof,
    }  # fmt: skip
    with pytest.raises(actions.ClaimRefused):
        actions.correct_earlier_payment(**said, actor=cast.trainee)
    assert PaymentEntry.objects.count() == 1


def test_a_correction_keeps_the_proof_of_its_line_unless_another_one_is_handed_in(client, cast, version):
    assert post(client, cast, f"{version.subsidy_id}|certificate|assistant", amount="1").status_code == 302
    wrong = PaymentEntry.objects.get()

    page = correction(client, cast, wrong, proof="", reason=" ")
    assert f"沿用原有证明：{wrong.proof.name}" in page.content.decode()
    assert correction(client, cast, wrong, proof="").status_code == 302
    right = PaymentEntry.objects.exclude(pk=wrong.pk).get()
    assert right.proof == wrong.proof

    other = make_proof(name="另一份.pdf")
    held = correction(client, cast, right, proof=other, amount="").context["form"]["held-proof"].value()
    again = {"proof": "", "held-proof": held, "amount": "700"}
    assert correction(client, cast, right, **again).status_code == 302
    assert PaymentEntry.objects.latest("pk").proof.name == "另一份.pdf"
