"""The file that somebody was given as a badge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from credentials.badges.policy import MAX_FILE


class BadgeFileForm(forms.Form):
    """A badge as a file, or its text: the JSON or the token."""

    file = forms.FileField(
        label=_("The badge file you were given"),
        required=False,
        help_text=_("A .json, .jwt or .svg file, up to 200 KB. It is checked and not kept."),
        widget=forms.FileInput(attrs={"accept": ".json,.jsonld,.jwt,.svg,.txt,application/json"}),
    )
    text = forms.CharField(
        label=_("Or paste its text"),
        required=False,
        max_length=MAX_FILE,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None and (file.size or 0) > MAX_FILE:
            raise ValidationError(_("The file is larger than 200 KB. A badge is much smaller."))
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values.get("file") and not values.get("text"):
            raise ValidationError(_("Choose the file or paste the text of the badge that you want to check."))
        return values

    def content(self) -> bytes:
        """What was handed in, of a form that is valid."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is not None:
            return bytes(file.read())
        return str(self.cleaned_data["text"]).encode("utf-8", errors="replace")
