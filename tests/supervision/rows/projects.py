"""Projects, what they owe, and what is said of them."""

from django.utils import timezone

from supervision.models import CompanionProject, Deliverable, ProjectEvaluation, ProjectLeaving, ProjectVisit
from tests.factories import make_deliverable, make_project, make_user


def projects_of(supervisors, sessions):
    """A project within the district, one across districts, and one of the other district."""
    pairs = [(session.pairing.supervisor, session.pairing.mentee) for session in sessions]
    projects = [make_project(supervisor, mentee) for supervisor, mentee in pairs]
    return {
        CompanionProject: projects,
        Deliverable: [make_deliverable(project) for project in projects],
        ProjectVisit: [
            ProjectVisit.objects.create(project=project, session=session)
            for project, session in zip(projects, sessions, strict=True)
        ],
        ProjectLeaving: [
            ProjectLeaving.objects.create(project=project, person=make_user().person, left_at=timezone.now())
            for project in projects
        ],
        ProjectEvaluation: [
            ProjectEvaluation.objects.create(
                project=project, author=mentee, mark=4, text="好", written_by=mentee.user
            )
            for project, (_supervisor, mentee) in zip(projects, pairs, strict=True)
        ],
    }
