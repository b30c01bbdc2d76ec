"""What was paid and came back: recorded by one, confirmed by another, and by the database never otherwise."""

import re
from datetime import timedelta

import pytest
import time_machine as clock
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice
from credentials.claims.actions import correct_account
from credentials.claims.models import Claim, PaymentEntry
from credentials.claims.queries.facts import facts_of
from credentials.payments import actions
from credentials.payments.actions import PaymentRefused
from credentials.payments.models import PaymentLine, PaymentReversal
from credentials.payments.queries.balance import balance_of
from credentials.payments.queries.budgets import budget_rows
from credentials.payments.queries.desk import desk_rows, total_row
from credentials.payments.states import ReversalEnd
from credentials.public.claims import claim_data_of
from tests.factories import make_proof
from tests.factories.subsidies import make_batch, make_claim, make_paid, make_payer, money_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(desk):
    return make_paid(desk.claims[0], built_by=desk.builder, released_by=desk.releaser)


def recorded(desk, line, **said):
    return actions.record_reversal(line=line, back=money_back(**said), actor=desk.builder)


def ledger():
    return list(PaymentEntry.objects.order_by("pk").values_list("kind", "amount", "source"))


def test_money_that_came_back_is_paid_again_by_a_new_line(desk, cast, line, tree):
    claim, before = desk.claims[0], {**line.__dict__}
    actions.close_batch(batch=line.batch, actor=desk.builder)
    reversal = recorded(desk, line)
    assert ledger() == [
        ("paid", 500, f"payment:{line.pk}")
    ]  # nothing moves before a second person has looked

    actions.confirm_reversal(reversal=reversal, actor=desk.releaser)

    claim.refresh_from_db()
    assert (claim.state, claim.reason) == ("approved", "收款账户已销户")
    assert ledger()[1] == ("reversed", -500, f"reversal:{line.pk}")
    assert not facts_of(cast.trainee.person, timezone.localdate(), without=claim).paid
    total = total_row(desk_rows(desk.builder, "policy"))
    assert [total.cells[name].count for name in ("due", "returned", "paid")] == [2, 1, 0]
    row = budget_rows(desk.builder, timezone.localdate().year)[0]
    assert (row.paid, row.committed) == (0, 1500)
    told = Notice.objects.get(user=cast.trainee, title="The payment of your subsidy was taken back")
    assert told.url == reverse("credentials:claim-account", args=[claim.pk])
    correct_account(
        claim=claim, bank="示例银行", account="6222029900000015", consent_version="1", actor=cast.trainee
    )

    claim.refresh_from_db()
    again = make_paid(claim, built_by=desk.builder, released_by=desk.releaser)

    assert (again.turn, again.attempt) == (2, 2)
    assert again.remark == f"重新发放：{line.batch.serial} 第1行退回"
    assert [amount for _kind, amount, _source in ledger()] == [500, -500, 500]
    assert balance_of(desk.policy) == (500, 500)
    line.refresh_from_db()
    kept = {name: value for name, value in line.__dict__.items() if not name.startswith("_")}
    assert kept == {name: before[name] for name in kept}  # the closed batch has not changed
    assert claim_data_of(cast.trainee.person)["reversals"][0]["state"] == "confirmed"
    assert "6222029900000015" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_what_came_back_a_year_later_is_taken_off_the_year_in_which_it_was_paid(desk, cast, line):
    """A ceiling of each year counts the money of that year: none of the first, and once that of the second."""
    claim, year = desk.claims[0], timezone.localdate().year
    with clock.travel(f"{year + 1}-03-01 04:00:00+00:00"):
        reversal = recorded(desk, line)
        actions.confirm_reversal(reversal=reversal, actor=desk.releaser)
        claim.refresh_from_db()
        assert not facts_of(cast.trainee.person, timezone.localdate(), without=claim).paid
        correct_account(
            claim=claim, bank="示例银行", account="6222029900000015", consent_version="1", actor=cast.trainee
        )
        claim.refresh_from_db()
        make_paid(claim, built_by=desk.builder, released_by=desk.releaser)
        [paid] = facts_of(cast.trainee.person, timezone.localdate()).paid
    assert (paid.amount, paid.on.year) == (500, year + 1)


