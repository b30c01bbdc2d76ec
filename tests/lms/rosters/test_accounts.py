"""Accounts that a list makes are made as any others: everybody can be asked who made them, and from which table."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from core.imports.actions import apply_import
from core.jobs.actions import run_job
from core.models import AuditEntry, Organisation, User
from core.sheets.writing import Heading, Table, workbook
from lms.rosters.actions import enrol
from tests.factories import make_cohort


def test_an_account_that_a_list_makes_is_audited_with_its_table(tree: dict[str, Organisation], cast: Any):
    rows = [("诸葛明", "13800138001")]
    file = workbook(Table("名单", [Heading("姓名"), Heading("手机号")], rows))
    sheet = enrol(
        cohort=make_cohort(tree["district"]),
        upload=SimpleUploadedFile("名单.xlsx", file),
        all_or_none=False,
        actor=cast.administrator,
    )
    run_job(sheet.job.pk)
    sheet.refresh_from_db()
    apply_import(sheet=sheet, actor=cast.administrator)
    run_job(sheet.job.pk)
    person = User.objects.get(person__name="诸葛明").person
    entry = AuditEntry.objects.get(action="core.create_people")
    assert (entry.target_id, entry.user_id, entry.organisation_id, entry.data["after"]) == (
        str(person.pk),
        cast.administrator.pk,
        tree["district"].pk,
        {"import": sheet.pk},
    )
