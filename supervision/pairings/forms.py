"""The officer's forms for pairings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.people.models import Person
from supervision.pairings.models import Pairing
from supervision.supervisors.forms import choose_from, mentee_field, supervisor_field
from supervision.supervisors.models import Supervisor

PLACES = _("Whoever serves your places; how many places are free stands beside the name.")
IN_TREE = _("Somebody who is employed in your tree.")


def said_to_both(label: Any) -> forms.CharField:
    """The reason of an act on a pairing, which both of the two read."""
    return forms.CharField(
        label=label,
        help_text=_("Both of them read this sentence."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: both of them will read it.")},
    )


class LastDay(forms.DateField):
    """The last day of a pause; it must not have passed, and may stay open."""

    def __init__(self, **kwargs: Any) -> None:
        said: dict[str, Any] = {
            "label": _("Last day of the pause"),
            "help_text": _(
                "Leave it empty if nobody knows yet. After this day the supervision goes on by itself."
            ),
            "required": False,
        }
        super().__init__(**said | kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value < timezone.localdate():
            raise ValidationError(_("This day has passed. Choose today or a later day."))


def say_unserved(
    form: forms.BaseForm, name: str, supervisor: Supervisor | None, mentee: Person | None
) -> None:
    """Say at the field when the supervisor does not serve the place where the mentee works."""
    if supervisor is None or mentee is None or mentee.employer is None:
        return
    if not Supervisor.objects.serving(mentee.employer.path).filter(pk=supervisor.pk).exists():
        words = _("%(supervisor)s does not serve the place where %(mentee)s works.")
        values = {"supervisor": supervisor.person.name, "mentee": mentee.name}
        form.add_error(name, ValidationError(words, params=values))


class CreatePairingForm(WagtailAdminModelForm):
    """A mentee of one's own tree, and a supervisor who serves the place where the mentee works."""

    mentee = mentee_field(help_text=IN_TREE)
    supervisor = supervisor_field(help_text=PLACES)

    class Meta:
        model = Pairing
        fields = ("mentee", "supervisor", "goal", "starts_on", "ends_on")
        widgets = {
            "goal": forms.Textarea(attrs={"rows": 3}),
            "starts_on": AdminDateInput,
            "ends_on": AdminDateInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = scope_of(self.for_user).q("employer", Role.ADMINISTRATOR)
        people = Person.objects.filter(mine).select_related("employer", "user")
        choose_from(self, "mentee", people)
        supervisors = Supervisor.objects.active().in_reach_of(self.for_user).select_related("person__user")
        choose_from(self, "supervisor", supervisors)
        self.fields["goal"].help_text = _(
            "What the two want to reach. Both read it, and so do administrators."
        )
        if not self.is_bound:
            self.initial["starts_on"] = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        mentee = data.get("mentee")
        say_unserved(self, "supervisor", data.get("supervisor"), mentee)
        if mentee is not None and mentee.user_id == self.for_user.pk:
            self.add_error(
                "mentee", ValidationError(_("Nobody pairs themselves. Ask another administrator."))
            )
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        elif last and last < timezone.localdate():  # it would end in the night after it began
            self.add_error("ends_on", _("This day has passed. Choose today or a later day."))
        return data

    def _post_clean(self) -> None:
        """The action builds the row and says what is wrong; the form's own instance is not used."""


class SuggestForm(forms.Form):
    """For whom a supervisor is looked for."""

    mentee = mentee_field(help_text=IN_TREE)

    def __init__(self, *args: Any, for_user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(scope_of(for_user).q("employer", Role.ADMINISTRATOR))
        choose_from(self, "mentee", people.exclude(user=for_user.pk).select_related("employer"))


class ChangePairForm(forms.Form):
    """Another supervisor for the same mentee, and why."""

    mentee: Person

    to = supervisor_field(_("New supervisor"), PLACES)
    reason = said_to_both(_("Why does the supervisor change?"))

    def __init__(self, *args: Any, for_user: Asker, mentee: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mentee = mentee
        supervisors = Supervisor.objects.active().in_reach_of(for_user).select_related("person__user")
        choose_from(self, "to", supervisors)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        say_unserved(self, "to", data.get("to"), self.mentee)
        return data


class PauseForm(forms.Form):
    """Why a pairing rests, and up to which day."""

    reason = said_to_both(_("Why does it rest?"))
    until = LastDay(widget=AdminDateInput)


class EndForm(forms.Form):
    reason = said_to_both(_("Why does it end?"))
