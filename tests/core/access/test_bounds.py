import pytest

from core.access.bounds import BIGGEST, key_in


@pytest.mark.parametrize("text", ["0", "7", "007", "9" * 18])
def test_a_key_is_read_out_of_a_text(text):
    assert key_in(text) == int(text) < BIGGEST


@pytest.mark.parametrize("text", ["", " 7", "-7", "7.0", "x", "７", "²", "\0", "9" * 19, "9" * 5000])
def test_what_no_row_can_have_names_no_key(text):
    assert key_in(text) is None
