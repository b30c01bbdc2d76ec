"""Reading enrolments: what is missing, who decides, cards for the dashboard, evidence for the papers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.access.states import Role
from core.organisations.models import Organisation, RoleAssignment
from core.people.models import Person
from core.templatetags.ui import day_time
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled, words
from lms.courses.versions import CourseVersion, versions_of
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Checklist, Facts, Item, is_complete, items_of, rule_of
from lms.enrolments.states import LEARNING, EnrolmentState
from lms.signals import CourseCompleted


def done_of(enrolment_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The keys of the lessons completed and of what was passed, for each of these enrolments. Two queries.

    Keys outlive versions: what was done in an older version counts as far as the newer one still has it.
    """
    ids = list(enrolment_ids)
    found: dict[int, set[str]] = {pk: set() for pk in ids}
    enrolments = Enrolment.objects.filter(pk__in=ids).order_by()
    lessons = enrolments.filter(progress__completed_at__isnull=False).values_list(
        "pk", "progress__lesson__key"
    )
    quizzes = enrolments.filter(attempts__passed=True).values_list("pk", "attempts__paper__key")
    assignments = enrolments.filter(submissions__state="passed").values_list("pk", "submissions__key")
    for pk, key in [*lessons, *quizzes.union(assignments)]:
        found[pk].add(str(key))
    return {pk: frozenset(keys) for pk, keys in found.items()}


def checklist_of(enrolment: Enrolment, done: frozenset[str] | None = None) -> Checklist:
    """What the course's rule still misses of this enrolment."""
    keys = done_of([enrolment.pk])[enrolment.pk] if done is None else done
    return checklist_in(enrolment.version, keys)


def checklist_in(version: CourseVersion, done: frozenset[str]) -> Checklist:
    """What the rule of a version misses when these keys are done."""
    return is_complete(rule_of(version.rule), Facts(items_of(version.outline), done))


def deciders_of(cohort: Cohort) -> list[Any]:
    """The administrators who decide on a cohort's applications: those of its organisation, or else of the nearest
    organisation above it that has any. One query."""
    step, path = Organisation.steplen, cohort.organisation.path
    above = [path[:end] for end in range(step, len(path) + 1, step)]
    rows = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        role=Role.ADMINISTRATOR, organisation__path__in=above, user__is_active=True
    )
    held = list(rows.select_related("user__person", "organisation"))
    nearest = max((len(row.organisation.path) for row in held), default=0)
    return list({row.user_id: row.user for row in held if len(row.organisation.path) == nearest}.values())


@dataclass(frozen=True)
class EnrolmentCard:
    """One enrolment as its trainee sees it, in the language of the request."""

    id: int
    course_id: int
    course_title: str
    cohort_title: str
    organisation: str
    state: str
    state_label: str
    tone: str
    place: int | None
    starts_on: date | None
    ends_on: date | None
    applied_at: datetime
    decided_at: datetime | None
    completed_at: datetime | None
    reason: str
    done: int
    total: int
    percent: int
    next_step: str
    url: str
    learn_url: str


TONES = {
    EnrolmentState.APPLIED: "wait",
    EnrolmentState.WAITING: "wait",
    EnrolmentState.ENROLLED: "info",
    EnrolmentState.COMPLETED: "good",
    EnrolmentState.REFUSED: "bad",
    EnrolmentState.WITHDRAWN: "plain",
}


def enrolments_of(person: Person | None) -> list[EnrolmentCard]:
    """All enrolments of a person, what can be learned first, then the newest.

    Three queries however many there are, one more if any is on a waiting list; the versions are kept in the process.
    """
    if person is None:
        return []
    rows = Enrolment.objects.filter(person=person).select_related("cohort__organisation")
    enrolments = sorted(
        rows, key=lambda row: (row.state != EnrolmentState.ENROLLED, -row.applied_at.timestamp())
    )
    waiting = [row.pk for row in enrolments if row.state == EnrolmentState.WAITING]
    places = Enrolment.objects.filter(pk__in=waiting).with_place() if waiting else ()
    ahead = {row.pk: row.ahead for row in places}
    versions = versions_of(row.version_id for row in enrolments)
    for row in enrolments:
        row.ahead, row.version = ahead.get(row.pk, 0), versions[row.version_id]
    done = done_of(row.pk for row in enrolments if row.state in LEARNING)
    return [card_of(row, done.get(row.pk, frozenset())) for row in enrolments]


