"""A round as a folder of tables: read with every fault named by file, line and field, and written whole or not at all.
Knows no Django, so that a process of its own can be small (see worker.py)."""

from supervision.matching.files.allpairs import read_all_pairs
from supervision.matching.files.market import check_folders, read_areas, read_earlier, read_market, too_wide
from supervision.matching.files.results import (
    curve_file,
    price_words,
    reason_words,
    shortage_file,
    why_file,
    why_words,
    words_file,
    write_result,
    write_round,
)
from supervision.matching.files.tables import TableFault
from supervision.matching.files.words import speak

__all__ = [
    "TableFault",
    "check_folders",
    "curve_file",
    "price_words",
    "read_all_pairs",
    "read_areas",
    "read_earlier",
    "read_market",
    "reason_words",
    "shortage_file",
    "speak",
    "too_wide",
    "why_file",
    "why_words",
    "words_file",
    "write_result",
    "write_round",
]
