"""Tables of people, sent by an officer of the district."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.imports import actions
from core.imports.models import SheetImport
from core.imports.queries import counts_of
from core.imports.states import Outcome
from core.jobs.actions import run_job
from core.models import Organisation
from core.sheets.writing import Heading, Table, workbook
from tests.factories import ServiceFieldFactory

HEADINGS = ("姓名", "手机号", "邮箱", "证件号码", "单位", "服务领域", "从业起始日期")
GOOD = [
    ("林䶮", "13800138001", "", "", "和平区新街社工站", "社区建设", "2021-09-01"),
    ("诸葛明", "", "ZhuGe@example.com", "120199199003071011", "", "", ""),
    ("阿不都拉·买买提", "13800138002", "amt@example.com", "", "", "", ""),
]


def table(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    return SimpleUploadedFile(
        "名单.xlsx", workbook(Table("名单", [Heading(name) for name in HEADINGS], rows))
    )


@pytest.fixture
def sent(
    cast: SimpleNamespace, tree: dict[str, Organisation], django_capture_on_commit_callbacks: Any
) -> Any:
    """Send a table as the district's administrator; checked, and taken over when `take` says so."""
    ServiceFieldFactory()

    def send(*rows: tuple[str, ...], all_or_none: bool = False, take: bool = True) -> SheetImport:
        sheet = actions.start_import(
            kind="people",
            organisation=tree["district"],
            title="名单",
            upload=table(*rows),
            all_or_none=all_or_none,
            actor=cast.administrator,
        )
        run_job(sheet.job.pk)
        sheet.refresh_from_db()
        if take and sheet.lines.filter(outcome=Outcome.NEW).exists():
            actions.apply_import(sheet=sheet, actor=cast.administrator)
            run_job(sheet.job.pk)
            sheet.refresh_from_db()
        return sheet

    return send


def counts(sheet: SheetImport) -> dict[str, int]:
    return {name: number for name, number in counts_of(sheet).items() if number}


def wrong(sheet: SheetImport) -> list[tuple[int, str]]:
    return list(sheet.lines.filter(outcome=Outcome.WRONG).values_list("number", "column"))
