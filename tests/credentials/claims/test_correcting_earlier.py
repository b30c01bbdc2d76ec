"""An earlier payment that was entered wrongly is corrected by another line, which counts in its place."""

from datetime import timedelta

import pytest
import time_machine as clock
from django.urls import reverse
from django.utils import timezone

from core.attachments.actions import keep_file
from core.audit.models import AuditEntry
from credentials.claims import actions
from credentials.claims.models import PaymentEntry
from credentials.claims.queries.entered import entered_above
from credentials.policies.models import SubsidyPolicy
from tests.credentials.claims.acts import again
from tests.credentials.claims.test_earlier import paid, post
from tests.credentials.claims.test_identity import number_of, set_number
from tests.factories import make_proof
from tests.factories.subsidies import make_reviewer

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
    with pytest.raises(actions.ClaimRefused):
        correct_as(cast.trainee, entry)
    assert PaymentEntry.objects.count() == 1


def entered_by(user, cast, version):
    return actions.enter_earlier_payment(
        person=cast.trainee.person, actor=user,
        earlier=actions.Earlier(
            authority=version.subsidy.organisation, policy=version.subsidy.code, benefit="certificate", key="assistant",
            amount=300, on=timezone.localdate(), words="名册", proof=keep_file(upload=make_proof(), actor=user),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("has_left", [False, True])
def test_what_the_authority_has_entered_is_not_corrected_by_the_employer_or_a_tier_between(
    client, cast, tree, version, has_left
):
    entry = entered_by(cast.city_administrator, cast, version)
    if has_left:  # the role was theirs on that day
        cast.city_administrator.roles.update(starts_on="2026-01-01", ends_on=timezone.localdate())
        with clock.travel(timezone.now() + timedelta(days=2)):
            assert entered_above([entry], again(cast.administrator)) == {entry.pk: tree["city"]}
    below = make_reviewer(tree["station"], "站长")
    for user in (below, cast.administrator):
        client.force_login(user)
        page = client.get(reverse("claims:ledger", args=[entry.person_id])).content.decode()
        address = reverse("claims:correct-earlier", args=[entry.person_id, entry.pk])
        assert "示例市民政局录入" in page and address not in page
        page = client.get(address, follow=True)
        assert page.redirect_chain and "示例市民政局录入" in page.content.decode()
        with pytest.raises(actions.ClaimRefused, match="示例市民政局录入"):
            correct_as(user, entry)
    assert correct_as(make_reviewer(tree["city"], "市管理员"), entry).amount == 500


def test_a_place_corrects_what_it_or_one_below_has_entered_and_the_authority_whatever_anybody_has(
    cast, tree, version
):
    station, another = make_reviewer(tree["station"], "站长"), make_reviewer(tree["station"], "副站长")
    entry = entered_by(station, cast, version)
    for user in (another, cast.administrator):
        assert user.has_perm("credentials.correct_paymententry", entry)
    of_district = correct_as(cast.administrator, entry)
    assert not station.has_perm("credentials.correct_paymententry", of_district)
    with pytest.raises(actions.ClaimRefused, match=f"{tree['district']}录入.*示例市民政局"):
        correct_as(station, of_district)
    assert correct_as(again(cast.city_administrator), of_district, amount=400).amount == 400


def correct_as(user, entry, amount=500):
    return actions.correct_earlier_payment(
        entry=entry, reason="金额录入错误", actor=user,
        earlier=actions.Earlier(
            authority=entry.authority, policy=entry.policy, benefit=entry.benefit, key=entry.key, amount=amount, on=entry.on,
            words="名册", proof=keep_file(upload=make_proof(), actor=user),
        ),
    )  # fmt: skip


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


def test_a_line_that_the_system_enters_anew_is_corrected_where_it_was_entered_first(cast, tree, version):
    station, successor = make_reviewer(tree["station"], "站长"), make_reviewer(tree["station"], "新站长")
    entered_by(station, cast, version)
    station.roles.update(starts_on="2026-01-01", ends_on=timezone.localdate())
    with clock.travel(timezone.now() + timedelta(days=3)):
        set_number(cast.trainee.person, number_of())
        (anew,) = PaymentEntry.objects.standing().select_related("person__employer", "authority")
        assert anew.entered_by == station and entered_above([anew], again(successor)) == {}
