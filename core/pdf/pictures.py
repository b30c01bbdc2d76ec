"""Pictures with transparency (a signature, a seal, a background): decoded and packed once, placed in many documents."""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from core.pdf.faces import RawObject, stream

MAX_SIDE = 4000  # pixels
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class BadPicture(ValueError):
    """Not a picture that can be printed: "kind" (no PNG), "broken", "size" (too many pixels) or "alpha" (opaque)."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        super().__init__(fault)


def check_png(data: bytes, *, transparent: bool) -> tuple[int, int]:
    """Width and height in pixels. With `transparent` there must be an alpha channel in which something is clear.

    Raises BadPicture. Nothing larger than MAX_SIDE is decoded.
    """
    if not data.startswith(_SIGNATURE):
        raise BadPicture("kind")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            if max(picture.size) > MAX_SIDE:
                raise BadPicture("size")
            least = picture.convert("RGBA").getchannel("A").getextrema()[0]
            size = (picture.width, picture.height)
    except BadPicture:
        raise
    except Exception:  # Pillow tells of broken files in many ways
        raise BadPicture("broken")
    if transparent and least == 255:
        raise BadPicture("alpha")
    return size


def place_picture(canvas: Canvas, data: bytes, x: float, y: float, room: tuple[float, float]) -> None:
    """Draw a PNG as large as it fits into `room` (points), keeping its shape, with its middle at `x`, `y`."""
    name, width, height, body, mask = _pack(data)
    scale = min(room[0] / width, room[1] / height)
    document = canvas._doc
    if not document.hasForm(name):
        reference = str(document.Reference(RawObject(mask), f"{name}.mask").format(document), "ascii")
        document.addForm(name, RawObject(body.replace(b"@MASK@", reference.encode("ascii"))))
        document.inPage()
    canvas.saveState()
    canvas.transform(width * scale, 0, 0, height * scale, x - width * scale / 2, y - height * scale / 2)
    canvas.doForm(name)
    canvas.restoreState()


@lru_cache(maxsize=32)
def _pack(data: bytes) -> tuple[str, int, int, bytes, bytes]:
    """Its name, its size, and its two streams: colours (with a place for the mask's number) and transparency."""
    with Image.open(io.BytesIO(data), formats=("PNG",)) as opened:
        picture = opened.convert("RGBA")
    width, height = picture.size
    head = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8"
    mask = stream(picture.getchannel("A").tobytes(), f"{head}/ColorSpace/DeviceGray", level=9)
    body = stream(picture.convert("RGB").tobytes(), f"{head}/ColorSpace/DeviceRGB/SMask @MASK@", level=9)
    name = "Picture" + hashlib.sha256(data).hexdigest()[:16]
    return name, width, height, body.data, mask.data
