"""A paper as an officer sees it: with what it may be used for, who looks at it and when across every page.

Pure: bytes and words in, bytes out. What cannot be stamped is never shown as it is.
"""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer

from core.pdf.across import ANGLE, words_across
from core.pdf.faces import FONTS, REGULAR

MOST_PIXELS = 60_000_000  # a page of A3 at 300 dpi has 17 million
LONGEST_SIDE = 2400  # pixels that a screen can use
MOST_PAGES = 60
MOST_ACROSS = 1000  # sizes of a sign along a page: no paper is so long and so narrow
MOST_LEVELS = 50  # of the tree of pages, which a hostile file can close to a ring
INK = (150, 40, 20)
ALPHA = 70  # of 255: the paper stays readable


class CannotStamp(Exception):
    """This file cannot be shown with a watermark: damaged, locked with a password, too large, or of another kind."""


def watermarked(content: bytes, content_type: str, words: str) -> bytes:
    """The file with the words across every page or picture, of the same type. Raises CannotStamp."""
    try:
        if content_type == "application/pdf":
            return _stamped_pdf(content, words)
        if content_type in ("image/png", "image/jpeg"):
            return _stamped_picture(content, content_type, words)
    except CannotStamp:
        raise
    except Exception as fault:  # whatever a damaged file does to the readers
        raise CannotStamp(str(fault))
    raise CannotStamp(content_type)


def _stamped_picture(content: bytes, content_type: str, words: str) -> bytes:
    with Image.open(io.BytesIO(content)) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise CannotStamp("pixels")
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        picture = ImageOps.exif_transpose(opened).convert("RGBA")
    picture.alpha_composite(_tiles(picture.size, words))
    kept = io.BytesIO()
    picture.convert("RGB").save(kept, "PNG" if content_type == "image/png" else "JPEG", quality=88)
    return kept.getvalue()


def _tiles(size: tuple[int, int], words: str) -> Image.Image:
    """The words again and again, aslant, as large as the picture."""
    width, height = size
    points = max(12, min(width, height) // 28)
    font = ImageFont.truetype(str(FONTS / f"{REGULAR}.ttf"), points)
    across = round(font.getlength(words)) + points * 3
    side = round((width**2 + height**2) ** 0.5)
    sheet = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(sheet)
    for row, y in enumerate(range(0, side, points * 6)):
        for x in range(-(row % 2) * across // 2, side, across):
            draw.text((x, y), words, font=font, fill=(*INK, ALPHA))
    turned = sheet.rotate(ANGLE)
    left, top = (side - width) // 2, (side - height) // 2
    return turned.crop((left, top, left + width, top + height))


def _stamped_pdf(content: bytes, words: str) -> bytes:
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    if reader.encrypted:
        raise CannotStamp("encrypted")
    writer = copy_into_new_writer(reader)
    count = int(writer.root["/Pages"]["/Count"])
    if not 0 < count <= MOST_PAGES:
        raise CannotStamp("pages")
    forms: dict[tuple[float, ...], Any] = {}
    for number in range(count):
        _stamp_page(writer, number, words, forms)
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def _stamp_page(writer: PdfFileWriter, number: int, words: str, forms: dict[tuple[float, ...], Any]) -> None:
    """Put the words over one page. What was drawn before is closed off, whatever state it leaves behind."""
    page = writer.find_page_for_modification(number)[0].get_object()
    x1, y1, x2, y2 = (float(each) for each in _inherited(page, "/MediaBox"))
    box = (min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))
    if not 0 < max(box[2:]) / max(8, min(box[2:]) / 36) <= MOST_ACROSS:
        raise CannotStamp("box")  # the words would be drawn for ever
    if box not in forms:
        overlay = PdfFileReader(io.BytesIO(words_across(box[2], box[3], words, ink=INK, alpha=ALPHA / 255)))
        forms[box] = writer.import_page_as_xobject(overlay)
    if "/Contents" not in page:
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b""))
    opening = writer.add_object(generic.StreamObject(stream_data=b"q\n"))
    drawn = f"\nQ q 1 0 0 1 {box[0]:.2f} {box[1]:.2f} cm /XinhuoMark Do Q\n".encode()
    stream = writer.add_object(generic.StreamObject(stream_data=drawn))
    resources = generic.DictionaryObject(
        {
            generic.NameObject("/XObject"): generic.DictionaryObject(
                {generic.NameObject("/XinhuoMark"): forms[box]}
            )
        }
    )
    writer.add_stream_to_page(number, opening, prepend=True)
    _own_resources(writer, number)
    writer.add_stream_to_page(number, stream, resources)


def _own_resources(writer: PdfFileWriter, number: int) -> None:
    """Pages that share their resources would be given the same name twice."""
    page, resources = writer.find_page_for_modification(number)
    copied = generic.DictionaryObject(resources.get_object() if resources else {})
    if "/XObject" in copied:
        copied[generic.NameObject("/XObject")] = generic.DictionaryObject(copied["/XObject"])
        copied["/XObject"].pop("/XinhuoMark", None)
    page.get_object()[generic.NameObject("/Resources")] = copied


def _inherited(page: Any, name: str) -> Any:
    for _level in range(MOST_LEVELS):
        if name in page:
            return page[name]
        page = page["/Parent"]
    raise CannotStamp("tree")
