"""Another key for a question, in the shape that its kind has."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.corrections.policy import CORRECTABLE
from lms.corrections.states import Remedy
from lms.questions.policy import plain

MOST_ANSWERS = 30
_LINES = _("One accepted answer on a line.")


class KeyForm(forms.Form):
    """What is done about the question, the right key where there is one, and why."""

    remedy = forms.ChoiceField(
        label=pgettext_lazy("regrade", "What to do"), choices=Remedy.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Those whose result changes read it."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_000)

    def __init__(self, *args: Any, asked: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.name = asked, CORRECTABLE.get(asked["kind"], "")
        if not self.name:
            remedies: Any = self.fields["remedy"]
            remedies.choices = [row for row in Remedy.choices if row[0] != Remedy.KEY]
        add = {
            "correct": self._choices,
            "answers": self._answers,
            "blanks": self._blanks,
            "numbers": self._numbers,
        }
        if self.name:
            add[self.name]()
        self.order_fields(["remedy", *(name for name in self.fields if name.startswith("key")), "reason"])

    def _choices(self) -> None:
        self.fields["key"] = forms.MultipleChoiceField(
            label=_("Right choices"),
            required=False,
            choices=[(row["key"], row["text"]) for row in self.asked["choices"]],
            initial=self.asked["correct"],
            widget=forms.CheckboxSelectMultiple,
        )

    def _text(self, name: str, label: Any, answers: list[Mapping[str, str]]) -> None:
        self.fields[name] = forms.CharField(
            label=label,
            required=False,
            max_length=3000,
            initial="\n".join(row["text"] for row in answers),
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_LINES,
        )

    def _answers(self) -> None:
        self._text("key", _("Accepted answers"), self.asked.get("answers", []))

    def _blanks(self) -> None:
        for number, blank in enumerate(self.asked.get("blanks", ()), start=1):
            self._text(f"key-{number}", _("Accepted answers of blank %(n)s") % {"n": number}, blank)

    def _numbers(self) -> None:
        first = (self.asked.get("numbers") or [{"value": "0", "tolerance": "0"}])[0]
        limits: dict[str, Any] = {"required": False, "max_digits": 20, "decimal_places": 6}
        self.fields["key"] = forms.DecimalField(label=_("Right number"), initial=first["value"], **limits)
        self.fields["key-tolerance"] = forms.DecimalField(
            label=_("Give or take"), initial=first["tolerance"], min_value=0, **limits
        )

    @property
    def change(self) -> dict[str, Any]:
        """The key as the question keeps it; empty where the question is voided."""
        if self.cleaned_data.get("remedy") != Remedy.KEY or not self.name:
            return {}
        values = self.cleaned_data
        if self.name == "correct":
            return {"correct": values.get("key") or []}
        if self.name == "answers":
            return {"answers": _accepted(values.get("key") or "")}
        if self.name == "blanks":
            names = [name for name in self.fields if name.startswith("key-")]
            return {"blanks": [_accepted(values.get(name) or "") for name in names]}
        value, tolerance = values.get("key"), values.get("key-tolerance") or Decimal(0)
        number = (
            {"value": plain(value), "tolerance": plain(tolerance), "share": "100"}
            if value is not None
            else None
        )
        return {"numbers": [number] if number else []}


def _accepted(text: str) -> list[dict[str, str]]:
    lines = dict.fromkeys(line.strip()[:300] for line in text.splitlines() if line.strip())
    return [{"text": line, "share": "100"} for line in list(lines)[:MOST_ANSWERS]]
