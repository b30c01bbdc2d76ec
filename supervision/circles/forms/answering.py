"""What is answered about one participant, and one's own note."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.people.models import Person
from supervision.circles.forms.fields import late_field, minutes_field, text_field


class RevisionForm(forms.Form):
    """Which version of the record its reader has read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32_000)


class CancelForm(RevisionForm):
    """One gathering, or it and all later ones of its series."""

    following = forms.BooleanField(label=_("Also for all later ones of this series"), required=False)


class RefuseForm(forms.Form):
    """Why a participant does not accept a correction."""

    reason = text_field(
        _("Why do you not agree?"),
        _("Whoever led the gathering reads this; nobody else does."),
        rows=2,
        error_messages={"required": _("Write why you do not agree: whoever led the gathering will read it.")},
    )


class DisputeForm(RevisionForm):
    reason = text_field(
        _("What is not right?"),
        _("Whoever led the gathering reads this; nobody else does."),
        error_messages={"required": _("Write what is not right, so that it can be corrected.")},
    )


class CorrectForm(RevisionForm):
    """The minutes of one participant, and an answer."""

    minutes = minutes_field(_("Minutes"), error_messages={"required": _("Write the minutes.")})
    answer = text_field(
        _("Answer to the participant"), _("What you corrected, or why it stays."), rows=2, required=False
    )
    late_reason = late_field()


class RemoveForm(RevisionForm):
    reason = text_field(
        _("Why is it taken back?"),
        _("The participant reads this; nobody else does."),
        rows=2,
        error_messages={"required": _("Write why: the participant will read it.")},
    )


class AddForm(forms.Form):
    """A member who was forgotten in the record."""

    person = forms.ChoiceField(label=_("Member"))
    minutes = minutes_field(_("Minutes"), error_messages={"required": _("Write the minutes.")})
    late_reason = late_field()

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(each.pk): each for each in people}
        person = self.fields["person"]
        assert isinstance(person, forms.ChoiceField)
        person.choices = [(key, each.name) for key, each in self.known.items()]

    @property
    def chosen(self) -> Person:
        return self.known[self.cleaned_data["person"]]


class NoteForm(forms.Form):
    text = text_field(
        _("My working note"), _("Only you can read it. Leave it empty to delete it."), required=False
    )
