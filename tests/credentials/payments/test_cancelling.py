"""A batch is cancelled as a whole: in as many statements for hundreds of lines as for three, with the trail of each claim."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry, Person, User
from credentials.claims.models import Claim
from credentials.payments import actions
from credentials.payments.actions import PaymentRefused
from credentials.payments.models import PaymentBatch, PaymentLine
from tests.factories.subsidies import make_batch

pytestmark = pytest.mark.django_db
STATEMENTS = 11  # beside the audit, whose entries go in by as many as a database takes at once


def grown(batch, to):
    """The batch with so many lines: copies of its first, each of a person of their own."""
    line = batch.lines.select_related("claim").first()
    numbers = range(batch.count + 1, to + 1)
    users = User.objects.bulk_create(User(email=f"many{n}@example.com") for n in numbers)
    Person.objects.bulk_create(
        Person(user=user, name="同行", employer=line.claim.person.employer) for user in users
    )
    people = list(Person.objects.filter(user__in=users))
    values = {field.attname: getattr(line.claim, field.attname) for field in Claim._meta.concrete_fields}
    claims = Claim.objects.bulk_create(
        Claim(
            **values
            | {"id": None, "person_id": one.pk, "holder_id": one.user_id, "id_hash": f"hash-{one.pk}"}
        )
        for one in people
    )
    values = {field.attname: getattr(line, field.attname) for field in PaymentLine._meta.concrete_fields}
    PaymentLine.objects.bulk_create(
        PaymentLine(
            **values
            | {
                "id": None,
                "position": number,
                "claim_id": claim.pk,
                "holder_id": claim.holder_id,
                "id_hash": claim.id_hash,
            }
        )
        for number, claim in zip(numbers, claims, strict=True)
    )
    PaymentBatch.objects.filter(pk=batch.pk).update(count=to, total=line.amount * to)
    batch.refresh_from_db()


@pytest.mark.parametrize("lines", [3, 300])
def test_cancelling_costs_the_same_for_three_lines_and_for_three_hundred(desk, lines):
    batch = make_batch(*desk.claims, built_by=desk.builder)
    grown(batch, lines)

    with CaptureQueriesContext(connection) as captured:
        actions.cancel_batch(batch=batch, reason="重做", actor=desk.builder)

    trails = f'INSERT INTO "{AuditEntry._meta.db_table}"'
    assert sum(not one["sql"].startswith(trails) for one in captured) == STATEMENTS
    batch.refresh_from_db()
    assert batch.state == "cancelled" and set(batch.lines.values_list("state", flat=True)) == {"withdrawn"}
    assert set(Claim.objects.values_list("state", flat=True)) == {"approved"}
    trail = AuditEntry.objects.filter(action="credentials.unlock_claim", user=desk.builder)
    assert trail.count() == lines
    for claim, line in ((one.claim, one) for one in batch.lines.select_related("claim")[:3]):
        (entry,) = AuditEntry.objects.trail_of(claim).filter(action="credentials.unlock_claim")
        assert entry.data == {
            "before": {"state": "locked", "batch": batch.serial},
            "after": {"state": "approved"},
        }, line.position


def test_a_batch_with_a_claim_that_is_not_locked_any_more_is_not_cancelled_in_part(desk):
    batch = make_batch(*desk.claims, built_by=desk.builder)
    Claim.objects.filter(pk=desk.claims[1].pk).update(state="approved")

    with pytest.raises(PaymentRefused):
        actions.cancel_batch(batch=batch, reason="重做", actor=desk.builder)

    assert PaymentBatch.objects.get(pk=batch.pk).state == "draft"
    assert set(batch.lines.values_list("state", flat=True)) == {"waiting"}
    assert not AuditEntry.objects.filter(action="credentials.unlock_claim").exists()
