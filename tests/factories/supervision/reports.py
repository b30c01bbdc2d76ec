"""Reports and allowances."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation, User

if TYPE_CHECKING:
    from supervision.models import (
        AllowanceRate,
        AllowanceStatement,
        SupervisionReport,
    )


def make_report(organisation: Organisation, officer: User, **fields: object) -> SupervisionReport:
    """The report of last month, issued by the real action."""
    from supervision.reports.actions import issue_report

    first = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    defaults = {"span": "month", "first_on": first}
    return issue_report(organisation=organisation, actor=officer, **defaults | fields)


def make_allowance_rate(organisation: Organisation, tier: str = "junior", **fields: object) -> AllowanceRate:
    """Two hundred yuan for a confirmed session, since two years ago."""
    from supervision.models import AllowanceRate

    defaults = {
        "per": "session",
        "amount": "200.00",
        "starts_on": timezone.localdate() - timedelta(days=730),
        "source": "津贴办法",
    }
    return AllowanceRate.objects.create(organisation=organisation, tier=tier, **defaults | fields)


def make_allowance_statement(
    organisation: Organisation, officer: User, *, is_empty: bool = False
) -> AllowanceStatement:
    """The statement of last month: issued by the real action, or one on which nobody stands."""
    from supervision.models import AllowanceStatement
    from supervision.reports.actions import issue_statement
    from supervision.reports.queries import hash_of, statement_facts

    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    if not is_empty:
        return issue_statement(organisation=organisation, month=month, actor=officer)
    facts = statement_facts(organisation, month, [])
    return AllowanceStatement.objects.create(
        organisation=organisation,
        month=month,
        facts=facts,
        sha256=hash_of(facts),
        total=0,
        issued_by=officer,
        issued_at=timezone.now(),
    )
