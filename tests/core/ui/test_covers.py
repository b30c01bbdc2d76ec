import re
from xml.dom import minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ui.covers import KINDS, cover_svg


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_title_has_the_same_cover_and_another_title_another(kind: str) -> None:
    assert cover_svg(kind, "新入职社工") == cover_svg(kind, "新入职社工")
    assert cover_svg(kind, "新入职社工") != cover_svg(kind, "督导人才培养")


@given(st.sampled_from([*KINDS, "unknown", ""]), st.text(max_size=30))
def test_a_cover_is_sound_svg_in_our_colours_only(kind: str, title: str) -> None:
    svg = cover_svg(kind, title)
    minidom.parseString(svg)
    assert "style=" not in svg
    assert "fill=" not in svg
    assert "nan" not in svg
    assert set(re.findall(r'class="(\w+)"', svg)) <= {"cover", "f", "fs", "i", "is", "p", "ps"}
    assert len(svg) < 12_000
