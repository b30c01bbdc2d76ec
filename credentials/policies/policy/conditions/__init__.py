"""The kinds of conditions that a policy can put to the facts; a rule that none can say needs a new one here."""

from credentials.policies.policy.conditions import records, spans, values  # each registers its kinds
from credentials.policies.policy.conditions.registry import (
    FAIL,
    PASS,
    REGISTRY,
    UNKNOWN,
    Asked,
    Condition,
    Finding,
    any_of,
    facts_in,
    subjects_in,
)

__all__ = [
    "FAIL",
    "PASS",
    "REGISTRY",
    "UNKNOWN",
    "Asked",
    "Condition",
    "Finding",
    "any_of",
    "facts_in",
    "records",
    "spans",
    "subjects_in",
    "values",
]
