"""Who teaches, and who is told."""

from __future__ import annotations

from django.db.models import QuerySet

from core.access.states import Role
from core.organisations.models import Organisation, RoleAssignment
from core.people.models import Person, User
from lms.cohorts.models import Cohort
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING
from lms.timetable.models import ClassSession
from lms.timetable.queries.guests import guest_book


def instructors_for(cohort: Cohort) -> QuerySet[Person]:
    """The people with an instructor's role that covers the organisation of the cohort, by pinyin."""
    above = Organisation.paths_above(cohort.organisation.path)
    held = RoleAssignment.objects.standing(Role.INSTRUCTOR).filter(organisation__path__in=above)
    return Person.objects.filter(user__in=held.values("user")).order_by("pinyin", "pk")


def guests_of(klass: ClassSession) -> list[User]:
    """The accounts of those of other cohorts who make a class up in this one. One query."""
    guests = guest_book().people_in(klass.pk)
    people = Person.objects.filter(pk__in=guests, user__is_active=True).select_related("user")
    return [person.user for person in people]


def expected_users(klass: ClassSession, *states: str) -> list[User]:
    """The accounts of those who are to come to this class: they learn in its cohort and have no leave from it, or make a
    class up in it. Two queries."""
    away = guest_book().people_away(klass.pk)
    learners = _learning(klass.cohort_id, *states).exclude(person__in=away)
    return [*_users(learners), *guests_of(klass)]


def enrolled_users(cohort_id: int, *states: str) -> list[User]:
    """The accounts of those who learn in a cohort, with their persons. One query."""
    return _users(_learning(cohort_id, *states))


def _learning(cohort_id: int, *states: str) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(cohort_id=cohort_id, state__in=states or LEARNING)


def _users(rows: QuerySet[Enrolment]) -> list[User]:
    people = Person.objects.filter(pk__in=rows.values("person"), user__is_active=True).select_related("user")
    return [person.user for person in people]
