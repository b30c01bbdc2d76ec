"""Days, moments, distances and amounts in words. A builtin library: templates need no {% load %}."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from core.ui.deadlines import Distance, distance_to

register = template.Library()

WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)


@register.filter
def day(value: date | datetime | None) -> str:
    """A day in full: 2026年3月14日 / 14 March 2026; a datetime is read in local time."""
    return date_format(_local(value), pgettext("date format", "j F Y")) if value else ""


@register.filter
def money(value: Decimal | int) -> str:
    """An amount in yuan: ¥1,800.00."""
    return f"¥{value:,.2f}"


@register.filter
def day_time(value: datetime | None) -> str:
    """A moment: 2026年3月14日（周六）14:00 / Sat, 14 March 2026, 14:00."""
    if value is None:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    facts = {"date": day(local), "weekday": str(WEEKDAYS[local.weekday()]), "time": f"{local:%H:%M}"}
    return pgettext("moment", "%(weekday)s, %(date)s, %(time)s") % facts


def _local(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _date_words(value: date | datetime, today: date) -> str:
    local = _local(value)
    same_year = local.year == today.year
    shape = pgettext("date format", "j F") if same_year else pgettext("date format", "j F Y")
    words = date_format(local, shape)
    if isinstance(value, datetime):
        words += " " + date_format(timezone.localtime(value) if timezone.is_aware(value) else value, "H:i")
    return words


def _distance_words(distance: Distance) -> str:
    days = distance.days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 0:
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


@register.filter
def ago(value: datetime | None) -> str:
    """How long something has been waiting, in one unit: 5 分钟前, 3 小时前, 2 天前."""
    if value is None:
        return ""
    minutes = max(0, int((timezone.now() - value).total_seconds() // 60))
    hours, days = minutes // 60, minutes // (24 * 60)
    if days:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    if hours:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}
    return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}


@register.simple_tag
def deadline(value: date | datetime, done: bool = False) -> dict[str, Any]:
    """The words of a deadline: `date`, `distance`, `tone` (plain, warn, bad, past); a done one is never loud."""
    today = timezone.localdate()
    distance = distance_to(_local(value), today=today)
    tone = "plain" if done else distance.tone
    return {
        "date": _date_words(value, today),
        "distance": _distance_words(distance),
        "tone": tone,
        "days": distance.days,
        "iso": value.isoformat(),
    }
