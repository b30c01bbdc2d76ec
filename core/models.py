"""All models of core, found here by Django; they live in their features."""

from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.calendars.models import Holiday
from core.imports.models import ImportLine, SheetImport
from core.jobs.models import Job, JobFailure
from core.notices.models import Delivery, Notice
from core.organisations.models import Organisation, Region, RoleAssignment
from core.people.models import Activation, Consent, Person, ServiceField, User

__all__ = [
    "Activation",
    "Attachment",
    "AuditEntry",
    "Consent",
    "Delivery",
    "Holiday",
    "ImportLine",
    "Job",
    "JobFailure",
    "Notice",
    "Organisation",
    "Person",
    "Region",
    "RoleAssignment",
    "ServiceField",
    "SheetImport",
    "User",
]
