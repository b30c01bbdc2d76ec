"""The bodies that pages declare: `StreamField(PageBody())`, `StreamField(LessonBody())`, `StreamField(PaperBody())`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from core.blocks.media import media_blocks
from core.blocks.outside import EmbedBlock, ExternalLinkBlock
from core.blocks.questions import QuestionBlock
from core.blocks.talks import DiscussionBlock
from core.blocks.texts import text_blocks
from core.blocks.videos import LessonVideoBlock

CHECK = "check"
VIDEO = "video"
FRAME = "frame"
TALK = "talk"
LINK = "external"


class PageBody(blocks.StreamBlock):
    """Text and media, for the pages of the site."""

    def __init__(self, local_blocks: list[tuple[str, blocks.Block]] | None = None, **options: object) -> None:
        super().__init__(
            [*text_blocks(), *media_blocks(), (LINK, ExternalLinkBlock()), *(local_blocks or [])], **options
        )


class LessonBody(PageBody):
    """The same, check questions, what other sites show and what the cohort discusses, for lessons; their videos ask
    something of whoever watches."""

    def __init__(self, local_blocks: list[tuple[str, blocks.Block]] | None = None, **options: object) -> None:
        video = (VIDEO, LessonVideoBlock())  # in the place of the plain video
        own = [(CHECK, QuestionBlock()), video, (FRAME, EmbedBlock()), (TALK, DiscussionBlock())]
        super().__init__([*own, *(local_blocks or [])], **options)


class PaperBody(blocks.StreamBlock):
    """Questions only, for quizzes."""

    question = QuestionBlock(label=_("Question"))
