"""What may be kept about a person, and how it is shown: identity numbers, telephone and bank numbers, names.

Every fault is a machine code; the forms put it into words. People of the demonstration data are nobody's: their
identity numbers lie in the unassigned region 120199 (valid, with a warning), while their telephone numbers begin
with 120 and their bank numbers break the Luhn check, so `normalise_mobile` and `bank_number_ok` refuse them on
purpose. The demonstration writes such rows without asking here.
"""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.people.names import HAN, MIDDLE_DOT
from core.people.surnames import surname_length

MAX_AGE_YEARS = 120
MAX_NAME_LENGTH = 60


class IdType(StrEnum):
    """Documents a person may be identified by; the values are stored."""

    RESIDENT_ID = "resident_id"  # 居民身份证
    HK_MACAO_PERMIT = "hk_macao_permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    HK_MACAO_TAIWAN_RESIDENCE = "hk_macao_taiwan_residence"  # 港澳台居民居住证
    PASSPORT = "passport"  # 护照
    FOREIGN_RESIDENCE = "foreign_residence"  # 外国人永久居留身份证


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class IdError(StrEnum):
    """Why a number cannot be what it claims to be."""

    EMPTY = "empty"
    LENGTH = "length"
    CHARACTERS = "characters"
    LENGTH_15 = "length_15"  # the form abolished on 1 January 2013
    OTHER_ID_TYPE = "other_id_type"  # the leading digits belong to another kind of document
    BIRTH_DATE_IMPOSSIBLE = "birth_date_impossible"
    BIRTH_DATE_FUTURE = "birth_date_future"
    TOO_OLD = "too_old"
    CHECK_DIGIT = "check_digit"


class IdWarning(StrEnum):
    """What to look at again, though the number may be right."""

    REGION_UNKNOWN = "region_unknown"


class PhoneError(StrEnum):
    EMPTY = "empty"
    CHARACTERS = "characters"
    LENGTH = "length"
    FOREIGN = "foreign"
    PREFIX = "prefix"


class PersonNameError(StrEnum):
    EMPTY = "empty"
    TOO_LONG = "too_long"
    CONTROL = "control"
    BIDI = "bidi"
    EMOJI = "emoji"
    FORMULA = "formula"
    MARKUP = "markup"
    PRIVATE_USE = "private_use"  # a rare character typed on an old system; it prints as nothing elsewhere
    CHARACTERS = "characters"


@dataclass(frozen=True, slots=True)
class IdCheck:
    """The decision on one number. Birth date and sex are given only for a number without errors that holds them."""

    id_type: IdType
    value: str
    errors: tuple[IdError, ...] = ()
    warnings: tuple[IdWarning, ...] = ()
    birth_date: date | None = None
    sex: Sex | None = None

    @property
    def is_valid(self) -> bool:
        return not self.errors


