"""What the pages of a course show besides their own fields."""

from __future__ import annotations

from typing import Any

from django import template

from lms.cohorts.queries import titled, words
from lms.courses.models import CoursePage
from lms.courses.queries import check_of, content_of, unreleased_changes, version_list
from lms.enrolments.policy import asked_words, rule_of

register = template.Library()


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
