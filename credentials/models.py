"""All models of credentials, found here by Django; they live in their features."""

from credentials.certificates.models import Certificate, PendingIssue, SerialCounter
from credentials.hours.models import CreditedLesson, HoursEntry, HoursRule, SettledRevision, SkippedCredit
from credentials.manual_entries.models import ManualEntry
from credentials.plans.models import PlanTarget, TalentPlan
from credentials.posts.models import Post, PostHolding, Sector, TalentRoute
from credentials.qualifications.models import QualificationLevel, RegistrationPeriod
from credentials.statements.models import HoursStatement, StatementCounter
from credentials.talent.models import SavedSearch, TalentProfile

__all__ = [
    "Certificate",
    "CreditedLesson",
    "HoursEntry",
    "HoursRule",
    "HoursStatement",
    "ManualEntry",
    "PendingIssue",
    "PlanTarget",
    "Post",
    "PostHolding",
    "QualificationLevel",
    "RegistrationPeriod",
    "SavedSearch",
    "Sector",
    "SerialCounter",
    "SettledRevision",
    "SkippedCredit",
    "StatementCounter",
    "TalentPlan",
    "TalentProfile",
    "TalentRoute",
]
