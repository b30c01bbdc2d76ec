"""What the page of a sitting sends, one reader for each kind of question; and the time of a quiz at the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput

from lms.assessments.actions import Chosen
from lms.questions.policy import Kind, Question


def chosen_in(sent: QueryDict, question: Question) -> Chosen:
    """What was said to a question. It is only read here; whether it can be kept, `said` decides."""
    name = f"q-{question.key}"
    read = READERS.get(question.kind, _texts)
    return Chosen(question.key, read(sent, name, question), sent.get(f"flag-{question.key}") == "1")


def _texts(sent: QueryDict, name: str, _question: Question) -> list[str]:
    return sent.getlist(name)


def _blanks(sent: QueryDict, name: str, _question: Question) -> list[str]:
    texts = sent.getlist(f"{name}-")
    return texts if any(text.strip() for text in texts) else []


def _word(sent: QueryDict, name: str, _question: Question) -> str:
    return sent.get(name, "")


def _pairs(sent: QueryDict, name: str, question: Question) -> dict[str, str]:
    return {pair.key: sent.get(f"{name}-{pair.key}", "") for pair in question.pairs}


def _parts(sent: QueryDict, name: str, question: Question) -> dict[str, str]:
    return {part.key: sent.get(f"{name}-{part.key}", "") for part in question.parts}


def _order(sent: QueryDict, name: str, question: Question) -> Any:
    """The items by their places; where two have the same, {item: place}, which is kept nowhere but shown again."""
    count = len(question.items)
    numbers = {item.key: sent.get(f"{name}-{item.key}", "") for item in question.items}
    places = [""] * count
    for key, number in numbers.items():
        at = int(number) - 1 if number.isdecimal() and len(number) < 3 else -1
        if not 0 <= at < count:
            continue
        if places[at]:
            return numbers
        places[at] = key
    return places


READERS: dict[Kind, Callable[[QueryDict, str, Question], Any]] = {
    Kind.FILL_IN: _blanks,
    Kind.MATCHING: _pairs,
    Kind.ORDERING: _order,
    Kind.NUMERIC: _word,
    Kind.SHORT: _word,
    Kind.ESSAY: _word,
    Kind.CASE: _parts,
}


class WindowForm(forms.Form):
    """From when to when a quiz is sat; both or neither."""

    opens_at = forms.DateTimeField(label=gettext_lazy("opens"), required=False, widget=AdminDateTimeInput)
    closes_at = forms.DateTimeField(
        label=gettext_lazy("closes"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=gettext_lazy("Whoever is still answering then is handed in with what is saved."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and (data["opens_at"] is None) != (data["closes_at"] is None):
            raise ValidationError(_("Write both times, or neither."))
        return data
