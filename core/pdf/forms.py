"""What a form says of texts that will stand on a paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from core.pdf.faces import describe_character, missing_glyphs


def say_unprintable(form: forms.Form, data: Mapping[str, Any], names: Iterable[str]) -> None:
    """Refuse, at its field, what no face can print: once a text is accepted, nobody can take the sign out of it."""
    for name in names:
        missing = missing_glyphs("".join((data.get(name) or "").split()))
        if missing:
            words = _("These characters cannot be printed: %(characters)s. Write it without them.")
            form.add_error(name, words % {"characters": "、".join(map(describe_character, missing))})
