"""Allowance rates and statements. What is issued is frozen; a correction is another row."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from supervision.reports.actions.printing import ReportRefused, printed
from supervision.reports.models import AllowanceCount, AllowanceLine, AllowanceRate, AllowanceStatement
from supervision.reports.policy import month_of
from supervision.reports.queries import (
    Due,
    dues_of,
    hash_of,
    statement_facts,
    statement_paper,
)
from supervision.supervisors.models import Supervisor


def set_allowance_rate(
    *,
    organisation: Organisation,
    tier: str,
    per: str,
    amount: Decimal,
    starts_on: datetime.date,
    source: str,
    actor: Asker | None,
) -> AllowanceRate:
    """Set what a tier is given from a day on. Raises ReportRefused when a rate of it begins there on that day.

    A month for which a statement was issued keeps the amounts of its statement. Side effect: audit.
    """
    with transaction.atomic():
        try:
            with transaction.atomic():
                rate = AllowanceRate.objects.create(
                    organisation=organisation,
                    tier=tier,
                    per=per,
                    amount=amount,
                    starts_on=starts_on,
                    source=source.strip(),
                )
        except IntegrityError:
            raise ReportRefused(_("A rate of this tier begins there on that day already."))
        record(
            action="supervision.set_allowance_rate",
            target=rate,
            actor=actor,
            organisation=organisation,
            after={"tier": tier, "amount": str(rate.amount), "starts_on": starts_on, "source": rate.source},
        )
    return rate


@transaction.atomic
def issue_statement(
    *, organisation: Organisation, month: datetime.date, actor: Asker, reviewed_by: str = ""
) -> AllowanceStatement:
    """Freeze who is due which allowance for a month that is over; once for each organisation and month. Earlier months that
    are other by now are put right by lines of their own.

    Raises ReportRefused when the month is not over, when it was issued before, when nobody is due anything, and for
    whoever would stand on it. Side effects in order: the row, its lines, what is counted by them, an audit entry.
    """
    row = _locked(organisation.pk)
    first, last = month_of(month)
    if last >= timezone.localdate():
        raise ReportRefused(_("The month is not over yet."))
    if AllowanceStatement.objects.filter(organisation=row, month=first, corrects=None).exists():
        raise ReportRefused(
            _("The statement of this month is issued. What is wrong is put right by a correction.")
        )
    statement = _issue(row, first, dues_of(row, first), actor, reviewed_by=reviewed_by)
    _audit("supervision.issue_statement", statement, actor)
    return statement


@transaction.atomic
def correct_statement(
    *, statement: AllowanceStatement, actor: Asker, reason: str, reviewed_by: str = ""
) -> AllowanceStatement:
    """Issue the statement of the month again, as it is known now; the former one stays as it is.

    Raises ReportRefused without a reason, when it was corrected before, when another statement has put the month of anybody
    in the tree right since, and for whoever would stand on it.
    """
    row = _locked(statement.organisation_id)
    if not reason.strip():
        raise ReportRefused(_("Write why it is corrected."))
    if AllowanceStatement.objects.filter(corrects=statement).exists():
        raise ReportRefused(_("It was corrected before. Correct the latest one."))
    chain = _chain(statement)
    on_it = AllowanceLine.objects.filter(statement=statement, number=0).values("supervisor")
    later = AllowanceLine.objects.filter(
        Q(supervisor__organisation__path__startswith=row.path) | Q(supervisor__in=on_it),
        month=statement.month,
        number__gt=0,
        statement__corrected_by=None,
    )
    if later.exclude(statement__in=chain).exists():
        raise ReportRefused(
            _(
                "A later statement has put this month right already. What is other since stands on the next one."
            )
        )
    dues = dues_of(row, statement.month, correcting=chain)
    made = _issue(
        row, statement.month, dues, actor, reviewed_by=reviewed_by, corrects=statement, reason=reason.strip()
    )
    _audit("supervision.correct_statement", made, actor)
    return made


@transaction.atomic
def export_statement(*, statement: AllowanceStatement, actor: Asker) -> None:
    """Note that a statement, which names people and their money, was taken out as a paper or a table. Side effect: audit."""
    _audit("supervision.export_statement", statement, actor)


def _locked(pk: int) -> Organisation:
    """The organisation, locked until the transaction ends, and every supervisor of its tree, in one order for all: a city
    and one of its districts wait for each other, and nobody is counted in both."""
    row = Organisation.objects.select_for_update().get(pk=pk)
    supervisors = Supervisor.objects.select_for_update(of=("self",), no_key=True)
    list(supervisors.filter(organisation__path__startswith=row.path).order_by("pk").values_list("pk"))
    return row


def _chain(statement: AllowanceStatement) -> list[int]:
    """The statement and those that it corrects, down to the first."""
    found, each = [statement.pk], statement
    while each.corrects is not None:
        each = each.corrects
        found.append(each.pk)
    return found


def _issue(
    organisation: Organisation,
    month: datetime.date,
    dues: Sequence[Due],
    actor: Asker,
    *,
    reviewed_by: str,
    corrects: AllowanceStatement | None = None,
    reason: str = "",
) -> AllowanceStatement:
    if not dues:
        raise ReportRefused(_("Nobody has confirmed sessions in this month who is not on another statement."))
    if any(due.supervisor.person.user_id == actor.pk for due in dues):
        raise ReportRefused(_("You would stand on this statement yourself. Ask another administrator."))
    facts = statement_facts(organisation, month, dues)
    try:
        with transaction.atomic():
            statement = AllowanceStatement.objects.create(
                organisation=organisation,
                month=month,
                corrects=corrects,
                reason=reason,
                facts=facts,
                sha256=hash_of(facts),
                total=Decimal(facts["total"]),
                reviewed_by=reviewed_by.strip(),
                issued_by_id=actor.pk,  # type: ignore[misc]
                issued_at=timezone.now(),
            )
            _write_lines(statement, dues)
    except IntegrityError:
        raise ReportRefused(_("Somebody was faster: the statement of this month is issued."))
    printed(statement_paper(statement))
    return statement


def _write_lines(statement: AllowanceStatement, dues: Sequence[Due]) -> None:
    """A line for each, and what it counts for the first time: the database refuses what was counted before."""
    lines = AllowanceLine.objects.bulk_create(
        AllowanceLine(
            statement=statement,
            supervisor=due.supervisor,
            month=due.month,
            number=due.number,
            is_correction=statement.corrects_id is not None,
            tier=due.tier,
            rate=due.rate,
            sessions=due.sessions,
            minutes=due.minutes,
            amount=due.amount,
        )
        for due in dues
    )
    AllowanceCount.objects.bulk_create(
        AllowanceCount(
            line=line,
            supervisor=due.supervisor,
            month=due.month,
            session_id=each.session,
            gathering_id=each.gathering,
            minutes=each.minutes,
        )
        for line, due in zip(lines, dues, strict=True)
        for each in due.held
    )


def _audit(action: str, statement: AllowanceStatement, actor: Asker) -> None:
    record(
        action=action,
        target=statement,
        actor=actor,
        organisation=statement.organisation,
        after={
            "starts_on": statement.month,
            "people": len(statement.facts["lines"]),
            "amount": str(statement.total),
            "sha256": statement.sha256,
        },
        reason=statement.reason,
    )
