"""What the bank says otherwise later, says half, or says to somebody who has approved it."""

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, User
from core.notices.models import Notice
from credentials.claims.actions import take_back_account
from credentials.claims.models import Claim, PaymentEntry
from credentials.payments import actions, files
from credentials.payments.actions import PaymentRefused
from credentials.payments.models import PaymentLine
from credentials.payments.policy import BadRow, Expected, Result, Stated, mark_of, match_results
from credentials.payments.queries.balance import balance_of
from credentials.payments.queries.due import last_returned
from tests.factories import give_role, make_user
from tests.factories.subsidies import make_approved, make_batch

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def released(desk, *claims):
    return make_batch(*claims, built_by=desk.builder, released_by=desk.releaser, state="released")


def fresh(claim):
    return Claim.objects.select_related("version__subsidy", "person__user").get(pk=claim.pk)


@pytest.fixture
def failed(desk):
    """A line that the bank has returned, in a batch that was closed."""
    batch = released(desk, desk.claims[0])
    actions.record_result(
        line=batch.lines.get(), paid=False, on=TODAY(), reason="账户异常", actor=desk.builder
    )
    actions.close_batch(batch=batch, actor=desk.builder)
    return batch.lines.select_related("claim", "batch__authority").get()


def late(desk, line, **said):
    about = {"on": TODAY(), "reference": "银行电话确认，回单9号", "actor": desk.builder}
    return actions.record_late_payment(line=line, **about | said)


def test_a_line_that_the_bank_pays_after_all_is_paid_once_and_the_books_agree(desk, failed):
    for wrong in (
        {"reference": " "},
        {"on": TODAY() + timedelta(days=1)},
        {"on": TODAY() - timedelta(days=1)},
    ):
        with pytest.raises(PaymentRefused):
            late(desk, failed, **wrong)

    late(desk, failed)

    line, claim = PaymentLine.objects.get(pk=failed.pk), fresh(failed.claim)
    assert (line.state, line.paid_on, line.reason) == ("paid", TODAY(), "账户异常")
    assert (claim.state, claim.reason) == ("paid", "")
    entry = PaymentEntry.objects.get()
    assert (entry.source, entry.amount) == (f"payment:{line.pk}", line.amount)
    assert balance_of(desk.policy) == (line.amount, line.amount)
    assert (
        AuditEntry.objects.get(action="credentials.record_late_payment").data["reason"]
        == "银行电话确认，回单9号"
    )
    assert not Notice.objects.filter(
        user=claim.holder, source__contains="payment-failed", read_at=None
    ).exists()
    assert last_returned([claim]) == {}
    with pytest.raises(PaymentRefused):
        late(desk, line)
    assert PaymentEntry.objects.count() == 1


def test_what_was_put_into_another_batch_since_is_taken_out_of_it(desk, failed):
    again = make_batch(fresh(failed.claim), desk.claims[1], built_by=desk.builder)

    late(desk, failed)

    again.refresh_from_db()
    states = dict(again.lines.values_list("claim", "state"))
    assert states == {failed.claim_id: "withdrawn", desk.claims[1].pk: "waiting"}
    assert (again.count, again.total) == (1, desk.claims[1].amount)
    assert fresh(failed.claim).state == "paid" and PaymentEntry.objects.count() == 1


def test_what_stands_in_a_locked_batch_or_is_at_the_bank_is_stopped_first(desk, failed):
    again = make_batch(fresh(failed.claim), built_by=desk.builder, state="locked")
    with pytest.raises(PaymentRefused, match="先退回"):
        late(desk, failed)
    actions.release_batch(batch=again, total=again.total, actor=desk.releaser)
    with pytest.raises(PaymentRefused, match="止付"):
        late(desk, failed)
    actions.record_result(line=again.lines.get(), paid=False, on=TODAY(), reason="已止付", actor=desk.builder)

    late(desk, failed)

    assert balance_of(desk.policy) == (failed.amount, failed.amount)
    with pytest.raises(PaymentRefused, match="追回"):
        late(desk, again.lines.get())


def test_what_was_paid_anew_is_not_entered_a_second_time(desk, failed):
    again = released(desk, fresh(failed.claim))
    actions.record_result(line=again.lines.get(), paid=True, on=TODAY(), actor=desk.builder)

    with pytest.raises(PaymentRefused, match="追回"):
        late(desk, failed)

    assert balance_of(desk.policy) == (failed.amount, failed.amount)


def test_a_claim_that_was_given_back_meanwhile_is_not_paid_by_the_line(desk, failed):
    claim = fresh(failed.claim)
    take_back_account(claim=claim, actor=claim.holder)

    with pytest.raises(PaymentRefused, match="以前的发放"):
        late(desk, failed)

    assert PaymentLine.objects.get(pk=failed.pk).state == "failed"


