"""The dry run: what issuing a cohort's certificates would do, person by person, without doing it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import Role
from credentials.certificates.models import Certificate
from credentials.certificates.queries import trouble_with
from lms.public import Candidate, candidates_in, cohorts_with_completed
from lms.signals import CourseCompleted


class Outlook(models.TextChoices):
    """What will happen to one person."""

    ISSUE = "issue", gettext_lazy("Will be issued")
    HAS = "has", gettext_lazy("Already has it")
    CANNOT = "cannot", gettext_lazy("Cannot be issued")
    NOT_YET = "not_yet", gettext_lazy("Has not completed the course")

    @property
    def tone(self) -> str:
        """How Wagtail's status tag shows it."""
        return {"issue": "primary", "cannot": "critical"}.get(self.value, "")


@dataclass(frozen=True)
class DryRow:
    """One person of the dry run; `event` is there if and only if the course is completed."""

    enrolment_id: int
    name: str
    outlook: Outlook
    note: str = ""
    event: CourseCompleted | None = None
    is_own: bool = False


def cohorts_to_issue(user: Asker) -> QuerySet[models.Model]:
    """The cohorts at this user's desk in which somebody has completed the course, the latest first, with the numbers."""
    certified = Certificate.objects.filter(enrolment__cohort=OuterRef("pk")).order_by()
    number = certified.values("enrolment__cohort").annotate(number=Count("enrolment", distinct=True))
    rows: QuerySet[models.Model] = cohorts_with_completed(user).filter(
        scope_of(user).q("organisation", Role.ADMINISTRATOR)
    )
    return rows.annotate(issued=Coalesce(Subquery(number.values("number")), 0)).order_by("-pk")


def dry_run(cohort: models.Model, actor: Asker) -> list[DryRow]:
    """Everybody who learns or has completed in the cohort, and what would happen; the same few statements for any number."""
    candidates = candidates_in(cohort.pk)
    known = Certificate.objects.filter(enrolment_id__in=[each.enrolment_id for each in candidates])
    issued = {each.enrolment_id: each for each in known.order_by("pk")}  # of a chain, the last
    issuer = str(cohort.organisation)  # type: ignore[attr-defined]
    mine = getattr(getattr(actor, "person", None), "pk", None)
    return [_row(each, issued.get(each.enrolment_id), issuer, each.person_id == mine) for each in candidates]


def _row(candidate: Candidate, issued: Certificate | None, issuer: str, is_own: bool) -> DryRow:
    event = candidate.completion
    outlook, note = Outlook.ISSUE, ""
    if event is None:
        outlook, note = Outlook.NOT_YET, " ".join(candidate.missing)
    elif issued:
        outlook, note = Outlook.HAS, f"{issued.serial} · {issued.verdict().label}"
    elif is_own:
        outlook = Outlook.CANNOT
        note = _("Nobody issues a certificate to themselves. Ask a colleague to do it.")
    elif trouble := trouble_with(
        name=candidate.name,
        course_title=event.course_title,
        course_title_en=event.course_title_en,
        cohort=event.cohort_title,
        issuer=issuer,
    ):
        outlook, note = Outlook.CANNOT, _(trouble.reason) % {"characters": trouble.characters}
    return DryRow(candidate.enrolment_id, candidate.name, outlook, note, event, is_own)
