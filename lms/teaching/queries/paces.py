"""Who is at risk in a cohort, and why. Everything is counted by the database, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q
from django.utils import timezone

from core.organisations.models import Organisation
from lms.assessments.models import Attempt
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.courses.versions import CourseVersion, attempts_allowed_in, versions_of
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Ask, Condition, Facts, Rule, is_complete, items_of, rule_of
from lms.enrolments.queries import counted_of
from lms.enrolments.states import EnrolmentState
from lms.learning.models import LessonProgress
from lms.teaching.models import RiskLimits
from lms.teaching.policy import Limits, Pace, Reason, Trouble, reasons_of
from lms.teaching.queries.sources import FOLLOWED, Followed

LIMITS = tuple(field.name for field in fields(Limits))


@dataclass(frozen=True)
class Limited:
    """The limits that hold for an organisation, and whose they are (None: nobody set any)."""

    limits: Limits
    organisation: Organisation | None


def limits_of(organisations: Iterable[Organisation]) -> dict[int, Limited]:
    """The limits for each of these organisations: its own, or else those of the nearest above it. One query."""
    wanted = list(organisations)
    paths = {path for row in wanted for path in Organisation.paths_above(row.path)}
    rows = RiskLimits.objects.filter(organisation__path__in=paths).select_related("organisation")
    by_path = {row.organisation.path: row for row in rows}
    return {organisation.pk: _nearest(organisation, by_path) for organisation in wanted}


def _nearest(organisation: Organisation, by_path: Mapping[str, RiskLimits]) -> Limited:
    for path in reversed(Organisation.paths_above(organisation.path)):
        row = by_path.get(path)
        if row is not None:
            return Limited(Limits(**{name: getattr(row, name) for name in LIMITS}), row.organisation)
    return Limited(Limits(), None)


@dataclass(frozen=True)
class Learner:
    """One person who learns in a cohort, and how they stand."""

    enrolment_id: int
    cohort_id: int
    name: str
    employer: str
    pace: Pace


@dataclass(frozen=True)
class Watched:
    """One person who is at risk: the reasons, the gravest first."""

    learner: Learner
    reasons: tuple[Reason, ...]

    @property
    def enrolment_id(self) -> int:
        return self.learner.enrolment_id

    @property
    def weight(self) -> tuple[int, int]:
        """For sorting: by the gravest reason, then by how many there are."""
        return (-self.reasons[0].severity, -len(self.reasons))


def at_risk_in(
    cohorts: Collection[Cohort], *, today: date | None = None, limits: Mapping[int, Limited] | None = None
) -> dict[int, list[Watched]]:
    """Who is at risk in each of these cohorts (with their organisations), the gravest first, then by pinyin.

    Four queries for all of them (limits, learners, lessons, attempts), and what classes add where they are counted.
    """
    found: dict[int, list[Watched]] = {cohort.pk: [] for cohort in cohorts}
    limits = limits_of(cohort.organisation for cohort in cohorts) if limits is None else limits
    of = {cohort.pk: limits[cohort.organisation_id].limits for cohort in cohorts}
    for learner in _learners(Q(cohort__in=found), today):
        reasons = reasons_of(learner.pace, of[learner.cohort_id])
        if reasons:
            found[learner.cohort_id].append(Watched(learner, reasons))
    for rows in found.values():
        rows.sort(key=lambda row: row.weight)
    return found


def own_reasons(enrolment: Enrolment) -> tuple[Reason, ...]:
    """What holds for one enrolment (its cohort and organisation loaded), for its trainee to read."""
    limits = limits_of([enrolment.cohort.organisation])[enrolment.cohort.organisation_id].limits
    return next((reasons_of(learner.pace, limits) for learner in _learners(Q(pk=enrolment.pk), None)), ())


FIELDS = (
    "pk",
    "cohort_id",
    "version_id",
    "decided_at",
    "cohort__starts_on",
    "cohort__ends_on",
    "person__name",
    "person__employer__name",
)


def _learners(which: Q, today: date | None) -> list[Learner]:
    """Everybody of these who learns, by pinyin, with their pace."""
    learning = Enrolment.objects.filter(which, state=EnrolmentState.ENROLLED)
    rows = list(learning.order_by("person__pinyin", "person__name", "pk").values_list(*FIELDS, named=True))
    ids = learning.order_by().values("pk")
    versions = versions_of(row.version_id for row in rows)
    courses = {pk: Course(version) for pk, version in versions.items()}
    read, sat = lessons_read(ids, courses), quizzes_sat(ids)
    allowed = attempts_allowed_in(versions.values())
    followed = _followed([row.pk for row in rows])
    attendance = _attendance({row.pk: courses[row.version_id].rule for row in rows})
    day = today or timezone.localdate()

    def pace(row: Any) -> Pace:
        course, quizzes = courses[row.version_id], sat.get(row.pk, {})
        lessons, last = read.get(row.pk, (0, None))
        classes = followed.get(row.pk, Followed())
        sittings = (quiz.last for quiz in quizzes.values())
        moments = [moment for moment in (last, classes.last_there, *sittings) if moment]
        return Pace(
            today=day,
            starts_on=row.cohort__starts_on,
            ends_on=row.cohort__ends_on,
            admitted_on=timezone.localdate(row.decided_at) if row.decided_at else None,
            last_active=timezone.localdate(max(moments)) if moments else None,
            done=course.done(lessons, quizzes),
            total=course.total,
            troubles=_troubles(course, quizzes, allowed[row.version_id]),
            missed_in_row=classes.missed_in_row,
            attendance=attendance.get(row.pk),
        )

    return [
        Learner(row.pk, row.cohort_id, row.person__name, row.person__employer__name or "", pace(row))
        for row in rows
    ]


class Course:
    """What a version asks to be done one by one; all of it where it asks for other things only."""

    def __init__(self, version: CourseVersion) -> None:
        items, self.rule = items_of(version.outline), rule_of(version.rule)
        every = not any(self.rule.asks_for(item) for item in items)
        asked = [item for item in items if every or self.rule.asks_for(item)]
        self.lessons = frozenset(item.key for item in asked if item.kind == "lesson")
        self.quizzes = {item.key: item for item in asked if item.kind == "quiz"}
        self.total = len(asked)

    def done(self, lessons: int, quizzes: Mapping[str, Sat]) -> int:
        """How many of its items are done: so many of its lessons (`lessons_read`), and the quizzes passed."""
        return lessons + sum(quizzes[key].passed > 0 for key in self.quizzes if key in quizzes)


def lessons_read(learning: Any, courses: Mapping[int, Course]) -> dict[int, tuple[int, Any]]:
    """How many lessons that their own version (these courses, by its id) asks for each has completed, and when they were
    last in any lesson. What only another version has counts for nobody else. One query."""
    own = Q(pk__in=())
    for version_id, course in courses.items():
        own |= Q(enrolment__version=version_id, lesson__key__in=course.lessons)
    done = Q(own, completed_at__isnull=False)
    rows = LessonProgress.objects.filter(enrolment__in=learning).order_by().values("enrolment_id")
    rows = rows.annotate(
        done=Count("lesson__key", filter=done, distinct=True),
        opened=Max("opened_at"),
        completed=Max("completed_at"),
    )
    return {
        row["enrolment_id"]: (row["done"], max(filter(None, (row["opened"], row["completed"])), default=None))
        for row in rows
    }


class Sat(NamedTuple):
    """One quiz of one person: attempts, those failed and passed, the best score in per cent, when the last began."""

    used: int
    failed: int
    passed: int
    best: int | None
    last: Any


def quizzes_sat(learning: Any) -> dict[int, dict[str, Sat]]:
    """Every quiz that was sat, by enrolment and key. One query."""
    rows = Attempt.objects.filter(enrolment__in=learning).order_by().values_list("enrolment_id", "paper__key")
    rows = rows.annotate(
        used=Count("pk"),
        failed=Count("pk", filter=Q(passed=False)),
        passed_times=Count("pk", filter=Q(passed=True)),
        best=Max("percent"),
        last=Max("started_at"),
    )
    found: dict[int, dict[str, Sat]] = {}
    for facts in rows:
        enrolment_id, key, *sat = tuple[Any, ...](facts)
        found.setdefault(enrolment_id, {})[str(key)] = Sat(*sat)
    return found


def _troubles(course: Course, quizzes: Mapping[str, Sat], tries: Mapping[str, int]) -> tuple[Trouble, ...]:
    found = []
    for key, item in course.quizzes.items():
        quiz, most = quizzes.get(key), tries.get(key, 0)
        if quiz is not None and quiz.failed and not quiz.passed:
            left = max(0, most - quiz.used) if most else None
            # One that is open just now is no attempt lost.
            left = 1 if left == 0 and quiz.used > quiz.failed else left
            found.append(Trouble(titled(item.title, item.title_en), quiz.failed, left))
    return tuple(found)


def _followed(ids: list[int]) -> dict[int, Followed]:
    function = FOLLOWED.get("attendance")
    return dict(function(ids)) if function and ids else {}


def _attendance(rules: Mapping[int, Rule]) -> dict[int, Condition]:
    """Where the rule asks for attendance and somebody counts it: how that condition stands."""
    asked = {
        pk: Rule(False, False, attendance_percent=rule.attendance_percent)
        for pk, rule in rules.items()
        if rule.attendance_percent
    }
    found = {}
    for pk, known in counted_of(asked).items():
        conditions = is_complete(asked[pk], Facts((), frozenset(), **known)).conditions
        found[pk] = next(condition for condition in conditions if condition.ask == Ask.ATTENDANCE)
    return found
