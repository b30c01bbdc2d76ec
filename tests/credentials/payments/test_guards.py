"""What would cost money: a list changed behind two backs, one answer of the bank entered twice or for another batch, and a
payment that the bank makes after it has returned it."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone

from core.attachments.actions import keep_file
from credentials.claims.actions import Earlier, enter_earlier_payment, take_back_account
from credentials.claims.models import Claim, PaymentEntry
from credentials.payments import actions, files
from credentials.payments.actions import PaymentRefused
from credentials.payments.models import PaymentLine
from credentials.payments.policy import Result
from tests.factories import make_proof
from tests.factories.subsidies import ACCOUNT, make_batch

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def released(desk, *claims):
    return make_batch(*claims, built_by=desk.builder, released_by=desk.releaser, state="released")


def read(desk, batch, *rows, headings="序号,姓名,账号后四位,金额,用途,结果,原因"):
    text = "\r\n".join([headings, *rows]).encode()
    return files.read_results(io.BytesIO(text), files.roster_lines(batch), desk.builder.pk)


@pytest.mark.parametrize(
    "change", [{"amount": 5000}, {"account_sealed": "6222029900000015"}, {"bank": "示例银行另一支行"}]
)
def test_a_line_that_is_not_what_was_approved_is_not_released(desk, change):
    batch = make_batch(*desk.claims, built_by=desk.builder)
    PaymentLine.objects.filter(pk=batch.lines.first().pk).update(
        **change
    )  # past all verbs, while it is built
    batch = actions.lock_batch(batch=batch, actor=desk.builder)

    with pytest.raises(PaymentRefused, match="第 1 行"):
        actions.release_batch(batch=batch, total=batch.total, actor=desk.releaser)

    batch.refresh_from_db()
    assert (batch.state, batch.released_by, batch.roster_sha256) == ("locked", None, "")


def test_nobody_but_its_builder_puts_a_claim_into_a_batch(desk):
    batch = make_batch(*desk.claims[:2], built_by=desk.builder)

    with pytest.raises(PaymentRefused, match="制作"):
        actions.add_claim(batch=batch, claim=desk.claims[2], actor=desk.releaser)

    assert (batch.lines.count(), Claim.objects.get(pk=desk.claims[2].pk).state) == (2, "approved")


def test_the_account_of_a_claim_stands_still_from_the_lock_to_the_answer_of_the_bank(desk, cast):
    batch = make_batch(desk.claims[0], built_by=desk.builder, state="locked")
    claim = Claim.objects.get(pk=desk.claims[0].pk)
    with pytest.raises(Exception, match="发放批次"):
        take_back_account(claim=claim, actor=cast.trainee)

    actions.release_batch(batch=batch, total=batch.total, actor=desk.releaser)

    with pytest.raises(Exception, match="发放批次"):
        take_back_account(claim=claim, actor=cast.trainee)
    assert batch.lines.get().account_sealed == ACCOUNT == Claim.objects.get(pk=claim.pk).account_sealed


def test_a_number_and_an_amount_name_no_line_since_another_batch_has_both(desk):
    first, second = released(desk, desk.claims[0]), released(desk, desk.claims[1])
    rows = {batch: f"1,,,500.00,,失败,{batch.serial}" for batch in (first, second)}

    reading = read(desk, second, rows[first])

    assert [bad.code for bad in reading.bad] == ["position_alone"]
    name = second.lines.get().name
    assert read(desk, second, f"1,{name},,500.00,,成功,").results == [Result(second.lines.get().pk, True)]


def test_the_file_for_the_bank_comes_back_with_the_result_and_to_its_own_batch_alone(desk, cast):
    claim = desk.claims[0]
    first = released(desk, claim)
    sent = files.bank_csv(first).decode("utf-8-sig").splitlines()
    answer = [f"{sent[1]},失败,账户已销户"]
    headings = f"{sent[0]},结果,原因"
    reading = read(desk, first, *answer, headings=headings)
    actions.import_results(batch=first, results=reading.results, on=TODAY(), actor=desk.builder)
    claim.refresh_from_db()
    again = released(
        desk, claim
    )  # the same name, account, amount and number: only the purpose tells them apart

    reading = read(desk, again, *answer, headings=headings)

    assert [bad.code for bad in reading.bad] == ["other_batch"] and not reading.results
    assert again.lines.get().state == "waiting"
    other = [f"{files.bank_csv(again).decode('utf-8-sig').splitlines()[1]},成功,"]
    assert read(desk, again, *other, headings=headings).results == [Result(again.lines.get().pk, True)]


def test_a_running_number_of_the_bank_beside_the_purpose_names_nothing(desk):
    batch = released(desk, *desk.claims)
    two = batch.lines.get(position=2)
    row = f"1,{two.name},{two.last4},500.00,{batch.serial}-2,成功,"
    assert read(desk, batch, row).results == [Result(two.pk, True)]
    for mark in (f"{batch.serial}-2".lower(), f"代发 {batch.serial}-2".replace("-", "－")):
        assert read(desk, batch, f",{two.name},{two.last4},500.00,{mark},成功,").results == [
            Result(two.pk, True)
        ]
    strange = f",{two.name},{two.last4},500.00,ff-2020-0001-1,成功,"
    assert [bad.code for bad in read(desk, batch, strange).bad] == ["other_batch"]
    row = f"1,{two.name},0000,500.00,{batch.serial}-2,成功,"
    assert [bad.code for bad in read(desk, batch, row).bad] == ["other_account"]


def test_what_the_bank_pays_after_it_has_returned_it_is_entered_nowhere_by_itself_and_not_paid_again(
    desk, cast, tree
):
    batch = released(desk, desk.claims[0])
    line = batch.lines.get()
    actions.record_result(line=line, paid=False, on=TODAY(), reason="账户异常", actor=desk.builder)

    late = read(desk, batch, f"1,{line.name},,500,,成功,")

    assert [bad.code for bad in late.bad] == ["paid_late"]
    with pytest.raises(PaymentRefused, match="已登记过结果"):
        actions.record_result(line=line, paid=True, on=TODAY(), actor=desk.builder)
    with pytest.raises(PaymentRefused, match="已登记过结果"):
        actions.import_results(batch=batch, results=[Result(line.pk, True)], on=TODAY(), actor=desk.builder)
    assert not PaymentEntry.objects.exists()
    enter_earlier_payment(
        person=cast.trainee.person, actor=desk.approver,
        earlier=Earlier(
            authority=tree["city"], policy=desk.policy.code, benefit="certificate", key="assistant", amount=500, on=TODAY(),
            words=f"{batch.serial} 第1行，银行后来付讫", proof=keep_file(upload=make_proof(), actor=desk.approver),
        ),
    )  # fmt: skip

    built = actions.build_batch(
        policy=desk.policy, claims=[Claim.objects.get(pk=line.claim_id)], actor=desk.builder
    )

    assert built.batch is None and len(built.left) == 1
    assert Claim.objects.get(pk=line.claim_id).state == "review"


def test_a_batch_is_locked_by_whoever_has_built_it_and_not_by_whoever_would_release_it(client, desk):
    batch = make_batch(*desk.claims, built_by=desk.builder, state="locked")
    actions.return_batch(batch=batch, reason="少一人", actor=desk.releaser)
    actions.drop_line(line=batch.lines.first(), actor=desk.releaser)
    lock = reverse("payments:act", args=[batch.pk, "lock"])

    with pytest.raises(PaymentRefused, match="制表人"):
        actions.lock_batch(batch=batch, actor=desk.releaser)
    for user, shown in ((desk.releaser, False), (desk.builder, True)):
        client.force_login(user)
        assert (lock in client.get(batch.get_absolute_url()).content.decode()) is shown
        assert client.post(lock).status_code == (302 if shown else 404)

    batch.refresh_from_db()
    assert (batch.state, batch.count) == ("locked", 2)
