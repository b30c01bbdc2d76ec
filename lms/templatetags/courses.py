"""What the pages of a course show besides their own fields."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.templatetags.ui import icon
from lms.cohorts.queries import titled, words
from lms.courses.models import CoursePage
from lms.courses.queries import check_of, content_of, unreleased_changes, version_list
from lms.enrolments.policy import asked_words, rule_of

register = template.Library()
HERE = mark_safe(' aria-current="page"')


@register.simple_tag
def course_versions(course: CoursePage) -> dict[str, Any]:
    """For the editor: the versions of the course, what publishing it now would change (None: no version yet), and what is to
    be mended before."""
    if not course.pk or not course.numchild:
        return {"versions": [], "changes": None, "check": None}
    content = content_of(course)
    changes = unreleased_changes(course, content)
    return {"versions": version_list(course), "changes": changes, "check": check_of(course, content)}


@register.simple_tag
def course_outline(course: CoursePage) -> list[dict[str, Any]]:
    """The outline for the public: of the latest version, or in a preview before the first, of the pages."""
    latest = course.latest_version
    outline: list[dict[str, Any]] = latest.outline if latest else content_of(course)["outline"]
    return outline


@register.simple_tag
def completion_asked(course: CoursePage) -> list[str]:
    """What completing the course asks for, in plain words; of the latest version, or in a preview of the page."""
    latest = course.latest_version
    return [words(sentence) for sentence in asked_words(rule_of(latest.rule if latest else course.rule))]


@register.filter
def title_here(thing: Any) -> str:
    """The title of an item, section or page in the language of the reader."""
    if isinstance(thing, dict):
        return titled(thing["title"], thing["title_en"])
    return titled(thing.title, thing.title_en)


@register.simple_tag
def outline_rows(rows: list[dict[str, Any]], here: str) -> SafeString:
    """The items of a module beside a lesson, the one with the key `here` marked. Made without a template: there are many,
    and each page of a course has them all."""
    icons = {
        "done": icon("circle-check", pgettext("lesson", "Done")),
        "quiz": icon("clipboard-list", _("Quiz")),
        "assignment": icon("pencil", _("Assignment")),
        "lesson": icon("circle"),
    }
    locked = icon("lock", pgettext("lesson", "Locked"))
    return mark_safe("".join(_outline_row(row, here, icons, locked) for row in rows))  # noqa: S308 - format_html


def _outline_row(
    row: dict[str, Any], here: str, icons: dict[str, SafeString], locked: SafeString
) -> SafeString:
    if row["standing"] == "locked":
        words = '<li><span class="learn-item learn-item--locked">{}{}</span></li>'
        return format_html(words, locked, row["title"])
    is_done = row["standing"] == "done"
    return format_html(
        '<li><a class="learn-item{}" href="{}"{}>{}{}</a></li>',
        " learn-item--done" if is_done else "",
        row["url"],
        HERE if row["key"] == here else "",
        icons["done" if is_done else row["kind"]],
        row["title"],
    )
