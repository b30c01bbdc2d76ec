import io
import time
import zlib

from core.blocks.pages import pages_of
from core.blocks.reading import reading_minutes


def pdf(*pieces: bytes) -> io.BytesIO:
    return io.BytesIO(b"%PDF-1.7\n" + b"\n".join(pieces) + b"\n%%EOF")


def test_the_outermost_page_tree_says_how_many_pages_there_are():
    inner = b"2 0 obj <</Count 3 /Type /Pages /Kids [4 0 R]>> endobj"
    outer = b"1 0 obj <</Type/Pages/Kids [2 0 R 3 0 R]/Count 12>> endobj"
    assert pages_of(pdf(inner, outer)) == 12


def test_the_page_trees_of_newer_files_are_packed():
    packed = zlib.compress(b"1 0 2 30 <</Type/Pages/Count 7/Kids[3 0 R]>>")
    stream = b"5 0 obj <</Type/ObjStm/N 2/First 8/Filter/FlateDecode>> stream\r\n" + packed + b"\nendstream"
    assert pages_of(pdf(stream)) == 7


def test_our_own_papers_have_their_pages():
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file)
    for _number in range(3):
        canvas.drawString(50, 500, "page")
        canvas.showPage()
    canvas.save()
    assert pages_of(file) == 3


def test_what_is_no_pdf_or_made_to_mislead_has_no_pages_and_costs_little():
    bomb = zlib.compress(b"\0" * 30_000_000)
    streams = [b"<</Type/ObjStm>> stream\n" + bomb] * 50
    hostile = [
        io.BytesIO(b""),
        io.BytesIO(b"PK\x03\x04 /Type /Pages /Count 3"),
        pdf(b"/Type/Pages /Count 999999"),
        pdf(b"<</Type/ObjStm>> stream\nrubbish"),
        pdf(*streams),
        pdf(b"/Type" + b" " * 500_000, b"<<" * 200_000, b"/ObjStm" * 100_000),
        pdf(b"/Type/Pages" * 50_000),
    ]
    began = time.monotonic()
    assert [pages_of(file) for file in hostile] == [None] * len(hostile)
    assert time.monotonic() - began < 10


def test_reading_takes_as_long_as_its_characters_need():
    assert reading_minutes("<p>" + "字" * 300 + "</p>", 300) == 1
    assert reading_minutes("<p>" + "字" * 301 + "</p><!--check:1-->", 300) == 2
    assert reading_minutes("<p>" + "word " * 300 + "</p>", 300) == 1
    assert reading_minutes("<p>短</p>", 300) == 0
    assert reading_minutes("字" * 1000, 0) == 1000