def test_the_database_lets_a_returned_line_become_paid_and_nothing_else(desk, failed):
    rows = PaymentLine.objects.filter(pk=failed.pk)
    now = timezone.now()
    paid = {"state": "paid", "paid_on": TODAY(), "settled_at": now}
    for wrong in (
        {"state": "waiting", "settled_by": None, "settled_at": None},
        {"reason": "另一个"},
        {"settled_at": now},
        paid | {"reason": ""},
        paid | {"amount": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    rows.update(**paid)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(paid_on=TODAY() - timedelta(days=1))


def test_the_desk_leads_from_the_table_and_the_batch_to_the_line(client, desk, failed):
    client.force_login(desk.builder)
    page = client.get(reverse("payments:batch", args=[failed.batch_id]))
    address = reverse("payments:result", args=[failed.batch_id, failed.pk])
    assert address in page.content.decode()
    assert "账户异常" in client.get(address).content.decode()

    sent = client.post(address, {"on": TODAY().isoformat(), "reference": "回单9号"})

    assert sent.status_code == 302 and fresh(failed.claim).state == "paid"
    assert client.post(address, {"on": TODAY().isoformat(), "reference": "回单9号"}).status_code == 302
    assert PaymentEntry.objects.count() == 1


def test_a_table_that_says_otherwise_than_before_leads_to_the_line(client, desk):
    batch = released(desk, *desk.claims)
    one, two, three = batch.lines.order_by("position")
    actions.record_result(line=one, paid=False, on=TODAY(), reason="账户异常", actor=desk.builder)
    actions.record_result(line=two, paid=True, on=TODAY(), actor=desk.builder)
    client.force_login(desk.builder)
    rows = [f"{row.position},{row.name},{word},退汇" for row, word in ((one, "成功"), (two, "退回"))]
    table = io.BytesIO("\r\n".join(["序号,姓名,结果,原因", *rows, f"3,{three.name},成功,"]).encode())
    table.name = "回盘.csv"

    page = client.post(
        reverse("payments:results", args=[batch.pk]), {"file": table, "on": TODAY().isoformat()}
    )

    assert [bad.code for bad, *_why in page.context["bad"]] == ["paid_late", "came_back"]
    for name, line in (("result", one), ("reverse", two)):
        assert reverse(f"payments:{name}", args=[batch.pk, line.pk]) in page.content.decode()


def test_a_mark_that_the_bank_has_cut_off_pays_no_line_that_begins_like_it():
    lines = [
        Expected(
            n, n, "赵一" if n in (1, 12) else f"人{n}", f"{n:04}", 500, True, mark=mark_of("FF-2026-0001", n)
        )
        for n in range(1, 13)
    ]

    def named(purpose, position="", name="", account=""):
        results, bad, _silent = match_results(
            [Stated(2, position, name, account, "500" if name else "", "成功", "", purpose)], lines
        )
        return [one.line for one in results] or bad

    for cut in ("FF-2026-0001-1", "代发 ff-2026-0001-1"):
        assert named(cut) == [BadRow(2, "", "mark_cut")]
        assert named(cut, name="赵一") == [BadRow(2, "赵一", "mark_cut")]
        assert named(cut, name="赵一", account="622202 0012") == [12]
        assert named(cut, position="2", name="人2") == [BadRow(2, "人2", "mark_cut")]
    assert named("FF-2026-0001-1号") == [1]
    assert named("FF-2026-0001-12") == [12] and named("FF-2026-0001-2") == [2]
    assert named("FF-2026-0001-13号") == [BadRow(2, "", "other_batch")]


def test_who_approved_a_claim_enters_nothing_that_the_bank_says_of_it(desk, tree):
    approver = desk.approver
    give_role(approver, "finance", tree["city"])
    approver = User.objects.get(pk=approver.pk)
    batch = released(desk, desk.claims[0])
    line = batch.lines.get()

    with pytest.raises(PaymentRefused, match="审核过"):
        actions.record_result(line=line, paid=True, on=TODAY(), actor=approver)
    with pytest.raises(PaymentRefused, match="审核过"):
        actions.import_results(batch=batch, results=[Result(line.pk, True)], on=TODAY(), actor=approver)
    text = f"序号,姓名,结果\r\n1,{line.name},成功".encode()
    read = files.read_results(io.BytesIO(text), files.roster_lines(batch), approver.pk)
    assert [bad.code for bad in read.bad] == ["decided"]

    actions.record_result(
        line=line, paid=True, on=TODAY(), actor=desk.builder
    )  # who has built it can always finish


def test_a_second_account_is_paid_no_higher_level_without_the_difference(desk, tree, cast):
    """Said to the database: whatever the code above it thinks."""
    batch = released(desk, desk.claims[0])
    actions.record_result(line=batch.lines.get(), paid=True, on=TODAY(), actor=desk.builder)
    first = desk.claims[0].person
    first.refresh_from_db()
    number = first.id_number
    first.set_id_number("", None)
    first.save()
    second = make_user("林小荷", tree["station"]).person
    second.set_id_number("resident_id", number)
    second.save()

    claim = make_approved(second, desk.version, desk.approver, level="social_worker")

    assert claim.amount == 500  # 1000 less what the first account was paid
    line = make_batch(claim, built_by=desk.builder).lines.get()
    assert (line.already, line.amount) == (500, 500)
    names = [one.name for one in line._meta.fields if one.name not in ("id", "attempt")]
    facts = {name: getattr(line, name) for name in names} | {"attempt": 2, "position": 2, "already": 0}
    PaymentLine.objects.filter(pk=line.pk).update(state="withdrawn")
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentLine.objects.create(**facts)
    PaymentLine.objects.create(**facts | {"already": 500})


def test_a_line_that_was_paid_late_tells_in_order_what_the_bank_said_first_and_when_it_paid(
    client, desk, failed
):
    late(desk, failed)
    client.force_login(desk.builder)

    page = client.get(reverse("payments:batch", args=[failed.batch_id])).content.decode()

    today = TODAY()
    day = f"{today.year}年{today.month}月{today.day}日"
    assert f"先被银行退回：账户异常<br>后于{day}发放成功" in page
