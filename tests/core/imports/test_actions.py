"""Taking a table over: of a long one only a piece is held at a time, and all or nothing means nothing."""

from __future__ import annotations

import gc
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.imports import actions
from core.imports.models import SheetImport
from core.imports.people import PeopleChecker
from core.imports.queries import counts_of
from core.imports.states import ImportState, Outcome
from core.jobs.actions import run_job
from core.models import AuditEntry, Organisation, User
from core.sheets.reading import Row
from core.sheets.writing import Heading, Table, workbook
from core.states import IllegalMove
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


def test_what_is_known_already_is_nothing_to_take_over(sheet, cast):
    run(sheet)
    sheet.lines.update(outcome=Outcome.KNOWN)
    with pytest.raises(actions.ImportRefused):
        actions.apply_import(sheet=sheet, actor=cast.administrator)
