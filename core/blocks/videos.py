"""The video of a lesson: besides the file, what is asked of whoever watches it. The server judges it (lms.videos)."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents import get_document_model

from core.blocks.durations import LONGEST, duration_of
from core.blocks.media import VideoBlock
from core.blocks.questions import QuestionBlock, question_facts

SPEEDS = [("100", "1×"), ("125", "1.25×"), ("150", "1.5×"), ("200", "2×")]
DEFAULT_SHARE = 95
MOST_CHECKPOINTS = 30


class CheckpointBlock(blocks.StructBlock):
    """A question at a second of the video: it stops there until the question is answered."""

    second = blocks.IntegerBlock(
        label=_("At this second"), min_value=1, max_value=LONGEST // 1000, help_text=_("3 min 20 s is 200.")
    )
    question = QuestionBlock(label=_("Question"))


class LessonVideoBlock(VideoBlock):
    may_skip = blocks.BooleanBlock(
        label=_("May be skipped through on the first view"),
        required=False,
        default=True,
        help_text=_("Without this, nobody gets beyond what they have watched so far."),
    )
    max_speed = blocks.ChoiceBlock(label=_("Fastest speed"), choices=SPEEDS, default="200")
    share = blocks.IntegerBlock(
        label=_("Share to watch (per cent)"),
        default=DEFAULT_SHARE,
        min_value=1,
        max_value=100,
        help_text=_(
            "The lesson can be finished once so much of the video was watched. The server’s clock decides."
        ),
    )
    seconds = blocks.IntegerBlock(
        label=_("Length in seconds"),
        required=False,
        min_value=1,
        max_value=LONGEST // 1000,
        help_text=_("Only where the file does not say it. Otherwise it is read from the file."),
    )
    checkpoints = blocks.ListBlock(
        CheckpointBlock(), label=_("Questions in the video"), default=[], max_num=MOST_CHECKPOINTS
    )

    class Meta:
        icon = "media"
        label = _("Video")
        template = "core/blocks/video.html"

    def clean(self, value: Any) -> Any:
        """Refuse a question that stands after the end of the video."""
        cleaned = super().clean(value)
        length = length_of(cleaned)
        late = [
            point["second"] for point in cleaned["checkpoints"] if length and point["second"] * 1000 > length
        ]
        if late:
            words = _(
                "The video is %(length)d seconds long; a question at second %(second)d is never reached."
            )
            fault = ValidationError(words % {"length": length // 1000, "second": late[0]})
            raise StructBlockValidationError(
                block_errors={"checkpoints": ListBlockValidationError(non_block_errors=[fault])}
            )
        return cleaned


def length_of(value: Any) -> int:
    """How long the video is, in milliseconds: as its file says, else as the editor typed it; 0 when nobody knows."""
    file = value["file"]
    found = _read(file.pk, file.get_file_hash()) if file else None
    return found or int(value["seconds"] or 0) * 1000


@lru_cache(maxsize=500)
def _read(pk: int, _file_hash: str) -> int | None:
    """Read once per file and process: pages of the desk ask again and again."""
    document = get_document_model().objects.filter(pk=pk).first()
    try:
        with document.file.open("rb") as file:
            return duration_of(file)
    except (OSError, AttributeError):  # the file is not there
        return None


def video_facts(key: str, value: Any) -> dict[str, Any] | None:
    """What a version keeps of a video to judge it by (lms.videos.policy.rules_of); None while its length is unknown.

    `medium` stands for this file in this place: another file put there begins anew.
    """
    length = length_of(value)
    if not length:
        return None
    file = value["file"].get_file_hash()
    points = value["checkpoints"].bound_blocks
    questions = [question_facts(point.id, point.value["question"]) for point in points]
    return {
        "key": key,
        "medium": hashlib.sha256(f"{key}:{file}".encode()).hexdigest()[:32],
        "title": value["title"],
        "document": value["file"].pk,
        "file": file,
        "duration": length,
        "may_skip": bool(value["may_skip"]),
        "max_speed": int(value["max_speed"] or 200),
        "share": value["share"] or DEFAULT_SHARE,
        "checkpoints": [
            {"at": min(point.value["second"] * 1000, length), "key": point.id, "question": question}
            for point, question in zip(points, questions, strict=True)
        ],
    }
