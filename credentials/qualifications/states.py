"""The states of a registration period and of a qualification, and their legal moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PeriodState(models.TextChoices):
    DECLARED = "declared", _("Waits for verification")
    VERIFIED = "verified", pgettext_lazy("registration period", "Verified")
    RETURNED = "returned", pgettext_lazy("registration period", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("registration period", "Withdrawn")


IN_FORCE = (PeriodState.DECLARED, PeriodState.VERIFIED)  # hours are counted towards these; they never overlap

MOVES = {
    PeriodState.DECLARED: (PeriodState.VERIFIED, PeriodState.RETURNED, PeriodState.WITHDRAWN),
    PeriodState.VERIFIED: (PeriodState.RETURNED,),  # verified by mistake
    PeriodState.RETURNED: (),
    PeriodState.WITHDRAWN: (),
}


class RecordState(models.TextChoices):
    """Of a qualification as its holder says it."""

    DECLARED = "declared", _("Waits for verification")
    VERIFIED = "verified", pgettext_lazy("qualification", "Verified")
    RETURNED = "returned", pgettext_lazy("qualification", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("qualification", "Withdrawn")


STANDING = (RecordState.DECLARED, RecordState.VERIFIED)  # one of each level and person

RECORD_MOVES = {
    RecordState.DECLARED: (RecordState.VERIFIED, RecordState.RETURNED, RecordState.WITHDRAWN),
    RecordState.VERIFIED: (RecordState.RETURNED,),  # verified by mistake
    RecordState.RETURNED: (),
    RecordState.WITHDRAWN: (),
}


class Origin(models.TextChoices):
    """Where a qualification comes from."""

    DECLARED = "declared", _("declared by its holder")
    IMPORTED = "imported", _("taken over from a table")
