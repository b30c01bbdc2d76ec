"""What is wrong with a course before it is published: frozen facts of its pages → findings. Pure.

An error makes an item that nobody could use, and stops a version; a warning does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """One kind of finding."""

    EMPTY_LESSON = "empty_lesson"
    EMPTY_QUIZ = "empty_quiz"
    UNSERVABLE = "unservable"
    PACKAGE_NOT_READY = "package_not_ready"
    NO_FILE = "no_file"
    EMPTY_ASSIGNMENT = "empty_assignment"
    NO_CAPTIONS = "no_captions"
    EMPTY_CAPTIONS = "empty_captions"
    LENGTH_UNKNOWN = "length_unknown"
    NO_TRANSCRIPT = "no_transcript"
    NO_PICTURE = "no_picture"
    NO_ALT = "no_alt"
    POOR_ALT = "poor_alt"
    DOCUMENT_GONE = "document_gone"
    PAGE_GONE = "page_gone"
    PAGE_NOT_LIVE = "page_not_live"
    ODD_ADDRESS = "odd_address"
    NOT_HTTPS = "not_https"
    HOST_NOT_ALLOWED = "host_not_allowed"
    READS_LONGER = "reads_longer"
    DRAFT_LEFT_OUT = "draft_left_out"


ERRORS = frozenset(
    {Fault.EMPTY_LESSON, Fault.EMPTY_QUIZ, Fault.UNSERVABLE, Fault.PACKAGE_NOT_READY, Fault.NO_FILE}
)
SAYS_NOTHING = frozenset({"图", "图片", "照片", "插图", "image", "picture", "photo", "img"})


class Captions(StrEnum):
    """How a video stands with its captions."""

    GOOD = "good"
    NONE = "none"
    EMPTY = "empty"


@dataclass(frozen=True)
class Link:
    """Something that a block links to: a page (`is_live` or not), a document, or an address."""

    kind: str  # "page", "document", "address"
    target: str  # what it is called, or its address
    is_there: bool = True
    is_live: bool = True
    fault: str = ""  # of an address: what is odd about how it is written ("not_https", or another word)


@dataclass(frozen=True)
class Block:
    """One block of a page's text."""

    key: str
    kind: str  # what the editor calls it
    number: int  # its place on the page, from 1
    title: str = ""
    is_content: bool = True  # headings alone make no lesson
    is_empty: bool = False
    needs_file: bool = False
    has_file: bool = True
    captions: Captions = Captions.GOOD
    length_known: bool = True
    has_transcript: bool = True
    is_picture: bool = False
    has_picture: bool = True
    alt: str = ""
    lost_documents: int = 0
    host_refused: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class PageFacts:
    """One published item of the course."""

    pk: int
    kind: str  # "lesson", "quiz", "assignment"
    title: str
    blocks: tuple[Block, ...] = ()
    has_package: bool = False
    package_ready: bool = True
    questions: int = 0
    is_drawn: bool = False
    lacks: tuple[str, ...] = ()  # what the bank cannot serve, a sentence for each line
    minutes: int = 0
    reading: int = 0
    has_draft: bool = False  # changes that are not published


@dataclass(frozen=True)
class Finding:
    """Something to mend: of which page, at which block, and the values that its sentence needs."""

    fault: Fault
    page: PageFacts
    block: Block | None = None
    detail: str = ""

    @property
    def is_error(self) -> bool:
        return self.fault in ERRORS


def findings_of(pages: Iterable[PageFacts]) -> list[Finding]:
    """All findings, errors first, otherwise in the order of the course."""
    found = [finding for page in pages for finding in _of_page(page)]
    return sorted(found, key=lambda finding: not finding.is_error)


def errors_in(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop a version."""
    return [finding for finding in findings if finding.is_error]


def _of_page(page: PageFacts) -> Iterator[Finding]:
    says = [block for block in page.blocks if block.is_content and not block.is_empty]
    if page.kind == "quiz":
        yield from (Finding(Fault.UNSERVABLE, page, detail=words) for words in page.lacks)
        if not page.questions and not page.is_drawn:
            yield Finding(Fault.EMPTY_QUIZ, page)
    elif page.kind == "lesson" and not says and not page.has_package:
        yield Finding(Fault.EMPTY_LESSON, page)
    elif page.kind == "assignment" and not says:
        yield Finding(Fault.EMPTY_ASSIGNMENT, page)
    if page.has_package and not page.package_ready:
        yield Finding(Fault.PACKAGE_NOT_READY, page)
    for block in page.blocks:
        yield from _of_block(page, block)
    if page.kind == "lesson" and page.reading > page.minutes:
        yield Finding(Fault.READS_LONGER, page, detail=str(page.reading))
    if page.has_draft:
        yield Finding(Fault.DRAFT_LEFT_OUT, page)


def _of_block(page: PageFacts, block: Block) -> Iterator[Finding]:
    if block.needs_file and not block.has_file:
        yield Finding(Fault.NO_FILE, page, block)
    elif block.needs_file and not block.length_known:
        yield Finding(Fault.LENGTH_UNKNOWN, page, block)
    if block.captions != Captions.GOOD:
        none = block.captions == Captions.NONE
        yield Finding(Fault.NO_CAPTIONS if none else Fault.EMPTY_CAPTIONS, page, block)
    if not block.has_transcript:
        yield Finding(Fault.NO_TRANSCRIPT, page, block)
    if block.is_picture:
        yield from (Finding(fault, page, block) for fault in _of_picture(block))
    if block.lost_documents:
        yield Finding(Fault.DOCUMENT_GONE, page, block)
    if block.host_refused:
        yield Finding(Fault.HOST_NOT_ALLOWED, page, block, block.host_refused)
    yield from (Finding(fault, page, block, link.target) for link in block.links if (fault := _of_link(link)))


def _of_picture(block: Block) -> Iterator[Fault]:
    if not block.has_picture:
        yield Fault.NO_PICTURE
    elif not block.alt.strip():
        yield Fault.NO_ALT
    elif is_poor(block.alt):
        yield Fault.POOR_ALT


def is_poor(alt: str) -> bool:
    """Whether these words tell nobody what a picture shows: “picture”, or the name of its file."""
    plain = alt.strip().casefold().rstrip("0123456789 .。")
    return plain in SAYS_NOTHING or alt.strip().lower().endswith((".jpg", ".jpeg", ".png", ".webp", ".gif"))


def _of_link(link: Link) -> Fault | None:
    if link.kind == "address":
        return {"": None, "not_https": Fault.NOT_HTTPS}.get(link.fault, Fault.ODD_ADDRESS)
    if not link.is_there:
        return Fault.PAGE_GONE if link.kind == "page" else Fault.DOCUMENT_GONE
    return None if link.is_live else Fault.PAGE_NOT_LIVE
