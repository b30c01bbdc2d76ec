"""The table of people: accounts for those who have none. What somebody has said about themselves is never overwritten."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from core.imports.kinds import Kind, Place, Verdict, import_kind
from core.imports.models import SheetImport
from core.imports.reading import COLUMNS, Parsed, PeopleReader, RowWrong
from core.imports.states import Outcome
from core.people.actions import create_people
from core.people.models import User
from core.sheets.reading import Row


class PeopleChecker:
    """New people become accounts without a password, which wait to be activated."""

    def __init__(self, sheet: SheetImport) -> None:
        self.sheet = sheet
        self.reader = PeopleReader(default=sheet.organisation, actor=sheet.created_by)

    def refusal(self) -> str:
        """Nothing but the rights of whoever sends it."""
        return ""

    def check(self, rows: Sequence[Row]) -> list[Verdict]:
        read = self.reader.read(rows)
        holder = self.reader.known(row for row in read if isinstance(row, Parsed))
        return [_verdict(row, parsed, holder) for row, parsed in zip(rows, read, strict=True)]

    def write(self, verdicts: Sequence[Verdict]) -> list[int]:
        people = [verdict.payload for verdict in verdicts]
        made = create_people(rows=people, actor=self.sheet.created_by, sheet_id=self.sheet.pk)
        return [user.pk for user in made]

    def finish(self) -> None:
        """Nobody is told: who has no account yet has no way to be."""


def _verdict(
    row: Row, parsed: Parsed | RowWrong, holder: Callable[[Parsed], User | RowWrong | None]
) -> Verdict:
    found = parsed if isinstance(parsed, RowWrong) else holder(parsed)
    if isinstance(found, RowWrong):
        return Verdict(row, Outcome.WRONG, row["name"], found.column, found.message)
    if found is not None:
        return Verdict(row, Outcome.KNOWN, row["name"], subject_id=found.pk)
    return Verdict(row, Outcome.NEW, row["name"], payload=parsed)


def people_place(sheet: SheetImport) -> Place:
    """Where the people who were taken over stand now."""
    return Place(_("See the people"), reverse("people:index"))


PEOPLE = import_kind(Kind(key="people", columns=COLUMNS, checker=PeopleChecker, then=people_place))
