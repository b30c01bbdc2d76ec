"""Issuing reports. What is issued is frozen; a later look is another row."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.actions import Run, job_kind, start_once
from core.jobs.models import Job
from core.jobs.queries import Place
from core.notices.actions import notify
from core.organisations.models import Organisation
from core.people.models import User
from supervision.reports.actions.printing import ReportRefused, printed
from supervision.reports.models import SupervisionReport, period_words
from supervision.reports.policy import month_of, year_of
from supervision.reports.queries import (
    CONFIRM_WITHIN,
    Period,
    facts_of,
    figures_of,
    hash_of,
    is_large,
    report_paper,
)
from supervision.reports.states import Span

KIND = "supervision.issue_report"
LARGE = 20_000  # sessions; more of them are counted in the background


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
        return start_once(
            kind=KIND,
            title=_("Supervision report: %(organisation)s, %(period)s")
            % {"organisation": organisation.name, "period": period_words(span, period.first_on)},
            params=params,
            actor=actor,
            organisation=organisation,
        )


def _place(job: Job) -> Place:
    return Place(_("Supervision reports"), reverse("supervision_reports:index"))


@job_kind(KIND, _place)
def issue_large_report(run: Run) -> dict[str, Any]:
    """The job's part: issue the one report, put its PDF on the job's page, tell who asked. After a crash the next attempt
    finds the report, or issues it. Whoever asked may have lost the right since: the job fails, with the sentence on its
    page."""
    run.report(0, 1)
    params = run.params
    actor = User.objects.get(pk=params["actor"])
    organisation = Organisation.objects.get(pk=params["organisation"])
    try:
        _require_right(organisation, actor)
    except ReportRefused as refused:
        run.failed(str(organisation.pk), run.job.title, str(refused))
        raise
    report = issue_report(
        organisation=organisation,
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


def _require_right(organisation: Organisation, actor: User) -> None:
    """The question that was asked at the click, asked again: between the two a role may have ended."""
    if not (actor.is_active and actor.has_perm("supervision.issue_report", organisation)):
        raise ReportRefused(
            _(
                "The report was not issued: your role here has ended since you asked for it. Whoever administers the organisation now can issue it."
            )
        )


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
    """Count a month or a year of a tree and freeze it, with its hash; a `job` that has issued its report gets the same one
    again, be it that two attempts of it meet. Raises ReportRefused.

    Side effects: the row, which never changes; an audit entry.
    """
    period = period_of(span, first_on, confirm_within)
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if job is not None and (issued := SupervisionReport.objects.filter(facts__job=job).first()):
        return issued
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
