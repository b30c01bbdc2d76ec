"""Keeping the registry of supervisors, and the places each of them has."""

from supervision.supervisors.actions.designating import (
    designate,
    end_designation,
    open_document,
    require_independent_of,
)
from supervision.supervisors.actions.norms import set_norm
from supervision.supervisors.actions.places import claim_place, closed_words, free_place, raise_places
from supervision.supervisors.actions.registering import (
    Offer,
    SupervisorRefused,
    change_supervisor,
    keep_own_entry,
    register_supervisor,
)
from supervision.supervisors.actions.specialities import (
    MOST_SPECIALITIES,
    drop_speciality,
    name_speciality,
)

__all__ = [
    "MOST_SPECIALITIES",
    "Offer",
    "SupervisorRefused",
    "change_supervisor",
    "claim_place",
    "closed_words",
    "designate",
    "drop_speciality",
    "end_designation",
    "free_place",
    "keep_own_entry",
    "name_speciality",
    "open_document",
    "raise_places",
    "register_supervisor",
    "require_independent_of",
    "set_norm",
]
