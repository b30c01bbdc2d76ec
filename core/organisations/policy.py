"""Which organisation may stand under which, and whether a social credit code can be right."""

from enum import StrEnum

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


class Tier(StrEnum):
    """The levels of the service system, top first; the values are stored."""

    PROVINCE = "province"  # 省
    CITY = "city"  # 市
    COUNTY = "county"  # 区县
    STREET = "street"  # 街道乡镇
    STATION = "station"  # 社工站


TIERS: tuple[Tier, ...] = tuple(Tier)


def may_sit_under(child_tier: Tier | str, parent_tier: Tier | str | None) -> bool:
    """Whether an organisation of one tier may hang directly on one of another.

    The parent must be higher; tiers may be skipped, because the districts of Tianjin have no city between them and
    the municipality, and some stations are run by the county. With no parent it is the root of a tree: anything
    but a station. Raises ValueError for an unknown tier.
    """
    child = Tier(child_tier)
    if parent_tier is None:
        return child is not Tier.STATION
    return TIERS.index(Tier(parent_tier)) < TIERS.index(child)


class UsccError(StrEnum):
    """Why a unified social credit code 统一社会信用代码 cannot be right."""

    EMPTY = "empty"
    LENGTH = "length"
    CHARACTERS = "characters"
    UNUSED_LETTER = "unused_letter"  # I, O, S, V and Z are not part of the code: read 1, 0, 5, U or 2
    REGION = "region"
    CHECK_CHARACTER = "check_character"


_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_UNUSED_LETTERS = frozenset("IOSVZ")


def uscc_check_character(first_seventeen: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015: weights 3^i, modulo 31)."""
    total = sum(_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(first_seventeen))
    return _ALPHABET[-total % 31]


def normalise_uscc(raw: str) -> str:
    """The code as it is stored: half-width, upper case, without spaces and dashes."""
    return "".join(char for char in raw.translate(_FULL_WIDTH) if not char.isspace() and char != "-").upper()


def uscc_errors(raw: str) -> tuple[UsccError, ...]:
    """Why `raw` cannot be a unified social credit code (GB 32100-2015); nothing if it can. Never raises.

    The code is normalised first. The third to eighth characters are the registering authority's region and must be
    digits; whether that region exists is not asked, since codes outlive regions. The organisation code inside is
    covered by the last character.
    """
    value = normalise_uscc(raw)
    if not value:
        return (UsccError.EMPTY,)
    if len(value) != 18:
        return (UsccError.LENGTH,)
    if _UNUSED_LETTERS & set(value):
        return (UsccError.UNUSED_LETTER,)
    if set(value) - set(_ALPHABET):
        return (UsccError.CHARACTERS,)
    errors = []
    if not value[2:8].isdigit():
        errors.append(UsccError.REGION)
    if uscc_check_character(value[:17]) != value[17]:
        errors.append(UsccError.CHECK_CHARACTER)
    return tuple(errors)
