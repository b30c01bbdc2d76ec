"""Serial numbers, verification codes, and what a certificate is worth on a day."""

from __future__ import annotations

import calendar
import datetime
import re
import secrets
import unicodedata
from dataclasses import dataclass

from credentials.qualifications.policy import last_day_of

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U: read aloud and typed from paper
CODE_LENGTH = 20  # 30^20 is 98 bits
CERTIFICATE, STATEMENT = PREFIXES = ("XH", "XS")  # what a serial begins with
RENEWAL_MONTHS = 3
_MODULUS = 29  # a prime below the alphabet's size: every single slip and every swap of neighbours shows


def new_code() -> str:
    """An unguessable code of 98 bits from the system's random source."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def clean_code(raw: str) -> str:
    """What somebody typed or scanned, brought to the form of a code: capitals, no spaces or hyphens, half width."""
    half = "".join(chr(ord(char) - 0xFEE0) if 0xFF01 <= ord(char) <= 0xFF5E else char for char in raw)
    return "".join(char for char in half.upper() if char.isalnum())[: CODE_LENGTH * 2]


def grouped_code(code: str) -> str:
    """The code in groups of five, for reading."""
    return "-".join(code[at : at + 5] for at in range(0, len(code), 5))


def serial_of(year: int, number: int, prefix: str = CERTIFICATE) -> str:
    """The human serial: XH, year, running number, check character (`XH-2026-000123-C`); XS for hours statements."""
    digits = f"{year:04}{number:06}"
    return f"{prefix}-{year:04}-{number:06}-{check_character(digits)}"


def check_character(digits: str) -> str:
    """A weighted sum modulo 29: a mistyped digit or two swapped neighbours give another character."""
    total = sum((place + 1) * int(digit) for place, digit in enumerate(reversed(digits)))
    return ALPHABET[total % _MODULUS]


def is_serial(text: str, *prefixes: str) -> bool:
    """Whether this has the form of a serial (with one of these prefixes; any of ours) and its check character fits."""
    parts = text.strip().upper().split("-")
    if len(parts) != 4 or parts[0] not in (prefixes or PREFIXES) or len(parts[1]) != 4 or len(parts[2]) < 6:
        return False
    digits = parts[1] + parts[2]
    return digits.isascii() and digits.isdigit() and parts[3] == check_character(digits)


def split_typed(text: str) -> tuple[str, str]:
    """What a visitor typed or scanned, as (serial, code), each in its form or "" where it is missing.

    Takes the code alone, the serial and the code in any order, and the whole address from the QR picture.
    """
    serial, rest = "", []
    address = re.split(r"[?#]", text.strip(), maxsplit=1)[0]
    for part in address.rstrip("/").rsplit("/", 1)[-1].split():
        if is_serial(part):
            serial = part.upper()
        else:
            rest.append(part)
    return serial, clean_code("".join(rest))


def verdict_on(state: str, expires_on: datetime.date | None, today: datetime.date) -> str:
    """What the certificate is worth today: valid, expired, revoked or replaced. The last day still counts."""
    if state != "valid":
        return state
    return "expired" if expires_on is not None and today > expires_on else "valid"


def last_day(issued_on: datetime.date, years: int | None) -> datetime.date | None:
    """The last day on which a certificate of that many calendar years is valid; None when it has no end.

    Issued on 25 November 2026 for three years, it is valid until 24 November 2029.
    """
    return None if years is None else last_day_of(issued_on, years)


@dataclass(frozen=True)
class Renewal:
    """From which day a certificate may be renewed, and the last day of the next term."""

    from_day: datetime.date
    until: datetime.date


def renewal_of(
    issued_on: datetime.date, expires_on: datetime.date | None, years: int | None, today: datetime.date
) -> Renewal | None:
    """The next term of a certificate that ends: as long as the last one, and no day of that is lost by renewing early.

    It opens three months before the last day. Of one that has ended the new term begins today. `years` is what was frozen
    at issue; older certificates show it by their days. None for one that has no end.
    """
    if expires_on is None:
        return None
    ends = expires_on + datetime.timedelta(days=1)
    term = years or max(1, ends.year - issued_on.year)
    return Renewal(months_before(expires_on, RENEWAL_MONTHS), last_day_of(max(today, ends), term))


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day so many calendar months earlier; where that month is shorter, its last day."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def same_name(typed: str, printed: str) -> bool:
    """Whether a visitor typed the name that is printed; spaces, case, width, unseen signs, the radicals that PDF files are
    copied with and the kind of middle dot do not matter."""
    return _plain(typed) == _plain(printed) != ""


def _plain(name: str) -> str:
    dots = str.maketrans(dict.fromkeys("•・‧∙●.⋅᛫", "·"))
    wide = unicodedata.normalize("NFKC", name).translate(dots).replace("’", "'")
    return "".join(char for char in wide if not _is_unseen(char)).casefold()


def _is_unseen(char: str) -> bool:
    """Spaces, signs without a shape, and those that only choose a form of the character before them."""
    chooses = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return char.isspace() or chooses or unicodedata.category(char) in ("Cc", "Cf")
