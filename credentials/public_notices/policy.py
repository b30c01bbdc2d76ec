"""What a public notice may say, when it ends, and what becomes of its lines. No Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from core.calendars.policy import is_working

MOST_DAYS = 90
MOST_LINES = 2000


@dataclass(frozen=True)
class NoticeLine:
    """One line: `key` is the owner's own word for it and is shown to nobody; the rest is shown to everybody."""

    key: str
    name: str
    unit: str
    title: str
    amount: Decimal | None = None


class Secret(StrEnum):
    """What a text gives away that no public page may."""

    ID = "id"
    BANK = "bank"
    PHONE = "phone"
    NUMBER = "number"  # too long for anything that belongs here, and nobody can say what it is


# --- What may be said -----------------------------------------------------------------------------------------

_CHINESE_DIGITS = str.maketrans(
    "〇零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖貳參叄陸", "00123456789121234567892336"
)
# Letters that look like nothing at all; and marks that stand between things, or around a year, and in no number.
_INVISIBLE = "\u115f\u1160\u2800\u3164\uffa0"
_BETWEEN_THINGS = "、；;。！!？?〔〕《》"
# What people put between the digits of a number.
_BETWEEN = r"\s\-‐‑‒–—―−.·•_/,()+'~*:|#="
_RUN = re.compile(rf"[0-9A-Z](?:[{_BETWEEN}]*[0-9A-Z])*")
_YEAR = r"(?:19|20)[0-9]{2}"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
_DATE = rf"{_YEAR}(?:[\-./]{_MONTH}(?:[\-./]{_DAY})?|(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])?)?"
_DATES = re.compile(rf"\(?{_DATE}(?:\s*[\-–—~/,]\s*{_DATE})?\)?")
# Letters and digits of passports, permits to the mainland and residence cards (core.people.policy knows their forms).
_DOCUMENT = re.compile(r"[A-Z]{1,3}[0-9]{7,12}|[A-Z]{3}[0-9]{12}|[HM]A[0-9]{7}")
# Letters that a digit is taken for, and the letters of other scripts that look like these (all of them upper case here).
_AS_LATIN = str.maketrans("\u041e\u039f\u0406\u04c0\u0399", "OOIII")
_LOOKALIKES = str.maketrans("OIL", "011")
_DISGUISED = re.compile(r"[0-9OIL]{11,}X?")
_BORN = rf"[1-9][0-9]{{5}}{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{{3}}[0-9X]"
# What is found where the letters are read as digits, and which share of its signs may be letters at most: an ID number says
# by its day of birth what it is, of a long number of a bank nearly all has to be digits.
_READ_SO = (
    (Secret.ID, re.compile(_BORN), 0.5),
    (Secret.PHONE, re.compile(r"(?<![0-9])(?:0{0,2}86)?1[3-9][0-9]{9}(?![0-9])"), 0.28),
    (Secret.BANK, re.compile(r"[0-9]{12,}"), 0.17),
)
# A landline or a service number of an office; whoever writes a mobile number writes a person's.
_OFFICE = re.compile(
    r"(?<!\d)(?<!\d[\s\-])(?:\(?0(?:10|2\d|[3-9]\d\d)\)?[\s\-]?\d{7,8}(?:\s?(?:转|-)\s?\d{1,5})?|[48]00[\s\-]?\d{3}[\s\-]?\d{4})(?!\d)(?![\s\-]\d)"
)


def secret_in(text: str) -> Secret | None:
    """The kind of number in `text` that no public page may carry, None when there is none.

    Found in any width and script of digits, with spaces, dashes, dots or brackets between them, and with O for 0 and I or l
    for 1 where the rest is an ID number, a mobile number or a bank account. Strict: eight digits
    in a row that are no day and no years are refused even when nobody can say what they are.
    """
    plain = _plain(text)
    chinese = plain.translate(_CHINESE_DIGITS)
    return _secret(plain) or (_secret(chinese) if chinese != plain else None)


def secret_in_contact(text: str) -> Secret | None:
    """The same for how an office is reached: its landline and service numbers may stand there."""
    return secret_in(_OFFICE.sub(" 处 ", _plain(text)))


def _plain(text: str) -> str:
    """Half-width, upper case, Latin digits, without invisible marks; brackets, quotes and signs as spaces."""
    half = unicodedata.normalize("NFKC", text).upper().translate(_AS_LATIN)
    return "".join(
        str(digit) if (digit := _digit(letter)) >= 0 else " " if _is_sign(letter) else letter
        for letter in half
        if letter not in _INVISIBLE
        and (unicodedata.category(letter) not in ("Cf", "Cc", "Mn", "Me") or letter in "\t\n\r")
    )


