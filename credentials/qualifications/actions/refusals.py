"""Why a qualification cannot be declared, verified or taken over, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from core.states import Refused

UNOPENED = gettext_lazy("Open the scan first, and compare name, number and day with it.")
FAULT_WORDS = {
    "number_short": gettext_lazy("Write the whole number, as it stands on the certificate."),
    "number_form": gettext_lazy(
        "Certificates of this level have another kind of number. Compare it with the certificate."
    ),
    "future": gettext_lazy("This day lies in the future. Compare it with the certificate."),
    "too_early": gettext_lazy("The first national examination was in 2008. Check the year."),
    "exam_year": gettext_lazy("The examination was in 2008 or later, and not after the certificate."),
    "passes": gettext_lazy(
        "All subjects are to be passed within the years that count together. Check the years."
    ),
    "slip": gettext_lazy("The certificate was issued while the pass slip was valid. Check both days."),
}


class QualificationRefused(Refused):
    """The qualification cannot be declared or verified; the sentence says why, and `field` where."""

    def __init__(self, sentence: object, field: str = "") -> None:
        super().__init__(str(sentence))
        self.field = field
