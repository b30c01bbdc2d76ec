import io

from fontTools.ttLib import TTFont

from core.pdf.faces import BOLD, FONTS
from core.pdf.sfnt import TrueType


def test_a_subset_is_a_font_with_right_checksums_and_the_same_outlines():
    whole = TTFont(FONTS / f"{BOLD}.ttf")
    source = TrueType(FONTS / f"{BOLD}.ttf")
    text = "薪火计划Ag·"
    data = source.subset([source.glyphs[char] for char in text])
    part = TTFont(io.BytesIO(data), checkChecksums=2)
    names, cmap = part.getGlyphOrder(), whole.getBestCmap()
    assert len(names) == len(text) + 1
    for name, char in zip(names[1:], text, strict=True):
        original = cmap[ord(char)]
        assert (
            part["glyf"][name].getCoordinates(part["glyf"])[0]
            == (whole["glyf"][original].getCoordinates(whole["glyf"])[0])
        )
        assert part["hmtx"][name] == whole["hmtx"][original]


def test_widths_and_characters_agree_with_fonttools():
    whole = TTFont(FONTS / f"{BOLD}.ttf")
    source = TrueType(FONTS / f"{BOLD}.ttf")
    assert set(map(ord, source.glyphs)) == set(whole.getBestCmap())
    for code, name in whole.getBestCmap().items():
        assert source.widths[chr(code)] == whole["hmtx"][name][0]
