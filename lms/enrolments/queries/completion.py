"""What is done of a course and what its rule still misses, and the event that says that it is completed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils import timezone

from lms.courses.versions import CourseVersion
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Checklist, Facts, is_complete, items_of, rule_of
from lms.enrolments.states import EnrolmentState
from lms.signals import CourseCompleted


def done_of(enrolment_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The keys of the lessons completed and the quizzes passed, for each of these enrolments. Two queries.

    Keys outlive versions: what was done in an older version counts as far as the newer one still has it.
    """
    ids = list(enrolment_ids)
    found: dict[int, set[str]] = {pk: set() for pk in ids}
    enrolments = Enrolment.objects.filter(pk__in=ids).order_by()
    lessons = enrolments.filter(progress__completed_at__isnull=False).values_list(
        "pk", "progress__lesson__key"
    )
    quizzes = enrolments.filter(attempts__passed=True).values_list("pk", "attempts__paper__key")
    for pk, key in [*lessons, *quizzes]:
        found[pk].add(str(key))
    return {pk: frozenset(keys) for pk, keys in found.items()}


def checklist_of(enrolment: Enrolment, done: frozenset[str] | None = None) -> Checklist:
    """What the course's rule still misses of this enrolment."""
    keys = done_of([enrolment.pk])[enrolment.pk] if done is None else done
    return checklist_in(enrolment.version, keys)


def checklist_in(version: CourseVersion, done: frozenset[str]) -> Checklist:
    """What the rule of a version misses when these keys are done."""
    return is_complete(rule_of(version.rule), Facts(items_of(version.outline), done))


def completion_of(enrolment: Enrolment) -> CourseCompleted:
    """The event that tells the other apps of this completed enrolment (its version, cohort and organisation loaded)."""
    version = enrolment.version
    return CourseCompleted(
        enrolment_id=enrolment.pk,
        person_id=enrolment.person_id,
        organisation_id=enrolment.cohort.organisation_id,
        course_code=version.code,
        course_title=version.title,
        course_title_en=version.title_en,
        version_number=version.number,
        cohort_title=enrolment.cohort.title,
        minutes=version.minutes,
        completed_at=enrolment.completed_at or timezone.now(),
        certificate_years=version.certificate_years,
        by_lessons=bool(version.rule.get("lessons", True)),
        by_quizzes=bool(version.rule.get("quizzes", True)),
    )


def completions() -> Iterator[CourseCompleted]:
    """Every completed enrolment as the event once told it, so that a gap can be found. One query."""
    rows = _completed().order_by("pk")
    return (completion_of(row) for row in rows.iterator(chunk_size=2000))


def completion_told(enrolment_id: int) -> CourseCompleted | None:
    """The event of one completed enrolment; None when it is not completed."""
    row = _completed().filter(pk=enrolment_id).first()
    return completion_of(row) if row else None


def _completed() -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(state=EnrolmentState.COMPLETED)
    return rows.select_related("cohort__organisation", "version")
