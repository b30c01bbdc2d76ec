"""Texts of questions as the desk shows them."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lms.questions.policy import PICTURE

register = template.Library()
IMAGE = '<img class="question-picture" src="{}" alt="{}" loading="lazy">'


@register.filter
def with_pictures(text: str, pictures: Mapping[str, tuple[str, str]]) -> SafeString:
    """A text with its ends of lines, and its pictures where it names them; one without a description is read out by its
    name."""
    shown = []
    for place, piece in enumerate(PICTURE.split(text)):
        if place % 2 == 0:
            shown.append(escape(piece).replace("\n", "<br>"))
        elif piece in pictures:
            address, alt = pictures[piece]
            shown.append(format_html(IMAGE, address, alt or _("Picture %(name)s") % {"name": piece}))
        else:
            shown.append(escape(f"[[picture:{piece}]]"))
    return mark_safe("".join(shown))  # noqa: S308 - every piece is escaped
