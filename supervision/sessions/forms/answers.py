"""What the two say around a record: objections, reflections, files, notes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.attachments.forms import AttachmentField
from supervision.sessions.forms.wording import say_telling, text_field


class RevisionForm(forms.Form):
    """Which version of the record its reader has read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32_000)


class DisputeForm(RevisionForm):
    reason = text_field(
        _("What is not right?"),
        _("Your supervisor reads this; nobody else does."),
        error_messages={"required": _("Write what is not right, so that it can be corrected.")},
    )


class AnswerForm(forms.Form):
    """Why the mentee does not accept a correction."""

    answer = text_field(
        _("Why do you not agree?"),
        _("Your supervisor reads this; nobody else does."),
        rows=2,
        error_messages={"required": _("Write why you do not agree: your supervisor will read it.")},
    )


class ReflectionForm(forms.Form):
    """What the mentee makes of the session."""

    text = text_field(
        _("My reflection"),
        _("What did I take with me, what will I try, what is still open? You two read it, nobody else."),
        rows=4,
        error_messages={"required": _("Write at least a sentence.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        say_telling(self, data, ("text",))
        return data


class ExplainForm(forms.Form):
    """Another reason for a late record that was declined."""

    reason = forms.CharField(
        label=_("Why it is recorded late"),
        help_text=_("Administrators read this; write nothing of what was said."),
        max_length=300,
        error_messages={"required": _("Write why the session was recorded late.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        say_telling(self, data, ("reason",))
        return data


class FileForm(forms.Form):
    """A file for the session."""

    upload = AttachmentField(
        label=_("File"),
        help_text=_("PDF, picture or office file, at most 10 MB. No client may be recognised in it."),
        error_messages={"required": _("Choose a file.")},
    )


class CancelForm(RevisionForm):
    reason = text_field(
        _("Why is it taken back?"),
        _("Your mentee reads this; nobody else does."),
        rows=2,
        error_messages={"required": _("Write why the record is taken back: your mentee will read it.")},
    )


class NoteForm(forms.Form):
    text = text_field(
        _("My working note"),
        _("Only you can read it. Leave it empty to delete it."),
        required=False,
    )
