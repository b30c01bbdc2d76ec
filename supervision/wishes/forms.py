"""Asking for a change of one's pairing, and the officer's answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from core.access.scope import Asker
from supervision.pairings.forms import PLACES, LastDay, say_unserved
from supervision.pairings.models import Pairing
from supervision.supervisors.forms import choose_from, supervisor_field
from supervision.supervisors.models import Supervisor
from supervision.wishes.models import PairWish
from supervision.wishes.queries import kinds_for
from supervision.wishes.states import WishKind


class WishForm(forms.Form):
    """What one of the pair asks for, and why."""

    kind = forms.ChoiceField(label=_("What do you wish for?"), widget=forms.RadioSelect)
    until = LastDay(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Only for a pause. Leave it empty if you do not know yet."),
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Sealed: only you and the administrator who decides read it, not the other one of you."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the reason: who decides reads it.")},
    )
    passes_on = forms.BooleanField(
        label=_("My new supervisor may read the handover that I have read"), required=False
    )

    def __init__(self, *args: Any, pairing: Pairing, has_handover: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = kinds_for(pairing)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if WishKind.PAUSE not in dict(kinds):
            self.fields.pop("until")
        if not has_handover:
            self.fields.pop("passes_on")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") != WishKind.PAUSE:
            data.pop("until", None)
        return data


class DecideForm(forms.Form):
    """The officer's answer: a sentence that both read; for a change the new supervisor, for a pause its last day."""

    to = supervisor_field(_("New supervisor"), PLACES)
    until = LastDay(widget=AdminDateInput)
    answer = forms.CharField(
        label=pgettext_lazy("wish of a pair", "Answer"),
        help_text=_(
            "Both of them read this sentence. Say nothing of the reason that was given to you alone."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write a sentence: both of them will read it.")},
    )

    def __init__(self, *args: Any, wish: PairWish, for_user: Asker, accepts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if wish.kind == WishKind.CHANGE:
            rows = Supervisor.objects.active().in_reach_of(for_user).select_related("person__user")
            choose_from(self, "to", rows)
            self.fields["to"].required = accepts
        else:
            self.fields.pop("to")
        if wish.kind != WishKind.PAUSE:
            self.fields.pop("until")
        else:
            self.initial["until"] = wish.until
        self.mentee = wish.pairing.mentee

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        say_unserved(self, "to", data.get("to"), self.mentee)
        return data
