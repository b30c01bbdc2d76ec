"""Taking a table over: of a long one only a piece is held at a time, and all or nothing means nothing."""

from __future__ import annotations

import gc
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.attachments.actions import keep_file
from core.imports import actions
from core.imports.models import SheetImport
from core.imports.people import PeopleChecker
from core.imports.queries import counts_of
from core.imports.states import ImportState, Outcome
from core.jobs.actions import Run, run_job
from core.models import AuditEntry, Organisation, User
from core.sheets.reading import Row
from core.sheets.writing import Heading, Table, workbook
from core.states import IllegalMove
from tests.core.imports.conftest import GOOD, counts
from tests.factories import make_user

NAMES = "赵钱孙李周吴郑王冯陈"


@pytest.fixture
def sheet(cast: SimpleNamespace, tree: dict[str, Organisation]) -> SheetImport:
    """Ten people, all or nothing, to be checked."""
    rows = [(f"{name}一", f"1380013800{place}") for place, name in enumerate(NAMES)]
    return actions.start_import(
        kind="people",
        organisation=tree["district"],
        title="名单",
        upload=SimpleUploadedFile(
            "名单.xlsx", workbook(Table("名单", [Heading("姓名"), Heading("手机号")], rows))
        ),
        all_or_none=True,
        actor=cast.administrator,
    )


