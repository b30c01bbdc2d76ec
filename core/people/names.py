"""How a person's name is read in pinyin, for sorting a list and for finding somebody by typing letters."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from core.people.surnames import (
    ALSO_READ,
    COMPOUND_READINGS,
    GIVEN_READINGS,
    SINGLE_READINGS,
    surname_length,
)

# Planes 2 and 3 hold nothing but Chinese characters, so later extensions are covered before they are published.
HAN = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U0002fffd\U00030000-\U0003fffd"
MIDDLE_DOT = "·"

_TOKEN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_APOSTROPHES = str.maketrans("", "", "'’ʼ")


@dataclass(frozen=True, slots=True)
class PinyinName:
    """A name's reading: lower case, no tones, ü written v. At most 8 letters per character of the name."""

    full: str
    initials: str
    sort_key: str


def pinyin_of(name: str) -> PinyinName:
    """The reading of a cleaned name: 曾丽 gives "zeng li", "zl" and a sort key.

    Words in Latin letters stay, in lower case and without accents. A character that no table knows stands for
    itself, so that the person can still be found by it and sorts after everyone with a reading. The sort key ends
    with the name, so that people whose names sound alike keep one order.
    """
    syllables = _syllables(name)
    full = " ".join(syllables)
    return PinyinName(
        full=full, initials="".join(part[0] for part in syllables), sort_key=f"{full} {name}".strip()
    )


def search_text(name: str) -> str:
    """What a search box should match: "zengli zl zeng li", then the other readings that people type.

    Those are a surname's second reading (盖 ge and gai) and lyu/nyu, as passports write ü.
    """
    readings = [_syllables(name)]
    other = ALSO_READ.get(name[:1])
    if other and surname_length(name) == 1 and MIDDLE_DOT not in name:
        readings.append((other, *readings[0][1:]))
    readings += [
        tuple(re.sub(r"^([ln])v", r"\1yu", part) for part in reading)
        for reading in readings
        if any(part.startswith(("lv", "nv")) for part in reading)
    ]
    words: dict[str, None] = {}
    for reading in readings:
        for word in ("".join(reading), "".join(part[0] for part in reading), " ".join(reading)):
            words.setdefault(word)
    return " ".join(word for word in words if word)


@lru_cache(maxsize=256)  # a name's sort key and what it is found by are worked out one after the other
def _syllables(name: str) -> tuple[str, ...]:
    tokens = _TOKEN.findall(unicodedata.normalize("NFC", name).translate(_APOSTROPHES))
    # Names written with a dot (阿不都拉·买买提) have no Chinese surname: their first character is only a sound.
    has_surname = MIDDLE_DOT not in name
    syllables: list[str] = []
    for position, token in enumerate(tokens):
        if not re.match(f"[{HAN}]", token):
            syllables.append(_without_accents(token))
        elif has_surname and position == 0:
            length = surname_length(token)
            syllables += _surname(token[:length]) + _given(token[length:])
        else:
            syllables += _given(token)
    return tuple(syllables)


def _surname(surname: str) -> list[str]:
    if surname in COMPOUND_READINGS:
        return COMPOUND_READINGS[surname].split()
    if surname in SINGLE_READINGS:
        return [SINGLE_READINGS[surname]]
    return _dictionary(surname)


def _given(given: str) -> list[str]:
    return [
        GIVEN_READINGS.get(char, reading) for char, reading in zip(given, _dictionary(given), strict=True)
    ]


def _dictionary(text: str) -> list[str]:
    """One reading per character; a character that the dictionary lacks is returned as it is."""
    if not text:
        return []
    # Imported here because the dictionary takes a third of a second and 55 MB, which most processes do not need.
    from pypinyin import lazy_pinyin

    readings = lazy_pinyin(text)
    # Neighbours that the dictionary lacks come back as one piece: then each character is read alone.
    return readings if len(readings) == len(text) else [lazy_pinyin(char)[0] for char in text]


def _without_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
