"""All models of core, found here by Django; they live in their features."""

from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.jobs.models import Job, JobFailure
from core.notices.models import Delivery, Notice
from core.organisations.models import Organisation, Region, RoleAssignment
from core.people.models import Consent, Person, ServiceField, User

__all__ = [
    "Attachment",
    "AuditEntry",
    "Consent",
    "Delivery",
    "Job",
    "JobFailure",
    "Notice",
    "Organisation",
    "Person",
    "Region",
    "RoleAssignment",
    "ServiceField",
    "User",
]
