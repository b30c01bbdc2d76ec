"""A list may give a place to somebody whose account others made; it gives nobody the key to that account."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.imports.actions import apply_import, start_import
from core.imports.models import SheetImport
from core.imports.states import Outcome
from core.jobs.actions import run_job
from core.models import Activation, User
from core.people.actions import draw_codes
from core.sheets.writing import Heading, Table, workbook
from lms.rosters.actions import enrol
from tests.factories import give_role, make_cohort, make_user

ROW = ("诸葛明", "13800138001")


def upload() -> SimpleUploadedFile:
    table = Table("名单", [Heading("姓名"), Heading("手机号")], [ROW])
    return SimpleUploadedFile("名单.xlsx", workbook(table))


def taken(sheet: SheetImport, actor: User) -> SheetImport:
    run_job(sheet.job.pk)
    sheet.refresh_from_db()
    if sheet.lines.filter(outcome=Outcome.NEW).exists():
        apply_import(sheet=sheet, actor=actor)
        run_job(sheet.job.pk)
        sheet.refresh_from_db()
    return sheet


@pytest.fixture
def made(cast: Any, tree: Any) -> SheetImport:
    """A table of the district that has made one account."""
    sheet = start_import(
        kind="people",
        organisation=tree["district"],
        title="名单",
        upload=upload(),
        all_or_none=False,
        actor=cast.administrator,
    )
    return taken(sheet, cast.administrator)


@pytest.fixture
def listed(made: SheetImport, tree: Any) -> SheetImport:
    """The same person as the list of a cohort, by another officer of the same district."""
    officer = make_user("仇乐山", tree["district"])
    give_role(officer, "administrator", tree["district"])
    cohort = make_cohort(tree["district"])
    return taken(enrol(cohort=cohort, upload=upload(), all_or_none=False, actor=officer), officer)


def test_a_list_that_names_somebody_elses_new_account_draws_no_code_for_it(
    made, listed, cast, client: Client
):
    assert listed.lines.get().outcome == Outcome.APPLIED
    user = User.objects.get(person__name="诸葛明")
    old = draw_codes(users=[user], sheet_id=made.pk, actor=cast.administrator)
    before = Activation.objects.get(user=user).code_hash
    client.force_login(listed.created_by)
    assert client.get(reverse("imports:detail", args=[listed.pk])).context["has_codes"] is False
    client.post(reverse("imports:codes", args=[listed.pk]))
    assert draw_codes(users=[user], sheet_id=listed.pk, actor=listed.created_by) == {}
    assert old and Activation.objects.get(user=user).code_hash == before


def test_no_code_is_drawn_for_somebody_employed_outside_ones_own_tree(made, cast, client: Client):
    user = User.objects.get(person__name="诸葛明")
    assert draw_codes(users=[user], sheet_id=made.pk, actor=cast.outsider) == {}
    user.person.employer = cast.outsider.person.employer
    user.person.save()
    client.force_login(cast.administrator)
    assert client.get(reverse("imports:detail", args=[made.pk])).context["has_codes"] is False
    assert draw_codes(users=[user], sheet_id=made.pk, actor=cast.administrator) == {}


def test_an_account_remembers_the_table_and_the_officers_it_came_from(made, cast):
    user = User.objects.get(person__name="诸葛明")
    draw_codes(users=[user], sheet_id=made.pk, actor=cast.city_administrator)
    kept = Activation.objects.get(user=user)
    assert (kept.sheet_id, kept.made_by, kept.drawn_by) == (
        made.pk,
        cast.administrator,
        cast.city_administrator,
    )
