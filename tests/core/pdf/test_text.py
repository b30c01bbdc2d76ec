from hypothesis import given
from hypothesis import strategies as st

from core.pdf.text import fit, fit_name, text_width, wrap, wrap_evenly

CHARACTERS = st.sampled_from(list("社会工作实务薪火王龍，。、：；（）《》“”—…·ABCxyz019 -"))
TEXTS = st.text(CHARACTERS, min_size=1, max_size=60).map(lambda text: " ".join(text.split())).filter(bool)
UYGHUR = "阿卜杜热合曼·买买提托合提·艾合买提江·吐尔逊尼亚孜·伊敏"


def squeezed(text: str) -> str:
    return text.replace(" ", "")


@given(TEXTS, st.floats(60, 400), st.floats(8, 30), st.booleans())
def test_wrapping_loses_nothing_and_keeps_to_the_room(text, room, size, bold):
    for lines in (wrap(text, size, room, bold=bold), wrap_evenly(text, size, room, bold=bold)):
        assert squeezed("".join(lines)) == squeezed(text)
        assert all(text_width(line, size, bold=bold) <= room + 0.1 for line in lines)


@given(TEXTS, st.floats(60, 400), st.integers(1, 3))
def test_a_fitted_text_is_whole_within_the_room_and_never_larger_than_asked(text, room, lines):
    fitted = fit(text, room, 20.0, lines=lines)
    assert squeezed("".join(fitted.lines)) == squeezed(text)
    assert len(fitted.lines) <= lines
    assert 0 < fitted.size <= 20
    assert all(text_width(line, fitted.size) <= room + 0.1 for line in fitted.lines)


@given(TEXTS, st.floats(60, 400))
def test_a_fitted_name_is_whole_and_on_two_lines_at_most(name, room):
    fitted = fit_name(name, room, 34.0, smallest=20.0)
    assert squeezed("".join(fitted.lines)) == squeezed(name)
    assert len(fitted.lines) <= 2
    assert all(text_width(line, fitted.size) <= room + 0.1 for line in fitted.lines)


def test_punctuation_stays_where_it_belongs():
    assert wrap("社会工作，实务", 10, 40) == ["社会工", "作，实务"]
    assert wrap("社会工（实务）", 10, 40) == ["社会工", "（实务）"]


def test_a_latin_word_and_a_number_stay_whole():
    assert wrap("薪火计划2026 Spark Plan", 10, 62) == ["薪火计划", "2026 Spark", "Plan"]


def test_a_word_wider_than_the_line_is_broken_inside():
    lines = wrap("W" * 30, 10, 50)
    assert "".join(lines) == "W" * 30
    assert len(lines) > 1


def test_two_lines_part_at_a_comma_rather_than_inside_a_word():
    title = "社会工作法规与政策：社会救助与儿童关爱"
    assert fit(title, 220, 20).lines == ("社会工作法规与政策：", "社会救助与儿童关爱")


def test_lines_are_even():
    first, second = fit("社会工作实务社会工作实务社会工作", 200, 16).lines
    assert abs(len(first) - len(second)) <= 1


def test_a_name_shrinks_on_one_line_before_it_takes_two():
    assert fit_name("王小明", 480, 34, smallest=20).size == 34
    shrunk = fit_name("阿卜杜热合曼·买买提托合提·艾合买提江", 480, 34, smallest=20)
    assert len(shrunk.lines) == 1
    assert 20 <= shrunk.size < 34


def test_a_very_long_name_parts_after_a_dot_near_its_middle():
    fitted = fit_name(UYGHUR, 480, 27, smallest=27)
    assert fitted.lines == ("阿卜杜热合曼·买买提托合提·", "艾合买提江·吐尔逊尼亚孜·伊敏")


def test_tracking_counts_between_characters_only():
    assert text_width("王小明", 10, tracking=5) == 40
    assert text_width("王", 10, tracking=5) == 10
