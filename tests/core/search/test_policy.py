from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.search.policy import (
    MAX_TERMS,
    MAX_TOKENS,
    excerpt,
    fold,
    runs_of,
    terms_of_query,
    tokens_for_index,
)

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
ANY_TEXT = st.text(max_size=80)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("薪火计划", "薪火 火计 计划 划"),
        ("薪", "薪"),
        ("Hello World", "hello world"),
        ("H5P课件2024", "h5p 课件 件 2024"),
        ("2024年第3期", "2024 年第 第 3 期"),
        ("", ""),
        ("!?。", ""),
    ],
)
def test_each_character_opens_a_token_and_words_stay_whole(text: str, tokens: str) -> None:
    assert tokens_for_index(text) == tokens


def test_runs_join_across_a_dot_a_space_or_a_bracket_but_not_across_lines() -> None:
    assert "火训" in tokens_for_index("薪火·训练营").split()
    assert "火训" in tokens_for_index("薪火 训练营").split()
    assert "作实" in tokens_for_index("《社会工作》实务").split()
    assert "火训" not in tokens_for_index("薪火\n训练营").split()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("（薪火）", "(薪火)"),
        ("Café XĪN", "cafe xin"),
        ("e\u0301", "e"),
        ("葛\U000e0100城", "葛城"),
        ("薪\u200b火\ufeff", "薪火"),
        ("⼈", "人"),
        ("金\uf90a", "金金"),
        ("①", "1"),
        ("가", "가"),
        ("が", "が"),
    ],
)
def test_one_form_for_every_way_to_write_a_character(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "character",
    [
        "㐀",
        "䶮",
        "㛃",
        "\U00020000",
        "\U0002a6df",
        "\U0002b740",
        "\U0002ebe0",
        "\U00030000",
        "\U00031350",
        "\U000323af",
        "\ue000",
        "〇",
        "々",
    ],
)
def test_ideographs_of_every_plane_are_searched_by_character(character: str) -> None:
    assert tokens_for_index(f"{character}堃") == f"{character}堃 堃"
    assert terms_of_query(character) == [character]


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("社会工作", ["社会", "会工", "工作"]),
        ("薪", ["薪"]),
        ("薪火 训练营", ["薪火", "训练", "练营"]),
        ("薪火Wagtail计划", ["薪火", "wagtail", "计划"]),
        ("薪火 薪火", ["薪火"]),
        (" \x00 \"*:-()NEAR '", ["near"]),
        ("?!*", []),
        ("\ud800", []),
    ],
)
def test_a_query_asks_for_pairs_and_words(query: str, terms: list[str]) -> None:
    assert terms_of_query(query) == terms


def test_a_pasted_page_is_cut_to_a_bearable_query_and_a_book_to_a_bearable_entry() -> None:
    assert len(terms_of_query("".join(chr(0x4E00 + place) for place in range(10_000)))) == MAX_TERMS
    assert len(tokens_for_index("社会工作" * 30_000).split()) == MAX_TOKENS
    assert len(tokens_for_index("甲 " * 1_000_000).split()) == MAX_TOKENS
    assert tokens_for_index("x" * 10_000) == "x" * 64


@given(st.text(HAN, min_size=1, max_size=30), st.data())
def test_whatever_stands_in_a_text_is_among_its_tokens(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(start + 1, len(text)))
    tokens = tokens_for_index(text).split()
    for term in terms_of_query(text[start:stop]):
        assert any(token.startswith(term) if len(term) == 1 else token == term for token in tokens)


@given(ANY_TEXT)
def test_tokens_hold_only_letters_digits_and_ideographs(text: str) -> None:
    for token in [*tokens_for_index(text).split(" "), *terms_of_query(text)]:
        assert not set(token) & set("'\"\\*:-()&|!<>\x00\n^+{}")
        assert token == fold(token)


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_runs_name_their_kind() -> None:
    assert [(run.text, run.is_unspaced) for run in runs_of("薪火 plan B")] == [
        ("薪火", True),
        ("plan", False),
        ("b", False),
    ]


# --- Excerpts -------------------------------------------------------------------------------------------------


def test_an_excerpt_marks_the_whole_run_and_each_word() -> None:
    assert excerpt("天津薪火计划 Training", "薪火计划 train") == [
        ("天津", False),
        ("薪火计划", True),
        (" ", False),
        ("Train", True),
        ("ing", False),
    ]


def test_an_excerpt_marks_pairs_where_the_whole_run_does_not_stand() -> None:
    assert excerpt("工作与社会", "社会工作") == [("工作", True), ("与", False), ("社会", True)]


def test_an_excerpt_marks_full_width_and_accented_forms_in_the_original() -> None:
    assert excerpt("ＡＢＣ 与 Café", "abc cafe") == [("ＡＢＣ", True), (" 与 ", False), ("Café", True)]


def test_an_excerpt_does_not_mark_the_inside_of_a_word() -> None:
    assert excerpt("maintain", "in") == [("maintain", False)]
    assert excerpt("社工in社工", "in") == [("社工", False), ("in", True), ("社工", False)]


def test_a_long_text_is_cut_around_its_first_hit() -> None:
    pieces = excerpt("前" * 500 + "薪火" + "后" * 500, "薪火", length=60)
    assert pieces[0][0].startswith("…前")
    assert ("薪火", True) in pieces
    assert pieces[-1][0].endswith("后…")
    assert len("".join(text for text, _ in pieces)) == 62


def test_without_a_hit_an_excerpt_is_the_beginning() -> None:
    assert excerpt("甲" * 200, "薪火", length=10) == [("甲" * 10 + "…", False)]
    assert excerpt("甲乙", "") == [("甲乙", False)]
    assert excerpt("", "薪火") == []


@given(ANY_TEXT, ANY_TEXT, st.integers(1, 100))
def test_an_excerpt_never_loses_or_invents_text(text: str, query: str, length: int) -> None:
    pieces = excerpt(text, query, length=length)
    joined = "".join(piece for piece, _ in pieces)
    flat = " ".join(text.split())
    assert joined.strip("…") in flat
    assert all(before[1] != after[1] for before, after in pairwise(pieces))


@given(st.text(HAN, min_size=1, max_size=40), st.data())
def test_what_is_searched_for_is_marked(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(start + 1, len(text)))
    marked = [piece for piece, is_hit in excerpt(text, text[start:stop]) if is_hit]
    assert marked
