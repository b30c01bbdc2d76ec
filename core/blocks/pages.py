"""How many pages a PDF has, read from the file itself: the numbers that its page trees state, packed ones included.

    python -m core.blocks.pages FILE …
prints each file's pages as JSON, null where the file does not say.

Nothing of the file is executed or resolved. So much is read and so much unpacked and no more: a file that is broken, endless
or made to mislead costs some milliseconds, and has no pages.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO

from wagtail.documents import get_document_model

LARGEST = 60 * 2**20
MOST_TREES, MOST_PACKED, MOST_UNPACKED, MOST_PAGES = 5_000, 2_000, 16 * 2**20, 20_000
TREE = re.compile(rb"/Type\s{0,9}/Pages\b")
COUNT = re.compile(rb"/Count\s{1,9}(\d{1,6})")
PACKED, BEGINS = b"/ObjStm", re.compile(rb"\bstream\r?\n")
NEAR = 1_000  # how far from its type the number of a page tree, or the beginning of what is packed, may stand


def pages_of(file: IO[bytes]) -> int | None:
    """The number of pages; None when the file does not say it, or nothing sensible. Raises nothing."""
    try:
        file.seek(0)
        data = file.read(LARGEST + 1)
    except (OSError, ValueError):
        return None
    if not data[:1024].lstrip().startswith(b"%PDF-") or len(data) > LARGEST:
        return None
    most = max((count for piece in (data, *_unpacked(data)) for count in _counts(piece)), default=0)
    return most if 0 < most <= MOST_PAGES else None


def _counts(data: bytes) -> Iterator[int]:
    """What page trees say they hold: the outermost says most."""
    for match in islice(TREE.finditer(data), MOST_TREES):
        begins = max(data.rfind(b"<<", max(0, match.start() - NEAR), match.start()), match.start() - NEAR, 0)
        ends = data.find(b">>", match.end(), match.end() + NEAR)
        if found := COUNT.search(data, begins, ends if ends > 0 else match.end() + NEAR):
            yield int(found[1])


def _unpacked(data: bytes) -> Iterator[bytes]:
    """The packed objects of newer files, one stream after the other, until there is enough of them."""
    left, place = MOST_UNPACKED, 0
    for _number in range(MOST_PACKED):
        place = data.find(PACKED, place) + 1
        if not place or left <= 0:
            return
        begins = BEGINS.search(data, place, place + NEAR)
        if begins is None:
            continue
        try:
            piece = zlib.decompressobj().decompress(memoryview(data)[begins.end() :], left)
        except zlib.error:
            continue
        left -= len(piece)
        yield piece


def pages_in(document: object) -> int | None:
    """The pages of a document of ours that is a PDF; None for every other."""
    if getattr(document, "file_extension", "").lower() != "pdf":
        return None
    return _read(document.pk, document.get_file_hash())  # type: ignore[attr-defined]


@lru_cache(maxsize=1000)
def _read(pk: int, _file_hash: str) -> int | None:
    """Read once per file and process."""
    document = get_document_model().objects.filter(pk=pk).first()
    try:
        with document.file.open("rb") as file:
            return pages_of(file)
    except (OSError, AttributeError):  # the file is not there
        return None


def main(names: list[str]) -> None:
    found = {}
    for name in names:
        with Path(name).open("rb") as file:
            found[name] = pages_of(file)
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
