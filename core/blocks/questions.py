"""A question with choices: the check questions of lessons and the questions of quizzes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from core.blocks.policy import QuestionFault, QuestionKind, question_faults

KINDS = [
    (QuestionKind.SINGLE.value, _("One right answer")),
    (QuestionKind.MULTIPLE.value, _("Several right answers")),
    (QuestionKind.TRUE_FALSE.value, _("Right or wrong")),
]
WORDS = {
    QuestionFault.TOO_FEW: _("Please give at least two choices."),
    QuestionFault.NOT_TWO: _("A right-or-wrong question has exactly two choices."),
    QuestionFault.NOT_ONE_RIGHT: _("Please mark exactly one choice as right."),
    QuestionFault.NONE_RIGHT: _("Please mark at least one choice as right."),
    QuestionFault.SAME_TEXT: _("Two choices say the same. Please make them differ."),
}


class ChoiceItemBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Choice"), max_length=300)
    correct = blocks.BooleanBlock(label=_("This is right"), required=False)


class QuestionBlock(blocks.StructBlock):
    """One question. Its key is the id of the block, and each choice's key the id of the list item: they survive edits."""

    kind = blocks.ChoiceBlock(label=_("Kind"), choices=KINDS, default=QuestionKind.SINGLE.value)
    prompt = blocks.TextBlock(label=_("Question"), max_length=1000)
    choices = blocks.ListBlock(ChoiceItemBlock(), label=_("Choices"))
    explanation = blocks.TextBlock(
        label=_("Explanation"),
        required=False,
        max_length=1000,
        help_text=_("Shown after the answer, never before."),
    )

    class Meta:
        icon = "help"
        label = _("Check question")
        template = "core/blocks/question.html"

    def clean(self, value: Any) -> Any:
        """Refuse a question that nobody could answer, with the reason at its choices."""
        cleaned = super().clean(value)
        choices = [(choice["text"], bool(choice["correct"])) for choice in cleaned["choices"]]
        faults = question_faults(cleaned["kind"], choices)
        if faults:
            wrong = ListBlockValidationError(
                non_block_errors=[ValidationError(WORDS[fault]) for fault in faults]
            )
            raise StructBlockValidationError(block_errors={"choices": wrong})
        return cleaned


def question_facts(key: str, value: Any) -> dict[str, Any]:
    """The question as plain data: key, kind, prompt, choices with keys, the keys of the right ones, explanation."""
    children = value["choices"].bound_blocks
    return {
        "key": key,
        "kind": value["kind"],
        "prompt": value["prompt"],
        "choices": [{"key": child.id, "text": child.value["text"]} for child in children],
        "correct": [child.id for child in children if child.value["correct"]],
        "explanation": value["explanation"],
    }
