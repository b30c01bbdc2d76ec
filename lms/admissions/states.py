"""The states of one approval step, the tiers that can decide one, and the national levels that a plan may ask for."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StepState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("step", "Waiting")
    APPROVED = "approved", pgettext_lazy("step", "Approved")
    REFUSED = "refused", pgettext_lazy("step", "Refused")


MOVES: dict[str, tuple[str, ...]] = {
    StepState.WAITING: (StepState.APPROVED, StepState.REFUSED),
    StepState.APPROVED: (),
    StepState.REFUSED: (),
}
DECIDED = frozenset({StepState.APPROVED, StepState.REFUSED})


class Stage(models.TextChoices):
    """Who decides at a stage. The values are stored; the tiers among them are called like those of organisations."""

    EMPLOYER = "employer", _("The applicant's employer (up to the street)")
    COUNTY = "county", _("District or county")
    CITY = "city", _("City")
    PROVINCE = "province", _("Province")
    ORGANISER = "organiser", _("The organiser of the cohort")


class Level(models.TextChoices):
    """The three national levels, lowest first."""

    ASSISTANT = "assistant", _("Assistant social worker")
    SOCIAL_WORKER = "social_worker", _("Social worker (national level)")
    SENIOR = "senior", _("Senior social worker")
