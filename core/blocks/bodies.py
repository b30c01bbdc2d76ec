"""The bodies that pages declare: `StreamField(PageBody())`, `StreamField(LessonBody())`, `StreamField(PaperBody())`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks.media import media_blocks
from core.blocks.questions import QuestionBlock
from core.blocks.texts import text_blocks
from core.blocks.videos import LessonVideoBlock

CHECK = "check"
VIDEO = "video"


class PageBody(blocks.StreamBlock):
    """Text and media, for the pages of the site."""

    def __init__(self, local_blocks: list[tuple[str, blocks.Block]] | None = None, **options: object) -> None:
        super().__init__([*text_blocks(), *media_blocks(), *(local_blocks or [])], **options)


class LessonBody(PageBody):
    """The same and check questions, for lessons; their videos ask something of whoever watches."""

    def __init__(self, local_blocks: list[tuple[str, blocks.Block]] | None = None, **options: object) -> None:
        own = [(CHECK, QuestionBlock()), (VIDEO, LessonVideoBlock())]  # in the place of the plain video
        super().__init__([*own, *(local_blocks or [])], **options)


class PaperBody(blocks.StreamBlock):
    """Questions only, for quizzes."""

    question = QuestionBlock(label=_("Question"))
