"""Two builds, two releases, the same table of the bank, and a payment taken back, at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from core.models import AuditEntry
from core.states import Refused
from credentials.claims.models import PaymentEntry
from credentials.models import PaymentBatch, PaymentLine, PaymentReversal
from credentials.payments import actions
from credentials.payments.policy import Result
from credentials.payments.queries.balance import balance_of
from tests.factories import make_organisation, make_user
from tests.factories.subsidies import (
    make_approved,
    make_batch,
    make_payer,
    make_reviewer,
    make_subsidies,
    money_back,
)

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def at_once(*acts):
    together = Barrier(len(acts))

    def alone(act):
        close_old_connections()
        try:
            together.wait(10)
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))


def test_each_claim_is_taken_released_and_paid_once():
    city = make_organisation("示例市民政局", tier="city", kind="bureau")
    station = make_organisation("新街社工站", city)
    approver, builder, other, second, third = (
        make_reviewer(city, "审批人"), *(make_payer(city, name) for name in ("甲", "乙", "丙", "丁")),
    )  # fmt: skip
    version = make_subsidies(city, approver, notice=0)
    people = [make_user(f"申领人{number}", station) for number in range(4)]
    claims = [make_approved(user.person, version, approver) for user in people]

    def build(actor, rows):
        return lambda: actions.build_batch(policy=version.subsidy, claims=rows, actor=actor)

    at_once(build(builder, claims[:3]), build(other, claims[::-1][:3]))
    assert sorted(PaymentLine.objects.live().values_list("claim", flat=True)) == sorted(
        row.pk for row in claims
    )
    for batch in PaymentBatch.objects.filter(state="draft"):
        actions.cancel_batch(batch=batch, reason="重做", actor=builder)

    batch = make_batch(*claims, built_by=builder, state="locked")
    at_once(
        *(
            lambda actor=actor: actions.release_batch(batch=batch, total=batch.total, actor=actor)
            for actor in (second, third)
        )
    )
    assert AuditEntry.objects.filter(action="credentials.release_batch").count() == 1

    results = [
        Result(line.pk, number > 0, "" if number else "销户")
        for number, line in enumerate(batch.lines.order_by("pk"))
    ]
    said = {"batch": batch, "results": results, "on": timezone.localdate()}
    at_once(*(lambda actor=actor: actions.import_results(**said, actor=actor) for actor in (builder, second)))
    assert PaymentEntry.objects.count() == 3
    assert sorted(batch.lines.values_list("state", flat=True)) == ["failed", "paid", "paid", "paid"]

    line = batch.lines.filter(state="paid").select_related("batch__policy__organisation")[0]
    at_once(
        *(
            lambda actor=actor: actions.record_reversal(line=line, back=money_back(), actor=actor)
            for actor in (builder, other)
        )
    )
    reversal = PaymentReversal.objects.get()
    at_once(
        *(
            lambda actor=actor: actions.confirm_reversal(reversal=reversal, actor=actor)
            for actor in (second, third)
        )
    )
    assert PaymentEntry.objects.filter(kind="reversed").count() == 1
    again = line.claim
    at_once(build(builder, [again]), build(other, [again]))
    assert PaymentLine.objects.filter(claim=again, state="waiting", turn=2).count() == 1
    assert balance_of(version.subsidy) == (1000, 1000)
