"""When two meet, in as few words as a phone has room for."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext

from core.templatetags.times import WEEKDAYS

register = template.Library()


@register.filter
def on_day(thing: Any) -> str:
    """The day of a slot or meeting, with its weekday and, in another year than this, the year: 12月3日（周四）."""
    local = timezone.localtime(thing.starts_at)
    same_year = local.year == timezone.localdate().year
    shape = pgettext("date format", "j F") if same_year else pgettext("date format", "j F Y")
    weekday = "\u2060".join(str(WEEKDAYS[local.weekday()]))  # 周 and 四 stay on one line, in headings too
    facts = {"date": date_format(local, shape), "weekday": weekday}
    return pgettext("day", "%(weekday)s, %(date)s") % facts


@register.filter
def span(thing: Any) -> str:
    """From when to when: 20:00–21:00."""
    return f"{timezone.localtime(thing.starts_at):%H:%M}–{timezone.localtime(thing.ends_at):%H:%M}"
