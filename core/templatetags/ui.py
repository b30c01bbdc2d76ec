"""Template tags of the design language: marks, forms, pages. A builtin library: templates need no {% load %}."""

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
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext

from core.access.devices import device_words
from core.ui.avatars import Avatar, avatar_of
from core.ui.covers import cover_svg
from core.ui.csp import script_nonce
from core.ui.lists import listed

register = template.Library()
register.filter(device_words)

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


@register.simple_tag(takes_context=True)
def rendered(context: template.Context, name: str) -> SafeString:
    """A part of a page that stands in it several times: `{% rendered "…" as part %}` renders it once."""
    assert context.template is not None
    return context.template.engine.get_template(name).render(context)


@receiver(setting_changed)
def _forget(**kwargs: object) -> None:
    """Tests change settings; what was rendered under the old ones must not outlive them."""
    for kept in (_asset, _icon, _fragment):
        kept.cache_clear()


@register.simple_tag
def colon() -> str:
    """What stands between a label and what it labels, as the reader's language writes it."""
    return pgettext("after a label", ": ")


register.filter("listed", listed)


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
    """Whether the label says "(optional)": not required, and a plain question rather than a lone tick box. A field of a draft
    that is needed before it is handed in is marked `needed_later`."""
    if getattr(field.field, "needed_later", False):
        return False
    return not field.field.required and not isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """A lone tick box has its label to the right."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def bare(label: object) -> str:
    """A label without the mark at its end, where a colon follows: some questions are whole sentences."""
    return str(label).rstrip(" 。.?？:：")


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
