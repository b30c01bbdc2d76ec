"""The questions of a survey: scales, choices, numbers and texts, under headings."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

MOST_QUESTIONS = 60
WITH_CHOICES = ("one", "several")


class HeadingBlock(blocks.StructBlock):
    """Begins a section."""

    prompt = blocks.CharBlock(label=_("Heading"), max_length=120)
    prompt_en = blocks.CharBlock(label=_("Heading in English"), required=False, max_length=160)

    class Meta:
        icon = "title"
        label = _("Heading")


class AskedBlock(blocks.StructBlock):
    """What every question has. Its key is the id of the block, which survives edits."""

    prompt = blocks.TextBlock(label=_("Question"), max_length=500, rows=2)
    prompt_en = blocks.TextBlock(label=_("Question in English"), required=False, max_length=800, rows=2)
    hint = blocks.CharBlock(label=_("Hint"), required=False, max_length=200)
    is_required = blocks.BooleanBlock(label=_("Must be answered"), required=False, default=True)


class ScaleBlock(AskedBlock):
    low = blocks.CharBlock(label=_("What 1 means"), max_length=30, default="完全不同意")
    high = blocks.CharBlock(label=_("What 5 means"), max_length=30, default="完全同意")

    class Meta:
        icon = "order"
        label = _("Rating from 1 to 5")


class SurveyChoiceBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Choice"), max_length=200)
    text_en = blocks.CharBlock(label=_("Choice in English"), required=False, max_length=300)
    correct = blocks.BooleanBlock(
        label=_("This is right"),
        required=False,
        help_text=_("Only for questions that test what one knows, before and after learning."),
    )


class OneBlock(AskedBlock):
    choices = blocks.ListBlock(SurveyChoiceBlock(), label=_("Choices"), min_num=2, max_num=20)

    class Meta:
        icon = "radio-full"
        label = _("One of several")

    def clean(self, value: Any) -> Any:
        """Refuse choices that say the same."""
        cleaned = super().clean(value)
        texts = [choice["text"].strip() for choice in cleaned["choices"]]
        if len(set(texts)) < len(texts):
            words = _("Two choices say the same. Please make them differ.")
            wrong = ListBlockValidationError(non_block_errors=[ValidationError(words)])
            raise StructBlockValidationError(block_errors={"choices": wrong})
        return cleaned


class SeveralBlock(OneBlock):
    class Meta:
        icon = "tick-inverse"
        label = _("Several of several")


class YesNoBlock(AskedBlock):
    class Meta:
        icon = "check"
        label = _("Yes or no")


class NumberBlock(AskedBlock):
    minimum = blocks.IntegerBlock(label=_("Smallest"), required=False, default=0)
    maximum = blocks.IntegerBlock(label=_("Largest"), required=False)
    unit = blocks.CharBlock(label=_("Unit"), required=False, max_length=20)

    class Meta:
        icon = "decimal"
        label = _("Number")

    def clean(self, value: Any) -> Any:
        """Refuse limits that no number keeps."""
        cleaned = super().clean(value)
        least, most = cleaned["minimum"], cleaned["maximum"]
        if least is not None and most is not None and least > most:
            words = ValidationError(_("The largest number must not be below the smallest."))
            raise StructBlockValidationError(block_errors={"maximum": words})
        return cleaned


class FreeTextBlock(AskedBlock):
    is_required = blocks.BooleanBlock(label=_("Must be answered"), required=False, default=False)

    class Meta:
        icon = "pilcrow"
        label = _("Free text")


class SurveyBody(blocks.StreamBlock):
    """All questions of a survey, in their order."""

    heading = HeadingBlock()
    scale = ScaleBlock()
    one = OneBlock()
    several = SeveralBlock()
    yes_no = YesNoBlock()
    number = NumberBlock()
    text = FreeTextBlock()

    class Meta:
        max_num = MOST_QUESTIONS


def survey_facts(body: Any) -> list[dict[str, Any]]:
    """The questions and headings as plain data, in their order (see lms.surveys.policy)."""
    return [_facts(block.id, block.block_type, block.value) for block in body]


def _facts(key: str, kind: str, value: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "key": key,
        "kind": kind,
        "prompt": value["prompt"],
        "prompt_en": value["prompt_en"],
    }
    if kind == "heading":
        return facts
    facts |= {"hint": value["hint"], "is_required": bool(value["is_required"])}
    names = {"scale": ("low", "high"), "number": ("minimum", "maximum", "unit")}.get(kind, ())
    facts |= {name: value[name] for name in names}
    if kind in WITH_CHOICES:
        rows = value["choices"].bound_blocks
        facts["choices"] = [
            {"key": row.id, "text": row.value["text"], "text_en": row.value["text_en"]} for row in rows
        ]
        facts["correct"] = [row.id for row in rows if row.value["correct"]]
    return facts
