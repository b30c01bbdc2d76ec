"""Issuing reports and allowance statements. What is issued is frozen; a later look or a correction is another row."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.actions import Run, job_kind, start_job
from core.jobs.models import Job
from core.jobs.states import OPEN
from core.notices.actions import notify
from core.organisations.models import Organisation
from core.pdf.faces import MissingGlyph, describe_character
from core.people.models import User
from core.states import Refused
from supervision.reports.document import Paper, render
from supervision.reports.models import AllowanceLine, AllowanceRate, AllowanceStatement, SupervisionReport
from supervision.reports.policy import month_of, year_of
from supervision.reports.queries import (
    CONFIRM_WITHIN,
    Due,
    Period,
    dues_of,
    facts_of,
    figures_of,
    hash_of,
    is_large,
    period_words,
    report_paper,
    statement_facts,
    statement_paper,
)
from supervision.reports.states import Span

KIND = "supervision.issue_report"
LARGE = 20_000  # sessions; more of them are counted in the background


class ReportRefused(Refused):
    """The report or the statement cannot be issued; the message says why."""


def period_of(span: str, day: datetime.date, confirm_within: int = CONFIRM_WITHIN) -> Period:
    """The month or the year of this day. Raises ReportRefused for one that has not begun."""
    first, last = year_of(day) if span == Span.YEAR else month_of(day)
    if first > timezone.localdate():
        raise ReportRefused(_("This period has not begun yet."))
    return Period(span, first, last, confirm_within)


def start_report(
    *,
    organisation: Organisation,
    span: str,
    first_on: datetime.date,
    actor: Asker,
    reviewed_by: str = "",
    confirm_within: int = CONFIRM_WITHIN,
) -> SupervisionReport | Job:
    """Issue a report at once, or begin the job that issues a large one. Raises ReportRefused.

    A second click while the job waits or runs gets the same job.
    """
    period = period_of(span, first_on, confirm_within)
    if not is_large(organisation, period, LARGE):
        return issue_report(
            organisation=organisation,
            span=span,
            first_on=first_on,
            actor=actor,
            reviewed_by=reviewed_by,
            confirm_within=confirm_within,
        )
    with transaction.atomic():
        Organisation.objects.select_for_update().get(
            pk=organisation.pk
        )  # of two clicks the second waits here
        params = {
            "organisation": organisation.pk,
            "span": span,
            "first_on": period.first_on.isoformat(),
            "reviewed_by": reviewed_by.strip(),
            "confirm_within": confirm_within,
            "actor": actor.pk,
        }
        running = Job.objects.filter(kind=KIND, params=params, state__in=sorted(OPEN)).first()
        return running or start_job(
            kind=KIND,
            title=_("Supervision report: %(organisation)s, %(period)s")
            % {"organisation": organisation.name, "period": period_words(span, period.first_on)},
            params=params,
            actor=actor,
            organisation=organisation,
        )


@job_kind(KIND)
def issue_large_report(run: Run) -> dict[str, Any]:
    """The job's part: issue the one report, put its PDF on the job's page, tell who asked. After a crash the next attempt
    finds the report, or issues it."""
    run.report(0, 1)
    params = run.params
    actor = User.objects.get(pk=params["actor"])
    report = SupervisionReport.objects.filter(facts__job=run.job.pk).first() or issue_report(
        organisation=Organisation.objects.get(pk=params["organisation"]),
        span=params["span"],
        first_on=datetime.date.fromisoformat(params["first_on"]),
        actor=actor,
        reviewed_by=params["reviewed_by"],
        confirm_within=params["confirm_within"],
        job=run.job.pk,
    )
    name = storages["private"].save(
        f"jobs/{run.job.pk}/supervision-report-{report.pk}.pdf", ContentFile(printed(report_paper(report)))
    )
    Job.objects.filter(pk=run.job.pk, attempt=run.attempt).update(result_file=name)
    notify(
        user=actor,
        kind="supervision.report",
        title=gettext_noop("The supervision report of %(organisation)s is issued"),
        url=reverse("supervision_reports:detail", args=[report.pk]),
        source=f"supervision.report:{report.pk}",
        organisation=report.organisation.name,
    )
    return {"issued": 1}


@transaction.atomic
def issue_report(
    *,
    organisation: Organisation,
    span: str,
    first_on: datetime.date,
    actor: Asker,
    reviewed_by: str = "",
    confirm_within: int = CONFIRM_WITHIN,
    job: int | None = None,
) -> SupervisionReport:
    """Count a month or a year of a tree and freeze it, with its hash. Raises ReportRefused.

    Side effects: the row, which never changes; an audit entry.
    """
    period = period_of(span, first_on, confirm_within)
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    facts = facts_of(figures_of(row, period)) | {"job": job}
    last = SupervisionReport.objects.filter(organisation=row, span=span, first_on=period.first_on).first()
    report = SupervisionReport(
        organisation=row,
        span=span,
        first_on=period.first_on,
        last_on=period.last_on,
        number=last.number + 1 if last else 1,
        facts=facts,
        sha256=hash_of(facts),
        reviewed_by=reviewed_by.strip(),
        issued_by_id=actor.pk,  # type: ignore[misc]
        issued_at=timezone.now(),
    )
    printed(report_paper(report))  # what cannot be printed is said now
    report.save()
    record(
        action="supervision.issue_report",
        target=report,
        actor=actor,
        organisation=row,
        after={"span": span, "starts_on": period.first_on, "number": report.number, "sha256": report.sha256},
    )
    return report


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
    """Freeze who is due which allowance for a month that is over; once for each organisation and month.

    Raises ReportRefused when the month is not over, when it was issued before, when nobody is due anything, and for
    whoever would stand on it. Side effects in order: the row, its lines, an audit entry.
    """
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    first, last = month_of(month)
    if last >= timezone.localdate():
        raise ReportRefused(_("The month is not over yet."))
    if AllowanceStatement.objects.filter(organisation=row, month=first, corrects=None).exists():
        raise ReportRefused(
            _("The statement of this month is issued. What is wrong is put right by a correction.")
        )
    statement = _issue(row, first, dues_of(row, first), actor, reviewed_by=reviewed_by)
    _record("supervision.issue_statement", statement, actor)
    return statement


@transaction.atomic
def correct_statement(
    *, statement: AllowanceStatement, actor: Asker, reason: str, reviewed_by: str = ""
) -> AllowanceStatement:
    """Issue the statement of the month again, as it is known now; the former one stays as it is.

    Raises ReportRefused without a reason, when it was corrected before, and for whoever would stand on it.
    """
    row = Organisation.objects.select_for_update().get(pk=statement.organisation_id)
    if not reason.strip():
        raise ReportRefused(_("Write why it is corrected."))
    if AllowanceStatement.objects.filter(corrects=statement).exists():
        raise ReportRefused(_("It was corrected before. Correct the latest one."))
    dues = dues_of(row, statement.month, correcting=_chain(statement))
    made = _issue(
        row, statement.month, dues, actor, reviewed_by=reviewed_by, corrects=statement, reason=reason.strip()
    )
    _record("supervision.correct_statement", made, actor)
    return made


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
            AllowanceLine.objects.bulk_create(
                AllowanceLine(
                    statement=statement,
                    supervisor=due.supervisor,
                    month=month,
                    is_correction=corrects is not None,
                    tier=due.tier,
                    sessions=due.sessions,
                    minutes=due.minutes,
                    amount=due.amount,
                )
                for due in dues
            )
    except IntegrityError:
        raise ReportRefused(_("Somebody was faster: the statement of this month is issued."))
    printed(statement_paper(statement))
    return statement


def _record(action: str, statement: AllowanceStatement, actor: Asker) -> None:
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


def printed(paper: Paper) -> bytes:
    """The paper as a PDF. Raises ReportRefused, naming the characters, where it would have a gap."""
    try:
        return render(paper)
    except MissingGlyph as missing:
        words = _("These characters cannot be printed: %(characters)s.")
        raise ReportRefused(
            words % {"characters": "、".join(describe_character(each) for each in missing.characters)}
        )
