"""One person with two accounts: what waits in the one that nobody can open any more does not bar the other one for good."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.access.predicates import by_rule
from core.attachments.actions import keep_file
from core.models import AuditEntry, Person
from core.states import move
from credentials.claims import actions
from credentials.claims.actions import ClaimRefused, close_lost_account
from credentials.claims.models import Claim
from credentials.claims.queries.deciding import ask
from credentials.claims.states import MOVES
from credentials.payments.actions import PaymentRefused, record_late_payment, record_result
from tests.cast import CAST
from tests.factories import make_proof
from tests.factories.subsidies import make_approved, make_batch, make_claim, make_payer, make_reviewer
from tests.factories.subsidies import make_paid as pay

pytestmark = pytest.mark.django_db
WHY = "本人持身份证到窗口，原手机号和邮箱均已停用"


@pytest.fixture
def returned(version, me):
    claim = make_claim(me, version, state="review")
    move(claim, "returned", MOVES, reason="更正")
    return claim


@pytest.fixture
def other(cast):
    """The other account of the same person, without a number still."""
    return cast.other_trainee.person


def close(claim, actor, reason=WHY):
    proof = keep_file(upload=make_proof(name="本人声明.pdf"), actor=actor)
    close_lost_account(claim=claim, reason=reason, proof=proof, actor=actor)


def claim_again(person, number, version, level="assistant"):
    person.refresh_from_db()
    person.set_id_number("resident_id", number)
    person.save()
    return make_claim(Person.objects.get(pk=person.pk), version, level=level, state="review")


def number_of(person):
    return Person.objects.get(pk=person.pk).id_number


def test_a_claim_that_waits_in_a_lost_account_is_closed_and_the_other_account_claims(
    cast, returned, other, version
):
    number = number_of(returned.person)
    facts, decision = returned.facts, returned.decision

    close(returned, cast.city_administrator)

    row = Claim.objects.get(pk=returned.pk)
    assert (row.state, row.reason, row.account_sealed, row.bank) == ("withdrawn", WHY, None, "")
    assert (row.facts, row.decision, row.name) == (facts, decision, returned.name)
    assert number_of(returned.person) is None
    entry = AuditEntry.objects.get(action="credentials.close_lost_account")
    assert (entry.user, entry.data["reason"]) == (cast.city_administrator, WHY)
    assert row.holder.notices.filter(source__contains=":closed:").count() == 1
    assert claim_again(other, number, version).state == "review"


def test_only_an_administrator_of_the_authority_closes_with_a_reason_and_nothing_that_is_underway(
    cast, returned
):
    for actor in (cast.administrator, cast.finance, cast.auditor, cast.trainee):
        with pytest.raises(ClaimRefused):
            close(returned, actor)
    with pytest.raises(ClaimRefused, match="说明"):
        close(returned, cast.city_administrator, " ")
    assert Claim.objects.get(pk=returned.pk).state == "returned"
    claim = actions.hand_in(claim=returned, actor=returned.holder)
    with pytest.raises(ClaimRefused, match="无需关闭"):
        close(claim, cast.city_administrator)


def test_what_the_claimant_withdraws_is_theirs_and_what_was_closed_is_read_by_officers(cast, returned):
    users = [getattr(cast, name) for name in CAST]

    def agree():
        row = Claim.objects.get(pk=returned.pk)
        seen = {user for user in users if Claim.objects.visible_to(user).filter(pk=row.pk).exists()}
        assert seen == {user for user in users if by_rule(user, "credentials.view_claim", row)}
        return cast.city_administrator in seen

    assert agree()
    close(returned, cast.city_administrator)
    assert agree()
    other = make_claim(cast.other_trainee.person, returned.version, state="review")
    actions.withdraw_claim(claim=other, actor=other.holder)
    assert not Claim.objects.visible_to(cast.city_administrator).filter(pk=other.pk).exists()


def test_an_officer_closes_it_at_its_page_and_finds_the_proof_there(client, cast, returned):
    client.force_login(cast.city_administrator)
    address, page = (reverse(f"claims:{name}", args=[returned.pk]) for name in ("close", "inspect"))
    assert address in client.get(page).content.decode()
    client.post(address, {"close_reason": WHY})
    assert Claim.objects.get(pk=returned.pk).state == "returned"  # nothing without a proof

    client.post(address, {"close_reason": WHY, "close_proof": make_proof(name="本人声明.pdf")})

    shown = client.get(page).content.decode()
    assert "本人声明.pdf" in shown and WHY in shown and address not in shown
    client.force_login(cast.administrator)
    assert client.post(address, {"close_reason": WHY}).status_code == 404


def test_the_barred_claimant_reads_what_bars_them_and_whom_to_ask(client, cast, returned, other, version):
    first = returned.person
    number = number_of(first)
    first.refresh_from_db()
    first.set_id_number("", None)
    first.save()
    other.set_id_number("resident_id", number)
    other.save()
    draft = make_claim(Person.objects.get(pk=other.pk), version)
    client.force_login(cast.other_trainee)

    page = client.post(
        reverse("credentials:claim-check", args=[draft.pk]), {"declares": "on"}
    ).content.decode()

    assert returned.serial in page and returned.authority.name in page and "证明本人身份" in page
    assert returned.name not in page.replace(cast.other_trainee.person.name, "")
    assert client.get(returned.get_absolute_url()).status_code == 404


def test_the_difference_to_what_a_lost_account_was_paid_is_paid_to_the_other_one(
    tree, cast, me, version, other
):
    first = make_claim(me, version, state="review")
    Claim.objects.filter(pk=first.pk).update(
        state="approved", stage="", amount=500, approved_by=cast.city_administrator
    )
    row = Claim.objects.select_related("version__subsidy").get(pk=first.pk)
    pay(row, built_by=make_payer(tree["city"], "甲"), released_by=make_payer(tree["city"], "乙"))
    number = number_of(me)

    close(Claim.objects.get(pk=first.pk), cast.city_administrator)

    paid = Claim.objects.get(pk=first.pk)
    assert (paid.state, paid.amount, number_of(me)) == ("paid", 500, None)
    assert claim_again(other, number, version, "social_worker").amount == 500
    with pytest.raises(ClaimRefused, match="无需关闭"):
        close(Claim.objects.get(pk=first.pk), cast.city_administrator)


def test_the_same_level_is_not_claimed_again_from_the_other_account(tree, cast, me, version, other):
    first = make_claim(me, version, state="review")
    Claim.objects.filter(pk=first.pk).update(
        state="approved", stage="", amount=500, approved_by=cast.city_administrator
    )
    row = Claim.objects.select_related("version__subsidy").get(pk=first.pk)
    pay(row, built_by=make_payer(tree["city"], "甲"), released_by=make_payer(tree["city"], "乙"))
    number = number_of(me)
    close(Claim.objects.get(pk=first.pk), cast.city_administrator)
    with pytest.raises(ClaimRefused, match=first.serial):
        claim_again(other, number, version)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(person=other).update(
            state="review", claimed_on=timezone.localdate(), id_hash=first.id_hash
        )


def test_a_claim_whose_money_came_back_to_a_lost_account_is_closed_too(cast, me, version):
    claim = make_claim(me, version, state="review")
    Claim.objects.filter(pk=claim.pk).update(
        state="approved", stage="", amount=500, approved_by=cast.city_administrator, reason="账户已销户"
    )

    close(Claim.objects.get(pk=claim.pk), cast.city_administrator)

    assert Claim.objects.get(pk=claim.pk).state == "withdrawn"


def test_what_the_bank_pays_to_a_lost_account_after_all_counts_for_the_person_in_the_other_one(
    tree, cast, me, version, other
):
    payer, approver = make_payer(tree["city"], "甲"), make_reviewer(tree["city"], "审批人")
    first = make_approved(me, version, approver)
    second = make_payer(tree["city"], "乙")
    line = make_batch(first, built_by=payer, released_by=second, state="released").lines.get()
    today = timezone.localdate()
    record_result(line=line, paid=False, on=today, reason="账户异常", actor=payer)
    number = number_of(me)
    close(Claim.objects.get(pk=first.pk), cast.city_administrator)
    again = claim_again(other, number, version)
    assert ask(again, today).decision.outcome == "grant"
    with pytest.raises(PaymentRefused, match="以前的发放"):
        record_late_payment(line=line, on=today, reference="回单9号", actor=payer)

    entry = actions.enter_earlier_payment(
        person=Person.objects.get(pk=me.pk), actor=cast.administrator,
        earlier=actions.Earlier(
            authority=first.authority, policy=version.subsidy.code, benefit=first.benefit, key=first.key, amount=first.amount,
            on=today, words="银行迟付", proof=keep_file(upload=make_proof(), actor=cast.administrator),
        ),
    )  # fmt: skip

    assert entry.id_hash == first.id_hash
    decision = ask(Claim.objects.get(pk=again.pk), today).decision
    assert (decision.outcome, decision.paid) == ("refuse", first.amount)
