"""What a file is: judged by its bytes, and by the registry of what was issued."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.times import day as day_words
from credentials.certificates.models import Certificate
from credentials.certificates.queries import Answer, look_up, look_up_file
from credentials.certificates.states import Verdict
from credentials.signatures.policy import Inspected
from credentials.signatures.queries import OurSignature, our_signature
from credentials.statements.models import HoursStatement
from credentials.statements.queries import StatementAnswer, look_up_statement, statement_of_file
from credentials.statements.states import StatementVerdict
from credentials.verifying.states import MARKS, FileVerdict

CODE_IN_FILE = re.compile(rb"code=([0-9A-Za-z-]{20,30})")  # among the keywords of every paper of ours
PDF_HEAD = 1024  # readers look for %PDF- in so many bytes


@dataclass(frozen=True)
class Paper:
    """What was issued, as it may be shown to anybody: its answer of today, and its facts with the name masked."""

    word: str
    is_good: bool
    mark: str
    facts: tuple[tuple[str, str], ...]
    code: str = ""  # leads to the page where a name may be compared
    is_sample: bool = False


@dataclass(frozen=True)
class FileAnswer:
    """The verdict on a file, with a sentence for everything that does not fit, and the paper that it is or names."""

    verdict: FileVerdict
    findings: tuple[str, ...] = ()
    paper: Paper | None = None
    sha256: str = ""

    @property
    def mark(self) -> str:
        """The look: a genuine file of a paper that is worth nothing today does not look good."""
        if self.paper is not None and (self.verdict == FileVerdict.GENUINE or self.is_worthless):
            return self.paper.mark
        return MARKS[self.verdict]

    @property
    def is_worthless(self) -> bool:
        """Ours and unchanged, and yet its paper is worth nothing today."""
        is_ours = self.verdict in (FileVerdict.GENUINE, FileVerdict.OLD)
        return is_ours and self.paper is not None and not self.paper.is_good

    @property
    def title(self) -> str:
        """The verdict; of a file of ours whose paper is worth nothing today, that too: whoever reads no further knows."""
        if self.paper is not None and self.is_worthless:
            words = _("%(verdict)s. Today: %(word)s")
            return words % {"verdict": self.verdict.label, "word": self.paper.word}
        return str(self.verdict.label)


Reader = Callable[[bytes], FileAnswer | None]
_readers: list[Reader] = []


def read_files_by(reader: Reader) -> None:
    """Let `reader` judge files too. It gets the bytes and answers None for a kind of file that is not its own.

    It is called for whatever anybody uploads: it must neither raise nor fetch anything. Called twice it stands once.
    """
    if reader not in _readers:
        _readers.append(reader)


def judge_file(content: bytes) -> FileAnswer:
    """The verdict on any file: by whoever knows its kind, else it is none of ours. Nothing of it is kept."""
    for reader in (judge_pdf, *_readers):
        if (answer := reader(content)) is not None:
            return answer
    return FileAnswer(
        FileVerdict.FOREIGN,
        (_("This is no kind of file that is issued here."),),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def judge_pdf(content: bytes) -> FileAnswer | None:
    """A PDF: by the hash of the whole file, else by the signature in it, else by the code that it names."""
    if b"%PDF-" not in content[:PDF_HEAD]:
        return None
    digest = hashlib.sha256(content).hexdigest()
    if found := look_up_file(digest) or statement_of_file(digest):
        return _issued(found, digest)
    ours = our_signature(content)
    claimed = CODE_IN_FILE.search(content)
    paper = paper_of_code(claimed.group(1).decode("ascii")) if claimed else None
    if ours is None and paper is None:
        return FileAnswer(
            FileVerdict.FOREIGN, (_("It carries no signature of ours and no code of ours."),), sha256=digest
        )
    if ours is None:
        return FileAnswer(FileVerdict.TAMPERED, (_("Our signature is missing."), _differs()), paper, digest)
    return FileAnswer(_verdict(ours), tuple(_findings(ours, paper)), paper, digest)


def _issued(found: Certificate | HoursStatement, digest: str) -> FileAnswer:
    if isinstance(found, HoursStatement):
        return FileAnswer(
            FileVerdict.GENUINE, (), _statement_paper(look_up_statement(found.code, digest=digest)), digest
        )
    answer = look_up(found.code, digest=digest)
    if answer.file_is_old:
        words = _("The facts are the same; ask the holder for the newer file if you need its looks.")
        return FileAnswer(FileVerdict.OLD, (words,), _certificate_paper(answer), digest)
    return FileAnswer(FileVerdict.GENUINE, (), _certificate_paper(answer), digest)


def _verdict(ours: OurSignature) -> FileVerdict:
    if not ours.found.is_intact or ours.found.appended:
        return FileVerdict.TAMPERED
    return FileVerdict.SIGNED if ours.key.is_trusted else FileVerdict.WITHDRAWN


def _findings(ours: OurSignature, paper: Paper | None) -> list[str]:
    """Everything that does not fit, in a sentence each."""
    said = _signature_words(ours.found)
    if not ours.key.is_trusted:
        said.append(_("The key that signed it was withdrawn: the signature proves nothing."))
    said.append(_differs())
    if paper is None:
        said.append(_("It names no code of ours."))
    return said


def _signature_words(found: Inspected) -> list[str]:
    said = []
    if found.is_cut:
        said.append(_("Its end is missing."))
    elif not found.is_intact:
        said.append(_("The part that was signed has been changed: the signature does not fit it."))
    if found.appended:
        words = ngettext(
            "%(number)s byte was added after the signature.",
            "%(number)s bytes were added after the signature.",
            found.appended,
        )
        said.append(words % {"number": found.appended})
    return said


def _differs() -> str:
    return _("Its SHA-256 is not that of any file that was issued.")


def paper_of_code(code: str) -> Paper | None:
    """The paper that has this code, whatever became of it."""
    statement = look_up_statement(code)
    if statement.statement is not None:
        return _statement_paper(statement)
    answer = look_up(code)
    return None if answer.certificate is None else _certificate_paper(answer)


def _certificate_paper(answer: Answer) -> Paper:
    found = answer.certificate
    assert found is not None
    until = day_words(found.expires_on) if found.expires_on else _("no end date")
    return Paper(
        word=str(answer.verdict.label),
        is_good=answer.verdict == Verdict.VALID,
        mark=answer.verdict.value,
        facts=(
            (_("Holder"), answer.masked_name),
            (_("Course"), found.title_here),
            (_("Issued by"), found.facts.get("issuer", "")),
            (_("Issued on"), day_words(found.issued_on)),
            (_("Valid until"), until),
            (_("Serial number"), found.serial),
        ),
        code=found.code,
        is_sample=bool(found.facts.get("watermark")),
    )


def _statement_paper(answer: StatementAnswer) -> Paper:
    found = answer.statement
    assert found is not None
    good = answer.verdict == StatementVerdict.GENUINE
    return Paper(
        word=str(answer.verdict.label),
        is_good=good,
        mark="valid" if good else "replaced",
        facts=(
            (_("Holder"), answer.masked_name),
            (_("Hours"), str(found.facts.get("total_hours", ""))),
            (_("Issued by"), found.facts.get("issuer", "")),
            (_("Issued on"), day_words(found.issued_on)),
            (_("Serial number"), found.serial),
        ),
        code=found.code,
        is_sample=bool(found.facts.get("watermark")),
    )
