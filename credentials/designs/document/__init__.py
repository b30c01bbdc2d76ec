"""Certificates by the template of an organisation: what a template says, and how it is drawn. No database."""

from credentials.designs.document.drawing import Design, Printed, draw
from credentials.designs.document.wording import (
    PLACEHOLDERS,
    RARE_NAMES,
    Signatory,
    Spec,
    fill,
    spec_from,
    unknown_placeholders,
)

__all__ = [
    "PLACEHOLDERS",
    "RARE_NAMES",
    "Design",
    "Printed",
    "Signatory",
    "Spec",
    "draw",
    "fill",
    "spec_from",
    "unknown_placeholders",
]
