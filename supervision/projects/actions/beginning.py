"""A companion project is begun, and its frame changed while it is under way."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.organisations.models import Organisation
from core.people.models import Person
from supervision.pairings.actions import SECOND_CLICK, NotPossible
from supervision.projects.actions.telling import audit, ended_words, locked, require, tell
from supervision.projects.models import CompanionProject
from supervision.projects.queries import pairings_for
from supervision.supervisors.models import Supervisor


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
    """Begin to accompany a project of one or several mentees, at the organisation of one of their own pairings. Sent twice
    at once there is one.

    Raises NotPossible for somebody who is no mentee of the supervisor, for another organisation (be it that of another
    mentee, whose desk would read of people who are not its own) and for impossible days.
    Side effects in order: the row, an audit entry, a notice to each mentee.
    """
    require(supervisor.person, actor)
    # As whoever ends a pairing does, so that nobody joins whose pairing just ends; the second click waits here too.
    Supervisor.objects.select_for_update(of=("self",)).get(pk=supervisor.pk)
    pairings = pairings_for(supervisor.person)
    chosen = list(mentees)
    if not chosen or not {person.pk for person in chosen} <= {row.mentee_id for row in pairings}:
        raise NotPossible(_("A project is made with mentees who are paired with you now."))
    theirs = {person.pk for person in chosen}
    if organisation.pk not in {row.organisation_id for row in pairings if row.mentee_id in theirs}:
        raise NotPossible(_("Choose the organisation of one of the mentees whose project it is."))
    if ends_on < starts_on:
        raise NotPossible(_("The last day must not be before the first."))
    just = supervisor.projects.open().filter(created_at__gt=timezone.now() - SECOND_CLICK)
    if again := just.filter(title=title.strip(), starts_on=starts_on, ends_on=ends_on).first():
        return again
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
    audit("supervision.begin_project", project, project, actor, after=after)
    for person in chosen:
        title_words = gettext_noop("%(supervisor)s accompanies the project “%(project)s”")
        tell(project, person, "begun", title_words, gettext_noop("Read its goals and what is due when."))
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
    row = locked(project.pk)
    require(row.supervisor.person, actor)
    if not row.is_running:
        raise NotPossible(ended_words())
    if ends_on < starts_on:
        raise NotPossible(_("The last day must not be before the first."))
    before = {"starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat()}
    row.title, row.goals, row.starts_on, row.ends_on = title.strip(), goals.strip(), starts_on, ends_on
    row.save(update_fields=["title", "goals", "starts_on", "ends_on"])
    after = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    audit("supervision.change_project", row, row, actor, before=before, after=after)
    return row
