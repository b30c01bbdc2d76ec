"""The states of a matching round and of an appeal, and their legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoundState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("round", "Draft")
    OPEN = "open", pgettext_lazy("round", "Open for wishes")
    LOCKED = "locked", pgettext_lazy("round", "Locked")
    RUN = "run", pgettext_lazy("round", "Calculated, not published")
    PUBLISHED = "published", pgettext_lazy("round", "Published")
    CLOSED = "closed", pgettext_lazy("round", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("round", "Cancelled")


MOVES: dict[str, tuple[str, ...]] = {
    RoundState.DRAFT: (RoundState.OPEN, RoundState.CANCELLED),
    RoundState.OPEN: (RoundState.LOCKED, RoundState.CANCELLED),
    RoundState.LOCKED: (RoundState.OPEN, RoundState.RUN, RoundState.CANCELLED),
    RoundState.RUN: (RoundState.LOCKED, RoundState.PUBLISHED, RoundState.CANCELLED),
    RoundState.PUBLISHED: (RoundState.CLOSED,),
    RoundState.CLOSED: (),
    RoundState.CANCELLED: (),
}
TONES = {
    RoundState.DRAFT: "plain",
    RoundState.OPEN: "info",
    RoundState.LOCKED: "wait",
    RoundState.RUN: "wait",
    RoundState.PUBLISHED: "good",
    RoundState.CLOSED: "plain",
    RoundState.CANCELLED: "plain",
}
CHANGEABLE = frozenset({RoundState.DRAFT, RoundState.OPEN})  # who takes part and by which rules
SHOWN = frozenset(RoundState) - {RoundState.DRAFT, RoundState.CANCELLED}  # to those who take part
TOLD = frozenset({RoundState.PUBLISHED, RoundState.CLOSED})  # everybody knows the own result
RUNNING = SHOWN - TOLD  # nobody knows a result yet


class Engine(models.TextChoices):
    OPTIMAL = "optimal", _("Optimal: as many as possible, then the highest total")
    STABLE = "stable", _("Stable: no two would both rather be together")


ENGINE_WORDS = (
    _(
        "Optimal: as many people as possible get a supervisor, and of all such ways the one with the highest total score is taken. It may leave a mentee and a supervisor who would both rather be together."
    ),
    _(
        "Stable: no mentee and supervisor are left who would both rather be together. For that, fewer people may get a supervisor, and the total score may be lower."
    ),
)  # for those who choose between the two


class Knob(models.TextChoices):
    """What a round may weigh beside the scores; in points, 0 when it is not turned. Only the optimal engine knows them."""

    WISHES = "wishes", _("Wishes against the total")
    EVEN = "even", _("Evenness of the load")
    KEEP = "keep", _("Earlier pairs kept")


MOST_KNOB = 10_000


class Region(models.TextChoices):
    """Whom a supervisor may serve in a round."""

    PROVINCE = "province", _("Everybody in the supervisor's province, and in the regions served elsewhere")
    SERVED = "served", _("Only the regions that the supervisor serves")


class Side(models.TextChoices):
    MENTEE = "mentee", _("Mentee")
    SUPERVISOR = "supervisor", _("Supervisor")


class AppealState(models.TextChoices):
    MADE = "made", pgettext_lazy("appeal", "Waits for a decision")
    UPHELD = "upheld", pgettext_lazy("appeal", "Upheld")
    REJECTED = "rejected", pgettext_lazy("appeal", "Not upheld")
    WITHDRAWN = "withdrawn", pgettext_lazy("appeal", "Withdrawn")


APPEAL_MOVES: dict[str, tuple[str, ...]] = {
    AppealState.MADE: (AppealState.UPHELD, AppealState.REJECTED, AppealState.WITHDRAWN),
    AppealState.UPHELD: (),
    AppealState.REJECTED: (),
    AppealState.WITHDRAWN: (),
}
APPEAL_TONES = {
    AppealState.MADE: "wait",
    AppealState.UPHELD: "good",
    AppealState.REJECTED: "bad",
    AppealState.WITHDRAWN: "plain",
}
DECIDED = frozenset({AppealState.UPHELD, AppealState.REJECTED})
