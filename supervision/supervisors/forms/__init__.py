from supervision.supervisors.forms.choosing import (
    ScopedChooser,
    choose_from,
    mentee_field,
    supervisor_field,
    tidy,
)
from supervision.supervisors.forms.designating import DesignationForm, EndDesignationForm, NormForm
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
    "ScopedChooser",
    "choose_from",
    "mentee_field",
    "supervisor_field",
    "tidy",
]
