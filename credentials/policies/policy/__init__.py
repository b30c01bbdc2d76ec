"""A policy as data: read from its file, asked about somebody's facts, answered with every reason. Knows no Django."""

from credentials.policies.policy.benefits import ANY, Benefit, Document
from credentials.policies.policy.conditions import REGISTRY, Condition, Finding
from credentials.policies.policy.deciding import (
    IN_FORCE,
    NOT_PAID,
    SUBJECT,
    Decision,
    Policy,
    Switch,
    assess,
    assess_benefit,
    best,
    could_be_cured,
)
from credentials.policies.policy.facts import Facts, Paid, facts_at, read_facts
from credentials.policies.policy.frozen import facts_data, facts_from
from credentials.policies.policy.reading import STAGES, check_policy, read_policy
from credentials.policies.policy.source import Mistake, Place, Source, SourceFault, Words

__all__ = [
    "ANY",
    "IN_FORCE",
    "NOT_PAID",
    "REGISTRY",
    "STAGES",
    "SUBJECT",
    "Benefit",
    "Condition",
    "Decision",
    "Document",
    "Facts",
    "Finding",
    "Mistake",
    "Paid",
    "Place",
    "Policy",
    "Source",
    "SourceFault",
    "Switch",
    "Words",
    "assess",
    "assess_benefit",
    "best",
    "check_policy",
    "could_be_cured",
    "facts_at",
    "facts_data",
    "facts_from",
    "read_facts",
    "read_policy",
]  # fmt: skip
