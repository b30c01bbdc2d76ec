"""The verbs: taking a package, playing it, launching a unit of cmi5, and keeping what each of them says."""

from lms.packages.actions.launching import Opened, close_old_launches, fetch_token, launch_unit
from lms.packages.actions.playing import NoSuchItem, NotHolder, begin_session, save_state
from lms.packages.actions.statements import drop_documents, keep_document, keep_statements
from lms.packages.actions.taking import TAKE, hand_in_package, store_package, take_package
from lms.packages.files import sweep

__all__ = [
    "TAKE",
    "NoSuchItem",
    "NotHolder",
    "Opened",
    "begin_session",
    "close_old_launches",
    "drop_documents",
    "fetch_token",
    "hand_in_package",
    "keep_document",
    "keep_statements",
    "launch_unit",
    "reconcile",
    "save_state",
    "store_package",
    "take_package",
]


def reconcile() -> list[str]:
    """Erase what a crash left of packages, and end the sessions of units that nobody ended."""
    return sweep() + close_old_launches()
