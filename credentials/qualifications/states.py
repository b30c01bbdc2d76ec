"""The states of a registration period and its legal moves."""

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
