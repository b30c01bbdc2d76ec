"""Reading projects: mine, one of them with its timeline, what may be linked, and the desk's figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from core.access.scope import Asker
from core.people.models import Person
from supervision.circles.models import Gathering
from supervision.circles.states import GatheringState
from supervision.pairings.models import Pairing
from supervision.projects.models import (
    CompanionProject,
    Deliverable,
    ProjectEvaluation,
    ProjectLeaving,
    ProjectVisit,
    read_at_desk,
)
from supervision.projects.states import OPEN, DeliverableState
from supervision.sessions.models import Session
from supervision.sessions.states import LIVE, Mode, SessionState

SHOWN = 30


@dataclass(frozen=True)
class Progress:
    """How far a project has come; `minutes` are those that somebody has confirmed."""

    done: int
    wanted: int
    overdue: int
    visits: int
    minutes: int


NOTHING = Progress(0, 0, 0, 0, 0)


def progress_of(projects: Iterable[int]) -> dict[int, Progress]:
    """The progress of each of these projects. Three queries, however many there are."""
    keys = list(projects)
    rows = Deliverable.objects.filter(project__in=keys).exclude(state=DeliverableState.DROPPED).order_by()
    late = Q(state=DeliverableState.PLANNED, due_on__lt=timezone.localdate())
    counted = rows.values("project").annotate(
        wanted=Count("pk"),
        done=Count("pk", filter=Q(state=DeliverableState.ACCEPTED)),
        overdue=Count("pk", filter=late & Q(project__state__in=sorted(OPEN))),
    )
    things = {row["project"]: row for row in counted}
    visits = ProjectVisit.objects.filter(project__in=keys).order_by().values("project")
    held = Q(session__state__in=sorted(LIVE)) | Q(gathering__state=GatheringState.LOGGED)
    paired = Sum("session__minutes", filter=Q(session__state=SessionState.CONFIRMED), default=0)
    together = Sum("gathering__minutes", filter=Q(gathering__counted_at__isnull=False), default=0)
    seen = {
        row["project"]: row
        for row in visits.annotate(number=Count("pk", filter=held), paired=paired, together=together)
    }
    found = {}
    for key in keys:
        thing, visit = things.get(key), seen.get(key)
        found[key] = Progress(
            done=thing["done"] if thing else 0,
            wanted=thing["wanted"] if thing else 0,
            overdue=thing["overdue"] if thing else 0,
            visits=visit["number"] if visit else 0,
            minutes=visit["paired"] + visit["together"] if visit else 0,
        )
    return found


def with_progress(projects: Iterable[CompanionProject]) -> list[Any]:
    """The projects, each with its `progress`."""
    rows: list[Any] = list(projects)
    known = progress_of([row.pk for row in rows])
    for row in rows:
        row.progress = known[row.pk]
    return rows


def mine_of(person: Person | None) -> list[Any]:
    """The projects of this person on either side, the open ones first, each with its progress. Four queries."""
    if person is None:
        return []
    rows = CompanionProject.objects.filter(Q(supervisor=person.pk) | Q(mentees=person)).distinct()
    found = with_progress(rows.with_people().prefetch_related("mentees"))
    return sorted(found, key=lambda row: not row.is_open)


def left_by(person: Person | None) -> list[ProjectLeaving]:
    """The projects in which this person no longer takes part, the last left first. One query."""
    if person is None:
        return []
    rows = person.left_projects.select_related("project__supervisor__person", "project__organisation")
    return list(rows)


@dataclass(frozen=True)
class LeftPage:
    """What somebody keeps of a project that they have left; the rule stands with ProjectLeaving."""

    left: ProjectLeaving
    deliverables: list[Deliverable]
    sessions: list[Session]
    said: ProjectEvaluation | None


def left_page_of(left: ProjectLeaving) -> LeftPage:
    """What this person keeps of it. Three queries."""
    project, person = left.project, left.person
    mine = Session.objects.filter(visit__project=project, pairing__mentee=person)
    return LeftPage(
        left=left,
        deliverables=list(project.deliverables.filter(handed_in_by=person)),
        sessions=list(mine.order_by("-starts_at")),
        said=project.evaluations.filter(author=person).first(),
    )


def note_for(thing: Deliverable, user: Asker) -> str:
    """The note of the supervisor for one of the project's people; for whoever has left, if it was accepted by then. Two
    queries at most."""
    project = thing.project
    if project.supervisor.person.user_id == user.pk or project.mentees.filter(user=user.pk).exists():
        return str(thing.note)
    left = project.leavings.filter(person__user=user.pk).first()
    told = left is not None and thing.accepted_at is not None and thing.accepted_at <= left.left_at
    return str(thing.note) if told else ""


def pairings_for(person: Person) -> list[Pairing]:
    """The active pairings of a supervisor, of whose mentees a project is made. One query."""
    rows = Pairing.objects.open().filter(supervisor=person.pk).select_related("mentee", "organisation")
    return sorted(rows, key=lambda row: row.mentee.pinyin)


@dataclass(frozen=True)
class Event:
    """One line of a project's timeline. `url` is empty where the reader may not open it."""

    at: datetime
    kind: str  # start, visit, handed_in, accepted, evaluation, end
    title: str
    minutes: int = 0
    is_counted: bool = False
    url: str = ""
    visit_id: int = 0


@dataclass(frozen=True)
class ProjectPage:
    """One project as one reader may see it."""

    project: CompanionProject
    is_supervisor: bool
    is_mentee: bool
    mentees: list[Person]
    deliverables: list[Deliverable]
    events: list[Event]
    progress: Progress
    evaluations: list[ProjectEvaluation]
    evaluated: int
    mine: ProjectEvaluation | None
    sessions: list[Session]
    gatherings: list[Gathering]
    left: list[ProjectLeaving]

    @property
    def of_project(self) -> bool:
        return self.is_supervisor or self.is_mentee

    @property
    def may_evaluate(self) -> bool:
        return self.of_project and self.project.is_closing and self.mine is None

    @property
    def everybody(self) -> int:
        return len(self.mentees) + 1


