"""The officer's forms for the registry, a supervisor's own, and the chooser that every form of supervision uses."""

from supervision.supervisors.forms.choosing import REGIONS, ScopedChooser, choose_from, regions_for
from supervision.supervisors.forms.deciding import DesignationForm, EndDesignationForm, NormForm, ReasonForm
from supervision.supervisors.forms.entries import (
    MOST_MINUTES,
    MOST_PLACES,
    WORDS,
    ChangeSupervisorForm,
    CreateSupervisorForm,
    OfferForm,
    OwnEntryForm,
    SpecialityForm,
    forms_offered,
)

__all__ = [
    "MOST_MINUTES",
    "MOST_PLACES",
    "REGIONS",
    "WORDS",
    "ChangeSupervisorForm",
    "CreateSupervisorForm",
    "DesignationForm",
    "EndDesignationForm",
    "NormForm",
    "OfferForm",
    "OwnEntryForm",
    "ReasonForm",
    "ScopedChooser",
    "SpecialityForm",
    "choose_from",
    "forms_offered",
    "regions_for",
]
