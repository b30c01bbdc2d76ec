"""The content check in words, with the way to each place that is to be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.courses.checking import Fault, Finding, PageFacts, findings_of
from lms.courses.models import CoursePage
from lms.courses.queries.content import content_of
from lms.courses.queries.facts import facts_of

WORDS: dict[Fault, str | Promise] = {
    Fault.EMPTY_LESSON: gettext_lazy("The lesson is empty. Write something, or unpublish it."),
    Fault.EMPTY_QUIZ: gettext_lazy(
        "The quiz has no questions. Write some, draw them from a bank, or unpublish it."
    ),
    Fault.UNSERVABLE: gettext_lazy("Nobody could begin this quiz. %(detail)s"),
    Fault.PACKAGE_NOT_READY: gettext_lazy(
        "The package has no version that can be played yet. Wait until it is taken, or choose another one."
    ),
    Fault.NO_FILE: gettext_lazy("There is no file to play. Choose it again, or delete the block."),
    Fault.EMPTY_ASSIGNMENT: gettext_lazy("Nothing says what is to be done. Describe the work."),
    Fault.NO_CAPTIONS: gettext_lazy(
        "The video has no captions: whoever cannot hear it learns nothing from it."
    ),
    Fault.EMPTY_CAPTIONS: gettext_lazy("The file of captions holds no line. Choose one that does."),
    Fault.LENGTH_UNKNOWN: gettext_lazy(
        "Nobody knows how long the video is, so watching it is not asked for. Type its length in seconds."
    ),
    Fault.NO_TRANSCRIPT: gettext_lazy("There is no text of what is said, for people who cannot hear it."),
    Fault.NO_PICTURE: gettext_lazy("The picture was deleted. Choose another one, or delete the block."),
    Fault.NO_ALT: gettext_lazy("Nothing says what the picture shows, for people who cannot see it."),
    Fault.POOR_ALT: gettext_lazy(
        "What is said about the picture tells nobody what it shows. Say what matters in it."
    ),
    Fault.DOCUMENT_GONE: gettext_lazy(
        "A file that stood here was deleted. Choose it again, or take the link out."
    ),
    Fault.PAGE_GONE: gettext_lazy("A page that is linked to was deleted. Take the link out."),
    Fault.PAGE_NOT_LIVE: gettext_lazy("The page “%(detail)s” is linked to and not published."),
    Fault.ODD_ADDRESS: gettext_lazy("The address “%(detail)s” leads nowhere that trainees could reach."),
    Fault.NOT_HTTPS: gettext_lazy("The address “%(detail)s” does not begin with https://."),
    Fault.HOST_NOT_ALLOWED: gettext_lazy(
        "“%(detail)s” is not allowed to be shown inside lessons, so trainees see its title only."
    ),
    Fault.READS_LONGER: gettext_lazy(
        "Reading the text takes about %(detail)s minutes, and the lesson plans %(minutes)s."
    ),
    Fault.DRAFT_LEFT_OUT: gettext_lazy(
        "There are changes that are not published; the version would be without them."
    ),
}


@dataclass(frozen=True)
class ShownFinding:
    """A finding as the page of the check shows it."""

    finding: Finding
    place: str
    words: str
    url: str

    @property
    def is_error(self) -> bool:
        return self.finding.is_error


@dataclass(frozen=True)
class Check:
    """All that the check says of a course."""

    findings: list[ShownFinding]
    reading: list[PageFacts]  # its lessons, with the minutes that their text takes

    @property
    def errors(self) -> list[ShownFinding]:
        return [each for each in self.findings if each.is_error]

    @property
    def warnings(self) -> list[ShownFinding]:
        return [each for each in self.findings if not each.is_error]


def findings_in(course: CoursePage, content: Mapping[str, Any] | None = None) -> list[Finding]:
    """What is to be mended in the published pages of the course (`content_of`), errors first."""
    return findings_of(facts_of(course, content_of(course) if content is None else content))


def check_of(course: CoursePage, content: Mapping[str, Any] | None = None) -> Check:
    """The same with words and addresses."""
    pages = facts_of(course, content_of(course) if content is None else content)
    findings = [
        ShownFinding(each, place_words(each), finding_words(each), _url(each)) for each in findings_of(pages)
    ]
    return Check(findings, [page for page in pages if page.kind == "lesson"])


def finding_words(finding: Finding) -> str:
    """What is wrong, and what to do about it, in a sentence."""
    values = {"detail": finding.detail, "minutes": finding.page.minutes}
    words = str(WORDS[finding.fault])
    return words % values if "%(" in words else words


def place_words(finding: Finding) -> str:
    """Where it is: the item, and the block by its place and kind."""
    block = finding.block
    if block is None:
        return finding.page.title
    values = {"page": finding.page.title, "number": block.number, "kind": block.kind, "title": block.title}
    if block.title:
        return _("%(page)s, block %(number)s (%(kind)s “%(title)s”)") % values
    return _("%(page)s, block %(number)s (%(kind)s)") % values


def _url(finding: Finding) -> str:
    """The editor of the page, at the block."""
    here = reverse("wagtailadmin_pages:edit", args=[finding.page.pk])
    return f"{here}#block-{finding.block.key}-section" if finding.block and finding.block.key else here


def findings_data(course: CoursePage) -> dict[str, Any]:
    """The check as plain data, for the command line."""
    findings = findings_in(course)
    return {
        "course": course.code,
        "ok": not any(finding.is_error for finding in findings),
        "findings": [
            {
                "severity": "error" if each.is_error else "warning",
                "fault": each.fault.value,
                "page": each.page.pk,
                "where": place_words(each),
                "words": finding_words(each),
            }
            for each in findings
        ],
    }
