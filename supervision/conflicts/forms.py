"""Declaring a conflict of interest, on the site and at the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.people.models import Person
from supervision.conflicts.queries import mentee_addressed, met_by, supervisor_named
from supervision.conflicts.states import ConflictKind
from supervision.supervisors.forms import choose_from, mentee_field, supervisor_field
from supervision.supervisors.models import Supervisor

WHY = _("Sealed: only administrators of the mentee's side can read it, never the other one of you.")


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Why?"),
        help_text=WHY,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason. Only administrators can read it.")},
    )


class DeclareForm(forms.Form):
    """A trainee names a supervisor by number; a supervisor names a trainee by name and e-mail address."""

    supervisor = forms.CharField(
        label=_("Number of the supervisor"),
        help_text=_("Such as SV001; it stands beside the name wherever supervisors are listed."),
        max_length=12,
        required=False,
    )
    mentee = forms.EmailField(
        label=_("E-mail address of the trainee"),
        help_text=_("If you are the supervisor and the trainee is not in the list above."),
        required=False,
    )
    met = forms.ModelChoiceField(
        label=_("Trainee"),
        help_text=_("If you are the supervisor: somebody who is, was or wants to be your mentee."),
        queryset=Person.objects.none(),
        empty_label=_("Somebody else"),
        required=False,
    )
    kind = forms.ChoiceField(label=_("What is it?"), choices=ConflictKind.choices)
    reason = _reason()

    def __init__(self, *args: Any, person: Person, is_supervisor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.is_supervisor = person, is_supervisor
        if not is_supervisor:
            self.fields.pop("mentee")
            self.fields.pop("met")
            self.fields["supervisor"].required = True
        else:
            self.fields["met"].queryset = met_by(person.supervisor)  # type: ignore[attr-defined]
            self.order_fields(["met", "mentee", "supervisor"])

    def clean_supervisor(self) -> Supervisor | None:
        code = self.cleaned_data["supervisor"]
        found = supervisor_named(code) if code.strip() else None
        if code.strip() and found is None:
            raise forms.ValidationError(_("There is no supervisor with this number."))
        return found

    def clean_mentee(self) -> Person | None:
        address = self.cleaned_data["mentee"]
        if not address:
            return None
        found = mentee_addressed(self.person.supervisor, address)
        if found is None:
            words = _("Nobody with this address was in a pairing, a request or a round with you.")
            raise forms.ValidationError(words)
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        named = [data.get(name) for name in ("met", "mentee", "supervisor")]
        if self.is_supervisor and not self.errors and sum(map(bool, named)) != 1:
            self.add_error("met", _("Name either a trainee, or a supervisor for yourself."))
        return data

    def pair(self) -> dict[str, Any]:
        """The two whom it is about."""
        supervisor, mentee = self.cleaned_data.get("supervisor"), self.cleaned_data.get("mentee")
        if supervisor is not None:
            return {"supervisor": supervisor, "mentee": self.person}
        mentee = mentee or self.cleaned_data.get("met")
        return {"supervisor": self.person.supervisor, "mentee": mentee}


class DeskConflictForm(forms.Form):
    """An officer declares it for two people."""

    mentee = mentee_field()
    supervisor = supervisor_field()
    kind = forms.ChoiceField(label=_("What is it?"), choices=ConflictKind.choices)
    reason = _reason()

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(scope_of(user).q("employer", Role.ADMINISTRATOR))
        choose_from(self, "mentee", people.select_related("employer", "user"))
        supervisors = Supervisor.objects.active().in_reach_of(user).select_related("person__user")
        choose_from(self, "supervisor", supervisors)
