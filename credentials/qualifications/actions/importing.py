"""Qualifications from an officer's table: all rows are checked, what stands against one is found, then they are verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.audit.actions import entry_of, record_all
from core.imports.kinds import Kind, Place, TakenMeanwhile, Verdict, import_kind, later
from core.imports.models import SheetImport
from core.imports.reading import Parsed, PeopleReader, RowWrong, named_by
from core.imports.states import Outcome
from core.notices.actions import Note, both, notify_each
from core.people.models import Person, User
from core.people.queries import BOUND, is_bound_to
from core.sheets.reading import Row
from core.states import move_all
from credentials.qualifications.actions.refusals import FAULT_WORDS
from credentials.qualifications.actions.rows import COLUMNS, SaidReader, named
from credentials.qualifications.actions.telling import settle_officers
from credentials.qualifications.models import QualificationLevel, QualificationRecord
from credentials.qualifications.policy import (
    Said,
    faults_of,
    first_registration_until,
)
from credentials.qualifications.queries import clashes_with, terms_at, terms_of
from credentials.qualifications.states import RECORD_MOVES, Origin, RecordState
from credentials.signals import StandingChanged, standing_changed

NOBODY = gettext_lazy(
    "Nobody in your tree has this mobile number, e-mail or ID number. Import the person first."
)


@dataclass(frozen=True)
class Entry:
    """A row that is to be taken over: whose it is, what it says, and what they had declared of it already."""

    person: Person
    level: QualificationLevel
    said: Said
    declared: QualificationRecord | None = None


class QualificationChecker:
    """Rows become verified qualifications. A number that somebody else holds, or another certificate of the same level,
    is a conflict: its row is wrong and names what stands against it."""

    def __init__(self, sheet: SheetImport) -> None:
        self.sheet = sheet
        self.today = timezone.localdate()
        self.reader = PeopleReader(default=sheet.organisation, actor=sheet.created_by, opens_account=False)
        self.said = SaidReader()
        self.terms: dict[int, Any] = {}
        self.seen: dict[tuple[int, str], int] = {}
        self.of_person: dict[tuple[int, int], int] = {}

    def refusal(self) -> str:
        """Nothing but the rights of whoever sends it."""
        return ""

    def check(self, rows: Sequence[Row]) -> list[Verdict]:
        read = self.reader.read(rows)
        holder = self.reader.known(row for row in read if isinstance(row, Parsed))
        found = [holder(row) if isinstance(row, Parsed) else row for row in read]
        said = [self.said.read(row) for row in rows]
        people = [user.person for user in found if isinstance(user, User)]
        pairs = [(each[0].pk, each[1].number) for each in said if not isinstance(each, RowWrong)]
        stands = clashes_with(pairs, [person.pk for person in people])
        self.by_number: dict[tuple[int, str], list[QualificationRecord]] = {}
        for row in stands:
            self.by_number.setdefault((row.level_id, row.number), []).append(row)
        self.held = {(row.person_id, row.level_id): row for row in stands}
        self._learn_terms(people)
        return [self._verdict(*each) for each in zip(rows, found, said, strict=True)]

    def _learn_terms(self, people: Sequence[Person]) -> None:
        """The terms of every place of these people: one query for each place that is new."""
        for place in {person.employer for person in people if person.employer}:
            if place.pk not in self.terms:
                self.terms[place.pk] = terms_at(place)

    def _verdict(self, row: Row, found: Any, said: Any) -> Verdict:
        wrong = [each for each in (found, said) if isinstance(each, RowWrong)]
        if found is None:
            wrong.insert(0, RowWrong(named_by(row), NOBODY))
        if wrong:
            fault = RowWrong.all(wrong)
            return Verdict(row, Outcome.WRONG, row["name"], fault.column, fault.message)
        (level, what), person = said, found.person
        if found.pk == self.sheet.created_by_id:
            own = gettext_lazy("Nobody verifies their own qualification. Ask another administrator.")
            return Verdict(row, Outcome.WRONG, row["name"], message=own)
        if is_bound_to(self.sheet.created_by, found.person):
            return Verdict(row, Outcome.WRONG, row["name"], message=BOUND)
        terms = terms_of(level, self.terms.get(person.employer_id, ()), what.issued_on)
        for field, code in faults_of(what, terms, self.today):
            return Verdict(row, Outcome.WRONG, row["name"], named(field), FAULT_WORDS[code])
        return self._against(row, Entry(person, level, what, self.held.get((person.pk, level.pk))))

    def _against(self, row: Row, entry: Entry) -> Verdict:
        """What stands against a row that is right in itself: in the same table, or with us."""
        key, own = (entry.level.pk, entry.said.number), (entry.person.pk, entry.level.pk)
        first = self.seen.setdefault(key, row.number)
        other = self.of_person.setdefault(own, row.number)
        if min(first, other) != row.number:
            column = "number" if first != row.number else "level"
            words = later(lambda: _("The same stands in row %(row)s already.") % {"row": min(first, other)})
            return Verdict(row, Outcome.WRONG, row["name"], named(column), words)
        taken = [each for each in self.by_number.get(key, ()) if each.person_id != entry.person.pk]
        if verified := next((each for each in taken if each.is_verified), None):
            words = gettext_lazy("This number is verified for somebody else. Compare both.")
            return _conflict(row, "number", words, verified)
        mine = entry.declared
        if mine is not None and (mine.number, mine.issued_on) != (entry.said.number, entry.said.issued_on):
            column = "number" if mine.number != entry.said.number else "issued_on"
            words = gettext_lazy("With us this person has another certificate of this level. Compare both.")
            return _conflict(row, column, words, mine)
        if mine is not None and mine.is_verified:
            return Verdict(row, Outcome.KNOWN, row["name"], subject_id=mine.pk)
        return Verdict(row, Outcome.NEW, row["name"], payload=entry)

    def write(self, verdicts: Sequence[Verdict]) -> list[int]:
        """What was declared is verified, the rest is new: both in few statements, audited, and the people are told."""
        entries: list[Entry] = [verdict.payload for verdict in verdicts]
        now = timezone.now()
        declared = [entry.declared.pk for entry in entries if entry.declared]
        waiting = QualificationRecord.objects.filter(pk__in=declared)
        who: dict[str, Any] = {"verified_by": self.sheet.created_by, "decided_at": now, "sheet": self.sheet}
        moved = move_all(waiting, RecordState.DECLARED, RecordState.VERIFIED, RECORD_MOVES, **who)
        if moved != len(declared):
            raise TakenMeanwhile(
                gettext_lazy("This was decided in the meantime. Send the row again to see as what.")
            )
        made = iter(
            QualificationRecord.objects.bulk_create(
                self._record(entry, now) for entry in entries if entry.declared is None
            )
        )
        rows = [entry.declared or next(made) for entry in entries]
        for each in filter(None, (entry.declared for entry in entries)):
            settle_officers(each)
        record_all(
            entry_of(
                action="credentials.import_qualification",
                target=row,
                actor=self.sheet.created_by,
                organisation=row.person.employer,
                after={"level": row.level.code, "sheet": self.sheet.pk},
            )
            for row in rows
        )
        notify_each(kind="qualification", notes=[_note(row) for row in rows])
        people = tuple(row.person_id for row in rows)
        standing_changed.send(QualificationRecord, event=StandingChanged(people))
        return [row.pk for row in rows]

    def _record(self, entry: Entry, now: Any) -> QualificationRecord:
        return QualificationRecord(
            person=entry.person,
            holder_id=entry.person.user_id,
            level=entry.level,
            number=entry.said.number,
            issued_on=entry.said.issued_on,
            exam_year=entry.said.exam_year,
            origin=Origin.IMPORTED,
            sheet=self.sheet,
            state=RecordState.VERIFIED,
            declared_by=self.sheet.created_by,
            verified_by=self.sheet.created_by,
            decided_at=now,
        )

    def finish(self) -> None:
        """Everybody has been told with their row."""


def _conflict(row: Row, column: str, words: Any, against: QualificationRecord) -> Verdict:
    return Verdict(row, Outcome.WRONG, row["name"], named(column), words, subject_id=against.pk)


def _note(row: QualificationRecord) -> Note:
    return Note(
        user=row.person.user,
        title=gettext_noop("Your qualification has been verified: %(level)s"),
        body=gettext_noop("Now register: the first registration is due by %(until)s."),
        url=row.get_absolute_url(),
        source=f"credentials.qualification:{row.pk}:verified",
        values={
            "level": both(row.level.name, row.level.name_en),
            "until": first_registration_until(row.issued_on),
        },
    )


def conflicts_place(sheet: SheetImport) -> Place | None:
    """The page on which the rows of a table stand beside what they clash with, if any does."""
    if not sheet.lines.filter(outcome=Outcome.WRONG, subject_id__isnull=False).exists():
        return None
    return Place(_("Conflicts side by side"), reverse("qualifications:conflicts", args=[sheet.pk]))


def desk_place(sheet: SheetImport) -> Place:
    """Where what was taken over stands now."""
    return Place(_("See the qualifications"), reverse("qualifications:index"))


QUALIFICATIONS = import_kind(
    Kind(
        key="qualifications",
        columns=COLUMNS,
        checker=QualificationChecker,
        place=conflicts_place,
        then=desk_place,
    )
)
