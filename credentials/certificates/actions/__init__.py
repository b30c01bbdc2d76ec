"""The verbs of certificates: issuing, ending, drawing anew, and finding what is missing."""

from credentials.certificates.actions.ending import renew, replace, revoke
from credentials.certificates.actions.issuing import file_wanted, issue, issue_pending, take_serial
from credentials.certificates.actions.reconciling import reconcile
from credentials.certificates.actions.redrawing import redraw
from credentials.certificates.actions.refusals import NotIndependent, why_not_by

__all__ = [
    "NotIndependent",
    "file_wanted",
    "issue",
    "issue_pending",
    "reconcile",
    "redraw",
    "renew",
    "replace",
    "revoke",
    "take_serial",
    "why_not_by",
]
