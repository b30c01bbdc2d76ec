"""A policy's sentences and titles in the language of this request."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import get_language, gettext

from core.templatetags.times import day, day_time
from lms.cohorts.policy import (
    Sentence,
    Title,
)


def words(sentence: Sentence) -> str:
    """A policy's sentence in the language of this request; dates and times are written out."""
    values = {name: _shown(value) for name, value in sentence.values.items()}
    return gettext(sentence.msgid) % values if values else gettext(sentence.msgid)


def _shown(value: object) -> object:
    if isinstance(value, Sentence):
        return words(value)
    if isinstance(value, Title):
        return titled(value.chinese, value.english)
    if isinstance(value, datetime):
        return day_time(value)
    return day(value) if isinstance(value, date) else value


def titled(chinese: str, english: str) -> str:
    """The English title for a reader of English, when there is one."""
    return english if english and (get_language() or "").startswith("en") else chinese
