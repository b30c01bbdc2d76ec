"""How words are cut for search: pure text in, tokens out.

Chinese is written without spaces, so a database's own word splitter sees a whole sentence as one word. Here each
character of a Chinese run opens one token: itself with the character after it, and the last one alone. 薪火计划
becomes 薪火 火计 计划 划. Every character and every pair can then be found, and consecutive tokens in the index are
consecutive characters in the text, so that phrases stay exact.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby, pairwise

MAX_WORD = 64  # characters of one Latin word that count; longer ones are data, not words
MAX_TERMS = 64  # terms of one query that count; a pasted page must not become a pasted page of SQL
MAX_QUERY = 1000  # characters of one query that are read at all
MAX_TOKENS = 60_000  # tokens of one text that are indexed
MAX_TEXT = 1_000_000  # characters of one text that are read to find them

# Writing without spaces: ideographs of every plane (planes 2 and 3 whole, as new extensions keep coming), the private
# use area (rare names in older government systems), kana, bopomofo, hangul.
_UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\ue000-\uf8ff\uf900-\ufaff"
    "\U0001aff0-\U0001b16f\U00020000-\U0003fffd"
)
_RUN = re.compile(rf"(?P<han>[{_UNSPACED}]+)|(?:(?![{_UNSPACED}])[^\W_])+")
_BRIDGED_GAP = re.compile(r"[^\n\r]{1,2}")


class _Fold(dict[int, str]):
    """One form for every way to write a character, filled as characters are met; for `str.translate`."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return ""  # invisible: joiners, direction marks, glyph variants of the same ideograph
    opened = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    bare = "".join(part for part in opened if not "\u0300" <= part <= "\u036f")
    return unicodedata.normalize("NFC", bare)


_FOLD = _Fold()


@dataclass(frozen=True)
class Run:
    """A stretch of text of one kind: characters written without spaces, or one spaced word."""

    text: str
    is_unspaced: bool

    def pairs(self) -> list[str]:
        """Overlapping pairs of an unspaced run; none for one character or for a word."""
        return [] if not self.is_unspaced else [first + second for first, second in pairwise(self.text)]


def fold(text: str) -> str:
    """The text in the one form that is compared: full-width made half-width, small letters, no accents."""
    return text.translate(_FOLD)


def runs_of(text: str, *, is_bridged: bool = False) -> list[Run]:
    """The runs of a text in order; everything that is neither letter nor digit only separates.

    With `is_bridged`, unspaced runs join across a space, a dot or a bracket, so that 薪火·训练营 is also found as
    薪火训练营. Texts are indexed so; queries are not, for there a space means *and*.
    """
    folded = fold(text)
    stretches: list[tuple[bool, list[str]]] = []
    end = 0
    for match in _RUN.finditer(folded):
        is_unspaced = match["han"] is not None
        found = match[0] if is_unspaced else match[0][:MAX_WORD]
        bridges = is_bridged and is_unspaced and stretches and stretches[-1][0]
        if bridges and _BRIDGED_GAP.fullmatch(folded, end, match.start()):
            stretches[-1][1].append(found)
        else:
            stretches.append((is_unspaced, [found]))
        end = match.end()
    return [Run("".join(parts), is_unspaced) for is_unspaced, parts in stretches]


def index_tokens(text: str) -> list[str]:
    """The tokens of a text in reading order, at most MAX_TOKENS."""
    tokens: list[str] = []
    for run in runs_of(text[:MAX_TEXT], is_bridged=True):
        tokens += [*run.pairs(), run.text[-1]] if run.is_unspaced else [run.text]
        if len(tokens) > MAX_TOKENS:
            return tokens[:MAX_TOKENS]
    return tokens


def tokens_for_index(text: str) -> str:
    """The text as it is written into an index: its tokens with a space between."""
    return " ".join(index_tokens(text))


def terms_of_query(text: str) -> list[str]:
    """What must all be found for a query: pairs of each unspaced run (the character itself when it is alone) and
    words; each once, at most MAX_TERMS. Empty when there is nothing to look for."""
    terms: dict[str, None] = {}
    for run in runs_of(text[:MAX_QUERY]):
        terms |= dict.fromkeys(run.pairs() or [run.text])
    return list(terms)[:MAX_TERMS]


# --- Excerpts -------------------------------------------------------------------------------------------------


def excerpt(text: str, query: str, *, length: int = 120) -> list[tuple[str, bool]]:
    """A piece of the text around the first hit, cut into stretches that are hits and stretches that are not.

    `length` is in characters, the ellipses not counted. Without a hit it is the beginning of the text. The stretches
    are plain text: the template escapes them.
    """
    flat = " ".join(text.split())
    is_hit = _hit_marks(flat, query)
    first = is_hit.index(True) if True in is_hit else 0
    start = max(0, min(first - length // 3, len(flat) - length))
    stop = start + length
    pieces = [
        ("".join(character for character, _ in group), hit)
        for hit, group in groupby(
            zip(flat[start:stop], is_hit[start:stop], strict=True), key=lambda pair: pair[1]
        )
    ]
    before = [("…", False)] if start > 0 else []
    after = [("…", False)] if stop < len(flat) else []
    return _merged([*before, *pieces, *after])


def _hit_marks(text: str, query: str) -> list[bool]:
    """For each character of the text, whether it belongs to a hit."""
    marks = [False] * len(text)
    pattern = _pattern_of(query)
    if pattern is None:
        return marks
    folded = [_FOLD[ord(character)] for character in text]
    origin = [place for place, form in enumerate(folded) for _ in form]
    for match in pattern.finditer("".join(folded)):
        first, last = origin[match.start()], origin[match.end() - 1]
        marks[first : last + 1] = [True] * (last + 1 - first)
    return marks


def _pattern_of(query: str) -> re.Pattern[str] | None:
    """Whole runs first, then their pairs; words from their beginning. None when there is nothing to look for."""
    runs = runs_of(query[:MAX_QUERY])[:MAX_TERMS]
    whole = [re.escape(run.text) for run in runs if run.is_unspaced]
    pairs = [re.escape(pair) for run in runs if run.is_unspaced for pair in run.pairs()][:MAX_TERMS]
    words = [rf"(?<![^\W_{_UNSPACED}]){re.escape(run.text)}" for run in runs if not run.is_unspaced]
    choices = [*sorted({*whole, *words}, key=len, reverse=True), *dict.fromkeys(pairs)]
    return re.compile("|".join(choices)) if choices else None


def _merged(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Neighbours of the same kind as one piece."""
    return [
        ("".join(text for text, _ in group), hit)
        for hit, group in groupby(pieces, key=lambda piece: piece[1])
    ]