def card_of(enrolment: Enrolment, done: frozenset[str]) -> EnrolmentCard:
    """The card of one enrolment; `done` as in `done_of`."""
    cohort, version = enrolment.cohort, enrolment.version
    checklist = checklist_in(version, done)
    learning = enrolment.state in LEARNING
    return EnrolmentCard(
        id=enrolment.pk,
        course_id=cohort.course_id,
        course_title=titled(version.title, version.title_en),
        cohort_title=titled(cohort.title, cohort.title_en),
        organisation=cohort.organisation.name,
        state=enrolment.state,
        state_label=enrolment.state_for_trainee,
        tone=TONES[EnrolmentState(enrolment.state)],
        place=enrolment.place,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        applied_at=enrolment.applied_at,
        decided_at=enrolment.decided_at,
        completed_at=enrolment.completed_at,
        reason=enrolment.reason,
        done=checklist.done,
        total=checklist.total,
        percent=checklist.done * 100 // checklist.total if checklist.total else 0,
        next_step=words(checklist.missing[0].sentence) if learning and checklist.missing else "",
        url=reverse("lms:enrolment-detail", args=[enrolment.pk]),
        learn_url=reverse("lms:learning-resume", args=[enrolment.pk]) if learning else "",
    )


UNDECIDED = frozenset({EnrolmentState.WAITING, EnrolmentState.APPLIED})


@dataclass(frozen=True)
class StatusStep:
    """One step of an application's way; `hint` says what it waits for and on whom."""

    label: str
    state: str  # done | now | todo | stopped
    hint: str = ""


def steps_of(enrolment: Enrolment) -> list[StatusStep]:
    """An application's way from handing in to completion, with the step where it stands now."""
    state, who = enrolment.state, enrolment.cohort.organisation.name
    steps = [(_("Application handed in"), day_time(enrolment.applied_at))]
    if state == EnrolmentState.WAITING:
        hint = _("You are number %(place)s. You move up when somebody before you leaves.") % {
            "place": enrolment.place
        }
        steps.append((_("Waiting list"), hint))
    review = _("%(who)s reads it and decides. We tell you at once.") % {"who": who}
    decided = day_time(enrolment.decided_at) if enrolment.decided_at else ""
    ended = {EnrolmentState.REFUSED: _("Not admitted"), EnrolmentState.WITHDRAWN: _("Withdrawn")}.get(
        EnrolmentState(state)
    )
    if ended:
        return [StatusStep(*steps[0][:1], "done", steps[0][1]), StatusStep(ended, "stopped", decided)]
    steps.append((_("Decision by the organiser"), review if state in UNDECIDED else decided))
    steps.append(
        (_("Learning"), _("At your own pace, on this device or another.") if state == "enrolled" else "")
    )
    finished = (
        day_time(enrolment.completed_at) if enrolment.completed_at else _("Then the certificate is issued.")
    )
    steps.append((_("Course completed"), finished))
    now = {"waiting": 1, "applied": 1, "enrolled": 2}.get(state, len(steps))
    return [
        StatusStep(label, "done" if number < now else "now" if number == now else "todo", hint)
        for number, (label, hint) in enumerate(steps)
    ]


@dataclass(frozen=True)
class VersionChange:
    """What moving a cohort to another version would change, and for how many."""

    version: CourseVersion
    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    renamed: tuple[tuple[Item, Item], ...]
    rule_changes: bool
    people: int
    would_complete: int


def version_change(cohort: Cohort, version: CourseVersion) -> VersionChange:
    """The preview of `move_to_version`."""
    old = {item.key: item for item in items_of(cohort.version.outline)}
    new = {item.key: item for item in items_of(version.outline)}
    moving = cohort.enrolments.active().exclude(state=EnrolmentState.COMPLETED)
    learning = list(moving.filter(state=EnrolmentState.ENROLLED).values_list("pk", flat=True))
    complete = [keys for keys in done_of(learning).values() if checklist_in(version, keys).is_complete]
    both = [(old[key], new[key]) for key in new if key in old]
    return VersionChange(
        version=version,
        added=tuple(item for key, item in new.items() if key not in old),
        removed=tuple(item for key, item in old.items() if key not in new),
        renamed=tuple((before, after) for before, after in both if before.title != after.title),
        rule_changes=rule_of(cohort.version.rule) != rule_of(version.rule),
        people=moving.count(),
        would_complete=len(complete),
    )


