"""What cohorts ask of whoever wants to join, for everybody to read before they sign in."""

from __future__ import annotations

from django import template

from lms.admissions.queries import AskedOfAll, asked_of_all
from lms.cohorts.queries import CohortOffer

register = template.Library()


@register.simple_tag
def asked_in(offers: list[CohortOffer]) -> dict[int, AskedOfAll]:
    """What the plans of these offers ask, by plan; for lms/cohorts/offer.html."""
    return asked_of_all(offer.plan for offer in offers if offer.plan is not None)
