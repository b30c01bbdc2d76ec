from supervision.supervisors.forms.choosing import (
    ScopedChooser,
    choose_from,
    mentee_field,
    supervisor_field,
)
from supervision.supervisors.forms.designating import (
    DesignationForm,
    EndDesignationForm,
    NormForm,
    ReasonForm,
    SpecialityForm,
)
from supervision.supervisors.forms.registry import (
    MOST_PLACES,
    ChangeSupervisorForm,
    CreateSupervisorForm,
    OwnEntryForm,
)

__all__ = [
    "MOST_PLACES",
    "ChangeSupervisorForm",
    "CreateSupervisorForm",
    "DesignationForm",
    "EndDesignationForm",
    "NormForm",
    "OwnEntryForm",
    "ReasonForm",
    "ScopedChooser",
    "SpecialityForm",
    "choose_from",
    "mentee_field",
    "supervisor_field",
]
