"""What the cohorts of a course offer the visitor of its page."""

from __future__ import annotations

from django import template
from django.template import RequestContext

from lms.cohorts.queries import CohortOffer, offers_for
from lms.courses.models import CoursePage

register = template.Library()


@register.simple_tag(takes_context=True)
def course_offers(context: RequestContext, course: CoursePage) -> list[CohortOffer]:
    """The offers of this course's cohorts to the visitor, best first; for lms/cohorts/offers.html."""
    request = context.get("request")
    if not course.pk or request is None or not hasattr(request, "user"):
        return []
    return offers_for([course.pk], request.user)[course.pk]


@register.simple_tag
def split_offers(offers: list[CohortOffer]) -> tuple[list[CohortOffer], list[CohortOffer]]:
    """The offers that lead somewhere or soon will, and the rest, in their order."""
    now = [offer for offer in offers if offer.is_within_reach]
    return now, [offer for offer in offers if not offer.is_within_reach]
