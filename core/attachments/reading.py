"""Whether a paper is what a page can show: a PDF that opens and has a page, or a picture.

Pure: bytes in, a word out. How much a packed part may unpack to is bounded by the reader (`DecodeLimits`), how large a
picture may be here.
"""

from __future__ import annotations

import io

from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

MOST_PIXELS = 60_000_000  # a page of A3 at 300 dpi has 17 million
MOST_LEVELS = 50  # of the tree of pages, which a hostile file can close to a ring
PICTURES = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG"}
SMALL = (200, 200)  # as large as a JPEG is looked at: all of it is read, little of it is drawn


def scan_fault(ending: str, content: bytes) -> str:
    """What is wrong with such a paper: "damaged", "locked" (with a password, or against changes) or "pixels"; "" when it can be shown."""
    try:
        return _picture_fault(PICTURES[ending], content) if ending in PICTURES else _pdf_fault(content)
    except Image.DecompressionBombError:
        return "pixels"
    except Exception:  # whatever a damaged file does to the readers
        return "damaged"


def _picture_fault(kind: str, content: bytes) -> str:
    with Image.open(io.BytesIO(content), formats=(kind,)) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            return "pixels"
        picture.draft("RGB", SMALL)
        picture.load()
    return ""


def _pdf_fault(content: bytes) -> str:
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    if reader.encrypt_dict is not None:
        return "locked"
    page = reader.root["/Pages"]
    for _level in range(MOST_LEVELS):
        if "/Kids" not in page:
            return "" if page["/Type"] == "/Page" else "damaged"
        page = next(
            kid for one in page["/Kids"] if "/Count" not in (kid := one.get_object()) or kid["/Count"]
        )
    return "damaged"
