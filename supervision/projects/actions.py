"""A companion project's way: begun, visited, brought forth, evaluated by both sides, closed. Each happens once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.attachments.models import Attachment
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.organisations.models import Organisation
from core.people.models import Person
from core.states import move
from supervision.circles.models import Gathering
from supervision.pairings.actions import NotPossible
from supervision.projects.models import CompanionProject, Deliverable, ProjectEvaluation, ProjectVisit
from supervision.projects.queries import due_soon, gatherings_to_link, pairings_for, sessions_to_link
from supervision.projects.states import MOVES, PROJECT_MOVES, DeliverableState, ProjectState
from supervision.sessions.models import Session
from supervision.supervisors.models import Supervisor

MOST_FILES = 5
MOST_DELIVERABLES = 50
BEFORE_DAYS = 3


@transaction.atomic
def begin_project(
    *,
    supervisor: Supervisor,
    mentees: Iterable[Person],
    organisation: Organisation,
    title: str,
    goals: str,
    starts_on: datetime.date,
    ends_on: datetime.date,
    actor: Asker,
) -> CompanionProject:
    """Begin to accompany a project of one or several mentees, at the organisation of one of their pairings.

    Raises NotPossible for somebody who is no mentee of the supervisor, for another organisation and for impossible days.
    Side effects in order: the row, an audit entry, a notice to each mentee.
    """
    _require(supervisor.person, actor)
    pairings = pairings_for(supervisor.person)
    chosen = list(mentees)
    if not chosen or not {person.pk for person in chosen} <= {row.mentee_id for row in pairings}:
        raise NotPossible(_("A project is made with mentees who are paired with you now."))
    if organisation.pk not in {row.organisation_id for row in pairings}:
        raise NotPossible(_("Choose the organisation of one of the pairings."))
    if ends_on < starts_on:
        raise NotPossible(_("The last day must not be before the first."))
    project = CompanionProject.objects.create(
        supervisor=supervisor,
        organisation=organisation,
        title=title.strip(),
        goals=goals.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    project.mentees.set(chosen)
    after = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat(), "mentees": len(chosen)}
    _record("supervision.begin_project", project, project, actor, after=after)
    for person in chosen:
        title_words = gettext_noop("%(supervisor)s accompanies the project “%(project)s”")
        _tell(project, person, "begun", title_words, gettext_noop("Read its goals and what is due when."))
    return project


@transaction.atomic
def change_project(
    *,
    project: CompanionProject,
    actor: Asker,
    title: str,
    goals: str,
    starts_on: datetime.date,
    ends_on: datetime.date,
) -> CompanionProject:
    """Change the frame of a project under way. Raises NotPossible when it has ended or the days are impossible.

    Side effects: the row, an audit entry with both versions of the days.
    """
    row = _locked(project.pk)
    _require(row.supervisor.person, actor)
    if not row.is_running:
        raise NotPossible(_ended())
    if ends_on < starts_on:
        raise NotPossible(_("The last day must not be before the first."))
    before = {"starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat()}
    row.title, row.goals, row.starts_on, row.ends_on = title.strip(), goals.strip(), starts_on, ends_on
    row.save(update_fields=["title", "goals", "starts_on", "ends_on"])
    after = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    _record("supervision.change_project", row, row, actor, before=before, after=after)
    return row


@transaction.atomic
def plan_deliverable(
    *, project: CompanionProject, actor: Asker, title: str, due_on: datetime.date
) -> Deliverable:
    """Say what the project is to bring forth, and until when. Raises NotPossible outside of the project's days.

    Side effects: the row, an audit entry, a notice to each mentee.
    """
    row = _locked(project.pk)
    _require(row.supervisor.person, actor)
    if not row.is_running:
        raise NotPossible(_ended())
    if not row.starts_on <= due_on <= row.ends_on:
        raise NotPossible(_("The day lies outside of the project."))
    if row.deliverables.count() >= MOST_DELIVERABLES:
        raise NotPossible(_("A project has at most %(n)s deliverables.") % {"n": MOST_DELIVERABLES})
    thing = Deliverable.objects.create(project=row, title=title.strip(), due_on=due_on)
    _record("supervision.plan_deliverable", thing, row, actor, after={"due_on": due_on.isoformat()})
    for person in row.mentees.select_related("user__person"):
        words = gettext_noop("“%(project)s”: “%(thing)s” is due on %(day)s")
        _tell(row, person, f"planned:{thing.pk}", words, thing=thing.title, day=due_on)
    return thing


@transaction.atomic
def hand_in_deliverable(
    *, deliverable: Deliverable, person: Person, actor: Asker, message: str = "", files: Iterable[Any] = ()
) -> Deliverable:
    """Hand in what is due; `files` are uploads as AttachmentField has accepted, or attachments kept before.

    Raises NotPossible for somebody who is no mentee of the project, IllegalMove when it is handed in already. Side
    effects in order: the files, the state, an audit entry, a notice to the supervisor.
    """
    row, project = _locked_thing(deliverable)
    _require(person, actor)
    if not project.is_open or not project.mentees.filter(pk=person.pk).exists():
        raise NotPossible(_("Only the mentees of a project under way hand in."))
    kept = [
        each if isinstance(each, Attachment) else keep_file(upload=each, actor=actor)
        for each in files
        if each
    ]
    if not kept and not message.strip():
        raise NotPossible(_("Hand in a file, or write where it is to be found."))
    changes: dict[str, Any] = {
        "handed_in_at": timezone.now(),
        "handed_in_by_id": person.pk,
        "message": message.strip(),
    }
    old = move(row, DeliverableState.HANDED_IN, MOVES, **changes)
    row.files.set(kept)
    facts = {"before": {"state": old}, "after": {"state": row.state, "files": len(kept)}}
    _record("supervision.hand_in_deliverable", row, project, actor, **facts)
    words = gettext_noop("“%(project)s”: “%(thing)s” is handed in")
    what = f"handed_in:{row.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
    _tell(project, project.supervisor.person, what, words, thing=row.title)
    return row


@transaction.atomic
def accept_deliverable(*, deliverable: Deliverable, actor: Asker, note: str = "") -> Deliverable:
    """Accept what was handed in, with a note for the project. Raises IllegalMove when it does not wait for that.

    Side effects: the state, an audit entry without the note, a notice to the mentees.
    """
    row, project = _locked_thing(deliverable)
    _require(project.supervisor.person, actor)
    changes: dict[str, Any] = {"accepted_at": timezone.now(), "note": note.strip()}
    old = move(row, DeliverableState.ACCEPTED, MOVES, **changes)
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    _record("supervision.accept_deliverable", row, project, actor, **facts)
    _answered(row, project, gettext_noop("“%(project)s”: “%(thing)s” is accepted"))
    return row


@transaction.atomic
def send_back_deliverable(*, deliverable: Deliverable, actor: Asker, note: str) -> Deliverable:
    """Send back what was handed in, and say what is missing. Raises as accept_deliverable does, and without a note.

    Side effects: the state, an audit entry without the note, a notice to the mentees.
    """
    if not note.strip():
        raise NotPossible(_("Write what is missing: the mentees read it."))
    row, project = _locked_thing(deliverable)
    _require(project.supervisor.person, actor)
    old = move(row, DeliverableState.PLANNED, MOVES, note=note.strip())
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    _record("supervision.send_back_deliverable", row, project, actor, **facts)
    _answered(row, project, gettext_noop("“%(project)s”: “%(thing)s” is sent back to be completed"))
    return row


@transaction.atomic
def drop_deliverable(*, deliverable: Deliverable, actor: Asker) -> Deliverable:
    """No longer ask for something that is planned. Raises IllegalMove when it is handed in. Side effects: audit, notice."""
    row, project = _locked_thing(deliverable)
    _require(project.supervisor.person, actor)
    old = move(row, DeliverableState.DROPPED, MOVES)
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    _record("supervision.drop_deliverable", row, project, actor, **facts)
    _answered(row, project, gettext_noop("“%(project)s”: “%(thing)s” is no longer asked for"))
    return row


@transaction.atomic
def link_visit(
    *,
    project: CompanionProject,
    actor: Asker,
    session: Session | None = None,
    gathering: Gathering | None = None,
) -> ProjectVisit:
    """Count a session or a gathering as a visit of the project. Raises NotPossible when it does not belong there, or to
    another project already. Side effects: the row, an audit entry."""
    row = _locked(project.pk)
    _require(row.supervisor.person, actor)
    if not row.is_running:
        raise NotPossible(_ended())
    fits = (
        (session is not None and sessions_to_link(row).filter(pk=session.pk).exists())
        or (gathering is not None and gatherings_to_link(row).filter(pk=gathering.pk).exists())
    )  # fmt: skip
    if not fits:
        raise NotPossible(_("It belongs to a project already, or not to this one."))
    try:
        with transaction.atomic():
            visit = ProjectVisit.objects.create(
                project=row, session=session, gathering=None if session else gathering
            )
    except IntegrityError:
        raise NotPossible(_("It belongs to a project already, or not to this one."))
    facts = {"session": session.pk if session else None, "gathering": gathering.pk if gathering else None}
    told = {name: value for name, value in facts.items() if value}
    _record("supervision.link_visit", row, row, actor, after=told)
    return visit


@transaction.atomic
def unlink_visit(*, visit: ProjectVisit, actor: Asker) -> None:
    """No longer count it as a visit; the session or gathering itself stays as it is. Side effects: the row, audit."""
    project = _locked(visit.project_id)
    _require(project.supervisor.person, actor)
    if not project.is_running:
        raise NotPossible(_ended())
    facts = {"session": visit.session_id, "gathering": visit.gathering_id}
    told = {name: value for name, value in facts.items() if value}
    if ProjectVisit.objects.filter(pk=visit.pk).delete()[0]:
        _record("supervision.unlink_visit", project, project, actor, before=told)


@transaction.atomic
def finish_project(*, project: CompanionProject, actor: Asker) -> CompanionProject:
    """Ask everybody for the closing evaluation. Raises NotPossible while something handed in waits for the supervisor.

    Side effects: the state, an audit entry, a notice to each mentee.
    """
    row = _locked(project.pk)
    _require(row.supervisor.person, actor)
    if row.deliverables.filter(state=DeliverableState.HANDED_IN).exists():
        raise NotPossible(
            _("Something that was handed in waits for your answer. Accept it or send it back first.")
        )
    old = move(row, ProjectState.CLOSING, PROJECT_MOVES)
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    _record("supervision.finish_project", row, row, actor, **facts)
    for person in row.mentees.select_related("user__person"):
        words = gettext_noop("“%(project)s” comes to its end: please evaluate it")
        _tell(
            row,
            person,
            "finish",
            words,
            gettext_noop("A mark and a few sentences. Only the project's people read it."),
        )
    return row


@transaction.atomic
def evaluate_project(
    *, project: CompanionProject, person: Person, actor: Asker, mark: int, text: str
) -> ProjectEvaluation:
    """Say at the end how it was, once. When all have spoken, the project is completed.

    Raises NotPossible when it is not being evaluated, for somebody else, without text, or the second time. Side effects
    in order: the evaluation, sealed; an audit entry without it; with the last one the end, and a notice to each.
    """
    if not text.strip() or not 1 <= mark <= 5:
        raise NotPossible(_("Give a mark from 1 to 5, and write a sentence."))
    row = _locked(project.pk)
    _require(person, actor)
    people = {each.pk: each for each in row.mentees.select_related("user__person")}
    people[row.supervisor_id] = row.supervisor.person
    if person.pk not in people or not row.is_closing:
        raise NotPossible(_("Those of a project evaluate it, once it comes to its end."))
    try:
        with transaction.atomic():
            said = ProjectEvaluation.objects.create(
                project=row, author=person, mark=mark, text=text.strip(), written_by_id=actor.pk or 0
            )
    except IntegrityError:
        raise NotPossible(_("You have evaluated this project already."))
    _record("supervision.evaluate_project", row, row, actor, after={"evaluated": row.evaluations.count()})
    settle(user=person.user, source=f"supervision.project:{row.pk}:finish")
    if row.evaluations.count() == len(people):
        close_project(project=row, actor=actor)
    return said


@transaction.atomic
def close_project(*, project: CompanionProject, actor: Asker) -> CompanionProject:
    """Complete a project that is being evaluated: by itself when all have spoken, else by the supervisor when both sides
    have. Raises NotPossible before that, IllegalMove when it has ended. Side effects: the state, audit, notices."""
    row = _locked(project.pk)
    authors = set(row.evaluations.values_list("author", flat=True))
    if row.supervisor_id not in authors or len(authors) < 2:
        raise NotPossible(_("You and at least one mentee evaluate the project first."))
    if len(authors) <= row.mentees.count():
        _require(row.supervisor.person, actor)
    old = move(row, ProjectState.CLOSED, PROJECT_MOVES, ended_at=timezone.now())
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    _record("supervision.close_project", row, row, actor, **facts)
    for person in (*row.mentees.select_related("user__person"), row.supervisor.person):
        _tell(row, person, "closed", gettext_noop("The project “%(project)s” is completed"))
    return row


@transaction.atomic
def go_on_with_project(*, project: CompanionProject, actor: Asker) -> CompanionProject:
    """Take a project back to work that was about to end; what was evaluated stays. Side effects: the state, audit."""
    row = _locked(project.pk)
    _require(row.supervisor.person, actor)
    old = move(row, ProjectState.RUNNING, PROJECT_MOVES)
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    _record("supervision.go_on_with_project", row, row, actor, **facts)
    return row


@transaction.atomic
def stop_project(*, project: CompanionProject, actor: Asker, reason: str) -> CompanionProject:
    """End a project before it has reached its goals. Raises NotPossible without a reason, IllegalMove when it has ended.

    Side effects: the state, an audit entry, a notice to each mentee.
    """
    if not reason.strip():
        raise NotPossible(_("Write the reason: the mentees read it."))
    row = _locked(project.pk)
    _require(row.supervisor.person, actor)
    changes: dict[str, Any] = {"ended_at": timezone.now(), "reason": reason.strip()}
    old = move(row, ProjectState.STOPPED, PROJECT_MOVES, **changes)
    facts = {"before": {"state": old}, "after": {"state": row.state}}
    _record("supervision.stop_project", row, row, actor, **facts)
    for person in row.mentees.select_related("user__person"):
        _tell(row, person, "stopped", gettext_noop("The project “%(project)s” is stopped"))
    return row


def remind_deliverables() -> int:
    """Remind each mentee once before something is due, and them and the supervisor once when it is overdue. Returns how
    many deliverables were looked at. Side effects: notices."""
    today, seen = timezone.localdate(), 0
    for row in due_soon(today, BEFORE_DAYS):
        late = row.due_on < today
        words = (
            gettext_noop("“%(project)s”: “%(thing)s” was due on %(day)s")
            if late
            else gettext_noop("“%(project)s”: “%(thing)s” is due on %(day)s")
        )
        people = [*row.project.mentees.all(), *([row.project.supervisor.person] if late else [])]
        for person in people:
            what = f"{'late' if late else 'soon'}:{row.pk}:{row.due_on:%Y%m%d}"
            _tell(row.project, person, what, words, thing=row.title, day=row.due_on)
        seen += 1
    return seen


def _ended() -> str:
    return _("This project is not under way any more.")


def _require(person: Person, actor: Asker) -> None:
    if person.user_id != actor.pk:
        raise NotPossible(_("This is for somebody else of the project to do."))


def _locked(pk: int) -> CompanionProject:
    return CompanionProject.objects.select_for_update(of=("self",)).with_people().get(pk=pk)


def _locked_thing(deliverable: Deliverable) -> tuple[Deliverable, CompanionProject]:
    """The deliverable as it is now, locked until the transaction ends, its project before it."""
    project = _locked(deliverable.project_id)
    row = Deliverable.objects.select_for_update(of=("self",)).get(pk=deliverable.pk)
    row.project = project
    return row, project


def _answered(row: Deliverable, project: CompanionProject, words: str) -> None:
    what = f"answered:{row.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
    for person in project.mentees.select_related("user__person"):
        _tell(project, person, what, words, thing=row.title)
    settle(
        user=project.supervisor.person.user, source=f"supervision.project:{project.pk}:handed_in:{row.pk}:"
    )


def _record(action: str, target: Any, project: CompanionProject, actor: Asker, **facts: Any) -> None:
    record(action=action, target=target, actor=actor, organisation=project.organisation, **facts)


def _tell(
    project: CompanionProject, person: Person, what: str, title: str, body: str = "", **values: Any
) -> None:
    notify(
        user=person.user,
        kind="supervision.project",
        title=title,
        body=body,
        url=reverse("supervision:project-detail", args=[project.pk]),
        source=f"supervision.project:{project.pk}:{what}",
        supervisor=project.supervisor.person.name,
        project=project.title,
        **values,
    )