def _digit(letter: str) -> int:
    """The value of a digit of whatever script, also of one that Unicode calls a number only (〡, 𝍠); -1 where it is none."""
    if letter.isdigit():
        return unicodedata.digit(letter)
    value = unicodedata.numeric(letter, -1) if unicodedata.category(letter) in ("Nl", "No") else -1
    return int(value) if value in range(10) else -1


def _is_sign(letter: str) -> bool:
    """A bracket, quote, dash or picture that may stand within a number as well as a space may."""
    known = letter in "-‐‑‒–—―−.·•_/,()+~*:|#='" or letter in _BETWEEN_THINGS
    return not known and unicodedata.category(letter)[0] in "PS"


def _secret(plain: str) -> Secret | None:
    for found in _RUN.finditer(plain):
        if not _DATES.fullmatch(found[0]):
            joined = re.sub(rf"[{_BETWEEN}]", "", found[0])
            if kind := _kind(joined):
                return kind
    return None


def _kind(joined: str) -> Secret | None:
    if re.search(r"(?<![0-9])(?:[0-9]{17}[0-9X]|[0-9]{15})(?![0-9])", joined):
        return Secret.ID
    if re.search(r"(?<![0-9])(?:0{0,2}86)?1[3-9][0-9]{9}(?![0-9])", joined):
        return Secret.PHONE
    if re.search(r"[0-9]{12,}", joined):
        return Secret.BANK
    if kind := _disguised(joined):
        return kind
    if _DOCUMENT.search(joined):
        return Secret.ID
    return Secret.NUMBER if re.search(r"[0-9]{8}", joined) else None


def _disguised(joined: str) -> Secret | None:
    """A number in which letters stand for the digits that they look like."""
    for found in _DISGUISED.finditer(joined):
        read = found[0].translate(_LOOKALIKES)
        for kind, form, share in _READ_SO:
            for match in form.finditer(read):
                letters = sum(sign in "OIL" for sign in found[0][match.start() : match.end()])
                if letters <= share * len(match[0]):
                    return kind
    return None


@dataclass(frozen=True)
class Fault:
    """Why a line cannot be shown: the number of the line from 1, the field, and what is in it ("" for an empty name)."""

    position: int
    field: str
    secret: Secret | None


def faults_of(lines: Iterable[NoticeLine]) -> list[Fault]:
    """Everything that keeps these lines from being shown."""
    found: list[Fault] = []
    for position, line in enumerate(lines, start=1):
        if not line.name.strip():
            found.append(Fault(position, "name", None))
        said = ((field, secret_in(getattr(line, field))) for field in ("name", "unit", "title"))
        found += [Fault(position, field, secret) for field, secret in said if secret]
    return found


# --- When it ends ---------------------------------------------------------------------------------------------


def last_day(
    starts_on: date, days: int, *, working: bool, holidays: Collection[date], worked: Collection[date] = ()
) -> date:
    """The last day on which an objection is taken.

    The day of the posting is not counted: the period begins with the next one (Civil Code, article 201). Of working days,
    Saturdays, Sundays and `holidays` are none, but for weekends that are `worked`; where a period of calendar days ends on
    such a day, it ends on the next working day (article 203). Raises ValueError unless 1 ≤ days ≤ MOST_DAYS.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"a notice of {days} days")
    day, left = starts_on, days
    while left:
        day += timedelta(days=1)
        left -= is_working(day, holidays, worked) if working else 1
    while not is_working(day, holidays, worked):
        day += timedelta(days=1)
    return day


def days_looked_at(starts_on: date, days: int) -> list[date]:
    """All days among which the last one is certain to lie."""
    return [starts_on + timedelta(days=number) for number in range(days * 2 + 60)]


# --- What becomes of the lines --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """One objection: `line` is None when it is about the whole notice."""

    line: int | None
    is_open: bool
    is_upheld: bool


def outcomes(lines: Iterable[int], objections: Collection[Said]) -> Mapping[int, bool]:
    """Of the lines (by number of the row) those that nothing keeps any more: True when cleared, False when upheld.

    A line waits as long as an objection to it, or to the whole notice, is open; one upheld is enough against it.
    """
    found: dict[int, bool] = {}
    for line in lines:
        about = [one for one in objections if one.line is None or one.line == line]
        if not any(one.is_open for one in about):
            found[line] = not any(one.is_upheld for one in about)
    return found