def test_a_claim_that_was_paid_wrongly_ends_and_may_be_made_again(desk, cast, line):
    reversal = recorded(
        desk, line, end=ReversalEnd.CLOSED, reason="不符合条件", reference="", proof=proof(desk)
    )
    actions.confirm_reversal(reversal=reversal, actor=desk.releaser)

    claim = Claim.objects.get(pk=line.claim_id)
    assert (claim.state, claim.reason) == ("reversed", "不符合条件")
    assert balance_of(desk.policy) == (0, 0)
    assert PaymentEntry.objects.get(kind="reversed").proof == reversal.proof
    assert make_claim(cast.trainee.person, desk.version).pk != claim.pk
    with pytest.raises(PaymentRefused):
        recorded(desk, line)


def proof(desk):
    from core.attachments.actions import keep_file

    return keep_file(upload=make_proof(), actor=desk.builder)


def test_two_people_and_neither_is_the_one_who_was_paid(desk, cast, tree, line):
    own = make_payer(tree["city"], "本人")
    today = timezone.localdate()
    for unfit in (
        {"reason": " "},
        {"reference": ""},
        {"on": today + timedelta(days=1)},
        {"on": today - timedelta(days=1)},
    ):
        with pytest.raises(PaymentRefused):
            recorded(desk, line, **unfit)
    for actor in (cast.finance, cast.city_administrator, cast.trainee):
        with pytest.raises(PaymentRefused):
            actions.record_reversal(line=line, back=money_back(), actor=actor)
    waiting = make_batch(desk.claims[1], built_by=desk.builder).lines.get()
    with pytest.raises(PaymentRefused):
        recorded(desk, waiting)

    reversal = recorded(desk, line)
    with pytest.raises(PaymentRefused, match="已经登记"):
        recorded(desk, line)
    for actor in (desk.builder, cast.finance, cast.city_administrator, cast.auditor, cast.trainee):
        with pytest.raises(PaymentRefused):
            actions.confirm_reversal(reversal=reversal, actor=actor)
    with pytest.raises(PaymentRefused):
        actions.refuse_reversal(reversal=reversal, answer=" ", actor=desk.releaser)
    actions.refuse_reversal(reversal=reversal, answer="银行无退汇", actor=desk.releaser)
    with pytest.raises(PaymentRefused):
        actions.confirm_reversal(reversal=reversal, actor=own)
    assert len(ledger()) == 1
    assert recorded(desk, line).pk != reversal.pk  # another one may be recorded


