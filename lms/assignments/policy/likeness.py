"""How alike texts are: the share of their runs of eight characters that another has as well, and which passages those are.

Pure, and bounded in time and memory: of many or long texts only a part of the runs is compared, always the same part; the
pairs that this finds are then compared in full.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from zlib import crc32

WIDTH = 8  # characters: shorter runs are common words, longer ones miss what was changed a little
LONGEST = 20_000  # characters of one text
MOST_TEXTS = 1_000
MOST_PAIRS = 200  # of a report
SAMPLED = 300_000  # runs of all texts together
EXACT = 600  # pairs that are compared in full
SHORTEST_PASSAGE, LONGEST_PASSAGE, PASSAGES = 15, 300, 5
MEANT = re.compile(r"\w")


@dataclass(frozen=True)
class Likeness:
    """Two texts by their keys, the per cent of the shorter one that both have, and the longest passages, as the first has them."""

    first: int
    second: int
    share: int
    passages: tuple[str, ...]


def plain(text: str) -> tuple[str, list[int]]:
    """The letters, digits and characters of a text, and where each stands: spaces, marks and capitals make no difference."""
    places = [found.start() for found in MEANT.finditer(text[:LONGEST])]
    return "".join(text[place].lower()[:1] for place in places), places


def runs(letters: str) -> list[int]:
    """A number for each run of WIDTH characters, in their order."""
    return [
        crc32(letters[place : place + WIDTH].encode("utf-8", "replace"))
        for place in range(len(letters) - WIDTH + 1)
    ]


def compare(texts: Mapping[int, str], *, threshold: int, common: str = "") -> list[Likeness]:
    """The pairs of texts that have at least `threshold` per cent in common, the most alike first, MOST_PAIRS at most.

    What stands in `common` (the task itself) counts for nobody. 500 texts of 5,000 characters take some seconds.
    """
    known = frozenset(runs(plain(common)[0]))
    letters = {key: plain(text)[0] for key, text in list(texts.items())[:MOST_TEXTS]}
    step = max(1, sum(map(len, letters.values())) // SAMPLED)
    samples = {
        key: {number for number in runs(found) if number % step == 0} - known
        for key, found in letters.items()
    }
    margin = threshold if step == 1 else threshold * 0.8
    near = [
        (share, first, second)
        for first, second in combinations(sorted(samples), 2)
        if (share := _share(samples[first], samples[second])) >= margin
    ]
    near.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    whole = lru_cache(maxsize=64)(lambda key: frozenset(runs(letters[key])) - known)
    exact = [
        (int(_share(whole(first), whole(second))), first, second)
        for _estimate, first, second in sorted(near[:EXACT], key=lambda pair: pair[1:])
    ]
    found = sorted((row for row in exact if row[0] >= threshold), key=lambda row: (-row[0], row[1], row[2]))
    return [
        Likeness(first, second, share, passages(texts[first], whole(first) & whole(second)))
        for share, first, second in found[:MOST_PAIRS]
    ]


def _share(first: AbstractSet[int], second: AbstractSet[int]) -> float:
    """Per cent of the shorter one; of nothing it is nothing."""
    least = min(len(first), len(second))
    return 100 * len(first & second) / least if least else 0.0


def passages(text: str, shared: Collection[int]) -> tuple[str, ...]:
    """The longest stretches of the text that consist of shared runs, as they are written; the longest first."""
    letters, places = plain(text)
    stretches: list[tuple[int, int]] = []
    begin = None
    for place, number in enumerate([*runs(letters), None]):
        if number in shared:
            begin = place if begin is None else begin
        elif begin is not None:
            stretches.append((begin, place + WIDTH - 2))
            begin = None
    longest = sorted(stretches, key=lambda each: each[0] - each[1])
    shown = [
        text[places[first] : places[last] + 1]
        for first, last in longest[:PASSAGES]
        if last - first + 1 >= SHORTEST_PASSAGE
    ]
    return tuple(each[:LONGEST_PASSAGE] for each in shown)
