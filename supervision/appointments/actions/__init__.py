"""What happens to an application as supervisor: handed in, decided; and that an appointment ends is told in time."""

from supervision.appointments.actions.applying import (
    MOST_DOCUMENTS,
    ApplicationRefused,
    Said,
    apply_to_supervise,
    hand_in_again,
    withdraw_application,
)
from supervision.appointments.actions.deciding import (
    DRAWS,
    appoint,
    open_application_file,
    refuse_application,
    require_independent,
    return_application,
)
from supervision.appointments.actions.lapsing import reconcile, remind_lapses

__all__ = [
    "DRAWS",
    "MOST_DOCUMENTS",
    "ApplicationRefused",
    "Said",
    "apply_to_supervise",
    "appoint",
    "hand_in_again",
    "open_application_file",
    "reconcile",
    "refuse_application",
    "remind_lapses",
    "require_independent",
    "return_application",
    "withdraw_application",
]