def test_the_database_refuses_what_no_two_people_stand_for(desk, cast, line):
    claim = Claim.objects.get(pk=line.claim_id)
    entry = PaymentEntry.objects.get()
    fields = (
        "person_id",
        "holder_id",
        "authority_id",
        "claim_id",
        "policy",
        "benefit",
        "key",
        "on",
        "entered_by_id",
    )
    same = {name: getattr(entry, name) for name in fields}
    back = {"kind": "reversed", "amount": -500, "source": f"reversal:{line.pk}", "words": "退"}

    def refused(act):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()

    refused(lambda: PaymentEntry.objects.create(**same | back))  # without any reversal
    reversal = recorded(desk, line)
    refused(lambda: PaymentEntry.objects.create(**same | back))  # one that nobody has confirmed
    now = timezone.now()
    for wrong in (
        {"decided_by": desk.builder},
        {"decided_by": claim.holder},
        {"amount": 400},
        {"end": "closed"},
        {"reason": "别的"},
    ):
        change = {"state": "confirmed", "decided_at": now, "decided_by": desk.releaser} | wrong
        refused(lambda change=change: PaymentReversal.objects.filter(pk=reversal.pk).update(**change))
    refused(lambda: PaymentReversal.objects.all().delete())
    about = {field.attname: getattr(reversal, field.attname) for field in reversal._meta.fields[1:]}
    for wrong in (
        {},
        {"state": "refused", "decided_by_id": desk.releaser.pk, "decided_at": now, "answer": "x"},
        {"recorded_by_id": claim.holder_id},
    ):
        refused(lambda wrong=wrong: PaymentReversal.objects.create(**about | wrong))
    names = ("state", "paid_on", "settled_by_id", "settled_at", "released_by_id", "id", "reason")
    other = {f.attname: getattr(line, f.attname) for f in line._meta.fields if f.attname not in names}
    draft = make_batch(desk.claims[1], built_by=desk.builder)
    for turn in (1, 2):  # a second line of a paid claim, or a turn that has not begun
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentLine.objects.create(
                **other | {"batch_id": draft.pk, "position": 9, "attempt": 9, "turn": turn}
            )
    actions.confirm_reversal(reversal=reversal, actor=desk.releaser)
    refused(lambda: PaymentReversal.objects.filter(pk=reversal.pk).update(state="recorded", decided_by=None))
    refused(lambda: PaymentEntry.objects.create(**same | back | {"source": "reversal:0"}))


def test_at_the_desk_from_the_batch_to_the_second_person(client, desk, cast, line):
    page = reverse("payments:batch", args=[line.batch_id])
    form = reverse("payments:reverse", args=[line.batch_id, line.pk])
    client.force_login(desk.builder)
    assert form in client.get(page).content.decode()
    today = timezone.localdate().isoformat()
    assert f'value="{today}"' in client.get(form).content.decode()  # as the browser's picker reads it
    said = {"cause": "came_back", "on": today, "reason": "销户", "end": "again"}
    assert client.post(form, said).context["form"].errors.keys() == {"reference"}
    answer = client.post(form, said | {"proof": make_proof()})
    reversal = PaymentReversal.objects.get()
    own = reverse("payments:reversal", args=[reversal.pk])
    assert answer.url == own
    assert form not in client.get(page).content.decode()
    assert not re.search(r'name="confirm"', client.get(own).content.decode())
    assert client.post(own, {"confirm": "on"}).status_code == 404
    for user, code in ((cast.finance, 404), (cast.instructor, 404)):
        client.force_login(user)
        assert client.get(own).status_code == code
    client.force_login(desk.releaser)
    assert own in client.get(reverse("payments:reversals") + "?state=recorded").content.decode()
    assert "state=recorded" in client.get(reverse("payments:index")).content.decode()
    assert client.get(reverse("payments:reversal_proof", args=[reversal.pk])).status_code == 200
    client.post(own, {"refuse": "on", "reason": "\0"})
    client.post(own, {"confirm": "on"})
    client.post(own, {"confirm": "on"})
    assert [kind for kind, _amount, _source in ledger()] == ["paid", "reversed"]
    client.force_login(desk.claims[0].holder)
    mine = client.get(reverse("credentials:claim-detail", args=[line.claim_id])).content.decode()
    assert "销户" in mine and reverse("credentials:claim-account", args=[line.claim_id]) in mine


def test_a_reversal_to_be_paid_again_names_the_claim_that_is_in_the_way_and_says_what_to_do(
    client, desk, cast, line
):
    reversal = recorded(desk, line)
    other = make_claim(cast.trainee.person, desk.version, level="social_worker", state="review")
    client.force_login(desk.releaser)
    address = reverse("payments:reversal", args=[reversal.pk])

    page = client.post(address, {"confirm": "on"}, follow=True).content.decode()

    assert other.serial in page and "办结或撤回后再确认" in page
    assert PaymentReversal.objects.get().state == "recorded" and len(ledger()) == 1
    Claim.objects.filter(pk=other.pk).update(state="refused", reason="材料不符")
    client.post(address, {"confirm": "on"})
    assert PaymentReversal.objects.get().state == "confirmed"
