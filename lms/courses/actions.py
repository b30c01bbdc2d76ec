"""Publishing a course as an immutable version, and writing a whole course from an outline."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from lms.courses.models import CoursePage
from lms.courses.policy import fingerprint_of
from lms.courses.queries import content_of
from lms.courses.versions import CourseVersion, LessonMedia, LessonVersion, PaperVersion


@transaction.atomic
def publish_version(*, course: CoursePage, actor: Asker | None) -> CourseVersion | None:
    """Freeze the published pages of the course as its next version.

    Returns the latest version unchanged when the pages still say the same, and None while there is nothing to learn
    (no published lesson or quiz). The course row is locked, so that of two editors publishing at once the second
    finds the version of the first. Enrolments and cohorts stay with the version that they have.
    Side effects, in order: the version with its lessons, media and papers; an audit entry.
    """
    course = CoursePage.objects.select_for_update().get(pk=course.pk)
    content = content_of(course)
    if not content["outline"]:
        return None
    latest = course.latest_version
    if latest is not None and latest.fingerprint == fingerprint_of(content, _before(latest)):
        return latest
    version = CourseVersion.objects.create(
        course=course,
        number=latest.number + 1 if latest else 1,
        fingerprint=fingerprint_of(content, latest.fingerprint if latest else ""),
        created_by_id=actor.pk if actor is not None else None,
        **{name: content[name] for name in ("code", "title", "title_en", "minutes", "in_order", "rule", "outline")},
    )
    _freeze_items(version, content)
    record(
        action="lms.publish_version",
        target=version,
        actor=actor,
        organisation=Organisation.get_first_root_node(),
        after={"number": version.number, "lessons": len(content["lessons"]), "papers": len(content["papers"])},
    )
    return version


def _before(version: CourseVersion) -> str:
    """The fingerprint that this version's own was made after."""
    earlier = CourseVersion.objects.filter(course=version.course_id, number__lt=version.number).order_by("-number")
    return earlier.values_list("fingerprint", flat=True).first() or ""


def _freeze_items(version: CourseVersion, content: dict[str, Any]) -> None:
    lessons = LessonVersion.objects.bulk_create(
        [LessonVersion(version=version, **lesson) for lesson in content["lessons"]]
    )
    PaperVersion.objects.bulk_create([PaperVersion(version=version, **paper) for paper in content["papers"]])
    for lesson in lessons:
        used = content["media"][str(lesson.key)]
        # One by one: Wagtail's reference index hears of them, and shows at the file that it is in use.
        for kind, ids in used.items():
            for pk in ids:
                LessonMedia.objects.create(lesson=lesson, **{f"{kind}_id": pk})
