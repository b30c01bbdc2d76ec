"""Supervisors, who applies to be one, what they attended, and the rules of places."""

from datetime import date

from supervision.models import (
    Designation,
    LocalFunction,
    OwnTraining,
    Speciality,
    SupervisionNorm,
    Supervisor,
    SupervisorApplication,
    TrainingRequirement,
)
from tests.factories import ServiceFieldFactory, make_application, make_function, make_training


def registered_of(tree, places, cast, supervisors):
    """The registry of both districts, with people of both who apply to it or have attended something."""
    return {
        Supervisor: supervisors,
        Designation: [
            Designation.objects.create(
                supervisor=supervisor, tier="junior", issuer="协会", starts_on=date(2024, 1, 1)
            )
            for supervisor in supervisors
        ],
        Speciality: [
            Speciality.objects.create(
                supervisor=supervisor, field=(field := ServiceFieldFactory()), name=f"哀伤辅导{field.pk}"
            )
            for supervisor in supervisors
        ],
        SupervisionNorm: [
            SupervisionNorm.objects.create(
                organisation=place, workers=5, starts_on=date(2024, 1, 1), source="通知"
            )
            for place in places
        ],
        LocalFunction: [make_function(tree[at]) for at in ("city", "district", "other_station")],
        OwnTraining: [
            make_training(person)
            for person in (*people_of(cast), cast.supervisor.person, supervisors[1].person)
        ],
        TrainingRequirement: [
            TrainingRequirement.objects.create(
                organisation=place, minutes=960, starts_on=date(2024, 1, 1), source="通知"
            )
            for place in places
        ],
        SupervisorApplication: [make_application(person, person.employer) for person in people_of(cast)],
    }


def people_of(cast):
    return [cast.trainee.person, cast.outside_trainee.person, cast.administrator.person]
