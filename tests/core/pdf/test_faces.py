import datetime as dt
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.pdf.build_fonts import gb2312_characters, standard_characters
from core.pdf.faces import (
    BOLD,
    FONTS,
    RARE,
    REGULAR,
    MissingGlyph,
    face,
    missing_glyphs,
    require_glyphs,
    split_runs,
    to_unicode,
)
from core.pdf.paper import DocumentInfo, close_canvas, open_canvas
from core.pdf.text import draw_text
from tests.core.pdf.reading import fonts_of, pixels_of, run_tool, text_of

INFO = DocumentInfo("题", "署名", "S-1", "code=1", dt.date(2026, 11, 23))
# Some are beyond U+FFFF; 㐀, the traditional 龍 and what only sisters of the typeface have are in the rare face only.
RARE_NAMES = [
    "欧阳䶮",
    "王堃",
    "李㛃",
    "赵𬭎",
    "陈昇",
    "龍㐀",
    "𠂇𧢲𩙿",
    "𠮷𨳒",
    "Łucja Žižková-Ağaoğlu Şőnmez",
]


def page(*lines: str, bold: bool = False) -> bytes:
    canvas = open_canvas(INFO)
    for index, line in enumerate(lines):
        draw_text(canvas, line, 60, 500 - 40 * index, 24, bold=bold)
    return close_canvas(canvas)


def test_every_standard_character_is_in_both_main_faces():
    assert len(standard_characters()) == 8105
    for code in standard_characters() | gb2312_characters():
        assert face(REGULAR).prints(chr(code))
        assert face(BOLD).prints(chr(code))


def test_the_rare_face_completes_the_main_one_without_overlap():
    main, rare = set(face(REGULAR).face.glyphs), set(face(RARE).face.glyphs)
    assert not main & rare
    assert len(main) + len(rare) > 30_900


def test_the_committed_fonts_are_those_of_the_manifest():
    script = Path(sys.modules["core.pdf.build_fonts"].__file__)
    subprocess.run([sys.executable, script, "--check"], check=True)
    manifest = json.loads((FONTS / "MANIFEST.json").read_text(encoding="utf-8"))
    assert manifest["licence"] == "OFL-1.1"
    assert sum(entry["bytes"] for entry in manifest["files"].values()) < 20_500_000


def test_the_engine_needs_no_django_and_opens_the_rare_face_only_when_asked():
    code = (
        "import sys; from core.pdf import faces, text; text.text_width('王小明', 12);"
        "assert 'django' not in sys.modules; assert faces._load.cache_info().currsize == 1;"
        "text.text_width('龍', 12); assert faces._load.cache_info().currsize == 2"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=FONTS.parents[2])


@pytest.mark.parametrize("name", RARE_NAMES)
def test_a_rare_name_has_every_glyph(name):
    assert missing_glyphs(name) == []


@pytest.mark.parametrize("bold", [False, True])
def test_names_copy_out_of_the_file_exactly(tmp_path, bold):
    lines = [*RARE_NAMES, "阿卜杜热合曼·买买提", "Zoë Müller-O'Brien", "（２０２６）第１期 “甲”"]
    assert text_of(page(*lines, bold=bold), tmp_path).split("\n")[: len(lines)] == lines


def test_a_missing_character_is_refused_by_name_and_code():
    with pytest.raises(MissingGlyph) as refusal:
        require_glyphs("王\U000323af", "ཀ王ཀ")
    assert refusal.value.characters == ["\U000323af", "ཀ"]
    assert "U+323AF" in str(refusal.value)
    assert "ཀ (U+0F40)" in str(refusal.value)


@pytest.mark.parametrize("char", ["\n", "\t", "\u200b", "\ufe00", "\U000e0100", "\ud800", "\x00"])
def test_what_would_vanish_on_paper_counts_as_missing(char):
    assert missing_glyphs(f"王{char}明") == [char]


def test_drawing_directly_on_the_canvas_refuses_too():
    canvas = open_canvas(INFO)
    with pytest.raises(MissingGlyph):
        canvas.drawString(10, 10, "龍")
    with pytest.raises(MissingGlyph):
        canvas.stringWidth("龍", REGULAR, 12)


def test_a_text_is_cut_into_runs_by_face():
    runs = [(part.fontName, run) for part, run in split_runs("王龍㐀明", bold=True)]
    assert runs == [(BOLD, "王"), (RARE, "龍㐀"), (BOLD, "明")]
    assert list(split_runs("")) == []


def test_only_our_own_fonts_are_in_the_file_each_embedded_as_a_subset(tmp_path):
    rows = fonts_of(page("王龍"), tmp_path)
    assert [row[0].split("+")[1] for row in rows] == [REGULAR, RARE]
    assert [row[-5:-2] for row in rows] == [["yes", "yes", "yes"]] * 2


def test_bold_thickens_a_rare_character(tmp_path):
    plain, bold = (pixels_of(page("龍", bold=bold), tmp_path, 150) for bold in (False, True))
    assert (bold < 128).sum() > 1.15 * (plain < 128).sum()


def test_a_page_of_many_characters_is_one_valid_font_and_copies_exactly(tmp_path):
    characters = [chr(code) for code in sorted(gb2312_characters()) if code >= 0x4E00][:600]
    lines = ["".join(characters[start : start + 25]) for start in range(0, 600, 25)]
    canvas = open_canvas(INFO)
    for index, line in enumerate(lines):
        draw_text(canvas, line, 40, 570 - 23 * index, 16)
    pdf = close_canvas(canvas)
    assert text_of(pdf, tmp_path).split() == lines
    assert len(fonts_of(pdf, tmp_path)) == 1
    assert "No syntax" in run_tool(pdf, tmp_path, "qpdf", "--check", "{}")


def test_the_unicode_map_is_in_blocks_of_a_hundred_and_in_surrogate_pairs():
    content = to_unicode(["𬭎"] * 150).decode("ascii")
    assert "100 beginbfchar" in content
    assert "50 beginbfchar" in content
    assert "<0001> <D872DF4E>" in content


def test_threads_do_not_disturb_each_other():
    lines = [f"{name} 第{number}号" for number in range(20) for name in RARE_NAMES]
    alone = [page(line) for line in lines]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(page, lines)) == alone
