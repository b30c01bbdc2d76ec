"""Commendations from an officer's table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.audit.actions import entry_of, record_all
from core.imports.kinds import Kind, Place, Verdict, import_kind, later
from core.imports.models import SheetImport
from core.imports.reading import COLUMNS as PEOPLE_COLUMNS
from core.imports.reading import Parsed, PeopleReader, RowWrong, named_by
from core.imports.states import Outcome
from core.notices.actions import Note, notify_each
from core.people.models import Person, User
from core.people.queries import BOUND, is_bound_to
from core.sheets.reading import Column, Row
from core.sheets.words import list_words
from credentials.commendations.actions.registering import TOLD
from credentials.commendations.models import Commendation
from credentials.commendations.queries import registered_for
from credentials.commendations.states import Rank
from credentials.signals import StandingChanged, standing_changed

HOLDER = tuple(column for column in PEOPLE_COLUMNS if column.name in ("name", "phone", "email", "id_number", "id_type"))  # fmt: skip
COLUMNS = (
    *HOLDER,
    Column("rank", ("表彰级别", "级别", "Rank")),
    Column("title", ("荣誉名称", "表彰名称", "称号", "Title")),
    Column("issuer", ("授予单位", "表彰单位", "Given by")),
    Column("year", ("年份", "表彰年份", "Year")),
    Column("document", ("文号", "表彰文件", "Document"), required=False),
)
NAMES = {
    "rank": gettext_lazy("Rank"),
    "title": gettext_lazy("Name of the commendation"),
    "issuer": gettext_lazy("Given by"),
    "year": gettext_lazy("Year"),
}
# What is written in tables, beside the names that the platform uses itself.
RANKS = {"国家级": "national", "省级": "provincial", "市级": "city", "区县级": "county", "县级": "county", "县区级": "county"}  # fmt: skip
NOBODY = gettext_lazy(
    "Nobody in your tree has this mobile number, e-mail or ID number. Import the person first."
)


@dataclass(frozen=True)
class Entry:
    """A row that is to be registered."""

    person: Person
    rank: str
    title: str
    issuer: str
    year: int
    document: str

    @property
    def key(self) -> tuple[int, str, str, int]:
        return self.person.pk, self.title, self.issuer, self.year


class CommendationChecker:
    """Rows become commendations of people in one's tree; the same title of a year is known."""

    def __init__(self, sheet: SheetImport) -> None:
        self.sheet = sheet
        self.year = timezone.localdate().year
        self.reader = PeopleReader(default=sheet.organisation, actor=sheet.created_by, opens_account=False)
        self.ranks = RANKS | {str(label): value for value, label in Rank.choices}
        self.seen: dict[tuple[int, str, str, int], int] = {}

    def refusal(self) -> str:
        """Nothing but the rights of whoever sends it."""
        return ""

    def check(self, rows: Sequence[Row]) -> list[Verdict]:
        read = self.reader.read(rows)
        holder = self.reader.known(row for row in read if isinstance(row, Parsed))
        found = [holder(row) if isinstance(row, Parsed) else row for row in read]
        people = [user.person.pk for user in found if isinstance(user, User)]
        self.held = {
            (row.person_id, row.title, row.issuer, row.year): row.pk for row in registered_for(people)
        }
        return [self._verdict(*each) for each in zip(rows, found, strict=True)]

    def _verdict(self, row: Row, found: Any) -> Verdict:
        faults = [found] if isinstance(found, RowWrong) else []
        if found is None:
            faults.append(RowWrong(named_by(row), NOBODY))
        faults += self._faults(row)
        if faults:
            fault = RowWrong.all(faults)
            return Verdict(row, Outcome.WRONG, row["name"], fault.column, fault.message)
        if found.pk == self.sheet.created_by_id:
            own = gettext_lazy("Nobody registers their own commendation. Ask another administrator.")
            return Verdict(row, Outcome.WRONG, row["name"], message=own)
        if is_bound_to(self.sheet.created_by, found.person):
            return Verdict(row, Outcome.WRONG, row["name"], message=BOUND)
        entry = Entry(
            found.person, self.ranks[row["rank"]], row["title"], row["issuer"], int(row["year"].rstrip("年")), row["document"][:120]
        )  # fmt: skip
        if known := self.held.get(entry.key):
            return Verdict(row, Outcome.KNOWN, row["name"], subject_id=known)
        first = self.seen.setdefault(entry.key, row.number)
        if first != row.number:
            words = later(lambda: _("The same stands in row %(row)s already.") % {"row": first})
            return Verdict(row, Outcome.WRONG, row["name"], NAMES["title"], words)
        return Verdict(row, Outcome.NEW, row["name"], payload=entry)

    def _faults(self, row: Row) -> list[RowWrong]:
        faults = []
        if row["rank"] not in self.ranks:
            allowed = list_words(["国家级", "省级", "市级", "区县级"])
            faults.append(
                RowWrong(
                    NAMES["rank"], later(lambda: _("You can write: %(allowed)s.") % {"allowed": allowed})
                )
            )
        faults += [
            RowWrong(NAMES[name], gettext_lazy("Write 1 to 120 signs."))
            for name in ("title", "issuer")
            if not 1 <= len(row[name]) <= 120
        ]
        year = re.fullmatch(r"([0-9]{4})年?", row["year"])
        if not year or not 1949 <= int(year[1]) <= self.year:
            faults.append(
                RowWrong(NAMES["year"], gettext_lazy("The year lies in the future or is too long ago."))
            )
        return faults

    def write(self, verdicts: Sequence[Verdict]) -> list[int]:
        made = Commendation.objects.bulk_create(
            Commendation(
                person=entry.person,
                holder_id=entry.person.user_id,
                rank=entry.rank,
                title=entry.title,
                issuer=entry.issuer,
                year=entry.year,
                document=entry.document,
                sheet=self.sheet,
                registered_by=self.sheet.created_by,
            )
            for entry in (verdict.payload for verdict in verdicts)
        )
        record_all(
            entry_of(
                action="credentials.import_commendation",
                target=row,
                actor=self.sheet.created_by,
                organisation=row.person.employer,
                after={"title": row.title, "year": row.year},
            )
            for row in made
        )
        notify_each(kind="qualification", notes=[_told(row) for row in made])
        standing_changed.send(Commendation, event=StandingChanged(tuple(row.person_id for row in made)))
        return [row.pk for row in made]

    def finish(self) -> None:
        """Everybody has been told with their row."""


def _told(row: Commendation) -> Note:
    return Note(
        user=row.person.user,
        title=TOLD,
        url=reverse("credentials:qualification-list"),
        source=f"credentials.commendation:{row.pk}:{row.state}",
        values={"what": row.title},
    )


def register_place(sheet: SheetImport) -> Place:
    return Place(_("The register of commendations"), reverse("commendations:index"))


COMMENDATIONS = import_kind(
    Kind(key="commendations", columns=COLUMNS, checker=CommendationChecker, place=register_place)
)
