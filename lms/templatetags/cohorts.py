"""What the cohorts of a course offer the visitor of its page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.assignments.queries import assignment_keys
from lms.cohorts.models import Cohort
from lms.cohorts.policy import OfferKind
from lms.cohorts.queries import CohortOffer, offers_for
from lms.courses.models import CoursePage
from lms.enrolments.models import Enrolment
from lms.surveys.queries import has_surveys

register = template.Library()


@register.simple_tag(takes_context=True)
def course_offers(context: RequestContext, course: CoursePage) -> list[CohortOffer]:
    """The offers of this course's cohorts to the visitor, best first; for lms/cohorts/offers.html. A page that shows them
    in two places asks once."""
    request = context.get("request")
    if not course.pk or request is None or not hasattr(request, "user"):
        return []
    kept: dict[int, list[CohortOffer]] = request.__dict__.setdefault("course_offers", {})
    if course.pk not in kept:
        kept[course.pk] = offers_for([course.pk], request.user)[course.pk]
    return kept[course.pk]


@register.simple_tag
def split_offers(offers: list[CohortOffer]) -> tuple[list[CohortOffer], list[CohortOffer]]:
    """The offers that lead somewhere or soon will, and the rest, in their order."""
    now = [offer for offer in offers if offer.is_within_reach]
    return now, [offer for offer in offers if not offer.is_within_reach]


@register.filter
def to_choose_from(offers: list[CohortOffer]) -> int:
    """How many cohorts a newcomer could apply for now, waiting lists included; 0 where another thing comes first."""
    kinds = (OfferKind.APPLY, OfferKind.JOIN_WAITING_LIST, OfferKind.SIGN_IN)
    new = [offer for offer in offers if offer.kind in kinds]
    return len(new) if new and new[0] is offers[0] else 0


@register.inclusion_tag("lms/cohorts/room.html")
def room(enrolment: Enrolment, current: str) -> dict[str, Any]:
    """The rooms of one enrolment, for the trainee: what there is to do, and where; `current` is the place one is in."""
    places = [
        ("outline", _("Course"), reverse("lms:learning-outline", args=[enrolment.pk])),
        ("timetable", _("Timetable"), reverse("lms:timetable-enrolment", args=[enrolment.pk])),
        ("talk", _("Conversations"), reverse("lms:talk", args=[enrolment.pk])),
        ("progress", _("Completion"), reverse("lms:enrolment-progress", args=[enrolment.pk])),
        ("attendance", _("Attendance"), reverse("lms:attendance-own", args=[enrolment.pk])),
        ("enrolment", _("My enrolment"), reverse("lms:enrolment-detail", args=[enrolment.pk])),
    ]
    if current == "assignments" or assignment_keys(enrolment.version):
        places.insert(1, ("assignments", _("Assignments"), reverse("lms:assignments", args=[enrolment.pk])))
    if current == "surveys" or has_surveys(enrolment):
        places.append(("surveys", _("Surveys"), reverse("lms:survey-room", args=[enrolment.pk])))
    return {"places": places, "current": current}


@register.inclusion_tag("lms/cohorts/admin/desk.html", takes_context=True)
def cohort_desk(context: RequestContext, cohort: Cohort, current: str) -> dict[str, Any]:
    """The pages about one cohort at the desk, above each of them; `current` is the one that is open."""
    places = [
        ("applications", _("Applications"), reverse("applications:cohort", args=[cohort.pk])),
        ("timetable", _("Timetable"), reverse("timetable:cohort", args=[cohort.pk])),
        ("assignments", _("Assignments"), reverse("assignments:cohort", args=[cohort.pk])),
        ("sittings", _("Quizzes"), reverse("sittings:cohort", args=[cohort.pk])),
        ("talk", _("Conversations"), reverse("talk:announcements", args=[cohort.pk])),
        ("risk", _("At risk"), reverse("teaching:risk", args=[cohort.pk])),
        ("grades", _("Gradebook"), reverse("teaching:grades", args=[cohort.pk])),
        ("grid", _("Attendance grid"), reverse("teaching:grid", args=[cohort.pk])),
        ("admission", _("Places and codes"), reverse("admissions:cohort", args=[cohort.pk])),
        ("surveys", _("Surveys"), reverse("cohort-surveys:cohort", args=[cohort.pk])),
        ("attendance", _("Attendance"), reverse("attendance:cohort", args=[cohort.pk])),
        ("transfers", _("Transfers"), reverse("transfers:cohort", args=[cohort.pk])),
    ]
    return {"places": places, "current": current}


@register.filter
def at(things: dict[Any, Any], key: Any) -> Any:
    """What a table holds under this key; "" when it holds nothing."""
    return things.get(key, "")
