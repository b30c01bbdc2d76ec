"""Files that people send: nothing endless is read, and a file that is not what its name says is refused in a sentence."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.forms import FileInput
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

PACKED, OLD_OFFICE = (b"PK\x03\x04", b"PK\x05\x06"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
BEGINNINGS = {
    ".pdf": (b"%PDF-",),
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".zip"), PACKED),
    **dict.fromkeys((".doc", ".xls", ".ppt"), OLD_OFFICE),
}
DAMAGED = _("This picture is damaged or cut off. Export it again, or take another one.")
OTHER_KIND = _("This file is not what its ending “%(ending)s” says. Save it again in that format.")


class ImageForm(BaseImageForm):
    """Wagtail asks what the file is before it knows that it can be read at all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            read = self.fields["file"].to_python
            self.fields["file"].to_python = lambda data: _readable(read, data)


def _readable(read: Any, data: Any) -> Any:
    try:
        return read(data)
    except ValidationError:
        raise
    except Exception as damage:  # whatever a decoder stumbles over, the picture is at fault
        raise ValidationError(DAMAGED, code="damaged") from damage


class PictureField(WagtailImageField):
    """A picture sent with another form, asked the same as one of the site's: its ending, what it is, its size and pixels."""

    def __init__(self, *args: Any, most_bytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_upload_size, self.max_upload_size_text = most_bytes, filesizeformat(most_bytes)
        self.help_text = kwargs.get("help_text", "")
        self.widget = FileInput(
            attrs={"accept": ",".join(f".{each}" for each in self.allowed_image_extensions)}
        )

    def to_python(self, data: Any) -> Any:
        return _readable(super().to_python, data)


class DocumentForm(BaseDocumentForm):
    """The first bytes of a paper tell whether it is one."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        ending = PurePath(file.name or "").suffix.lower()
        if "file" in self.changed_data and ending in BEGINNINGS:
            file.seek(0)
            begins = file.read(1024)
            file.seek(0)
            wanted = BEGINNINGS[ending]
            if not (begins.startswith(wanted) or (ending == ".pdf" and wanted[0] in begins)):
                raise ValidationError(OTHER_KIND, code="other_kind", params={"ending": ending})
        return file

    def _update_errors(self, errors: Any) -> None:
        """Of a file that was refused already, the row has nothing to add but that there is none."""
        if "file" in self.errors:
            errors.error_dict.pop("file", None)
        super()._update_errors(errors)


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Keeps no more of a file than the form there accepts; the rest is read past, and the form says that it is too big."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = 0
        path = self.request.path if self.request is not None else ""
        self.most = settings.UPLOAD_KEPT_AT.get(path, settings.UPLOAD_KEPT)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        room = self.most - self.kept
        if room > 0:
            super().receive_data_chunk(raw_data[:room], start)
            self.kept += min(room, len(raw_data))
