"""What a row of an officer's table says of a certificate."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.imports.kinds import later
from core.imports.reading import COLUMNS as PEOPLE_COLUMNS
from core.imports.reading import RowWrong, heading
from core.sheets.reading import Column, Row, is_rounded
from core.sheets.words import list_words
from credentials.qualifications.models import QualificationLevel
from credentials.qualifications.policy import Said, plain_number

HOLDER = tuple(column for column in PEOPLE_COLUMNS if column.name in ("name", "phone", "email", "id_number", "id_type"))  # fmt: skip
COLUMNS = (
    *HOLDER,
    Column("level", ("级别", "证书级别", "资格级别", "Level")),
    Column("number", ("证书编号", "管理号", "证书号", "Certificate number")),
    Column("issued_on", ("发证日期", "批准日期", "签发日期", "Issue date")),
    Column("exam_year", ("考试年份", "考试年度", "Exam year"), required=False),
)

POINT = re.compile(
    r"(?<=[0-9])\.0$", re.ASCII
)  # programs write a number that they have read as a quantity so


def named(column: str) -> Any:
    """The heading of a column of this table, in the reader's language."""
    if column not in ("level", "number", "issued_on", "exam_year"):
        return heading(column)
    words = {
        "level": gettext_lazy("Level"),
        "number": gettext_lazy("Certificate number"),
        "issued_on": gettext_lazy("Issue date"),
        "exam_year": gettext_lazy("Exam year"),
    }
    return words[column]


class SaidReader:
    """Reads the columns of the certificate; the levels are looked up once."""

    def __init__(self) -> None:
        self.levels = _levels()

    def read(self, row: Row) -> tuple[QualificationLevel, Said] | RowWrong:
        """The level and what is said of the certificate, or all that is wrong with the row."""
        faults: list[RowWrong] = []
        level = self.levels.get(row["level"])
        if level is None:
            faults.append(RowWrong(named("level"), later(lambda: self._unknown_level(row["level"]))))
        number = plain_number(POINT.sub("", row["number"]))
        if is_rounded(row["number"]):
            words = gettext_lazy(
                "The spreadsheet has turned this number into a quantity, and its last digits are lost. Format the column as text and enter it again."
            )
            faults.append(RowWrong(named("number"), words))
        elif not number or len(number) > 40:
            faults.append(RowWrong(named("number"), gettext_lazy("A certificate number has 4 to 40 signs.")))
        issued = _day(row["issued_on"])
        if issued is None:
            faults.append(
                RowWrong(named("issued_on"), gettext_lazy("This is no date. Write it as 2021-09-01."))
            )
        year = _year(row["exam_year"])
        if year is False:
            faults.append(RowWrong(named("exam_year"), gettext_lazy("Write the year with four digits.")))
        if faults:
            return RowWrong.all(faults)
        assert level is not None and issued is not None
        return level, Said(number, issued, year or None)

    def _unknown_level(self, said: str) -> str:
        if not said:
            return _("This is missing.")
        names = list_words(dict.fromkeys(level.name for level in self.levels.values()))
        return _("This level is not known: %(said)s. You can write: %(allowed)s.") % {
            "said": said[:40],
            "allowed": names,
        }


def _levels() -> dict[str, QualificationLevel]:
    """Every name and code by which a level in use is written."""
    found: dict[str, QualificationLevel] = {}
    for level in QualificationLevel.objects.active().prefetch_related("terms"):
        names = [level.code, level.name, level.name_en, *(terms.name for terms in level.terms.all())]
        found |= {name: level for name in names if name}
    return found


def _day(said: str) -> date | None:
    numbers = re.findall(r"[0-9]+", unicodedata.normalize("NFKC", said))
    if len(numbers) == 1 and len(numbers[0]) == 8:
        numbers = [numbers[0][:4], numbers[0][4:6], numbers[0][6:]]
    try:
        return date(*map(int, numbers[:3])) if len(numbers) >= 3 and len(numbers[0]) == 4 else None
    except (ValueError, OverflowError):
        return None


def _year(said: str) -> int | bool | None:
    """The year, None where none is said, False where it is none."""
    if not said:
        return None
    found = re.fullmatch(r"([0-9]{4})年?", unicodedata.normalize("NFKC", said))
    return int(found[1]) if found else False
