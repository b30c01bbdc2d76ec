"""All models of credentials, found here by Django; they live in their features."""

from credentials.badges.models import Achievement, Badge, StatusList
from credentials.certificates.models import Certificate, CertificateEdition, PendingIssue, SerialCounter
from credentials.designs.models import Design, DesignChoice, DesignPicture, DesignVersion
from credentials.hours.models import CreditedLesson, HoursEntry, HoursRule, SettledRevision, SkippedCredit
from credentials.keys.models import SigningKey
from credentials.manual_entries.models import ManualEntry
from credentials.qualifications.models import QualificationLevel, RegistrationPeriod
from credentials.statements.models import HoursStatement, StatementCounter

__all__ = [
    "Achievement",
    "Badge",
    "Certificate",
    "CertificateEdition",
    "CreditedLesson",
    "Design",
    "DesignChoice",
    "DesignPicture",
    "DesignVersion",
    "HoursEntry",
    "HoursRule",
    "HoursStatement",
    "ManualEntry",
    "PendingIssue",
    "QualificationLevel",
    "RegistrationPeriod",
    "SerialCounter",
    "SettledRevision",
    "SigningKey",
    "SkippedCredit",
    "StatementCounter",
    "StatusList",
]