_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Spaces, dashes and the invisible marks that phones and spreadsheets paste along with a number.
_SEPARATORS = re.compile(r"[\s\-\u00ad\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_RESIDENCE_REGIONS = ("810000", "820000", "830000")
_RESIDENCE_PROVINCES = ("81", "82", "83")
_EIGHTEEN = (IdType.RESIDENT_ID, IdType.HK_MACAO_TAIWAN_RESIDENCE)


def normalise_number(raw: str) -> str:
    """The number as it is stored: half-width, upper case, without spaces, dashes and invisible marks."""
    return _SEPARATORS.sub("", raw.translate(_FULL_WIDTH)).upper()


def check_character(first_seventeen: str) -> str:
    """The last character of an 18-character identity number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def check_id_number(
    id_type: IdType | str, raw: str, *, today: date, known_regions: AbstractSet[str] | None = None
) -> IdCheck:
    """Decide whether `raw` can be a number of that document, and read from it what it says.

    `known_regions` are county codes; a resident number of another region is only warned about, because it keeps
    the code of its first registration for life. Raises ValueError for an unknown `id_type`, never for `raw`.
    Rules: GB 11643-1999; the number rules that the Ministry of Public Security published for travel permits
    (2010, 2024) and the National Immigration Administration for residence cards (2018, 2023).
    """
    id_type, value = IdType(id_type), normalise_number(raw)
    if not value:
        return IdCheck(id_type, value, (IdError.EMPTY,))
    if id_type in _EIGHTEEN or (id_type is IdType.FOREIGN_RESIDENCE and value[0].isdigit()):
        return _check_eighteen(id_type, value, today, known_regions)
    if id_type is IdType.FOREIGN_RESIDENCE:
        return _check_old_foreign_residence(value)
    lengths, pattern = _PERMITS[id_type]
    if len(value) not in lengths:
        return IdCheck(id_type, value, (IdError.LENGTH,))
    if not re.fullmatch(pattern, value):
        return IdCheck(id_type, value, (IdError.CHARACTERS,))
    if id_type is IdType.HK_MACAO_PERMIT:
        # The first nine are the holder's for life; two more on older cards only count the replacements.
        value = value[:9]
    return IdCheck(id_type, value)


# Lengths and pattern. HA/MA: permits of residents who are not Chinese nationals, from 10 July 2024.
_PERMITS: dict[IdType, tuple[AbstractSet[int], str]] = {
    IdType.HK_MACAO_PERMIT: ({9, 11}, r"[HM]([0-9]{8}|[0-9]{10}|A[0-9]{7})"),
    IdType.TAIWAN_PERMIT: ({8}, r"[0-9]{8}"),
    IdType.PASSPORT: (set(range(5, 18)), r"(?=.*[0-9])[0-9A-Z]+"),
}


def _check_eighteen(
    id_type: IdType, value: str, today: date, known_regions: AbstractSet[str] | None
) -> IdCheck:
    if len(value) != 18:
        old = id_type is IdType.RESIDENT_ID and re.fullmatch(r"[0-9]{15}", value)
        return IdCheck(id_type, value, (IdError.LENGTH_15 if old else IdError.LENGTH,))
    if not re.fullmatch(r"[0-9]{17}[0-9X]", value):
        return IdCheck(id_type, value, (IdError.CHARACTERS,))
    errors = [] if _belongs_to(id_type, value) else [IdError.OTHER_ID_TYPE]
    birth_date = _date_of(value[6:14])
    if error := _birth_date_error(birth_date, today):
        errors.append(error)
    if check_character(value[:17]) != value[17]:
        errors.append(IdError.CHECK_DIGIT)
    if errors:
        return IdCheck(id_type, value, tuple(errors))
    is_unknown = (
        id_type is IdType.RESIDENT_ID and known_regions is not None and value[:6] not in known_regions
    )
    return IdCheck(
        id_type,
        value,
        warnings=(IdWarning.REGION_UNKNOWN,) if is_unknown else (),
        birth_date=birth_date,
        sex=Sex.MALE if int(value[16]) % 2 else Sex.FEMALE,
    )


def _check_old_foreign_residence(value: str) -> IdCheck:
    """Cards issued before 1 December 2023: country (3 letters), region (4), birth (YYMMDD), sequence, check digit.

    The century is not in the number, so no birth date is read; the check digit's rule is not public and not tested.
    """
    errors: tuple[IdError, ...] = ()
    if len(value) != 15:
        errors = (IdError.LENGTH,)
    elif not re.fullmatch(r"[A-Z]{3}[0-9]{12}", value):
        errors = (IdError.CHARACTERS,)
    elif not any(_date_of(century + value[7:13]) for century in ("19", "20")):
        errors = (IdError.BIRTH_DATE_IMPOSSIBLE,)
    return IdCheck(IdType.FOREIGN_RESIDENCE, value, errors)


def _belongs_to(id_type: IdType, value: str) -> bool:
    if id_type is IdType.HK_MACAO_TAIWAN_RESIDENCE:
        return value.startswith(_RESIDENCE_REGIONS)
    if id_type is IdType.FOREIGN_RESIDENCE:
        return value[0] == "9"
    return value[0] in "12345678" and not value.startswith(_RESIDENCE_PROVINCES)


# The forms that documents have but passports, whose numbers can look like anything.
_FORMS: tuple[tuple[IdType, str], ...] = (
    (IdType.HK_MACAO_TAIWAN_RESIDENCE, rf"(?:{'|'.join(_RESIDENCE_PROVINCES)})[0-9]{{15}}[0-9X]"),
    (IdType.FOREIGN_RESIDENCE, r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}"),
    (IdType.RESIDENT_ID, r"[1-8][0-9]{16}[0-9X]"),
    (IdType.HK_MACAO_PERMIT, _PERMITS[IdType.HK_MACAO_PERMIT][1]),
    (IdType.TAIWAN_PERMIT, _PERMITS[IdType.TAIWAN_PERMIT][1]),
)


def identity_key(id_type: str, raw: str) -> str:
    """By what somebody is found again: the document that the number itself has the form of, and the number.

    So it is one person whichever type was chosen, in whatever width and case the number was typed; where the number has no
    form of its own, `id_type` stands. Two people whose passport and permit have one number are told apart by an officer.
    """
    value = normalise_number(raw)
    kind = next((form for form, pattern in _FORMS if re.fullmatch(pattern, value)), id_type)
    if kind is IdType.HK_MACAO_PERMIT:
        value = value[:9]
    return f"{kind}:{value}"


def _date_of(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _birth_date_error(birth_date: date | None, today: date) -> IdError | None:
    if birth_date is None:
        return IdError.BIRTH_DATE_IMPOSSIBLE
    if birth_date > today:
        return IdError.BIRTH_DATE_FUTURE
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    age = today.year - birth_date.year - (not had_birthday)
    return IdError.TOO_OLD if age > MAX_AGE_YEARS else None


def normalise_mobile(raw: str) -> str:
    """The 11 digits of a mainland mobile number, with or without +86 or 0086 before it.

    Raises ValueError whose text is a `PhoneError`. Rule: the national numbering plan, 1[3-9] and nine digits.
    """
    value = re.sub(r"[()]", "", normalise_number(raw))
    if not value:
        raise ValueError(PhoneError.EMPTY)
    if not re.fullmatch(r"\+?[0-9]+", value):
        raise ValueError(PhoneError.CHARACTERS)
    value = re.sub(r"^(\+|00)86|^86(?=1[0-9]{10}$)", "", value)
    if value.startswith(("+", "00")):
        raise ValueError(PhoneError.FOREIGN)
    if len(value) != 11:
        raise ValueError(PhoneError.LENGTH)
    if not re.fullmatch(r"1[3-9][0-9]{9}", value):
        raise ValueError(PhoneError.PREFIX)
    return value


def bank_number_ok(raw: str) -> bool:
    """Whether `raw` can be a bank card number: 12 to 19 digits that pass the Luhn check (ISO/IEC 7812-1)."""
    value = normalise_number(raw)
    if not re.fullmatch(r"[1-9][0-9]{11,18}", value):
        return False
    doubled = (int(digit) * (1 + position % 2) for position, digit in enumerate(reversed(value)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


_LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_DOTS = re.compile(r"\s*[·•\u2027\u30fb\uff65\u2219\u22c5\u16eb]\s*")
_DOT_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])\s*\.\s*(?=[{HAN}])")
_SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}]) (?=[{HAN}])")
_NAME = re.compile(rf"[{HAN}{_LATIN}](?:[{HAN}{_LATIN}\u0300-\u036f ·'.-]*[{HAN}{_LATIN}\u0300-\u036f.])?")
_KANGXI_RADICALS = re.compile("[\u2f00-\u2fd5]")

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def clean_person_name(raw: str) -> str:
    """The name as it is stored and printed; raises ValueError whose text is a `PersonNameError`.

    Composed (NFC), half-width, one space between words, none between Chinese characters (lists are often padded:
    王  明), "·" for every kind of middle dot, and real characters for the radicals that PDF files are copied with.
    """
    text = unicodedata.normalize("NFC", raw.translate(_FULL_WIDTH)).replace("’", "'")
    text = _KANGXI_RADICALS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    if error := _forbidden(text):
        raise ValueError(error)
    text = _DOT_BETWEEN_HAN.sub(MIDDLE_DOT, _DOTS.sub(MIDDLE_DOT, " ".join(text.split())))
    text = re.sub(f"{MIDDLE_DOT}+", MIDDLE_DOT, _SPACE_BETWEEN_HAN.sub("", text))
    if not text:
        raise ValueError(PersonNameError.EMPTY)
    if len(text) > MAX_NAME_LENGTH:
        raise ValueError(PersonNameError.TOO_LONG)
    if not _NAME.fullmatch(text):
        raise ValueError(PersonNameError.CHARACTERS)
    return text


def _forbidden(text: str) -> PersonNameError | None:
    if text.lstrip(" ").startswith(_FORMULA_STARTS):
        return PersonNameError.FORMULA
    for char in text:
        if unicodedata.bidirectional(char) in _BIDI_CLASSES or char in "\u200e\u200f\u061c":
            return PersonNameError.BIDI
        category = unicodedata.category(char)
        if category == "Co":
            return PersonNameError.PRIVATE_USE
        if category == "So" or "\U0001f000" <= char <= "\U0001faff" or char in "\ufe0f\u20e3":
            return PersonNameError.EMOJI
        if category in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            return PersonNameError.CONTROL
        if char in '<>&"`':
            return PersonNameError.MARKUP
    return None


_BIDI_CLASSES = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def mask_id(value: str) -> str:
    """110***********1234; of a number under 15 characters only the first and the last two remain."""
    return _mask(value, 3, 4) if len(value) >= 15 else _mask(value, 1, 2)


def mask_phone(value: str) -> str:
    """138****8000; of anything that is not a mobile number only the last two characters remain."""
    return _mask(value, 3, 4) if len(value) == 11 else _mask(value, 0, 2)


def mask_email(value: str) -> str:
    """a***@example.com; the number of stars says nothing about the length."""
    local, at, domain = value.rpartition("@")
    return f"{local[:1] if len(local) > 1 else ''}***{at}{domain if at else ''}"


def mask_name(name: str) -> str:
    """王*, 欧阳**, 阿***·***, J*** S****: the surname of a Chinese name, else the first letter of every word."""
    parts = re.split(rf"([\s{MIDDLE_DOT}]+)", name)
    if len(parts) == 1 and re.match(f"[{HAN}]", name):
        return _mask(name, surname_length(name), 0)
    if MIDDLE_DOT in name:
        return "".join(part if i % 2 else _mask(part, int(i == 0), 0) for i, part in enumerate(parts))
    return "".join(part if position % 2 else _mask(part, 1, 0) for position, part in enumerate(parts))


def _mask(value: str, head: int, tail: int) -> str:
    """Stars for all but the ends; a value with nothing left between them is stars throughout."""
    hidden = len(value) - head - tail
    if hidden <= 0:
        return "*" * len(value)
    return value[:head] + "*" * hidden + value[len(value) - tail :]