def page_of(project: CompanionProject, user: Asker) -> ProjectPage:
    """A project with what this reader may read of it. Eleven queries at most."""
    mentees = list(project.mentees.select_related("employer", "user").order_by("pinyin"))
    is_supervisor = project.supervisor.person.user_id == user.pk
    is_mentee = any(person.user_id == user.pk for person in mentees)
    deliverables = list(project.deliverables.prefetch_related("files").select_related("handed_in_by"))
    evaluations = list(
        ProjectEvaluation.objects.visible_to(user).filter(project=project).select_related("author")
    )
    mine = next((row for row in evaluations if row.author.user_id == user.pk), None)
    told = evaluations if mine is not None or not project.is_open else []
    links = is_supervisor and project.is_running
    return ProjectPage(
        project=project,
        is_supervisor=is_supervisor,
        is_mentee=is_mentee,
        mentees=mentees,
        deliverables=deliverables,
        events=_events(project, deliverables, user, mentees if is_supervisor or is_mentee else []),
        progress=progress_of([project.pk])[project.pk],
        evaluations=told,
        evaluated=project.evaluations.exclude(author__in=project.leavings.values("person")).count(),
        mine=mine,
        sessions=list(sessions_to_link(project)[:SHOWN]) if links else [],
        gatherings=list(gatherings_to_link(project)[:SHOWN]) if links else [],
        left=list(project.leavings.select_related("person")),
    )


def _events(
    project: CompanionProject, deliverables: list[Deliverable], user: Asker, people: list[Person]
) -> list[Event]:
    """What happened, the latest first. Who was visited is told to the project only."""
    visits = project.visits.select_related("session__pairing__mentee", "gathering__circle")
    seen = set(Gathering.objects.visible_to(user).filter(visit__project=project).values_list("pk", flat=True))
    events = []
    for row in visits:
        held = row.held
        own = row.session is not None and user.pk in (
            row.session.pairing.mentee.user_id,
            project.supervisor.person.user_id,
        )
        if row.session is not None:
            title = row.session.pairing.mentee.name if people else ""
            counted = row.session.state == SessionState.CONFIRMED
        else:
            assert row.gathering is not None
            title, counted = row.gathering.circle.name if people else "", row.gathering.counted_at is not None
            own = bool(people) and row.gathering_id in seen
        url = held.get_absolute_url() if own else ""
        events.append(Event(held.starts_at, "visit", title, held.minutes, counted, url, row.pk))
    for thing in deliverables:
        if thing.handed_in_at:
            events.append(Event(thing.handed_in_at, "handed_in", thing.title))
        if thing.accepted_at:
            events.append(Event(thing.accepted_at, "accepted", thing.title))
    if project.ended_at:
        events.append(Event(project.ended_at, "end", str(project.get_state_display())))
    return sorted(events, key=lambda event: event.at, reverse=True)


def sessions_to_link(project: CompanionProject) -> QuerySet[Session]:
    """The accompanying sessions of the supervisor with these mentees, in the project's days, that belong to none yet; with
    those who have left it, too: they were held before."""
    people = Q(pairing__mentee__in=project.mentees.all())
    rows = Session.objects.live().filter(
        people | Q(pairing__mentee__in=project.leavings.values("person")),
        pairing__supervisor=project.supervisor_id,
        mode=Mode.ACCOMPANYING,
        visit=None,
    )
    return _within(rows, project).select_related("pairing__mentee").order_by("-starts_at")


def gatherings_to_link(project: CompanionProject) -> QuerySet[Gathering]:
    """The recorded gatherings that the supervisor led for one of these mentees, in the project's days."""
    rows = Gathering.objects.logged().filter(
        leader=project.supervisor_id, parts__person__in=project.mentees.all(), visit=None
    )
    return _within(rows, project).select_related("circle").distinct().order_by("-starts_at")


def _within(rows: QuerySet[Any], project: CompanionProject) -> QuerySet[Any]:
    zone = timezone.get_current_timezone()
    first = datetime.combine(project.starts_on, datetime.min.time(), zone)
    last = datetime.combine(project.ends_on + timedelta(days=1), datetime.min.time(), zone)
    return rows.filter(starts_at__gte=first, starts_at__lt=last)


def desk_projects(user: Asker) -> QuerySet[CompanionProject]:
    """The projects that this user reads from the desk, with how many deliverables there are. One query."""
    rows = CompanionProject.objects.visible_to(user).filter(read_at_desk(user)).with_people()
    known = ~Q(deliverables__state=DeliverableState.DROPPED) & Q(deliverables__isnull=False)
    late = Q(deliverables__state=DeliverableState.PLANNED, deliverables__due_on__lt=timezone.localdate())
    return rows.annotate(
        wanted=Count("deliverables", filter=known),
        done=Count("deliverables", filter=Q(deliverables__state=DeliverableState.ACCEPTED)),
        late=Count("deliverables", filter=late & Q(state__in=sorted(OPEN))),
    )


def due_soon(today: date, days: int) -> QuerySet[Deliverable]:
    """What is planned, of projects under way, and due within these days or overdue."""
    rows = Deliverable.objects.filter(
        state=DeliverableState.PLANNED,
        due_on__lte=today + timedelta(days=days),
        project__state__in=sorted(OPEN),
    )
    return rows.select_related("project__supervisor__person__user").prefetch_related(
        "project__mentees__user__person"
    )
