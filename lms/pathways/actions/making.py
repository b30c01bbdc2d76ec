"""Making, changing and closing pathways. Changes are for those who join later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.organisations.models import Organisation
from core.states import Refused
from lms.pathways.actions.telling import note
from lms.pathways.models import Pathway, PathwayCourse
from lms.pathways.states import ELECTIVE

FIELDS = (
    "title",
    "title_en",
    "description",
    "is_public",
    "valid_months",
    "at_least_a",
    "at_least_b",
    "at_least_c",
)


class PathwayRefused(Refused):
    """It cannot be done; the message says why."""


@dataclass(frozen=True)
class Wanted:
    """One course as the officer's form names it."""

    course: Any
    group: str = ""
    days: int | None = None


@transaction.atomic
def make_pathway(
    *, organisation: Organisation, courses: Sequence[Wanted], actor: Asker | None, **fields: Any
) -> Pathway:
    """Make a pathway of these courses, in this order. Raises PathwayRefused without any. Side effect: an audit entry."""
    pathway = Pathway(organisation=organisation, **{name: fields[name] for name in FIELDS if name in fields})
    _refuse_nonsense(pathway, courses)
    pathway.full_clean()
    pathway.save()
    _keep_courses(pathway, courses)
    note("lms.make_pathway", pathway, actor, after={"title": pathway.title, "courses": _codes(courses)})
    return pathway


@transaction.atomic
def change_pathway(
    *, pathway: Pathway, courses: Sequence[Wanted], actor: Asker | None, **fields: Any
) -> Pathway:
    """Change a pathway for those who join from now on. Side effect: an audit entry with what changed."""
    kept = Pathway.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pathway.pk)
    changed = {
        name: fields[name] for name in FIELDS if name in fields and getattr(kept, name) != fields[name]
    }
    before: dict[str, Any] = {name: getattr(kept, name) for name in changed}
    old = list(kept.courses.values_list("course_id", "group", "days"))
    new = [(each.course.pk, each.group, each.days) for each in courses]
    for name, value in changed.items():
        setattr(kept, name, value)
    _refuse_nonsense(kept, courses)
    kept.full_clean()
    if changed:
        kept.save(update_fields=list(changed))
    if old != new:
        codes = kept.courses.values_list("course__code", flat=True)
        before["courses"], changed["courses"] = ", ".join(codes), _codes(courses)
        kept.courses.all().delete()
        _keep_courses(kept, courses)
    if changed:
        note("lms.change_pathway", kept, actor, before=before, after=changed)
    return kept


@transaction.atomic
def close_pathway(*, pathway: Pathway, actor: Asker | None) -> bool:
    """Nobody joins any more; who is on it goes on. False when that was said before. Side effect: an audit entry."""
    if not Pathway.objects.filter(pk=pathway.pk, closed_at=None).update(closed_at=timezone.now()):
        return False
    note("lms.close_pathway", pathway, actor)
    return True


def _refuse_nonsense(pathway: Pathway, courses: Sequence[Wanted]) -> None:
    if not courses:
        raise PathwayRefused(_("Name at least one course."))
    if len({each.course.pk for each in courses}) < len(courses):
        raise PathwayRefused(_("A course stands in a pathway once."))
    for group in ELECTIVE:
        number = sum(each.group == group for each in courses)
        if number and not 1 <= pathway.at_least[group] <= number:
            text = _(
                "Group %(group)s has %(number)s courses: ask for at least one, and for no more than those."
            )
            raise PathwayRefused(text % {"group": group.upper(), "number": number})


def _keep_courses(pathway: Pathway, courses: Sequence[Wanted]) -> None:
    PathwayCourse.objects.bulk_create(
        PathwayCourse(pathway=pathway, course=each.course, group=each.group, days=each.days, position=number)
        for number, each in enumerate(courses, start=1)
    )


def _codes(courses: Sequence[Wanted]) -> str:
    return ", ".join(each.course.code for each in courses)
