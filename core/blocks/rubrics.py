"""A rubric: criteria, each with levels that give points, as it is written for an assignment."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

MOST_CRITERIA = 12
MOST_LEVELS = 8


class LevelBlock(blocks.StructBlock):
    points = blocks.IntegerBlock(label=pgettext_lazy("rubric", "Points"), min_value=0, max_value=1000)
    title = blocks.CharBlock(label=pgettext_lazy("rubric", "Level"), max_length=30)
    words = blocks.TextBlock(
        label=_("What work of this level looks like"), required=False, max_length=300, rows=2
    )


class CriterionBlock(blocks.StructBlock):
    """What is looked at. Its key is the id of the block, and each level's key the id of the list item: they survive edits."""

    title = blocks.CharBlock(label=pgettext_lazy("rubric", "Criterion"), max_length=80)
    words = blocks.TextBlock(label=_("What is looked at"), required=False, max_length=300, rows=2)
    levels = blocks.ListBlock(
        LevelBlock(), label=pgettext_lazy("rubric", "Levels"), min_num=2, max_num=MOST_LEVELS
    )

    class Meta:
        icon = "list-ul"
        label = pgettext_lazy("rubric", "Criterion")

    def clean(self, value: Any) -> Any:
        """Refuse two levels that give the same: nobody could say which of them to choose."""
        cleaned = super().clean(value)
        points = [level["points"] for level in cleaned["levels"]]
        if len(set(points)) < len(points):
            wrong = ListBlockValidationError(
                non_block_errors=[
                    ValidationError(_("Two levels give the same points. Please make them differ."))
                ]
            )
            raise StructBlockValidationError(block_errors={"levels": wrong})
        return cleaned


class RubricBody(blocks.StreamBlock):
    """The criteria in their order."""

    criterion = CriterionBlock()

    class Meta:
        max_num = MOST_CRITERIA


def rubric_facts(body: Any) -> list[dict[str, Any]]:
    """The rubric as a version of the assignment freezes it."""
    return [
        {
            "key": str(block.id),
            "title": block.value["title"],
            "words": block.value["words"],
            "levels": [
                {
                    "key": str(item.id),
                    "points": item.value["points"],
                    "title": item.value["title"],
                    "words": item.value["words"],
                }
                for item in block.value["levels"].bound_blocks
            ],
        }
        for block in body
    ]
