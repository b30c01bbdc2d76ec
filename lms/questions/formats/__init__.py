from lms.questions.formats import labels, xlsx
from lms.questions.formats.registry import FORMATS, Format, format_named, format_of, read_all
from lms.questions.formats.results import Entry, FileRefused, Loss, Written
from lms.questions.formats.words import (
    DIFFICULTY_WORDS,
    KIND_WORDS,
    likeness_words,
    loss_words,
    words_of,
)

__all__ = [
    "DIFFICULTY_WORDS",
    "FORMATS",
    "KIND_WORDS",
    "Entry",
    "FileRefused",
    "Format",
    "Loss",
    "Written",
    "format_named",
    "format_of",
    "labels",
    "likeness_words",
    "loss_words",
    "read_all",
    "words_of",
    "xlsx",
]
