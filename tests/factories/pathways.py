"""Pathways and who is on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.models import Organisation, Person
from tests.factories.courses import make_version

if TYPE_CHECKING:
    from lms.models import CourseVersion, Pathway, PathwayEnrolment


def make_pathway(organisation: Organisation, *versions: CourseVersion, **fields: object) -> Pathway:
    """A public pathway of the courses of these versions, all of them required; `groups` and `days` by place."""
    from lms.models import Pathway, PathwayCourse

    groups, days = fields.pop("groups", {}), fields.pop("days", {})
    defaults = {"title": "全科社工", "title_en": "All-round", "is_public": True}
    pathway = Pathway.objects.create(organisation=organisation, **defaults | fields)
    for number, version in enumerate(versions or (make_version(),)):
        PathwayCourse.objects.create(
            pathway=pathway,
            course_id=version.course_id,
            position=number + 1,
            group=groups.get(number, ""),
            days=days.get(number),
        )
    return pathway


def make_on_pathway(pathway: Pathway, person: Person, **fields: object) -> PathwayEnrolment:
    """A round of this person, with what the pathway asks for now."""
    from lms.models import PathwayEnrolment
    from lms.pathways.queries import plan_of

    fields.setdefault("plan", plan_of(pathway).as_json())
    return PathwayEnrolment.objects.create(pathway=pathway, person=person, **fields)
