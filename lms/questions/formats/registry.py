"""The formats by name: how each is read and written, and the endings of its files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _

from lms.questions.formats import aiken, gift, gift_writing, moodle, moodle_writing, word, word_writing, xlsx
from lms.questions.formats.results import Entry, FileRefused, Written
from lms.questions.policy import Question


@dataclass(frozen=True)
class Format:
    """One format. The first ending is that of files that are written."""

    name: str
    label: str  # a name of its own in every language
    endings: tuple[str, ...]
    content_type: str
    read: Callable[[bytes], Iterator[Entry]]
    write: Callable[[Sequence[Question]], Written]


OFFICE = "application/vnd.openxmlformats-officedocument."
FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("xlsx", "XLSX", (".xlsx", ".csv"), f"{OFFICE}spreadsheetml.sheet", xlsx.read, xlsx.write),
        Format("gift", "GIFT", (".gift",), "text/plain; charset=utf-8", gift.read, gift_writing.write),
        Format("aiken", "Aiken", (".aiken",), "text/plain; charset=utf-8", aiken.read, aiken.write),
        Format("moodle-xml", "Moodle XML", (".xml",), "application/xml", moodle.read, moodle_writing.write),
        Format(
            "word", "Word", (".docx",), f"{OFFICE}wordprocessingml.document", word.read, word_writing.write
        ),
    )
}


def format_named(name: str) -> Format:
    """Raises KeyError for a name that is none."""
    return FORMATS[name]


def format_of(filename: str, content: bytes) -> Format:
    """The format by the ending of the file; of a .txt by what stands in it. Raises FileRefused for any other."""
    ending = PurePath(filename).suffix.lower()
    for each in FORMATS.values():
        if ending in each.endings:
            return each
    if ending in (".txt", ".text", ""):
        return FORMATS["gift" if b"{" in content else "aiken"]
    endings = " ".join(ending for each in FORMATS.values() for ending in each.endings)
    raise FileRefused(
        _("Files with this ending are not known. Known are: %(endings)s.") % {"endings": endings}
    )


def read_all(content: bytes, chosen: Format) -> list[Entry]:
    """All questions of a file. Raises FileRefused when it cannot be read as a whole, or holds none."""
    entries = list(chosen.read(content))
    if not entries:
        raise FileRefused(_("No question was found in this file. Check that the format is the right one."))
    return entries
