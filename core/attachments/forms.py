"""The field in which a file is handed in."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.attachments.policy import BEGINNINGS, file_fault

FAULTS = {
    "kind": _("Hand in a PDF, a picture (JPG, PNG) or a document (DOCX, XLSX)."),
    "empty": _("This file is empty. Choose it again."),
    "size": _("This file is larger than 10 MB. Make it smaller, or hand in only the pages that matter."),
    "other_kind": _("This file is not what its ending says. Save it again in that format."),
}


class AttachmentField(forms.FileField):
    """A PDF, picture or office file of at most 10 MB, which is what its ending says. Keep it with `keep_file`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.FileInput(attrs={"accept": ",".join(BEGINNINGS)}), allow_empty_file=True, **kwargs
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return None
        file.seek(0)
        begins = file.read(16)
        file.seek(0)
        fault = file_fault(PurePath(file.name or "").suffix.lower(), file.size, begins)
        if fault:
            raise ValidationError(FAULTS[fault], code=fault)
        return file