def run(sheet: SheetImport) -> SheetImport:
    run_job(sheet.job.pk)
    sheet.refresh_from_db()
    return sheet


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows to a piece."""
    monkeypatch.setattr(actions, "CHUNK", 2)


def test_only_a_piece_of_the_rows_is_held_at_a_time(sheet, cast, pieces, monkeypatch):
    held = []
    check = PeopleChecker.check

    def counted(self, rows):
        gc.collect()
        held.append(sum(type(thing) is Row for thing in gc.get_objects()))
        return check(self, rows)

    monkeypatch.setattr(PeopleChecker, "check", counted)
    run(sheet)
    actions.apply_import(sheet=sheet, actor=cast.administrator)
    run(sheet)
    assert (sheet.state, counts_of(sheet)[Outcome.APPLIED]) == (ImportState.DONE, 10)
    assert len(held) == 10
    assert max(held) <= 4  # this piece, and the one before it


def test_a_row_that_has_become_wrong_takes_back_what_was_written_before_it(sheet, cast, tree, pieces):
    run(sheet)
    actions.apply_import(sheet=sheet, actor=cast.administrator)
    taken = make_user("别人", tree["district"])
    taken.phone = "13800138009"
    taken.save()
    run(sheet)
    assert sheet.state == ImportState.CHECKED
    assert {name: number for name, number in counts_of(sheet).items() if number} == {"new": 9, "wrong": 1}
    assert not User.objects.filter(person__name="赵一").exists()
    assert not AuditEntry.objects.filter(action="core.create_people").exists()


def test_what_is_taken_over_or_dropped_is_neither_again(sheet, cast):
    run(sheet)
    actions.drop_import(sheet=sheet, actor=cast.administrator)
    sheet.refresh_from_db()
    for act in (actions.drop_import, actions.apply_import):
        with pytest.raises(IllegalMove):
            act(sheet=sheet, actor=cast.administrator)
    assert sheet.state == ImportState.DROPPED


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_sheet_that_is_dropped_while_it_is_checked_is_no_fault(
    sheet, cast, when, django_capture_on_commit_callbacks
):
    def drop():
        with django_capture_on_commit_callbacks(execute=True):
            actions.drop_import(sheet=SheetImport.objects.get(pk=sheet.pk), actor=cast.administrator)

    class Dropping(Run):
        def report(self, done, total):
            if when == "meanwhile" and not done:
                drop()

    if when == "before":
        drop()
    assert actions.check(Dropping(sheet.job, 1)) == {}
    sheet.refresh_from_db()
    assert sheet.state == ImportState.DROPPED


@pytest.mark.parametrize("lost", ["role", "account"])
def test_nothing_is_taken_over_for_whoever_lost_the_right_while_it_waited(sheet, cast, lost):
    run(sheet)
    actions.apply_import(sheet=sheet, actor=cast.administrator)
    if lost == "role":
        cast.administrator.roles.all().delete()
    else:
        User.objects.filter(pk=cast.administrator.pk).update(is_active=False)
    run(sheet)
    assert (sheet.state, counts_of(sheet)[Outcome.NEW]) == (ImportState.CHECKED, 10)
    assert sheet.problem and not User.objects.filter(person__name="赵一").exists()
    colleague = User.objects.get(pk=cast.city_administrator.pk)
    with pytest.raises(actions.ImportRefused):  # it would still be written in the name of whoever sent it
        actions.apply_import(sheet=SheetImport.objects.get(pk=sheet.pk), actor=colleague)


def test_a_colleague_who_lost_the_right_takes_nothing_over_either(sheet, cast):
    run(sheet)
    actions.apply_import(sheet=sheet, actor=cast.city_administrator)
    cast.city_administrator.roles.all().delete()
    run(sheet)
    assert (sheet.state, counts_of(sheet)[Outcome.APPLIED]) == (ImportState.CHECKED, 0)


def test_what_is_known_already_is_nothing_to_take_over(sheet, cast):
    run(sheet)
    sheet.lines.update(outcome=Outcome.KNOWN)
    with pytest.raises(actions.ImportRefused):
        actions.apply_import(sheet=sheet, actor=cast.administrator)


def test_with_all_or_nothing_one_wrong_row_keeps_every_other_out(sent, cast):
    before = User.objects.count()
    with pytest.raises(actions.ImportRefused):
        sent(GOOD[0], ("", "", "", "", "", "", ""), ("林一", "1", "", "", "", "", ""), all_or_none=True)
    assert User.objects.count() == before


def test_an_account_made_in_between_is_not_made_twice(sent, cast, tree):
    sheet = sent(*GOOD, take=False)
    make_user("诸葛明", tree["station"], email="zhuge@example.com")
    actions.apply_import(sheet=sheet, actor=cast.administrator)
    run_job(sheet.job.pk)
    assert counts(sheet) == {"applied": 2, "known": 1}


def test_a_second_click_takes_nothing_over_again(sent, cast):
    sheet = sent(*GOOD, take=False)
    actions.apply_import(sheet=SheetImport.objects.get(pk=sheet.pk), actor=cast.administrator)
    with pytest.raises(IllegalMove):
        actions.apply_import(sheet=sheet, actor=cast.administrator)


def test_the_file_is_erased_when_it_has_served(sent):
    assert not storages["private"].exists(sent(*GOOD).file.stored)
    kept = sent(("林一", "1", "", "", "", "", ""))
    assert kept.has_file and storages["private"].exists(kept.file.stored)
    actions.drop_import(sheet=kept, actor=kept.created_by)
    actions.erase_file(sheet=kept)
    assert not storages["private"].exists(kept.file.stored)


@pytest.mark.parametrize("end", ["dropped", "aged"])
def test_a_proof_with_the_same_bytes_outlives_the_import(
    sheet, cast, end, django_capture_on_commit_callbacks
):
    with storages["private"].open(sheet.file.stored) as file:
        proof = keep_file(upload=SimpleUploadedFile("证明.xlsx", file.read()), actor=cast.trainee)
    with django_capture_on_commit_callbacks(execute=True):
        if end == "dropped":
            run(sheet)
            actions.drop_import(sheet=sheet, actor=cast.administrator)
        else:
            SheetImport.objects.update(created_at=timezone.now() - timedelta(days=8))
            actions.erase_old_files()
    assert storages["private"].exists(proof.stored)
    assert not storages["private"].exists(sheet.file.stored)


def test_an_older_import_whose_file_is_shared_leaves_it_to_the_proof(sheet, cast):
    with storages["private"].open(sheet.file.stored) as file:
        content = file.read()
    old, proof = (
        keep_file(upload=SimpleUploadedFile("证明.xlsx", content), actor=cast.trainee) for _ in range(2)
    )
    SheetImport.objects.filter(pk=sheet.pk).update(file=old)
    sheet.refresh_from_db()
    actions.erase_file(sheet=sheet)
    assert storages["private"].exists(proof.stored)
    proof.delete()
    actions.erase_file(sheet=sheet)
    assert not storages["private"].exists(old.stored)


def test_a_file_that_is_no_table_is_refused_in_a_sentence(cast, tree):
    sheet = actions.start_import(
        kind="people",
        organisation=tree["district"],
        title="x",
        upload=SimpleUploadedFile("x.xlsx", b"PK\x03\x04"),
        all_or_none=False,
        actor=cast.administrator,
    )
    run_job(sheet.job.pk)
    sheet.refresh_from_db()
    assert sheet.state == ImportState.REFUSED and sheet.problem
