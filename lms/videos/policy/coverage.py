"""Stretches of a medium that were watched: apart, in order, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Spans = tuple[tuple[int, int], ...]
MOST_SPANS = 200  # islands in one video; who jumps about more than that watches nothing


def merged(spans: Iterable[tuple[int, int]]) -> Spans:
    """The same stretches, joined where they touch; empty ones fall away."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def spans_of(rows: Iterable[Sequence[int]]) -> Spans:
    """As they are stored: a list of pairs."""
    return merged((int(start), int(end)) for start, end in rows)


def length(spans: Spans) -> int:
    return sum(end - start for start, end in spans)


def frontier(spans: Spans) -> int:
    """How far the medium was watched from its beginning without a gap."""
    return spans[0][1] if spans and spans[0][0] == 0 else 0


def gaps(spans: Spans, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches between `start` and `end` that are not covered yet, in order."""
    found, at = [], start
    for first, last in spans:
        if last <= at:
            continue
        if first >= end:
            break
        if first > at:
            found.append((at, first))
        at = last
    if at < end:
        found.append((at, end))
    return found
