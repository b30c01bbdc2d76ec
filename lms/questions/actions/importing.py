"""Files of questions, taken over in two acts as tables are (ADR 0016): each of the five formats is a kind of import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.imports.actions import settle_line, start_import
from core.imports.kinds import Kind, Place, Verdict, import_kind, later
from core.imports.models import SheetImport
from core.imports.queries import rows_of
from core.imports.states import Outcome
from core.people.models import User
from core.sheets.reading import Column, Row, SheetRefused
from lms.questions.actions.duplicates import find_alike
from lms.questions.actions.writing import add_question, add_questions
from lms.questions.formats import FORMATS, Entry, FileRefused, Format, likeness_words, read_all, words_of
from lms.questions.models import BankQuestion, QuestionBank
from lms.questions.policy import Alike, Likeness, Question, fingerprint
from lms.questions.queries import alike_in, keys_in, known_in
from lms.questions.states import QuestionState

PREFIX = "questions-"
COLUMNS = (Column("prompt", (gettext_noop("Question"),)), Column("line", (gettext_noop("Line"),)))
KEY_TAKEN = gettext_noop(
    "The key %(key)s belongs to another question of this bank. Correct that one, or leave the key out."
)


class EntryRow(Row):
    """A row that carries the question it was read from."""

    entry: Entry


def rows_in(file: IO[bytes], chosen: Format) -> Iterator[Row]:
    """The questions of a file as rows of an import; texts that ask nothing are none. Raises SheetRefused."""
    try:
        entries = read_all(file.read(), chosen)
    except FileRefused as refused:
        raise SheetRefused(str(refused))
    for entry in entries:
        if not entry.is_note:
            row = EntryRow(entry.number, {"prompt": entry.label, "line": str(entry.line or "")})
            object.__setattr__(row, "entry", entry)
            yield row


def judged(
    bank: QuestionBank, entries: Sequence[Entry], like: dict[int, tuple[Alike, str]]
) -> list[tuple[Outcome, Any, int | None]]:
    """What becomes of each question in this bank: its outcome, why (lazy words), and what it is known as.

    `like` says by number which question each is like. Four queries.
    """
    marks = {
        entry.number: fingerprint(entry.question) for entry in entries if entry.question and entry.is_good
    }
    known = known_in(bank, marks.values())
    taken = keys_in(bank, [entry.question.key for entry in entries if entry.question])
    return [
        _judge(entry, known.get(marks.get(entry.number, "")), taken, like.get(entry.number))
        for entry in entries
    ]


def _judge(
    entry: Entry, known: int | None, taken: set[str], like: tuple[Alike, str] | None
) -> tuple[Outcome, Any, int | None]:
    question = entry.question
    if question is None or not entry.is_good:
        return Outcome.WRONG, later(lambda: " ".join(words_of(each) for each in entry.faults)), None
    if known is not None:
        return Outcome.KNOWN, "", known
    if len(question.key) > 60:
        return Outcome.WRONG, gettext_lazy("The key has more than 60 characters. Shorten it."), None
    if question.key in taken:
        return Outcome.WRONG, later(lambda: _(KEY_TAKEN) % {"key": question.key}), None
    remarks = entry.remarks
    words: Any = later(lambda: " ".join(words_of(each) for each in remarks)) if remarks else ""
    if like is not None:
        alike, other = like
        near = later(lambda: likeness_words(alike.likeness, other, alike.share))
        words = later(lambda: " ".join([*(words_of(each) for each in remarks), str(near)]))
        if alike.likeness == Likeness.OTHER_ANSWER:
            return Outcome.WRONG, words, None
        if alike.likeness == Likeness.SAME:
            return Outcome.KNOWN, words, None
    return Outcome.NEW, words, None


def like_by_number(bank: QuestionBank, entries: Sequence[Entry]) -> dict[int, tuple[Alike, str]]:
    """Which question of the bank, or which before it in the file, each good one is like."""
    good = [entry for entry in entries if entry.is_good]
    found = alike_in(bank, [entry.question for entry in good if entry.question is not None])
    return {good[place].number: pair for place, pair in found.items()}


class QuestionChecker:
    """One pass over a file of questions. What is alike is found once, for the whole file."""

    def __init__(self, sheet: SheetImport) -> None:
        self.sheet = sheet
        self.bank = QuestionBank.objects.select_related("organisation").get(pk=sheet.target_id or 0)
        self.like: dict[int, tuple[Alike, str]] | None = None
        self.keys: set[str] = set()
        self.written = 0

    def refusal(self) -> str:
        if not self.sheet.created_by.has_perm("lms.import_questions", self.bank):
            return _("Who sent this file no longer keeps this bank.")
        return ""

    def check(self, rows: Sequence[Row]) -> list[Verdict]:
        if self.like is None:
            self.like = like_by_number(self.bank, [_entry(row) for row in rows_of(self.sheet)])
        entries = [_entry(row) for row in rows]
        found = judged(self.bank, entries, self.like)
        return [self._verdict(*each) for each in zip(rows, entries, found, strict=True)]

    def _verdict(self, row: Row, entry: Entry, found: tuple[Outcome, Any, int | None]) -> Verdict:
        outcome, words, subject = found
        key = entry.question.key if entry.question else ""
        if outcome == Outcome.NEW and key:
            if key in self.keys:
                outcome, words = Outcome.WRONG, later(lambda: _(KEY_TAKEN) % {"key": key})
            self.keys.add(key)
        place = later(lambda: _("line %(line)s") % {"line": entry.line}) if entry.line else ""
        return Verdict(row, outcome, entry.label, place, words, subject, entry.question)

    def write(self, verdicts: Sequence[Verdict]) -> list[int]:
        questions = [verdict.payload for verdict in verdicts]
        made = add_questions(
            bank=self.bank, questions=questions, actor=self.sheet.created_by, state=QuestionState.IN_USE
        )
        self.written += len(made)
        return [row.pk for row in made]

    def finish(self) -> None:
        """One audit entry for all of them; then the bank is searched for questions that are alike."""
        _record(self.bank, self.written, self.sheet.created_by, self.sheet.title)
        find_alike(bank=self.bank, actor=self.sheet.created_by)


def _entry(row: Row) -> Entry:
    entry: Entry = row.entry  # type: ignore[attr-defined]
    return entry


def _record(bank: QuestionBank, number: int, actor: Asker | None, title: str) -> None:
    record(
        action="lms.import_questions",
        target=bank,
        actor=actor,
        organisation=bank.organisation,
        after={"questions": number, "file": title},
    )


def send_questions(
    *, bank: QuestionBank, upload: Any, chosen: Format, all_or_none: bool, actor: User
) -> SheetImport:
    """Send a file of questions: checked in the background, taken over by a second act (core.imports)."""
    return start_import(
        kind=PREFIX + chosen.name,
        organisation=bank.organisation,
        title=later(
            lambda: _("Questions for %(bank)s: %(file)s") % {"bank": bank.title_here, "file": upload.name}
        ),
        upload=upload,
        all_or_none=all_or_none,
        actor=actor,
        target_id=bank.pk,
    )


@transaction.atomic
def import_questions(
    *,
    bank: QuestionBank,
    entries: Sequence[Entry],
    actor: Asker | None = None,
    name: str = "",
    dry_run: bool = False,
) -> list[tuple[Entry, Outcome, str]]:
    """Take the good questions of a file over at once, for the command line; each with what became of it and why.

    A second time makes nothing twice. Side effects: rows and an audit entry, unless it is a dry run.
    """
    asked = [entry for entry in entries if not entry.is_note]
    QuestionBank.objects.select_for_update().get(pk=bank.pk)
    like = like_by_number(bank, asked)
    found: list[tuple[Entry, Outcome, str]] = []
    keys: set[str] = set()
    for start in range(0, len(asked), 500):
        piece = asked[start : start + 500]
        for entry, (outcome, words, _subject) in zip(piece, judged(bank, piece, like), strict=True):
            key = entry.question.key if entry.question else ""
            if outcome == Outcome.NEW and key and key in keys:
                outcome, words = Outcome.WRONG, _(KEY_TAKEN) % {"key": key}
            keys.add(key)
            found.append((entry, outcome, str(words)))
    new = [entry.question for entry, outcome, _words in found if outcome == Outcome.NEW and entry.question]
    if new and not dry_run:
        add_questions(bank=bank, questions=new, actor=actor or _nobody(), state=QuestionState.IN_USE)
        _record(bank, len(new), actor, name)
    return found


def _nobody() -> Asker:
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


def _bank_place(sheet: SheetImport) -> Place | None:
    bank = QuestionBank.objects.filter(pk=sheet.target_id or 0).first()
    return Place(bank.title_here, reverse("questions:bank", args=[bank.pk])) if bank is not None else None


def _mend_address(sheet: SheetImport, number: int) -> str:
    return reverse("questions:mend", args=[sheet.pk, number])


def entry_of(sheet: SheetImport, number: int) -> Entry | None:
    """A question of a file that was sent, by its number there. Raises SheetRefused when the file is no longer kept."""
    return next((_entry(row) for row in rows_of(sheet) if row.number == number), None)


@transaction.atomic
def mend_question(*, sheet: SheetImport, number: int, question: Question, actor: Asker) -> BankQuestion:
    """Keep a question that was wrong in a file, as somebody has put it right, as a draft of the bank. Raises QuestionRefused.

    Side effects: as of `add_question`; the row of the file is taken over.
    """
    bank = QuestionBank.objects.select_related("organisation").get(pk=sheet.target_id or 0)
    row = add_question(bank=bank, question=question, actor=actor)
    settle_line(sheet=sheet, number=number, subject_id=row.pk)
    return row


def _reader(chosen: Format) -> Any:
    return lambda file: rows_in(file, chosen)


for name, chosen in FORMATS.items():
    import_kind(
        Kind(
            key=PREFIX + name,
            columns=COLUMNS,
            checker=QuestionChecker,
            place=_bank_place,
            then=_bank_place,
            rows=_reader(chosen),
            is_authored=True,
            mend=_mend_address,
        )
    )
