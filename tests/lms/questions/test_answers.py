"""What a sitting keeps of an answer."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.questions.policy import (
    Accepted,
    Blank,
    Choice,
    Impossible,
    Kind,
    Number,
    Pair,
    Part,
    Question,
    TooLong,
    is_said,
    mark,
    said,
)

CHOICES = tuple(Choice(key, key) for key in "abc")
ASKED = {
    "single": Question("1", Kind.SINGLE, "?", choices=CHOICES, correct=("a",)),
    "multiple": Question("2", Kind.MULTIPLE, "?", choices=CHOICES, correct=("a", "b")),
    "fill_in": Question(
        "3", Kind.FILL_IN, "____和____", blanks=(Blank((Accepted("甲"),)), Blank((Accepted("乙"),)))
    ),
    "matching": Question("4", Kind.MATCHING, "?", pairs=(Pair("p", "左", "右"),), distractors=("别的",)),
    "ordering": Question("5", Kind.ORDERING, "?", items=CHOICES),
    "numeric": Question("6", Kind.NUMERIC, "?", numbers=(Number(Decimal(72)),)),
    "short": Question("7", Kind.SHORT, "?", answers=(Accepted("助人自助"),)),
    "essay": Question("8", Kind.ESSAY, "?"),
    "case": Question("9", Kind.CASE, "材料", parts=(Part("x", "问", Decimal(5)),)),
}
texts = st.text(max_size=30)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(texts, below, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        ("single", ("a",), ["a"]),
        ("single", (), []),
        ("multiple", ["b", "a", "b"], ["b", "a"]),
        ("fill_in", ["甲", ""], ["甲", ""]),
        ("matching", {"p": "别的"}, {"p": "别的"}),
        ("matching", {"p": ""}, {}),
        ("ordering", ["c", "a", "b"], ["c", "a", "b"]),
        ("ordering", ["", ""], []),
        ("numeric", " 72 ", " 72 "),
        ("short", "助人自助", "助人自助"),
        ("essay", "一\r\n二", "一\n二"),
        ("case", {"x": "答"}, {"x": "答"}),
    ],
)
def test_what_a_form_sends_is_kept_in_the_shape_of_its_kind(kind, raw, kept):
    assert said(ASKED[kind], raw) == kept


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("single", ["a", "b"]),
        ("single", ["z"]),
        ("single", "a"),
        ("multiple", ["a", "z"]),
        ("multiple", None),
        ("fill_in", ["1", "2", "3"]),
        ("fill_in", [["a"]]),
        ("matching", {"q": "右"}),
        ("matching", {"p": "没有"}),
        ("ordering", ["a", "b"]),
        ("ordering", ["a", "a", "b"]),
        ("numeric", ["72"]),
        ("case", {"y": "答"}),
        ("case", "答"),
    ],
)
def test_what_no_form_sends_is_impossible(kind, raw):
    with pytest.raises(Impossible):
        said(ASKED[kind], raw)


@pytest.mark.parametrize(("kind", "most"), [("essay", 10_000), ("short", 500), ("numeric", 500)])
def test_a_text_may_be_so_long(kind, most):
    assert said(ASKED[kind], "字" * most)
    with pytest.raises(TooLong) as long:
        said(ASKED[kind], "字" * (most + 1))
    assert long.value.most == most


@given(st.sampled_from(sorted(ASKED)), anything)
def test_whatever_comes_is_kept_or_refused_and_what_is_kept_can_be_marked(kind, raw):
    question = ASKED[kind]
    try:
        kept = said(question, raw)
    except (Impossible, TooLong):
        return
    assert said(question, kept) == kept
    assert 0 <= mark(question, kept).points <= question.points
    assert is_said(kept) in (True, False)


def test_blanks_of_nothing_are_no_answer():
    assert not is_said(["", " "])
    assert not is_said({"x": ""})
    assert not is_said(None)
    assert is_said({"x": "答"})
