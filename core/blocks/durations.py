"""How long a video is, read from the file itself: the head of an MP4 (mvhd) or of a WebM (Info). No browser is asked.

    python -m core.blocks.durations FILE …
prints each file's milliseconds as JSON, null where the file does not say.

Only heads of boxes are read and whatever is in between is stepped over, a bounded number of times: a file that is broken,
endless or made to mislead costs some hundred small reads, and has no duration.
"""

from __future__ import annotations

import json
import math
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

MOST_STEPS = 400  # boxes or elements looked at
LONGEST = 24 * 3600 * 1000
EBML, SEGMENT, INFO, SCALE, DURATION = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489


def duration_of(file: IO[bytes]) -> int | None:
    """The length in milliseconds; None when the file does not say it, or nothing sensible. Raises nothing."""
    try:
        file.seek(0)
        head = file.read(12)
        size = file.seek(0, 2)
        found = _webm(file, size) if head[:4] == EBML.to_bytes(4, "big") else _mp4(file, size)
    except (OSError, ValueError, LookupError, OverflowError, struct.error, ZeroDivisionError):
        return None
    return found if found and 0 < found <= LONGEST else None


# --- MP4: boxes of a size and a name ----------------------------------------------------------------------------
def _boxes(file: IO[bytes], start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes between two places: the name, and where the content begins and ends."""
    for _ in range(MOST_STEPS):
        if start + 8 > end:
            return
        file.seek(start)
        size, name = struct.unpack(">I4s", file.read(8))
        begins = start + 8
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8))
            begins += 8
        stops = end if size == 0 else start + size
        if stops < begins or stops > end:
            return
        yield name, begins, stops
        start = stops


def _mp4(file: IO[bytes], size: int) -> int | None:
    movie = next(((at, to) for name, at, to in _boxes(file, 0, size) if name == b"moov"), None)
    if movie is None:
        return None
    head = next((at for name, at, _to in _boxes(file, *movie) if name == b"mvhd"), None)
    if head is None:
        return None
    file.seek(head)
    data = file.read(32)
    scale, length = (
        struct.unpack_from(">IQ", data, 20) if data[0] == 1 else struct.unpack_from(">II", data, 12)
    )
    unknown = 2**64 - 1 if data[0] == 1 else 2**32 - 1
    return None if length == unknown else int(length) * 1000 // int(scale)


# --- WebM: elements of a name and a size, both of a length that their first bits tell ----------------------------
def _number(file: IO[bytes], *, keep_mark: bool) -> tuple[int, bool]:
    """A number of one to eight bytes, and whether it means “unknown”."""
    begin = file.read(1)
    if not begin:
        raise ValueError("cut off")
    count = 9 - begin[0].bit_length()
    if count > 8:
        raise ValueError("not a number")
    rest = file.read(count - 1)
    if len(rest) < count - 1:
        raise ValueError("cut off")
    value = int.from_bytes(begin + rest, "big")
    mask = (1 << (7 * count)) - 1
    return (value if keep_mark else value & mask), (value & mask) == mask


def _elements(file: IO[bytes], start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The elements between two places: the name, and where the content begins and ends."""
    for _ in range(MOST_STEPS):
        if start + 2 > end:
            return
        file.seek(start)
        name, _unknown = _number(file, keep_mark=True)
        size, endless = _number(file, keep_mark=False)
        begins = file.tell()
        stops = end if endless else min(begins + size, end)
        yield name, begins, stops
        start = stops


def _webm(file: IO[bytes], size: int) -> int | None:
    segment = next(((at, to) for name, at, to in _elements(file, 0, size) if name == SEGMENT), None)
    info = segment and next(((at, to) for name, at, to in _elements(file, *segment) if name == INFO), None)
    if not info:
        return None
    scale, length = 1_000_000, 0.0
    for name, at, to in _elements(file, *info):
        if name in (SCALE, DURATION) and to - at <= 8:
            file.seek(at)
            data = file.read(to - at)
            if name == SCALE:
                scale = int.from_bytes(data, "big")
            else:
                (length,) = struct.unpack(">f" if len(data) == 4 else ">d", data)
    return int(length * scale / 1_000_000) if math.isfinite(length) else None


def main(names: list[str]) -> None:
    found = {}
    for name in names:
        with Path(name).open("rb") as file:
            found[name] = duration_of(file)
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
