"""Where an invitation stands, and the words of surveys: levels, when they open, who answers."""

from django.db import models
from django.utils.translation import pgettext_lazy


class InvitationState(models.TextChoices):
    OPEN = "open", pgettext_lazy("survey invitation", "Waits for an answer")
    ANSWERED = "answered", pgettext_lazy("survey invitation", "Answered")
    EXPIRED = "expired", pgettext_lazy("survey invitation", "Closed without an answer")


class Level(models.TextChoices):
    """The four levels at which training is evaluated."""

    REACTION = "reaction", pgettext_lazy("survey level", "Reaction")
    LEARNING = "learning", pgettext_lazy("survey level", "Learning, before and after")
    BEHAVIOUR = "behaviour", pgettext_lazy("survey level", "Behaviour at work")
    RESULTS = "results", pgettext_lazy("survey level", "Results for the organisation")


class Opens(models.TextChoices):
    """The day from which the opening is counted."""

    START = "start", pgettext_lazy("survey opens", "First day of the cohort")
    END = "end", pgettext_lazy("survey opens", "Last day of the cohort")
    COMPLETION = "completion", pgettext_lazy("survey opens", "The day each trainee completes the course")
    CLASS = "class", pgettext_lazy("survey opens", "The day of a class")


class Rater(models.TextChoices):
    """As who somebody answers about a trainee."""

    SELF = "self", pgettext_lazy("survey rater", "Trainee")
    SUPERVISOR = "supervisor", pgettext_lazy("survey rater", "Supervisor")
    EMPLOYER = "employer", pgettext_lazy("survey rater", "Employer’s administrator")


MOVES: dict[str, tuple[str, ...]] = {
    InvitationState.OPEN: (InvitationState.ANSWERED, InvitationState.EXPIRED),
    InvitationState.ANSWERED: (),
    InvitationState.EXPIRED: (),
}
