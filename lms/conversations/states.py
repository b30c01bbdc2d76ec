"""The states of a post and of a question, and their legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PostState(models.TextChoices):
    """Held: a word of the organisation's list stands in it, so a moderator looks before others do."""

    VISIBLE = "visible", pgettext_lazy("post", "Visible")
    HELD = "held", _("Waits for a moderator")
    HIDDEN = "hidden", _("Hidden")


FIRST = (PostState.VISIBLE, PostState.HELD)
SEEN = frozenset({PostState.VISIBLE, PostState.HIDDEN})  # a hidden post leaves its place and the reason
MOVES: dict[str, tuple[str, ...]] = {
    PostState.VISIBLE: (PostState.HIDDEN,),
    PostState.HELD: (PostState.VISIBLE, PostState.HIDDEN),
    PostState.HIDDEN: (PostState.VISIBLE,),
}


class QuestionState(models.TextChoices):
    WAITING = "waiting", _("Waits for an answer")
    ANSWERED = "answered", _("Answered")
    SOLVED = "solved", _("Solved")


QUESTION_MOVES: dict[str, tuple[str, ...]] = {
    QuestionState.WAITING: (QuestionState.ANSWERED, QuestionState.SOLVED),
    QuestionState.ANSWERED: (QuestionState.WAITING, QuestionState.SOLVED),
    QuestionState.SOLVED: (QuestionState.WAITING,),
}
