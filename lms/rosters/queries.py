"""Reading what a list may take of a cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.imports.reading import Parsed
from core.organisations.models import Organisation
from core.people.models import Person, User
from lms.admissions.policy import BARS, Applicant, Condition, Kind, check
from lms.admissions.queries import is_staged, levels_of, quotas_of, seats_by_path
from lms.cohorts.models import Cohort
from lms.cohorts.policy import HELD, Standing
from lms.enrolments.models import Enrolment, EnrolmentQuerySet
from lms.enrolments.states import WAITS, EnrolmentState
from lms.rosters.policy import PlaceFacts, Places

UNMET = {
    Kind.LEVEL: gettext_noop("Holds none of the levels asked for: %(names)s."),
    Kind.FIELD: gettext_noop("Serves in none of the fields asked for: %(names)s."),
    Kind.REGION: gettext_noop("Is not employed in: %(names)s."),
    Kind.YEARS: gettext_noop(
        "Full years of practice asked for: %(years)s. They are not reached, or not stated."
    ),
    Kind.PRIOR_COURSE: gettext_noop("Has not completed the course asked for: %(names)s."),
    Kind.EMPLOYER_KIND: gettext_noop("Is not employed by: %(names)s."),
    Kind.EMPLOYED: gettext_noop("Has no employer, from which the stages of approval go up."),
}


def places_of(cohort: Cohort) -> Places:
    """The places of a cohort that a list may give out, as they are now. Three queries, one more with quotas."""
    fresh = Cohort.objects.get(pk=cohort.pk)
    quotas = [row.quota for row in quotas_of(fresh)]
    facts = PlaceFacts(
        capacity=fresh.capacity,
        seats_taken=fresh.seats_taken,
        waiting=fresh.enrolments.waiting().count(),
        quotas=quotas,
        taken=seats_by_path(fresh) if quotas else None,
    )
    return Places(facts)


def held_elsewhere(cohort: Cohort, users: Sequence[User]) -> dict[int, tuple[str, str]]:
    """The accounts that have a place in another cohort of the course, applied for or admitted, with its titles. One query."""
    rows = _elsewhere(cohort).filter(person__user__in=users, state__in=sorted(HELD))
    if not users:
        return {}
    found = rows.values_list("person__user_id", "cohort__title", "cohort__title_en")
    return {pk: (title, title_en) for pk, title, title_en in found}


def waiting_elsewhere(cohort: Cohort, people: Sequence[Person]) -> list[tuple[int, int]]:
    """Who waits in another cohort of the course: person and cohort. One query."""
    rows = _elsewhere(cohort).filter(person__in=people, state__in=sorted(WAITS))
    return list(rows.values_list("person_id", "cohort_id")) if people else []


def been_before(cohort: Cohort, people: Sequence[Person]) -> set[int]:
    """The people who were in this cohort before and have left it. One query."""
    rows = Enrolment.objects.filter(cohort=cohort, person__in=people).exclude(state=EnrolmentState.ENROLLED)
    return set(rows.values_list("person_id", flat=True)) if people else set()


def _elsewhere(cohort: Cohort) -> EnrolmentQuerySet:
    return Enrolment.objects.filter(cohort__course=cohort.course_id).exclude(cohort=cohort)


def staged_words(cohort: Cohort) -> str:
    """Why a list cannot enrol people here: others decide as well. "" when the organiser alone decides."""
    if not is_staged(cohort.plan):
        return ""
    return _(
        "Applications to this cohort are approved in stages. A list would pass them by: let people apply."
    )


def unmet_words(conditions: Sequence[Condition], applicant: Applicant) -> str:
    """Which conditions of a cohort somebody on its list fails, for the officer who sent it; "" when none.

    As in an application, what nobody knows (a national level) does not stand in the way.
    """
    failed = [row.condition for row in check(conditions, applicant) if row.verdict in BARS]
    return " ".join(_(UNMET[each.kind]) % {"names": each.names, "years": each.years} for each in failed)


def applicants_of(conditions: Sequence[Condition], users: Sequence[User]) -> dict[int, Applicant]:
    """What the conditions need to know of people who have accounts, by account. At most three statements."""
    kinds = {condition.kind for condition in conditions}
    if not kinds:
        return {}
    people = {user.person.pk: user for user in users}
    fields: dict[int, set[str]] = {}
    courses: dict[int, set[str]] = {}
    levels: Mapping[int, set[str]] = levels_of(people) if Kind.LEVEL in kinds else {}
    if Kind.FIELD in kinds:
        rows = Person.fields.through.objects.filter(person_id__in=people)
        for person, code in rows.values_list("person_id", "servicefield__code"):
            fields.setdefault(person, set()).add(code)
    if Kind.PRIOR_COURSE in kinds:
        done = Enrolment.objects.filter(person_id__in=people, state=Standing.COMPLETED)
        for person, code in done.values_list("person_id", "version__code"):
            courses.setdefault(person, set()).add(code)
    return {
        user.pk: _applicant(
            user.person.employer,
            practice_started_on=user.person.practice_started_on,
            fields=frozenset(fields.get(person, ())),
            courses=frozenset(courses.get(person, ())),
            levels=frozenset(levels.get(person, ())) or None,
        )
        for person, user in people.items()
    }


def newcomer(parsed: Parsed) -> Applicant:
    """What the conditions need to know of somebody of whom the row is all that is known."""
    fields = frozenset(field.code for field in parsed.fields)
    return _applicant(parsed.employer, practice_started_on=parsed.practice, fields=fields)


def _applicant(employer: Organisation | None, **known: Any) -> Applicant:
    return Applicant(
        today=timezone.localdate(),
        employer_path=employer.path if employer else "",
        employer_name=employer.name if employer else "",
        employer_kind=employer.kind if employer else "",
        region=(employer.region_id or "") if employer else "",
        **known,
    )
