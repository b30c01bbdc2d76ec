"""Template tags of the design language. A builtin library: templates need no {% load %}."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.forms import BoundField, CheckboxInput
from django.http import HttpRequest, QueryDict
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from core.ui.avatars import Avatar, avatar_of
from core.ui.charts import (
    Mark,
    Number,
    bars_of,
    line_of,
    lines_of,
    ring_of,
    rows_of,
    trade_of,
    whole_percent,
)
from core.ui.covers import cover_svg
from core.ui.csp import script_nonce
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
STATUS_ICONS = {
    "good": "circle-check",
    "warn": "triangle-alert",
    "bad": "circle-x",
    "info": "info",
    "wait": "hourglass",
    "plain": "circle",
}
STATUS_TONES = {
    "good": "is-good",
    "success": "is-good",
    "warn": "is-warn",
    "warning": "is-warn",
    "wait": "is-warn",
    "bad": "is-bad",
    "error": "is-bad",
    "danger": "is-bad",
    "info": "is-info",
}
_SAME = {"success": "good", "warning": "warn", "error": "bad", "danger": "bad", "debug": "info"}


@register.simple_tag(name="script_nonce")
def _script_nonce() -> str:
    """The nonce that an inline script of the admin carries."""
    return script_nonce()


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file, also when the manifest is missing: an error page must never fail."""
    return _asset(path)


@lru_cache(maxsize=256)
def _asset(path: str) -> str:
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


@register.simple_tag
def icon(name: str, label: str = "", cls: str = "") -> SafeString:
    """One icon of the sprite; silent for readers unless it has a label."""
    return _icon(str(name), str(label), str(cls))


@lru_cache(maxsize=1024)
def _icon(name: str, label: str, cls: str) -> SafeString:
    css = f"icon {cls}".strip()
    address = f"{_asset('core/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', css, label, address
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', css, address
    )


@register.simple_tag
def fragment(name: str, elder: object = False) -> SafeString:
    """A part of the frame that depends on nothing but the language and elder mode: rendered once per process."""
    render = _fragment.__wrapped__ if settings.DEBUG else _fragment
    return render(name, get_language(), bool(elder))


@lru_cache(maxsize=64)
def _fragment(name: str, language: str | None, elder: bool) -> SafeString:
    return mark_safe(get_template(name).render({"elder": elder}))  # noqa: S308 - a template's own output


@receiver(setting_changed)
def _forget(**kwargs: object) -> None:
    """Tests change settings; what was rendered under the old ones must not outlive them."""
    for kept in (_asset, _icon, _fragment):
        kept.cache_clear()


@register.simple_tag
def colon() -> str:
    """What stands between a label and what it labels, as the reader's language writes it."""
    return pgettext("after a label", ": ")


@register.filter
def tone_class(tone: object) -> str:
    """The class of a tone; Django's message levels are understood too. Unknown: the plain one."""
    return STATUS_TONES.get(str(tone).rsplit(" ", 1)[-1], "")


@register.filter
def tone_icon(tone: object) -> str:
    """The icon that goes with a tone, so that colour never speaks alone."""
    last = str(tone).rsplit(" ", 1)[-1]
    return STATUS_ICONS.get(_SAME.get(last, last), "circle")


@register.simple_tag
def cover(kind: str, title: str) -> SafeString:
    """A generated programme cover: kind is flame, leaf, bridge or star."""
    return mark_safe(cover_svg(str(kind), str(title)))  # noqa: S308 - numbers and fixed classes only


@register.simple_tag
def avatar(name: object) -> Avatar:
    """Letters and tint for a person's name."""
    return avatar_of(str(name))


@register.filter
def optional_mark(field: BoundField) -> bool:
    """Whether the label says "(optional)": not required, and a plain question rather than a lone tick box."""
    return not field.field.required and not isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """A lone tick box has its label to the right."""
    return isinstance(field.field.widget, CheckboxInput)


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


@register.filter
def bare(label: object) -> str:
    """A label without the mark at its end, where a colon follows: some questions are whole sentences."""
    return str(label).rstrip(" 。.?？:：")


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


@register.simple_tag
def percent(value: Number | None, top: Number | None) -> int:
    """Whole per cent, rounded: 100 only when all is done."""
    return whole_percent(value or 0, top or 0)


@register.filter
def times(number: object) -> range:
    """`{% for _ in 3|times %}`."""
    return range(int(str(number) or 0))


@register.simple_tag(takes_context=True)
def page_links(context: template.Context, page: Page, param: str = "page") -> dict[str, Any]:
    """The addresses around a page of a paginator; whatever else the address says is kept."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)

    def to(number: int) -> str:
        query[param] = str(number)
        return f"?{query.urlencode()}"

    pages = [
        (number, to(number) if isinstance(number, int) else "")
        for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return {
        "pages": pages,
        "previous": to(page.previous_page_number()) if page.has_previous() else "",
        "next": to(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("core/ui/charts/bar.html")
def bar_chart(
    rows: Iterable[Any], caption: str = "", unit: str = "", top: Number | None = None, note: str = ""
) -> dict[str, Any]:
    """Horizontal bars with their figures beside them; rows are (label, value[, note]) or dicts."""
    bars = bars_of(rows, top=top)
    return {"bars": bars, "caption": caption, "unit": unit, "note": note}


@register.inclusion_tag("core/ui/charts/ring.html")
def ring_chart(value: Number, top: Number, label: str = "", unit: str = "", note: str = "") -> dict[str, Any]:
    """How much of a whole, as a ring with the per cent inside and the figures beside it."""
    return {
        "ring": ring_of(value, top),
        "value": value,
        "top": top,
        "label": label,
        "unit": unit,
        "note": note,
    }


@register.inclusion_tag("core/ui/charts/line.html")
def line_chart(
    rows: Iterable[Any], caption: str = "", unit: str = "", target: Number | None = None, note: str = ""
) -> dict[str, Any]:
    """A line over time from zero, drawn once for phones and once for wide screens, with its table."""
    points = rows_of(rows)
    return {
        "small": line_of(points, width=360, height=220, target=target),
        "wide": line_of(points, width=760, height=260, target=target),
        "rows": points,
        "caption": caption,
        "unit": unit,
        "target": target,
        "note": note,
    }


@register.inclusion_tag("core/ui/charts/lines.html")
def lines_chart(
    series: Iterable[tuple[str, Iterable[tuple[date, Number]]]], top: int, caption: str = ""
) -> dict[str, Any]:
    """Two lines over the same days, the second one dashed; the caller puts the table of their words behind."""
    kept = [(label, list(points)) for label, points in series]
    return {
        "small": lines_of(kept, width=360, height=200, top=top),
        "wide": lines_of(kept, width=760, height=220, top=top),
        "caption": caption,
        "labels": [label for label, points in kept if points],
    }


@register.inclusion_tag("core/ui/charts/trade.html")
def trade_chart(marks: Iterable[Mark], caption: str = "", across: str = "", up: str = "") -> dict[str, Any]:
    """A trade-off curve: what is gained across, what is left of the other upwards, each point under the name that it is
    chosen by; the caller puts the table of the same choices behind it."""
    kept = list(marks)
    return {
        "small": trade_of(kept, width=360, height=260),
        "wide": trade_of(kept, width=760, height=300),
        "caption": caption,
        "across": across,
        "up": up,
    }
