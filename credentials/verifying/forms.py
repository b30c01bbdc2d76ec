"""A file to judge, and a list of codes to look up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.states import Refused
from credentials.certificates.forms import MAX_FILE
from credentials.verifying.queries import Asked, read_list

ACCEPTED = ".pdf,.json,.jwt,.svg,.txt"
MAX_LIST = 2 * 2**20


class FileForm(forms.Form):
    """One file that somebody was given. It is read, judged and forgotten."""

    file = forms.FileField(
        label=_("The file you were given"),
        help_text=_(
            "The PDF of a certificate or statement or a badge file, up to 10 MB. It is looked at and not kept."
        ),
        error_messages={
            "required": _("Choose the file that you were given."),
            "empty": _("This file is empty. Choose the file that you were given."),
        },
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_FILE:
            raise ValidationError(_("The file is larger than 10 MB. A certificate is much smaller."))
        return file


class ListForm(forms.Form):
    """A table of codes, with names to compare if they are known."""

    file = forms.FileField(
        label=_("Table of codes"),
        help_text=_("XLSX or CSV, at most 500 rows. It is looked at and not kept."),
        error_messages={
            "required": _("Choose the table."),
            "empty": _("This file is empty. Choose the table."),
        },
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    rows: list[Asked]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        file = values.get("file")
        if file is None:
            return values
        if (file.size or 0) > MAX_LIST:
            self.add_error("file", _("The table is larger than 2 MB. Divide it into several files."))
            return values
        try:
            self.rows = read_list(file)
        except Refused as refusal:
            self.add_error("file", str(refusal))
        return values
