"""Words across every page and picture that an officer sees."""

import io

import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from reportlab.pdfgen.canvas import Canvas

from credentials.claims.watermark import CannotStamp, watermarked


def picture():
    kept = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(kept, "PNG")
    return kept.getvalue()


def document(pages=2):
    kept = io.BytesIO()
    canvas = Canvas(kept)
    for _ in range(pages):
        canvas.drawString(100, 700, "x")
        canvas.showPage()
    canvas.save()
    return kept.getvalue()


def test_a_watermark_lies_over_every_page_and_picture():
    seen = Image.open(io.BytesIO(watermarked(picture(), "image/png", "仅用于申请审核 · 单于明")))
    assert len(seen.convert("RGB").getcolors(100_000)) > 10
    stamped = watermarked(document(), "application/pdf", "仅用于申请审核 · 单于明")
    pages = PdfFileReader(io.BytesIO(stamped)).root["/Pages"]["/Kids"]
    assert len(pages) == 2
    for page in pages:
        assert "/XinhuoMark" in page.get_object()["/Resources"]["/XObject"]
        assert b"/XinhuoMark Do" in page.get_object()["/Contents"][-1].get_object().data
    for content, kind in (
        (b"%PDF-1.4\nbroken", "application/pdf"),
        (b"x", "image/png"),
        (b"PK", "application/zip"),
    ):
        with pytest.raises(CannotStamp):
            watermarked(content, kind, "仅用于")


def test_a_hostile_paper_is_refused_instead_of_being_drawn_for_ever():
    """A page of endless length, one point high; and a page that is its own parent."""
    kept = io.BytesIO()
    canvas = Canvas(kept, pagesize=(1e9, 1))
    canvas.showPage()
    canvas.save()
    bare = document(1).replace(b"/MediaBox", b"/XediaBox")
    ring = bare.replace(b"/Parent 6 0 R", b"/Parent 3 0 R")
    assert b"3 0 obj" in ring and ring != bare
    for content in (kept.getvalue(), ring):
        with pytest.raises(CannotStamp):
            watermarked(content, "application/pdf", "仅用于申请审核")
