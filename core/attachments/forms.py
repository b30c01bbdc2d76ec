"""The field in which a file is handed in, and the form that does not ask for it twice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, NamedTuple, cast

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.attachments.actions import hold_files
from core.attachments.models import Attachment
from core.attachments.policy import BEGINNINGS, SCANS, file_fault
from core.attachments.reading import scan_fault

SALT = "core.attachments.held"
HELD_FOR = 24 * 3600  # seconds for which a file that was received need not be handed in again
FAULTS = {
    "kind": _("Hand in a PDF, a picture (JPG, PNG) or a document (DOCX, XLSX)."),
    "no_scan": _("Hand in a PDF or a picture (JPG, PNG)."),
    "empty": _("This file is empty. Choose it again."),
    "size": _("This file is larger than 10 MB. Make it smaller, or hand in only the pages that matter."),
    "other_kind": _("This file is not what its ending says. Save it again in that format."),
    "damaged": _("This file cannot be opened: it is damaged or has no page. Save or scan it again."),
    "locked": _(
        "This PDF is locked with a password or against changes. Save it without, and hand it in again."
    ),
    "pixels": _("This picture is larger than 60 million pixels. Make it smaller."),
}


class AttachmentField(forms.FileField):
    """A PDF, picture or office file of at most 10 MB, which is what its ending says; a `scan` is a PDF or picture that
    opens, since officers look at its pages. Keep it with `keep_file`."""

    def __init__(self, *, scan: bool = False, **kwargs: Any) -> None:
        self.scan = scan
        self.endings, self.other = (SCANS, "no_scan") if scan else (tuple(BEGINNINGS), "kind")
        super().__init__(
            widget=forms.FileInput(attrs={"accept": ",".join(self.endings)}), allow_empty_file=True, **kwargs
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return None
        file.seek(0)
        begins = file.read(16)
        file.seek(0)
        ending = PurePath(file.name or "").suffix.lower()
        if ending not in self.endings:
            raise ValidationError(FAULTS[self.other], code="kind")
        fault = file_fault(ending, file.size, begins)
        if self.scan and not fault:
            fault = scan_fault(ending, file.read())
            file.seek(0)
        if fault:
            raise ValidationError(FAULTS[fault], code=fault)
        return file


class Handed(NamedTuple):
    """Of several files those that are right, and why each of the others is not, with its name."""

    right: list[Any]
    wrong: list[ValidationError]


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else []


class AttachmentsField(AttachmentField):
    """Several such files at once. One at fault takes none of the others with it: what is right is `Handed.right`, and the
    form tells of the rest (`Handed.wrong`)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.widget = SeveralFilesInput(attrs={"accept": ",".join(self.endings), "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> Handed:
        handed = Handed([], [])
        for file in data or ():
            try:
                handed.right.append(super().clean(file, initial))
            except ValidationError as fault:
                words = _("%(name)s: %(fault)s")
                values = {"name": PurePath(file.name or "").name[:80], "fault": " ".join(fault.messages)}
                handed.wrong.append(ValidationError(words % values, code=getattr(fault, "code", "") or ""))
        handed.right[:] = [file for file in handed.right if file]
        return handed


class HeldFilesForm(forms.Form):
    """A form whose files need not be chosen again when something else in it is at fault.

    The view has them held (`hold`); they come back as a signed number that only the same account can use, in the same field
    of the same form. Handed in, each is `given`. A field that is added after `__init__` is told by `say_held`.
    """

    def __init__(self, *args: Any, actor: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for name in list(self.fields):
            self.say_held(name)

    def say_held(self, name: str) -> None:
        """Where a file was received for this field with an earlier try, it is named, and another need not be chosen."""
        held = self.held(name)
        if held is None:
            return
        field = self.fields[name]
        field.required = False
        words = _("Received: %(name)s. Choose a file only if you want another one.")
        field.help_text = words % {"name": held.name}
        self.fields[f"held-{name}"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=self.data.get(f"held-{name}", "")
        )

    def held(self, name: str) -> Attachment | None:
        """The file that this account handed in with an earlier try in this field; None in a field that takes no files."""
        if not isinstance(self.fields[name], AttachmentField):
            return None
        try:
            token = signing.loads(self.data.get(f"held-{name}", ""), salt=self._salt(name), max_age=HELD_FOR)
        except signing.BadSignature:
            return None
        if not isinstance(token, dict) or token.get("user") != self.actor.pk:
            return None
        return Attachment.objects.filter(pk=token["file"], uploaded_by_id=self.actor.pk or 0).first()

    def uploads(self) -> dict[str, Any]:
        """The files that came with this try and are right, by the name of their field."""
        if not self.is_bound:
            return {}
        wrong = self.errors
        return {
            name: self.cleaned_data[name]
            for name, field in self.fields.items()
            if isinstance(field, AttachmentField) and name not in wrong and self.cleaned_data.get(name)
        }

    def _salt(self, name: str) -> str:
        """What was checked for one field is no answer in another, which may ask for something else."""
        kind = type(self)
        return f"{SALT}:{kind.__module__}.{kind.__qualname__}:{name}"

    def given(self, name: str) -> Any:
        """The file in this field: that of this try, or else the one that was held. None where there is neither."""
        return self.cleaned_data.get(name) or self.held(name)

    def hold(self) -> None:
        """Before the form is shown again: what came with this try need not be chosen anew. Side effects as of `hold_files`."""
        self.show_held(hold_files(uploads=self.uploads(), actor=self.actor))

    def show_held(self, kept: Mapping[str, Attachment]) -> None:
        """Name these files as received when the form is shown again."""
        if not kept:
            return
        data: Any = cast(Any, self.data).copy()
        for name, file in kept.items():
            data[f"held-{name}"] = signing.dumps(
                {"file": file.pk, "user": self.actor.pk}, salt=self._salt(name)
            )
        self.data = data
        for name in kept:
            self.__dict__["_bound_fields_cache"].pop(name, None)  # made by cleaning, with the hint of before
            self.say_held(name)
