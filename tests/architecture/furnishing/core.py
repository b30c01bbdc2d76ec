"""Rows of core."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from core.models import Attachment, Holiday, Job, Notice, RoleAssignment, SheetImport, User
from tests.factories import ServiceFieldFactory


def furnish(rows: SimpleNamespace, person_of: User, officer: User) -> dict[str, Any]:
    """A job, a notice, a role, a service field, a holiday and a table of people to take over."""
    today = timezone.localdate()
    return {
        "job": Job.objects.create(kind="test", title="x", organisation=rows.place, created_by=officer),
        "notice": Notice.objects.create(user=person_of, kind="test", title="x"),
        "role": RoleAssignment.objects.get(user=person_of),
        "field": ServiceFieldFactory(),
        "holiday": Holiday.objects.create(name="示例节", starts_on=today, ends_on=today),
        "sheet": SheetImport.objects.create(
            kind="people",
            organisation=rows.place,
            title="名单",
            created_by=officer,
            state="checked",
            file=kept_file(officer),
        ),
    }


def kept_file(officer: User) -> Attachment:
    """A kept file, as its row tells of it."""
    return Attachment.objects.create(
        name="x.pdf", content_type="application/pdf", size=1, sha256="0" * 64, stored=f"attachments/{officer.pk}.pdf", uploaded_by=officer
    )  # fmt: skip
