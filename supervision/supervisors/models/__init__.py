"""The registry: supervisors, their specialities, the local designations that say by whom and until when they are held to be one,
and how many social workers one is meant for."""

from supervision.supervisors.models.designations import Designation, DesignationQuerySet
from supervision.supervisors.models.norms import NormQuerySet, SupervisionNorm
from supervision.supervisors.models.registry import (
    DEFAULT_CAPACITY,
    Speciality,
    SpecialityQuerySet,
    Supervisor,
    SupervisorQuerySet,
    province_of,
)

__all__ = [
    "DEFAULT_CAPACITY",
    "Designation",
    "DesignationQuerySet",
    "NormQuerySet",
    "Speciality",
    "SpecialityQuerySet",
    "SupervisionNorm",
    "Supervisor",
    "SupervisorQuerySet",
    "province_of",
]
