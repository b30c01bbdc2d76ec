"""When the people of a cohort may sit a quiz."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from lms.assessments.actions.refusals import NotPossible
from lms.assessments.models import Attempt, PaperWindow
from lms.assessments.queries import ends_at
from lms.assessments.states import AttemptState
from lms.cohorts.models import Cohort
from lms.courses.versions import paper_of


@transaction.atomic
def set_paper_window(
    *, cohort: Cohort, key: UUID, opens_at: datetime, closes_at: datetime, actor: Asker
) -> PaperWindow:
    """Say from when to when a cohort sits a quiz. Whoever is answering now ends with it, or has the time it adds.

    Raises NotPossible when it closes before it opens. Side effects, in order: the deadlines of attempts that run; an audit
    entry.
    """
    if closes_at <= opens_at:
        raise NotPossible(_("The quiz has to close after it opens."))
    Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    before = PaperWindow.objects.filter(cohort=cohort, key=key).first()
    window, _made = PaperWindow.objects.update_or_create(
        cohort=cohort, key=key, defaults={"opens_at": opens_at, "closes_at": closes_at}
    )
    _end_running(cohort, key, window)
    _record("lms.set_paper_window", cohort, key, actor, before=before, after=window)
    return window


@transaction.atomic
def lift_paper_window(*, cohort: Cohort, key: UUID, actor: Asker) -> None:
    """Let the cohort sit a quiz at any time again; without a window nothing happens. Side effects as those of setting one."""
    Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    before = PaperWindow.objects.filter(cohort=cohort, key=key).first()
    if before is None:
        return
    PaperWindow.objects.filter(pk=before.pk).delete()
    _end_running(cohort, key, None)
    _record("lms.lift_paper_window", cohort, key, actor, before=before, after=None)


def _end_running(cohort: Cohort, key: UUID, window: PaperWindow | None) -> None:
    running = Attempt.objects.select_for_update(of=("self",)).filter(
        enrolment__cohort=cohort, paper__key=key, state=AttemptState.OPEN
    )
    rows = list(running)
    for row in rows:
        row.deadline_at = ends_at(row.started_at, paper_of(row.paper_id).minutes, window)
    Attempt.objects.bulk_update(rows, ["deadline_at"], batch_size=500)


def _record(
    action: str,
    cohort: Cohort,
    key: UUID,
    actor: Asker,
    *,
    before: PaperWindow | None,
    after: PaperWindow | None,
) -> None:
    record(
        action=action,
        target=cohort,
        actor=actor,
        organisation=cohort.organisation,
        before={"quiz": str(key), **_facts(before)},
        after={"quiz": str(key), **_facts(after)},
    )


def _facts(window: PaperWindow | None) -> dict[str, str]:
    return (
        {"opens_at": window.opens_at.isoformat(), "closes_at": window.closes_at.isoformat()} if window else {}
    )
