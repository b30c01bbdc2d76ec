"""What is done of a course and what its rule still misses, and the event that says that it is completed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from lms.courses.versions import CourseVersion, versions_of
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import (
    Ask,
    Attended,
    Checklist,
    Classes,
    Facts,
    Rule,
    Share,
    is_complete,
    items_of,
    rule_of,
)
from lms.enrolments.states import EnrolmentState
from lms.signals import CourseCompleted

Counter = Callable[[Collection[int]], Mapping[int, Any]]
Doer = Callable[[Collection[int]], Iterable[tuple[int, object]]]


@dataclass(frozen=True)
class Source:
    """A feature that counts for the rule, and the url name (with the enrolment's id) where the trainee finds it."""

    function: Counter
    place: str = ""


# What the features above know of an enrolment, by name: "attendance" gives Attended (or what has its fields), "classes"
# gives Classes (planned, over), "scores" the best of each quiz, "assignments" and "surveys" give Share (done, total). They
# register here, so that the rule imports none of them.
_SOURCES: dict[str, Source] = {}
_DOERS: dict[str, Doer] = {}  # who says what is done
PLACES = {
    Ask.MINUTES: "attendance",
    Ask.ATTENDED_MINUTES: "attendance",
    Ask.ATTENDANCE: "attendance",
    Ask.ASSIGNMENTS: "assignments",
    Ask.SURVEYS: "surveys",
}


def count_by(name: str, function: Counter, *, place: str = "") -> None:
    """Let a feature count for the completion rule: `function(enrolment_ids)` gives what it knows of each, in a constant
    number of queries; whom it leaves out has nothing. Called by lms/apps.py; the latest of a name counts."""
    _SOURCES[name] = Source(function, place)


def source_of(name: str) -> Source | None:
    """Who counts under this name; None where nobody does."""
    return _SOURCES.get(name)


def done_by(name: str, function: Doer) -> None:
    """Let a feature say what is done: `function(enrolment_ids)` gives pairs of an enrolment and the key of what it has
    completed or passed, in a constant number of queries. Called by lms/apps.py; the latest of a name counts."""
    _DOERS[name] = function


def done_of(enrolment_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The keys of the lessons completed and of what was passed, for each of these enrolments, in the queries of
    those who say so.

    Keys outlive versions: what was done in an older version counts as far as the newer one still has it.
    """
    ids = list(enrolment_ids)
    found: dict[int, set[str]] = {pk: set() for pk in ids}
    for function in _DOERS.values():
        for pk, key in function(ids):
            if pk in found:
                found[pk].add(str(key))
    return {pk: frozenset(keys) for pk, keys in found.items()}


def checklists_of(
    enrolments: Iterable[Enrolment],
    *,
    version: CourseVersion | None = None,
    done: Mapping[int, frozenset[str]] | None = None,
) -> dict[int, Checklist]:
    """What the rule of each enrolment's version (or of `version`) says of it.

    Two queries for what is done (none if `done` is given, as `done_of` gives it); of the rest only what one of the
    rules asks for, each in a constant number of queries.
    """
    of = {row.pk: version for row in enrolments} if version else _versions(list(enrolments))
    rules = {found.pk: rule_of(found.rule) for found in of.values()}
    keys = done_of(of) if done is None else done
    extra = counted_of({pk: rules[found.pk] for pk, found in of.items()})
    items = {found.pk: items_of(found.outline) for found in of.values()}
    return {
        pk: is_complete(
            rules[found.pk], Facts(items[found.pk], keys.get(pk, frozenset()), **extra.get(pk, {}))
        )
        for pk, found in of.items()
    }


def _versions(rows: list[Enrolment]) -> dict[int, CourseVersion]:
    """The version of each of these enrolments; one that was not read with its row is taken from those kept."""
    is_loaded = Enrolment._meta.get_field("version").is_cached
    kept = versions_of(row.version_id for row in rows if not is_loaded(row))
    return {row.pk: row.version if is_loaded(row) else kept[row.version_id] for row in rows}


def checklist_of(enrolment: Enrolment, done: frozenset[str] | None = None) -> Checklist:
    """What the course's rule still misses of this enrolment; `done` as in `done_of`, where it is known already."""
    known = None if done is None else {enrolment.pk: done}
    return checklists_of([enrolment], done=known)[enrolment.pk]


def checklist_in(version: CourseVersion, done: frozenset[str]) -> Checklist:
    """What the rule of a version misses when these keys are done and nothing else is known. No query."""
    return is_complete(rule_of(version.rule), Facts(items_of(version.outline), done))


def counted_of(rules: Mapping[int, Rule]) -> dict[int, dict[str, Any]]:
    """The facts beside lessons and quizzes, by enrolment: only of those whose rule asks, and only what it asks for."""
    found: dict[int, dict[str, Any]] = {}
    source = source_of("scores")
    if source and (ids := [pk for pk, rule in rules.items() if rule.quiz_average]):
        _put(found, "scores", ids, source.function(ids), {})
    source = source_of("attendance")
    if source and (ids := [pk for pk, rule in rules.items() if rule.asks_attendance]):
        _put(found, "attended", ids, source.function(ids), Attended())
    source = source_of("classes")
    if source and (ids := [pk for pk, rule in rules.items() if rule.attendance_percent]):
        classes = {pk: Classes(*counted) for pk, counted in source.function(ids).items()}
        _put(found, "planned", ids, {pk: counted.planned for pk, counted in classes.items()}, 0)
        _put(found, "over", ids, {pk: counted.over for pk, counted in classes.items()}, 0)
    for name, asks in (
        ("assignments", lambda rule: rule.require_assignments),
        ("surveys", lambda rule: rule.require_surveys),
    ):
        source = source_of(name)
        if source and (ids := [pk for pk, rule in rules.items() if asks(rule)]):
            shares = {pk: Share(*share) for pk, share in source.function(ids).items()}
            _put(found, name, ids, shares, Share(0, 0))
    return found


def _put(
    found: dict[int, dict[str, Any]], name: str, ids: list[int], facts: Mapping[int, Any], nothing: Any
) -> None:
    for pk in ids:
        found.setdefault(pk, {})[name] = facts.get(pk, nothing)


def completion_of(enrolment: Enrolment) -> CourseCompleted:
    """The event that tells the other apps of this completed enrolment (its version, cohort and organisation loaded).

    Its minutes are those of the lessons that were done, as frozen at completion.
    """
    version = enrolment.version
    lessons: dict[str, int] = enrolment.learned or {}
    return CourseCompleted(
        enrolment_id=enrolment.pk,
        person_id=enrolment.person_id,
        organisation_id=enrolment.cohort.organisation_id,
        course_code=version.code,
        course_title=version.title,
        course_title_en=version.title_en,
        version_number=version.number,
        cohort_title=enrolment.cohort.title,
        minutes=sum(lessons.values()),
        completed_at=enrolment.completed_at or timezone.now(),
        certificate_years=version.certificate_years,
        by_lessons=bool(version.rule.get("lessons", True)),
        by_quizzes=bool(version.rule.get("quizzes", True)),
        lessons=lessons,
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
