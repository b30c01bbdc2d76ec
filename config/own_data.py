"""What the apps keep about one person, added to the export of one's own data (core.people.queries)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from core.models import Person
from core.people.queries import add_own_data
from credentials import public as credentials
from lms import public as lms
from supervision import public as supervision


def _enrolments(person: Person) -> list[dict[str, Any]]:
    return [asdict(card) for card in lms.enrolments_of(person)]


def _applications(person: Person) -> list[dict[str, Any]]:
    return lms.handed_in_by(person)


def _certificates(person: Person) -> list[dict[str, Any]]:
    return [asdict(fact) for fact in credentials.certificates_of(person)]


def _hours(person: Person) -> dict[str, Any]:
    return asdict(credentials.hours_of(person))


def _registration_periods(person: Person) -> list[dict[str, Any]]:
    return [asdict(fact) for fact in credentials.periods_of(person)]


def _qualifications(person: Person) -> dict[str, list[dict[str, Any]]]:
    found = credentials.own_qualifications_of(person)
    return {name: [asdict(fact) for fact in facts] for name, facts in found.items()}


def _manual_entries(person: Person) -> list[dict[str, Any]]:
    return [asdict(fact) for fact in credentials.manual_entries_of(person)]


def _hours_statements(person: Person) -> list[dict[str, Any]]:
    return [asdict(fact) for fact in credentials.statements_of(person)]


def _internships(person: Person) -> list[dict[str, Any]]:
    return credentials.internship_data_of(person)


def _attendance(person: Person) -> list[dict[str, Any]]:
    return lms.attendances_of(person)


def _pairings(person: Person) -> list[dict[str, Any]]:
    return [asdict(fact) for fact in supervision.pairings_of(person)]


def _supervision_requests(person: Person) -> list[dict[str, Any]]:
    return [asdict(fact) for fact in supervision.requests_of(person)]


def _supervision_meetings(person: Person) -> list[dict[str, Any]]:
    return [asdict(fact) for fact in supervision.meetings_of(person)]


def _surveys(person: Person) -> list[dict[str, Any]]:
    return lms.survey_data_of(person)


def _assignments(person: Person) -> list[dict[str, Any]]:
    return lms.submission_data_of(person)


def _readings(person: Person) -> list[dict[str, Any]]:
    return lms.reading_data_of(person)


def _conversations(person: Person) -> dict[str, Any]:
    return lms.talk_data_of(person)


def _packages(person: Person) -> list[dict[str, Any]]:
    return lms.package_data_of(person)


def _pathways(person: Person) -> list[dict[str, Any]]:
    return lms.pathway_data_of(person)


def _supervisor_applications(person: Person) -> list[dict[str, Any]]:
    return [asdict(fact) for fact in supervision.supervisor_applications_of(person)]


def _own_trainings(person: Person) -> list[dict[str, Any]]:
    return [asdict(fact) for fact in supervision.own_trainings_of(person)]


def _matching_rounds(person: Person) -> list[dict[str, Any]]:
    return supervision.matching_data_of(person)


def _declared_conflicts(person: Person) -> list[dict[str, Any]]:
    return supervision.conflict_data_of(person)


def _pair_wishes(person: Person) -> list[dict[str, Any]]:
    return supervision.wish_data_of(person)


def _evaluations(person: Person) -> list[dict[str, Any]]:
    return supervision.evaluation_data_of(person)


def _circles(person: Person) -> list[dict[str, Any]]:
    return [asdict(fact) for fact in supervision.circles_of(person)]


def _nominations(person: Person) -> list[dict[str, Any]]:
    return [asdict(fact) for fact in credentials.nominations_of(person)]


def _objections(person: Person) -> list[dict[str, Any]]:
    return [asdict(fact) for fact in credentials.objections_of(person)]


def _talent_pool(person: Person) -> dict[str, Any]:
    return credentials.talent_data_of(person)


def _subsidies(person: Person) -> dict[str, Any]:
    return credentials.claim_data_of(person)


def register() -> None:
    add_own_data("enrolments", _enrolments)
    add_own_data("surveys", _surveys)
    add_own_data("assignments", _assignments)
    add_own_data("answers_read", _readings)
    add_own_data("conversations", _conversations)
    add_own_data("packages", _packages)
    add_own_data("pathways", _pathways)
    add_own_data("applications", _applications)
    add_own_data("certificates", _certificates)
    add_own_data("attendance", _attendance)
    add_own_data("nominations", _nominations)
    add_own_data("objections", _objections)
    add_own_data("hours", _hours)
    add_own_data("registration_periods", _registration_periods)
    add_own_data("qualifications", _qualifications)
    add_own_data("manual_entries", _manual_entries)
    add_own_data("hours_statements", _hours_statements)
    add_own_data("internships", _internships)
    add_own_data("supervision", _pairings)
    add_own_data("supervision_circles", _circles)
    add_own_data("supervision_requests", _supervision_requests)
    add_own_data("supervision_meetings", _supervision_meetings)
    add_own_data("supervisor_applications", _supervisor_applications)
    add_own_data("own_trainings", _own_trainings)
    add_own_data("matching_rounds", _matching_rounds)
    add_own_data("declared_conflicts", _declared_conflicts)
    add_own_data("supervision_evaluations", _evaluations)
    add_own_data("supervision_wishes", _pair_wishes)
    add_own_data("talent_pool", _talent_pool)
    add_own_data("subsidies", _subsidies)
