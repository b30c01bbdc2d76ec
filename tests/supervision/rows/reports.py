"""Reports, and statements of allowances."""

from datetime import date

from django.utils import timezone

from supervision.models import (
    AllowanceCount,
    AllowanceLine,
    AllowanceRate,
    AllowanceStatement,
    SupervisionReport,
)
from tests.factories import make_allowance_rate, make_session


def reported_of(cast, places, pairings, supervisors):
    """A report and a statement of each of two places, with a session that counts for one supervisor of each."""
    month, now = date(2024, 1, 1), timezone.now()
    kept = {"facts": {}, "sha256": "", "issued_by": cast.administrator, "issued_at": now}
    statements = [
        AllowanceStatement.objects.create(organisation=place, month=month, total=1, **kept)
        for place in places
    ]
    lines = [
        AllowanceLine.objects.create(
            statement=statement, supervisor=supervisor, month=month, sessions=1, minutes=60, amount=1
        )
        for statement, supervisor in zip(statements, supervisors, strict=True)
    ]
    counted = [make_session(pairing, "confirmed", days_ago=40) for pairing in pairings[: len(lines)]]
    return {
        SupervisionReport: [
            SupervisionReport.objects.create(
                organisation=place, span="month", first_on=month, last_on=date(2024, 1, 31), number=1, **kept
            )
            for place in places
        ],
        AllowanceRate: [make_allowance_rate(place) for place in places],
        AllowanceStatement: statements,
        AllowanceLine: lines,
        AllowanceCount: [
            AllowanceCount.objects.create(
                line=line, supervisor=line.supervisor, month=month, session=session, minutes=60
            )
            for line, session in zip(lines, counted, strict=True)
        ],
    }
