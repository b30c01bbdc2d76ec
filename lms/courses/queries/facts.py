"""The facts that the content check judges (lms.courses.checking). Nothing outside the site is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags
from wagtail.documents import get_document_model
from wagtail.models import Page

from core.blocks.bodies import CHECK, FRAME, TALK
from core.blocks.links import address_fault, addresses_in, host_of, is_of, texts_in
from core.blocks.outside import allowed_hosts
from core.blocks.reading import reading_minutes
from core.blocks.videos import LessonVideoBlock, length_of
from lms.courses.checking import Block, Captions, Link, PageFacts
from lms.courses.models import AssignmentPage, CoursePage, LessonPage, QuizPage
from lms.courses.queries.content import ITEM_KINDS, live_pages

HEADS = 64 * 1024  # so much of a file of captions is looked at
PLACED = (CHECK, FRAME, TALK)  # what they hold is there whenever the block is


def facts_of(course: CoursePage, content: Mapping[str, Any]) -> list[PageFacts]:
    """The published lessons, quizzes and assignments as facts; `content` is what they would freeze (`content_of`)."""
    pages = [page for page in live_pages(course) if type(page) in ITEM_KINDS]
    bodies = {page.pk: page.body for page in pages if not isinstance(page, QuizPage)}
    known = _Known(reference for body in bodies.values() for reference in _references(body))
    html = {lesson["key"]: lesson["html"] for lesson in content["lessons"]}
    return [_of_page(page, known, html) for page in pages]


def _references(body: Any) -> Iterator[tuple[type[Any], str]]:
    for model, pk, *_paths in body.stream_block.extract_references(body):
        yield model, str(pk)


class _Known:
    """Which of the pages and documents that blocks link to are there. Two queries for all of a course."""

    def __init__(self, references: Iterable[tuple[type[Any], str]]) -> None:
        wanted: dict[str, set[int]] = {"page": set(), "document": set()}
        for model, pk in references:
            if (kind := _kind_of(model)) and pk.isdecimal():
                wanted[kind].add(int(pk))
        pages = Page.objects.filter(pk__in=wanted["page"]).values_list("pk", "title", "live")
        self.pages = {pk: (title, live) for pk, title, live in pages}
        documents = get_document_model().objects.filter(pk__in=wanted["document"])
        self.documents = dict(documents.values_list("pk", "title"))

    def link(self, model: type[Any], pk: str) -> Link | None:
        """What a reference leads to; None for pictures, which blocks show and do not link to."""
        kind = _kind_of(model)
        if not kind or not pk.isdecimal():
            return None
        if kind == "page":
            title, live = self.pages.get(int(pk), ("", False))
            return Link(kind, title, is_there=int(pk) in self.pages, is_live=live)
        return Link(kind, self.documents.get(int(pk), ""), is_there=int(pk) in self.documents)


def _kind_of(model: type[Any]) -> str:
    if issubclass(model, Page):
        return "page"
    return "document" if model is get_document_model() else ""


def _of_page(page: Any, known: _Known, html: Mapping[str, str]) -> PageFacts:
    common: dict[str, Any] = {"pk": page.pk, "title": page.title, "has_draft": page.has_unpublished_changes}
    if isinstance(page, QuizPage):
        lacks = tuple(page.unservable())
        return PageFacts(
            kind="quiz",
            questions=len(page.questions),
            is_drawn=page.bank_id is not None,
            lacks=lacks,
            **common,
        )
    blocks = tuple(_of_block(number, block, known) for number, block in enumerate(page.body, start=1))
    if isinstance(page, AssignmentPage):
        return PageFacts(kind="assignment", blocks=blocks, **common)
    return _of_lesson(page, blocks, html.get(page.key, ""), common)


def _of_lesson(page: LessonPage, blocks: tuple[Block, ...], html: str, common: dict[str, Any]) -> PageFacts:
    return PageFacts(
        kind="lesson",
        blocks=blocks,
        has_package=page.package_id is not None,
        package_ready=page.package is None or page.package.latest is not None,
        minutes=page.minutes,
        reading=reading_minutes(html, settings.READING_SPEED),
        **common,
    )


def _of_block(number: int, bound: Any, known: _Known) -> Block:
    kind, value = bound.block_type, bound.value
    kept = bound.block.get_prep_value(value)
    title = value.get("title") or "" if hasattr(value, "get") else ""
    facts: dict[str, Any] = {
        "key": str(bound.id or ""),
        "kind": str(bound.block.label),
        "number": number,
        "title": str(title)[:60],
        "is_content": kind != "heading",
        "links": tuple(_links(bound, kept, known)),
    }
    return Block(**facts, **SPECIAL.get(kind, _of_text)(bound, kept))


def _links(bound: Any, kept: Any, known: _Known) -> Iterator[Link]:
    references = bound.block.extract_references(bound.value)
    for model, pk in dict.fromkeys((model, str(pk)) for model, pk, *_paths in references):
        if link := known.link(model, pk):
            yield link
    addresses = addresses_in(kept) + ([kept.get("url") or ""] if bound.block_type == "external" else [])
    for url in addresses:
        if not url.startswith("/"):
            yield Link("address", url[:200], fault=address_fault(url) or "")


# --- What is asked of each kind of block -----------------------------------------------------------------------
def _of_text(bound: Any, kept: Any) -> dict[str, Any]:
    if bound.block_type in PLACED:
        return {}
    return {"is_empty": not any(strip_tags(text).strip() for text in texts_in(kept))}


def _of_video(bound: Any, kept: Any) -> dict[str, Any]:
    value, there = bound.value, _is_there(bound.value["file"])
    asks = isinstance(bound.block, LessonVideoBlock) and there
    return {
        "is_empty": not there,
        "needs_file": True,
        "has_file": there,
        "length_known": not asks or bool(length_of(value)),
        "captions": _captions(value["captions"]) if there else Captions.GOOD,
    }


def _of_audio(bound: Any, kept: Any) -> dict[str, Any]:
    there = _is_there(bound.value["file"])
    said = bool((bound.value["transcript"] or "").strip())
    return {"is_empty": not there, "needs_file": True, "has_file": there, "has_transcript": said}


def _of_image(bound: Any, kept: Any) -> dict[str, Any]:
    there = bound.value["image"] is not None
    return {
        "is_picture": True,
        "has_picture": there,
        "alt": bound.value["alt"] or "",
        "is_empty": not there,
    }


def _of_document(bound: Any, kept: Any) -> dict[str, Any]:
    there = bound.value["document"] is not None
    return {"lost_documents": int(not there), "is_empty": not there}


def _of_attachments(bound: Any, kept: Any) -> dict[str, Any]:
    files = list(bound.value["documents"])
    lost = sum(1 for file in files if file is None)
    return {"lost_documents": lost, "is_empty": lost == len(files)}


def _of_frame(bound: Any, kept: Any) -> dict[str, Any]:
    url = bound.value["url"] or ""
    return {} if is_of(url, allowed_hosts()) else {"host_refused": host_of(url) or url[:60]}


SPECIAL = {
    "video": _of_video,
    "audio": _of_audio,
    "image": _of_image,
    "document": _of_document,
    "attachments": _of_attachments,
    FRAME: _of_frame,
}


def _is_there(document: Any) -> bool:
    """Whether the file of a document is in the store."""
    return document is not None and bool(document.file) and document.file.storage.exists(document.file.name)


def _captions(document: Any) -> Captions:
    if not _is_there(document):
        return Captions.NONE
    try:
        with document.file.open("rb") as file:
            return Captions.GOOD if b"-->" in file.read(HEADS) else Captions.EMPTY
    except OSError:
        return Captions.NONE


def outside_addresses(course: CoursePage) -> list[tuple[str, Any]]:
    """The addresses of other sites that the published pages link to or show, once each, with the first page that does; only
    those that are in order as they are written."""
    found: dict[str, Any] = {}
    for page in live_pages(course):
        for bound in getattr(page, "body", ()):
            kept = bound.block.get_prep_value(bound.value)
            own = [kept.get("url") or ""] if bound.block_type in ("external", FRAME) else []
            for url in addresses_in(kept) + own:
                if address_fault(url) is None:
                    found.setdefault(url, page)
    return list(found.items())
