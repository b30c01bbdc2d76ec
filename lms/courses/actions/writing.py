"""Writing a whole course from an outline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils.html import escape
from wagtail.models import Page, Revision

from core.access.scope import Asker
from core.people.models import ServiceField
from lms.courses.actions.publishing import publish_version
from lms.courses.models import AssignmentPage, CoursePage, LessonPage, ModulePage, QuizPage, WrittenPage

# The entries of a block that are kept as they stand.
TAKEN = {
    "case": ("title", "text", "question"),
    "quote": ("text", "source"),
    "external": ("url", "title", "text"),
    "frame": ("url", "title"),
    "talk": ("title", "prompt"),
    "document": ("document", "title"),
    "attachments": ("title", "documents"),
}
BOLD = re.compile(r"\*\*(.+?)\*\*")
RULE_FIELDS = (
    "min_minutes",
    "min_attended_minutes",
    "attendance_percent",
    "quiz_average",
    "require_assignments",
    "require_surveys",
)
READING = (
    *("readers", "difference", "difference_unit", "third_reading", "points_step", "is_anonymous", "rubric"),
)
HOW_SAT = ("rule", "cool_down", "shuffles", "one_device", "watches", "per_page")
COURSE_TEXTS = ("title", "title_en", "summary", "summary_en", "audience", "pass_note")
ASSIGNMENT_LIMITS = (
    *("hand_in", "max_score", "pass_score", "due_days", "resubmissions"),
    *("late_days", "late_percent", "late_floor", "peer_reviews", "peer_days"),
)


@transaction.atomic
def write_course(*, parent: Page, outline: Mapping[str, Any], actor: Asker | None) -> CoursePage:
    """Write the pages of a course below `parent` from an outline (the shape of config/demo/content/courses/*.yaml).

    Run again it changes only what differs: pages are found by keys made from the course's code and the places in the
    outline. Pages that the outline no longer has are unpublished. At the end the course is published, and with it one
    version if anything changed. Raises KeyError when the outline lacks a required entry.
    """
    code = outline["code"]
    fields = {name: outline.get(name, "") for name in COURSE_TEXTS}
    field = ServiceField.objects.filter(name=outline.get("field", "")).first()
    fields |= {"code": code, "slug": code, "aims": "\n".join(outline.get("aims", ())), "field": field}
    fields["certificate_years"] = outline.get("certificate_years")
    rule = outline.get("completion", {})
    fields |= {name: rule.get(name, CoursePage._meta.get_field(name).get_default()) for name in RULE_FIELDS}
    course, draft = _draft(CoursePage, parent, _key(code), fields, actor)
    modules: list[WrittenPage] = []
    for number, module in enumerate(outline["modules"], start=1):
        modules.append(_write_module(course, f"{code}/module-{number}", f"module-{number}", module, actor))
    if "final" in outline:
        place = f"{code}/final"
        modules.append(_put(QuizPage, course, _key(place), _quiz(place, "final", outline["final"]), actor))
    _arrange(course, modules)
    if draft is not None:  # read again: the page that it remembers had no children yet
        Revision.objects.get(pk=draft.pk).publish(user=actor)
    course = CoursePage.objects.get(pk=course.pk)
    publish_version(course=course, actor=actor)
    return course


def _write_module(
    course: CoursePage, name: str, slug: str, module: Mapping[str, Any], actor: Asker | None
) -> WrittenPage:
    texts = {key: module.get(key, "") for key in ("title", "title_en", "summary")}
    page = _put(ModulePage, course, _key(name), {**texts, "slug": slug}, actor)
    items: list[WrittenPage] = []
    for lesson in module["lessons"]:
        place = f"{course.code}/{lesson['slug']}"
        fields = {key: lesson.get(key, "") for key in ("title", "title_en", "summary", "slug")}
        fields |= {"minutes": lesson["minutes"], "min_seconds": lesson.get("min_seconds", 0)}
        if "package" in lesson:  # a row of lms/packages
            fields["package"] = lesson["package"]
        body = [_block(f"{place}/{number}", block) for number, block in enumerate(lesson["body"])]
        items.append(_put(LessonPage, page, _key(place), {**fields, "body": body}, actor))
    if "quiz" in module:
        items.append(
            _put(QuizPage, page, _key(f"{name}/quiz"), _quiz(f"{name}/quiz", "quiz", module["quiz"]), actor)
        )
    if "assignment" in module:
        place = f"{name}/assignment"
        items.append(_put(AssignmentPage, page, _key(place), _assignment(place, module["assignment"]), actor))
    _arrange(page, items)
    return page


def _assignment(place: str, assignment: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: assignment.get(name, "") for name in ("title", "title_en")}
    limits = {name: assignment[name] for name in ASSIGNMENT_LIMITS if name in assignment}
    body = [_block(f"{place}/{number}", block) for number, block in enumerate(assignment["body"])]
    rubric = [
        _criterion(f"{place}/rubric-{number}", row) for number, row in enumerate(assignment.get("rubric", ()))
    ]
    return {**texts, "slug": "assignment", "body": body, **limits, "rubric": rubric}


def _criterion(place: str, row: Mapping[str, Any]) -> dict[str, Any]:
    levels = [
        {"points": level["points"], "title": level["title"], "words": level.get("words", "")}
        for level in row["levels"]
    ]
    value = {"title": row["title"], "words": row.get("words", ""), "levels": _items(place, levels)}
    return {"type": "criterion", "id": str(_key(place)), "value": value}


def _quiz(place: str, slug: str, quiz: Mapping[str, Any]) -> dict[str, Any]:
    questions = [
        {
            "type": "question",
            "id": str(_key(f"{place}/{number}")),
            "value": _question(f"{place}/{number}", question),
        }
        for number, question in enumerate(quiz.get("questions", ()))
    ]
    limits = {
        "pass_percent": quiz["pass_percent"],
        "max_attempts": quiz["attempts"],
        "minutes": quiz.get("minutes"),
    }
    return {
        "title": quiz["title"],
        "title_en": quiz.get("title_en", ""),
        "slug": slug,
        **limits,
        **{
            name: quiz[name] for name in ("bank", "blueprint", *HOW_SAT, *READING) if name in quiz
        },  # a bank is a row of lms/questions
        "questions": questions,
    }


def _question(place: str, question: Mapping[str, Any]) -> dict[str, Any]:
    choices = [
        {
            "type": "item",
            "id": str(_key(f"{place}/{number}")),
            "value": {"text": c["text"], "correct": c["correct"]},
        }
        for number, c in enumerate(question["choices"])
    ]
    return {
        "kind": question["kind"],
        "prompt": question["prompt"],
        "choices": choices,
        "explanation": question.get("explanation", ""),
    }


def _block(place: str, block: Mapping[str, Any]) -> dict[str, Any]:
    """One entry of a lesson's body as Wagtail keeps it."""
    kind, name = block["type"], "text" if block["type"] == "paragraph" else block["type"]
    value: Any
    if kind == "check":
        value = _question(place, block)
    elif kind == "list":
        value = _items(place, [_rich(text) for text in block["items"]])
    elif kind == "steps":
        value = _items(
            place, [{"title": step["title"], "text": _rich(step["text"])} for step in block["items"]]
        )
    elif kind == "paragraph":
        value = _rich(block["text"])
    elif kind == "callout":
        value = {"kind": block["kind"], "text": _rich(block["text"])}
    elif kind == "video":
        value = _video(place, block)
    elif kind in TAKEN:  # files are the numbers of documents
        value = {name: block.get(name, "") for name in TAKEN[kind]}
        if kind == "attachments":
            value["documents"] = _items(place, block["documents"])
    else:
        value = block["text"]
    return {"type": name, "id": str(_key(place)), "value": value}


def _video(place: str, block: Mapping[str, Any]) -> dict[str, Any]:
    """`file` and `captions` are the numbers of documents; what the outline does not say is as the editor offers it."""
    texts = {name: block[name] for name in ("title", "file", "captions")}
    asked = {name: block[name] for name in ("may_skip", "max_speed", "share", "seconds") if name in block}
    points = [
        {"second": point["second"], "question": _question(f"{place}/{number}", point)}
        for number, point in enumerate(block.get("checkpoints", ()))
    ]
    return {**texts, **asked, "checkpoints": _items(place, points)}


def _items(place: str, values: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {"type": "item", "id": str(_key(f"{place}/{number}")), "value": value}
        for number, value in enumerate(values)
    ]


def _rich(text: str) -> str:
    """Plain text with **bold** as the editor's HTML."""
    paragraphs = [BOLD.sub(r"<b>\1</b>", escape(line.strip())) for line in text.splitlines() if line.strip()]
    return "".join(f"<p>{line}</p>" for line in paragraphs)


def _key(place: str) -> UUID:
    """The same place in the same course has the same key on every machine and in every run."""
    return uuid5(NAMESPACE_URL, f"xinhuo:course:{place}")


def _draft(
    kind: type[Any], parent: Page, key: UUID, fields: Mapping[str, Any], actor: Asker | None
) -> tuple[Any, Revision | None]:
    """The page with this key, made or changed to have these fields, and what to publish if it was not just so already."""
    page = kind.objects.filter(translation_key=key).first()
    if page is None:
        page = kind(translation_key=key, live=False, **fields)
        page.owner_id = actor.pk if actor is not None else None
        Page.objects.get(pk=parent.pk).specific.add_child(instance=page)
        return page, page.save_revision(user=actor)
    wanted = kind(**fields)
    names = [name for name in fields if _prepared(page, name) != _prepared(wanted, name)]
    for name in names:
        setattr(page, name, getattr(wanted, name))
    return page, page.save_revision(user=actor) if names or not page.live else None


def _put(kind: type[Any], parent: Page, key: UUID, fields: Mapping[str, Any], actor: Asker | None) -> Any:
    """The page with this key and these fields, published."""
    page, draft = _draft(kind, parent, key, fields, actor)
    if draft is not None:
        draft.publish(user=actor)
    return page


def _prepared(page: Page, name: str) -> Any:
    field = page._meta.get_field(name)
    return field.get_prep_value(field.value_from_object(page))


def _arrange(parent: Page, pages: Sequence[Page]) -> None:
    """Bring the children into this order, and unpublish those that are not among them."""
    wanted = [page.pk for page in pages]
    present = {page.pk: page for page in Page.objects.child_of(parent)}
    for pk in present.keys() - set(wanted):
        if present[pk].live:
            present[pk].unpublish()
    if [pk for pk in present if pk in wanted] != wanted:
        for pk in wanted:
            Page.objects.get(pk=pk).move(Page.objects.get(pk=parent.pk), pos="last-child")
