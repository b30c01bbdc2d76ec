"""Reading the pages of a course as a version would freeze them, and its versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wagtail.models import Page

from lms.courses.models import AssignmentPage, CoursePage, LessonPage, ModulePage, QuizPage
from lms.courses.policy import Changes, changes_between, earlier_only
from lms.courses.versions import AssignmentVersion, CourseVersion, LessonVersion, PaperVersion

VERSION_FACTS = ("code", "title", "title_en", "in_order", "rule", "minutes", "certificate_years")
IF_ANY = ("daily_minutes",)  # what a course has later learned to say, and says only where it is set
LESSON_FIELDS = ("title", "title_en", "minutes", "min_seconds", "html", "checks")
LESSON_IF_ANY = ("videos", "frames", "talks")  # a lesson without them says nothing of them
ASSIGNMENT_FIELDS = (
    "title",
    "title_en",
    "html",
    "hand_in",
    "max_score",
    "pass_score",
    "due_days",
    "resubmissions",
)
# What an assignment has later learned to say, and what it says nothing of: its fingerprint stays what it was.
ASSIGNMENT_IF_ANY: dict[str, Any] = {
    "rubric": [],
    "late_days": None,
    "late_percent": 0,
    "late_floor": 0,
    "peer_reviews": 0,
    "peer_days": 7,
}
PAPER_FIELDS = ("title", "title_en", "questions", "pass_percent", "max_attempts", "minutes")
# As above: what a paper has later learned to say.
PAPER_IF_ANY: dict[str, Any] = {
    "rules": {},
    "cool_down": 0,
    "shuffles": False,
    "one_device": False,
    "watches": False,
    "per_page": 5,
    "marking": {},
}


ITEM_KINDS: dict[type[Page], str] = {LessonPage: "lesson", QuizPage: "quiz", AssignmentPage: "assignment"}


def live_pages(course: CoursePage) -> list[Page]:
    """The published pages below the course in reading order; what hangs below an unpublished one is left out."""
    shown = {course.path}
    pages = []
    for page in course.get_descendants().order_by("path").specific():
        if page.live and page.path[: -page.steplen] in shown:
            shown.add(page.path)
            pages.append(page)
    return pages


def content_of(course: CoursePage) -> dict[str, Any]:
    """Everything that publishing the course now would freeze: plain data, ready to be hashed and stored.

    A course without assignments says nothing of them, so that its fingerprint is what it was before there were any.
    """
    content: dict[str, Any] = {"lessons": [], "papers": [], "media": {}}
    assignments: list[dict[str, Any]] = []
    outline: list[dict[str, Any]] = []
    ends: list[dict[str, Any]] = []
    seen: list[str] = []
    for position, page in enumerate(live_pages(course), start=1):
        if isinstance(page, ModulePage):
            names = {"key": page.key, "title": page.title, "title_en": page.title_en, "summary": page.summary}
            outline.append({**names, "items": []})
            continue
        item = _item_of(page, seen)
        if isinstance(page, LessonPage):
            content["lessons"].append(_lesson_of(page, position))
            content["media"][page.key] = page.media_ids()
        elif isinstance(page, QuizPage):
            content["papers"].append(_paper_of(page, position))
        elif isinstance(page, AssignmentPage):
            assignments.append(_assignment_of(page, position))
            content["media"][page.key] = page.media_ids()
        if (
            page.depth == course.depth + 1
        ):  # a quiz or assignment of the whole course stands at its end, wherever its page is
            ends.append({"key": page.key, "title": "", "title_en": "", "summary": "", "items": [item]})
        else:
            outline[-1]["items"].append(item)
        seen.append(page.key)
    facts = {"code": course.code, "title": course.title, "title_en": course.title_en}
    minutes = sum(lesson["minutes"] for lesson in content["lessons"])
    sections = [section for section in outline if section["items"]] + ends
    if assignments:
        content["assignments"] = assignments
    rule = {
        "in_order": course.in_order,
        "rule": course.rule,
        "certificate_years": course.certificate_years,
        **_set(course),
    }
    return {**facts, **rule, "minutes": minutes, "outline": sections, **content}


def _item_of(page: Any, seen: list[str]) -> dict[str, Any]:
    kind = next(name for model, name in ITEM_KINDS.items() if isinstance(page, model))
    wanted = page.required_keys if kind == "lesson" else []
    return {
        "key": page.key,
        "kind": kind,
        "title": page.title,
        "title_en": page.title_en,
        "minutes": getattr(page, "minutes", None),
        "requires": earlier_only(wanted, seen),
    }


def _lesson_of(page: LessonPage, position: int) -> dict[str, Any]:
    fields = {"title": page.title, "title_en": page.title_en, "minutes": page.minutes}
    frozen = {"min_seconds": page.min_seconds, "html": page.render_body(), "checks": page.checks}
    pinned = page.package.latest if page.package else None
    more = {name: getattr(page, name) for name in LESSON_IF_ANY}
    return {
        "key": page.key,
        "position": position,
        **fields,
        **frozen,
        **({"package_id": pinned.pk} if pinned else {}),  # a lesson without one says nothing of it
        **{name: value for name, value in more.items() if value},
    }


def _set(row: CoursePage | CourseVersion) -> dict[str, Any]:
    """Those of IF_ANY that are set: the fingerprint of a course that says nothing of them stays as it was."""
    return {name: value for name in IF_ANY if (value := getattr(row, name))}


def _paper_of(page: QuizPage, position: int) -> dict[str, Any]:
    fields = {
        "title": page.title,
        "title_en": page.title_en,
        "minutes": page.minutes,
        "questions": page.paper,
    }
    limits = {"pass_percent": page.pass_percent, "max_attempts": page.max_attempts}
    drawn = {"bank_id": page.bank_id, "blueprint": page.drawn_by}
    more: dict[str, Any] = drawn if page.bank_id else {}  # a paper that is not drawn says nothing of it
    settled = {**page.settled, "marking": page.read_by}
    said = {name: value for name, value in settled.items() if value != PAPER_IF_ANY[name]}
    return {"key": page.key, "position": position, **fields, **limits, **more, **said}


def _assignment_of(page: AssignmentPage, position: int) -> dict[str, Any]:
    plain = {name: getattr(page, name) for name in ASSIGNMENT_FIELDS if name != "html"}
    more = {name: getattr(page, name) for name in ASSIGNMENT_IF_ANY if name != "rubric"} | {
        "rubric": page.criteria
    }
    return {"key": page.key, "position": position, "html": page.render_body(), **plain, **_said(more)}


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != ASSIGNMENT_IF_ANY[name]}


def frozen_content(version: CourseVersion) -> dict[str, Any]:
    """What the version froze, in the shape of `content_of` (without the media)."""
    content = {
        **{name: getattr(version, name) for name in VERSION_FACTS},
        **_set(version),
        "outline": version.outline,
        "lessons": [_plain_lesson(row) for row in version.lessons.all()],
        "papers": [_plain_paper(row) for row in version.papers.all()],
    }
    assignments = [
        {**_plain(row, ASSIGNMENT_FIELDS), **_said({name: getattr(row, name) for name in ASSIGNMENT_IF_ANY})}
        for row in version.assignments.all()
    ]
    return {**content, "assignments": assignments} if assignments else content


def _plain_lesson(row: LessonVersion) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in ("package_id", *LESSON_IF_ANY)}
    return {**_plain(row, LESSON_FIELDS), **{name: value for name, value in shown.items() if value}}


def _plain_paper(row: PaperVersion) -> dict[str, Any]:
    more = [name for name, usual in PAPER_IF_ANY.items() if getattr(row, name) != usual]
    return _plain(row, (*PAPER_FIELDS, *(("bank_id", "blueprint") if row.bank_id else ()), *more))


def _plain(row: LessonVersion | PaperVersion | AssignmentVersion, fields: tuple[str, ...]) -> dict[str, Any]:
    return {"key": str(row.key), "position": row.position, **{name: getattr(row, name) for name in fields}}


def unreleased_changes(course: CoursePage, content: Mapping[str, Any] | None = None) -> Changes | None:
    """How the published pages (`content_of`) differ from the latest version; None while there is no version."""
    latest = course.latest_version
    if latest is None:
        return None
    return changes_between(frozen_content(latest), content_of(course) if content is None else content)


def version_list(course: CoursePage) -> list[CourseVersion]:
    """The versions, newest first, each with its author and the number of its lessons, quizzes and assignments."""
    versions = list(course.versions.order_by("-number").defer("rule").select_related("created_by__person"))
    for version in versions:
        kinds = [item["kind"] for section in version.outline for item in section["items"]]
        version.lesson_count, version.quiz_count = kinds.count("lesson"), kinds.count("quiz")
        version.assignment_count = kinds.count("assignment")
    return versions
