"""A policy's amounts, windows and open points, to be turned for a forecast."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from credentials.forecasts.policy import Knob, knobs_of
from credentials.forecasts.queries import knob_label
from credentials.policies.models import parsed
from credentials.policies.queries.words import said

FORMS = {"day": r"\d{4}-\d{2}-\d{2}", "amount": r"\d{1,8}(\.\d{1,2})?", "span": r"\d{1,6}"}
HINTS = {
    "day": _("Write the day like 2024-03-14."),
    "amount": _("Yuan, at most with two decimals."),
    "span": _("A whole number."),
}


class ForecastForm(forms.Form):
    """Every value of a policy that can be turned, as it is today; and for whom and when it is reckoned."""

    title = forms.CharField(label=pgettext_lazy("forecast", "name"), max_length=80)
    organisation = forms.ModelChoiceField(
        label=_("People of"),
        queryset=Organisation.objects.none(),
        help_text=_("Everybody who is employed there or below."),
    )
    on = forms.DateField(
        label=_("As of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )

    def __init__(
        self, *args: Any, text: str, answers: dict[str, str], places: QuerySet[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_organisations(self.fields["organisation"], places)
        policy = parsed(text, tuple(sorted(answers.items())))
        self.knobs: dict[str, Knob] = {}
        for number, knob in enumerate(knobs_of(text)):
            name = f"knob-{number}"
            self.knobs[name] = knob
            kind = "date" if knob.kind == "day" else "text"
            self.fields[name] = forms.CharField(
                label=knob_label(knob, policy),
                initial=knob.value,
                max_length=12,
                widget=forms.TextInput(attrs={"type": kind, "inputmode": "decimal"}),
            )
        self.switches = [one.name for one in policy.switches]
        for switch in policy.switches:
            self.fields[f"switch-{switch.name}"] = forms.ChoiceField(
                label=said(switch.asks),
                choices=[(value, said(words)) for value, words in switch.options],
                initial=switch.chosen,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, knob in self.knobs.items():
            value = str(data.get(name, ""))
            if value and not re.fullmatch(FORMS[knob.kind], value, re.ASCII):
                self.add_error(name, ValidationError(HINTS[knob.kind], code="form"))
        return data

    def turnable(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields that turn the policy, by what they are."""
        heads = {"amount": _("Amounts"), "span": _("Windows and numbers"), "day": _("Days")}
        groups = [
            (head, [self[name] for name, one in self.knobs.items() if one.kind == kind])
            for kind, head in heads.items()
        ]
        groups.append((_("Open points"), [self[f"switch-{name}"] for name in self.switches]))
        return [(head, fields) for head, fields in groups if fields]

    def values(self) -> dict[str, str]:
        return {knob.path: self.cleaned_data[name] for name, knob in self.knobs.items()}

    def answers(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"switch-{name}"] for name in self.switches}
