import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ui.avatars import TINTS, avatar_of


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("王小明", "小明"),
        ("张伟", "张伟"),
        ("欧阳静怡", "静怡"),
        ("阿依古丽·买买提", "买提"),
        ("𠮷田", "𠮷田"),
        ("Li Na", "LN"),
        ("anna maria berg", "AB"),
        ("x", "X"),
        ("", "?"),
    ],
)
def test_a_face_is_what_colleagues_would_call_out(name: str, letters: str) -> None:
    assert avatar_of(name).letters == letters


@given(st.text(max_size=40))
def test_any_name_has_one_lasting_face(name: str) -> None:
    face = avatar_of(name)
    assert face == avatar_of(name)
    assert face.letters
    assert 1 <= face.tint <= TINTS
