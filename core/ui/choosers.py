"""Wagtail's choosers start by an inline script: here it gets the nonce that our policy asks for.

Only the page, image and document choosers of forms are meant; those inside stream fields start without one. Wagtail
has no hook for it, and a subclass would have to be named wherever Wagtail's own forms (copy, move, redirect, site,
workflow) build one: so the one method is wrapped.
"""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.widgets.chooser import BaseChooser

from core.ui.csp import script_nonce

_render = BaseChooser.render


def _render_with_nonce(self: Any, *args: Any, **kwargs: Any) -> SafeString:
    html, mark, script = str(_render(self, *args, **kwargs)).rpartition("<script>")
    opened = mark.replace("<script>", f'<script nonce="{script_nonce()}">')
    return mark_safe(f"{html}{opened}{script}")  # noqa: S308 - Wagtail's own output


def let_choosers_run() -> None:
    """Wrap the method, once."""
    BaseChooser.render = _render_with_nonce
