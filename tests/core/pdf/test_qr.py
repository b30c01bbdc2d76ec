import datetime as dt

import cv2
import numpy
import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from core.pdf.paper import DocumentInfo, close_canvas, open_canvas
from core.pdf.qr import draw_qr, qr_matrix
from tests.core.pdf.reading import picture_of, run_tool

URL = "https://xinhuo.example.com/verify/XH-2026-TJ-000128?c=7KQ2M9XD4TBVHC3P"
# Bytes that just fill versions 1 to 40 at level M (ISO/IEC 18004, table 7).
FULL = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666]
FULL += [711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989]
FULL += [2099, 2213, 2331]


def sheet(text: str, side: float) -> bytes:
    canvas = open_canvas(DocumentInfo("码", "", "", "", dt.date(2026, 11, 23)), (side + 40, side + 40))
    draw_qr(canvas, text, 20, 20, side)
    return close_canvas(canvas)


@pytest.mark.parametrize("version", range(1, 41))
def test_a_full_symbol_of_every_version_is_segnos_own(version):
    text = (URL * 40)[: FULL[version - 1]]
    symbol = segno.make_qr(text, error="m", mask=4, mode="byte", boost_error=False)
    assert symbol.version == version
    assert qr_matrix(text) == (len(symbol.matrix), b"".join(map(bytes, symbol.matrix)))


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=120))
@settings(max_examples=40)
def test_any_address_reads_back(text):
    side, modules = qr_matrix(text)
    square = 255 - 255 * numpy.frombuffer(modules, dtype=numpy.uint8).reshape(side, side)
    picture = numpy.kron(numpy.pad(square, 4, constant_values=255), numpy.ones((8, 8), dtype=numpy.uint8))
    # Corners are given: OpenCV's finder misses some symbols, and here only the reading counts.
    first, last = 32, 8 * (side + 4)
    corners = numpy.array([[[first, first], [last, first], [last, last], [first, last]]], dtype=numpy.float32)
    assert cv2.QRCodeDetector().decode(picture, corners)[0] == text


@pytest.mark.parametrize("text", [URL, "https://a.example.cn/v/7KQ2M9XD4TBVHC3P", "x"])
def test_a_printed_code_is_read_by_zbar(tmp_path, text):
    picture = picture_of(sheet(text, 90), tmp_path, 150)
    assert run_tool(b"", tmp_path, "zbarimg", "-q", "--raw", str(picture)).strip() == text


def test_a_text_that_is_not_ascii_is_refused():
    with pytest.raises(ValueError, match="ascii"):
        qr_matrix("核验")


def test_a_text_too_long_for_any_symbol_is_refused():
    with pytest.raises(ValueError, match="too many"):
        qr_matrix("x" * 2332)
