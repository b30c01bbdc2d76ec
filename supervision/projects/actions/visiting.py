"""Sessions and gatherings that are visits of a project; each belongs to one at most."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from supervision.circles.models import Gathering
from supervision.pairings.actions import NotPossible
from supervision.projects.actions.telling import audit, ended_words, locked, require
from supervision.projects.models import CompanionProject, ProjectVisit
from supervision.projects.queries import gatherings_to_link, sessions_to_link
from supervision.sessions.models import Session


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
    row = locked(project.pk)
    require(row.supervisor.person, actor)
    if not row.is_running:
        raise NotPossible(ended_words())
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
    audit("supervision.link_visit", row, row, actor, after=told)
    return visit


@transaction.atomic
def unlink_visit(*, visit: ProjectVisit, actor: Asker) -> None:
    """No longer count it as a visit; the session or gathering itself stays as it is. Raises NotPossible for anybody but the
    supervisor, and when the project has ended. Side effects: the row, audit."""
    project = locked(visit.project_id)
    require(project.supervisor.person, actor)
    if not project.is_running:
        raise NotPossible(ended_words())
    facts = {"session": visit.session_id, "gathering": visit.gathering_id}
    told = {name: value for name, value in facts.items() if value}
    if ProjectVisit.objects.filter(pk=visit.pk).delete()[0]:
        audit("supervision.unlink_visit", project, project, actor, before=told)
