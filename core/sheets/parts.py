"""The parts of a workbook read as XML, piece after piece, with one budget of elements for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any
from xml.parsers import expat

PIECE = 64 * 1024
LONGEST_TAG = 4 * PIECE  # a tag is understood at one go, with however many attributes


class TooLarge(Exception):
    """The workbook holds more than any table of that many rows."""


class TooFull(TooLarge):
    """The workbook holds more elements (cells, values, formats) than it may: a few packed bytes can be millions."""


class Budget:
    """How many elements a workbook may still have, its attributes among them, in all its parts together."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, given: dict[str, str]) -> None:
        """One element more. Raises TooFull when there are too many."""
        self.left -= 1 + len(given)
        if self.left < 0:
            raise TooFull


def parse(
    part: IO[bytes],
    budget: Budget,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] = lambda name: None,
    text: Callable[[str], None] = lambda data: None,
) -> None:
    """Call these for every element of a part, by its name without the namespace."""

    def begin(name: str, given: dict[str, str]) -> None:
        budget.spend(given)
        start(plain(name), given)

    feed = parser(begin, lambda name: end(plain(name)), text)
    for _piece in fed(part, feed):
        pass


def fed(part: IO[bytes], feed: Any) -> Iterator[None]:
    """Give the parser one piece after the other. Raises TooFull at a tag that does not end."""
    read = 0
    while piece := part.read(PIECE):
        feed.Parse(piece, False)
        read += len(piece)
        if read - feed.CurrentByteIndex > LONGEST_TAG:
            raise TooFull
        yield
    feed.Parse(b"", True)


def plain(name: str) -> str:
    """The name of an element without its namespace."""
    return name[name.rfind(" ") + 1 :]


def parser(start: Any, end: Any, text: Any) -> Any:
    """A parser that reads no definitions: entities are how a short text becomes an endless one."""

    def refuse(*_said: Any) -> None:
        raise ValueError

    made = expat.ParserCreate(namespace_separator=" ")
    made.buffer_text = True
    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, text
    made.StartDoctypeDeclHandler = refuse
    return made
