"""Blocks of pictures, files, video and sound. All media are our own site's (of others: outside.py)."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from core.blocks.pages import pages_in

MOST_ATTACHMENTS = 30
VIDEO = {".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm"}
AUDIO = {".mp3": "audio/mpeg", ".m4a": "audio/mp4"}
CAPTIONS = {".vtt": "text/vtt"}
MEDIA_TYPES = {**VIDEO, **AUDIO, **CAPTIONS}


def media_type(filename: str) -> str:
    """The MIME type of a video, sound or captions file, or "" when it is none of them."""
    return MEDIA_TYPES.get(PurePath(filename).suffix.lower(), "")


class FileOfKindBlock(DocumentChooserBlock):
    """A document with one of the given endings."""

    def __init__(self, kinds: dict[str, str], **options: Any) -> None:
        super().__init__(**options)
        self.kinds = kinds

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        if chosen and PurePath(chosen.filename).suffix.lower() not in self.kinds:
            raise ValidationError(
                _("“%(name)s” is not of the right kind. Please choose a file ending in %(endings)s.")
                % {"name": chosen.filename, "endings": ", ".join(sorted(self.kinds))}
            )
        return chosen


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(
        label=_("What the picture shows"),
        max_length=200,
        help_text=_("Read aloud to people who cannot see it. Say what matters in it, not “picture of”."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "core/blocks/image.html"


class DocumentBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)

    class Meta:
        icon = "doc-full-inverse"
        label = _("File to download")
        template = "core/blocks/document.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["pages"] = pages_in(value["document"])
        return context


class AttachmentsBlock(blocks.StructBlock):
    """Several files to download, with what each is and how large."""

    title = blocks.CharBlock(
        label=_("Title"), required=False, max_length=120, help_text=_("Empty: “Attachments”.")
    )
    documents = blocks.ListBlock(
        DocumentChooserBlock(label=_("File")),
        label=pgettext_lazy("block", "Files"),
        min_num=1,
        max_num=MOST_ATTACHMENTS,
    )

    class Meta:
        icon = "download"
        label = _("Attachments")
        template = "core/blocks/attachments.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["files"] = [(each, pages_in(each)) for each in value["documents"] if each]
        return context


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    file = FileOfKindBlock(VIDEO, label=_("Video file"), help_text=_("MP4 (H.264) plays on every phone."))
    captions = FileOfKindBlock(CAPTIONS, label=_("Captions"), help_text=_("A WebVTT file (.vtt) in Chinese."))
    poster = ImageChooserBlock(label=_("Still picture"), required=False)

    class Meta:
        icon = "media"
        label = _("Video")
        template = "core/blocks/video.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["type"] = media_type(value["file"].filename) if value["file"] else ""
        return context


class AudioBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    file = FileOfKindBlock(AUDIO, label=_("Sound file"))
    transcript = blocks.TextBlock(label=_("What is said"), help_text=_("For people who cannot hear it."))

    class Meta:
        icon = "media"
        label = _("Sound")
        template = "core/blocks/audio.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        context["type"] = media_type(value["file"].filename) if value["file"] else ""
        return context


def media_blocks() -> list[tuple[str, blocks.Block]]:
    """The blocks of media, in the order in which the editor offers them."""
    return [
        ("image", ImageBlock()),
        ("document", DocumentBlock()),
        ("attachments", AttachmentsBlock()),
        ("video", VideoBlock()),
        ("audio", AudioBlock()),
    ]
