"""The rules by which hours count, and the ledger of hours."""

from credentials.hours.models.ledger import (
    CreditedLesson,
    HoursEntry,
    HoursQuerySet,
    SettledRevision,
    SkippedCredit,
    SkippedCreditQuerySet,
    in_language,
)
from credentials.hours.models.rules import (
    COMMON_SOURCE,
    COUNTED,
    FIRST_SOURCES,
    KIND_CHOICES,
    SUPERVISING_SOURCE,
    Again,
    EntryKind,
    HoursRule,
    HoursRuleQuerySet,
)

__all__ = [
    "COMMON_SOURCE",
    "COUNTED",
    "FIRST_SOURCES",
    "KIND_CHOICES",
    "SUPERVISING_SOURCE",
    "Again",
    "CreditedLesson",
    "EntryKind",
    "HoursEntry",
    "HoursQuerySet",
    "HoursRule",
    "HoursRuleQuerySet",
    "SettledRevision",
    "SkippedCredit",
    "SkippedCreditQuerySet",
    "in_language",
]
