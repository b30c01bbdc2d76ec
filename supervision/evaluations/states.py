"""The states of an evaluation, its legal moves, who evaluates whom, and the words of the scales."""

from django.db import models
from django.utils.translation import pgettext_lazy


class EvaluationState(models.TextChoices):
    OPEN = "open", pgettext_lazy("evaluation", "Waits for an answer")
    ANSWERED = "answered", pgettext_lazy("evaluation", "Answered, can still be changed")
    LOCKED = "locked", pgettext_lazy("evaluation", "Closed")
    MISSED = "missed", pgettext_lazy("evaluation", "Not answered")


MOVES: dict[str, tuple[str, ...]] = {
    EvaluationState.OPEN: (EvaluationState.ANSWERED, EvaluationState.MISSED),
    EvaluationState.ANSWERED: (EvaluationState.LOCKED,),
    EvaluationState.LOCKED: (),
    EvaluationState.MISSED: (),
}
TAKES_ANSWERS = frozenset({EvaluationState.OPEN, EvaluationState.ANSWERED})
GIVEN = frozenset({EvaluationState.ANSWERED, EvaluationState.LOCKED})  # there is an answer
TONES = {
    EvaluationState.OPEN: "wait",
    EvaluationState.ANSWERED: "good",
    EvaluationState.LOCKED: "good",
    EvaluationState.MISSED: "plain",
}


class Occasion(models.TextChoices):
    MID = "mid", pgettext_lazy("evaluation", "Mid-term")
    END = "end", pgettext_lazy("evaluation", "End")


class About(models.TextChoices):
    """Whom a template asks about: of the supervisor the mentee is asked, of the mentee both are."""

    SUPERVISOR = "supervisor", pgettext_lazy("evaluation", "The supervisor, by the mentee")
    MENTEE = "mentee", pgettext_lazy("evaluation", "The mentee, by the supervisor and by themself")


class Direction(models.TextChoices):
    OF_SUPERVISOR = "supervisor", pgettext_lazy("evaluation", "Evaluation of the supervisor")
    OF_MENTEE = "mentee", pgettext_lazy("evaluation", "Assessment of the mentee")
    SELF = "self", pgettext_lazy("evaluation", "Self-assessment")


BY_MENTEE = frozenset({Direction.OF_SUPERVISOR, Direction.SELF})  # the mentee answers these
SHARED = frozenset(
    {Direction.OF_MENTEE, Direction.SELF}
)  # both of the pair read these once they are answered


class Agreement(models.IntegerChoices):
    """How far one agrees with a sentence."""

    NOT_AT_ALL = 1, pgettext_lazy("scale", "Not at all")
    RATHER_NOT = 2, pgettext_lazy("scale", "Rather not")
    PARTLY = 3, pgettext_lazy("scale", "Partly")
    RATHER = 4, pgettext_lazy("scale", "Rather yes")
    FULLY = 5, pgettext_lazy("scale", "Fully")


class Skill(models.IntegerChoices):
    """How far somebody is in a field or a competency."""

    BEGINS = 1, pgettext_lazy("scale", "Beginning")
    GUIDED = 2, pgettext_lazy("scale", "With guidance")
    MOSTLY = 3, pgettext_lazy("scale", "Mostly alone")
    ALONE = 4, pgettext_lazy("scale", "Alone")
    GUIDES = 5, pgettext_lazy("scale", "Can guide others")
