"""What other apps may ask of lms."""

from __future__ import annotations

from lms.cohorts.queries import CohortOffer, offers_for
from lms.courses.actions import write_course

__all__ = ["CohortOffer", "offers_for", "write_course"]
