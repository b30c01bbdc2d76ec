"""What is set aside for a policy in a year."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from credentials.payments.actions.asking import PaymentRefused, finance_only, require
from credentials.payments.models import PaymentBudget
from credentials.policies.models import SubsidyPolicy

YEARS = range(2000, 2100)


@transaction.atomic
def set_budget(
    *, policy: SubsidyPolicy, year: int, amount: Decimal, words: str, actor: Asker
) -> PaymentBudget:
    """Set the budget of a policy for a year, or change it: what was set before stays as its history.

    Raises PaymentRefused for whoever is no finance officer there, without a basis, or when somebody else was quicker.
    Side effects: a row, an audit entry.
    """
    user = require(actor, "set_paymentbudget", policy, finance_only())
    if not words.strip() or year not in YEARS or amount < 0:
        raise PaymentRefused(_("A budget has a year, an amount and the document that it rests on."))
    before = PaymentBudget.objects.filter(policy=policy, year=year).order_by("number").last()
    try:
        with transaction.atomic():
            row = PaymentBudget.objects.create(
                policy=policy,
                authority=policy.organisation,
                year=year,
                number=before.number + 1 if before else 1,
                amount=amount,
                words=words.strip()[:300],
                set_by=user,
            )
    except IntegrityError:
        raise PaymentRefused(_("Somebody else has changed this budget at this moment. Look again."))
    record(
        action="credentials.set_budget",
        target=row,
        actor=actor,
        organisation=row.authority,
        before={"amount": str(before.amount)} if before else None,
        after={"amount": str(amount)},
        reason=row.words,
    )
    return row
