"""Publishing a course as an immutable version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import both, notify
from core.organisations.models import Organisation
from core.people.models import User
from core.states import Refused
from lms.courses.checking import Finding, errors_in
from lms.courses.models import CoursePage
from lms.courses.policy import fingerprint_of
from lms.courses.queries import IF_ANY, VERSION_FACTS, content_of, finding_words, findings_in
from lms.courses.versions import (
    AssignmentMedia,
    AssignmentVersion,
    CourseVersion,
    LessonMedia,
    LessonVersion,
    PaperVersion,
)


class NotPublishable(Refused):
    """Something in the published pages could not be used by anybody; `findings` says what."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        super().__init__(" ".join(f"{finding.page.title}: {finding_words(finding)}" for finding in findings))


@transaction.atomic
def publish_version(*, course: CoursePage, actor: Asker | None) -> CourseVersion | None:
    """Freeze the published pages of the course as its next version.

    Returns the latest version unchanged when the pages still say the same, and None while there is nothing to learn
    (no published lesson, quiz or assignment). The course row is locked, so that of two editors publishing at once the second
    finds the version of the first. Enrolments and cohorts stay with the version that they have. Raises NotPublishable while
    the content check finds an item that nobody could use, whatever way publishing was asked for.
    Side effects, in order: the version with its lessons, papers, assignments and media; an audit entry.
    """
    course = CoursePage.objects.select_for_update().get(pk=course.pk)
    content = content_of(course)
    if not content["outline"]:
        return None
    latest = course.latest_version
    if latest is not None and latest.fingerprint == fingerprint_of(content, _before(latest)):
        return latest
    if errors := errors_in(findings_in(course, content)):
        raise NotPublishable(errors)
    version = CourseVersion.objects.create(
        course=course,
        number=latest.number + 1 if latest else 1,
        fingerprint=fingerprint_of(content, latest.fingerprint if latest else ""),
        created_by_id=actor.pk if actor is not None else None,
        **{name: content[name] for name in (*VERSION_FACTS, "outline")},
        **{name: content.get(name) for name in IF_ANY},
    )
    _freeze_items(version, content)
    record(
        action="lms.publish_version",
        target=version,
        actor=actor,
        organisation=Organisation.get_first_root_node(),
        after={
            "number": version.number,
            "lessons": len(content["lessons"]),
            "papers": len(content["papers"]),
            **({"assignments": len(content["assignments"])} if "assignments" in content else {}),
        },
    )
    return version


def release(*, course: CoursePage, actor: User | None, source: str) -> CourseVersion | None:
    """`publish_version` of a course whose page was published, perhaps by a schedule, with nobody there to be told.

    Where the check stops it, the page stays published and the newest version is what it was; who published is told once per
    `source`. Side effects: those of `publish_version`, or the notice.
    """
    try:
        return publish_version(course=course, actor=actor)
    except NotPublishable as refused:
        if actor is not None:
            notify(
                user=actor,
                kind="lms.version_refused",
                title=gettext_noop("Not released as a new version: %(course)s"),
                body=gettext_noop("The content check has found what nobody could use: %(words)s"),
                url=reverse("courses:check", args=[course.pk]),
                source=f"lms.version_refused:{source}",
                course=both(course.title, course.title_en),
                words=str(refused)[:500],
            )
        return None


def _before(version: CourseVersion) -> str:
    """The fingerprint that this version's own was made after."""
    earlier = CourseVersion.objects.filter(course=version.course_id, number__lt=version.number).order_by(
        "-number"
    )
    return earlier.values_list("fingerprint", flat=True).first() or ""


def _freeze_items(version: CourseVersion, content: dict[str, Any]) -> None:
    lessons = LessonVersion.objects.bulk_create(
        [LessonVersion(version=version, **lesson) for lesson in content["lessons"]]
    )
    PaperVersion.objects.bulk_create([PaperVersion(version=version, **paper) for paper in content["papers"]])
    assignments = AssignmentVersion.objects.bulk_create(
        [AssignmentVersion(version=version, **row) for row in content.get("assignments", ())]
    )
    # One by one: Wagtail's reference index hears of them, and shows at the file that it is in use.
    for lesson in lessons:
        for name, pk in _used(content, lesson.key):
            LessonMedia.objects.create(lesson=lesson, **{name: pk})
    for assignment in assignments:
        for name, pk in _used(content, assignment.key):
            AssignmentMedia.objects.create(assignment=assignment, **{name: pk})


def _used(content: dict[str, Any], key: Any) -> list[tuple[str, int]]:
    """The files that this item shows: the name of the field for each, and its number."""
    return [(f"{kind}_id", pk) for kind, ids in content["media"][str(key)].items() for pk in ids]
