"""The states of a question in its bank, and the legal moves."""

from django.db import models
from django.utils.translation import pgettext_lazy


class QuestionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("question", "Draft")
    IN_USE = "in_use", pgettext_lazy("question", "In use")
    RETIRED = "retired", pgettext_lazy("question", "Retired")


MOVES: dict[str, tuple[str, ...]] = {
    QuestionState.DRAFT: (QuestionState.IN_USE, QuestionState.RETIRED),
    QuestionState.IN_USE: (QuestionState.RETIRED,),
    QuestionState.RETIRED: (QuestionState.IN_USE,),
}