# What waits for the officer comes first.
DESK_ORDER = (
    EnrolmentState.APPLIED,
    EnrolmentState.WAITING,
    EnrolmentState.ENROLLED,
    EnrolmentState.COMPLETED,
    EnrolmentState.REFUSED,
    EnrolmentState.WITHDRAWN,
)


def desk_enrolments(user: Asker, cohort: Cohort) -> QuerySet[Enrolment]:
    """The enrolments of one cohort as the officer sees them: what waits for a decision first, in order of arrival."""
    first = [models.When(state=state, then=models.Value(number)) for number, state in enumerate(DESK_ORDER)]
    rows = Enrolment.objects.visible_to(user).filter(cohort=cohort).with_place()
    rows = rows.order_by(models.Case(*first, default=models.Value(9)), "applied_at", "pk")
    return rows.select_related("person__employer", "decided_by__person", "cohort__organisation", "version")


@dataclass(frozen=True)
class Candidate:
    """One enrolment of a cohort as the papers see it: completed (with the event that said so), or what is missing."""

    enrolment_id: int
    person_id: int
    name: str
    state: str
    state_label: str
    completion: CourseCompleted | None
    missing: tuple[str, ...]


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


def candidates_in(cohort_id: int) -> list[Candidate]:
    """Everybody who learns or has completed in a cohort, by pinyin. Three queries however many there are."""
    rows = list(
        Enrolment.objects.learning()
        .filter(cohort_id=cohort_id)
        .select_related("cohort__organisation", "version", "person")
        .order_by("person__pinyin", "pk")
    )
    done = done_of(row.pk for row in rows if row.state == EnrolmentState.ENROLLED)
    return [_candidate(row, done.get(row.pk, frozenset())) for row in rows]


def _candidate(enrolment: Enrolment, done: frozenset[str]) -> Candidate:
    is_completed = enrolment.state == EnrolmentState.COMPLETED
    missing = () if is_completed else checklist_of(enrolment, done).missing
    return Candidate(
        enrolment_id=enrolment.pk,
        person_id=enrolment.person_id,
        name=enrolment.person.name,
        state=enrolment.state,
        state_label=str(enrolment.get_state_display()),
        completion=completion_of(enrolment) if is_completed else None,
        missing=tuple(words(each.sentence) for each in missing),
    )


@dataclass(frozen=True)
class Evidence:
    """What a completed (or running) enrolment rests on: the lessons with their times, the quizzes with their scores."""

    enrolment_id: int
    person_id: int
    person_name: str
    course_code: str
    course_title: str
    version_number: int
    cohort_title: str
    organisation: str
    minutes: int
    completed_at: datetime | None
    lessons: tuple[tuple[str, datetime], ...]
    quizzes: tuple[tuple[str, int, datetime | None], ...]


def evidence_of(enrolment_id: int) -> Evidence | None:
    """The evidence behind one enrolment; None when there is no such enrolment. Who may see it is the caller's question."""
    rows = Enrolment.objects.select_related("cohort__organisation", "version", "person")
    enrolment = rows.filter(pk=enrolment_id).first()
    if enrolment is None:
        return None
    lessons = enrolment.progress.filter(completed_at__isnull=False).order_by("completed_at")
    quizzes = enrolment.attempts.filter(passed=True).order_by("finished_at")
    return Evidence(
        enrolment_id=enrolment.pk,
        person_id=enrolment.person_id,
        person_name=enrolment.person.name,
        course_code=enrolment.version.code,
        course_title=enrolment.version.title,
        version_number=enrolment.version.number,
        cohort_title=enrolment.cohort.title,
        organisation=enrolment.cohort.organisation.name,
        minutes=enrolment.version.minutes,
        completed_at=enrolment.completed_at,
        lessons=tuple(lessons.values_list("lesson__title", "completed_at")),  # type: ignore[arg-type]
        quizzes=tuple(quizzes.values_list("paper__title", "percent", "finished_at")),  # type: ignore[arg-type]
    )
