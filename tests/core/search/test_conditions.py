import pytest
from modelsearch.query import (
    MATCH_ALL,
    MATCH_NONE,
    And,
    Boost,
    Fuzzy,
    Not,
    Or,
    Phrase,
    PlainText,
    SearchQuery,
)
from modelsearch.utils import parse_query_string

from core.search.conditions import (
    NOTHING,
    Anything,
    Condition,
    Every,
    Some,
    Term,
    Without,
    condition_of,
    is_negative,
    title_phrase_of,
)

XINHUO = Term(("薪火",))
DUDAO = Term(("督导",))


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        (PlainText("薪火"), XINHUO),
        (PlainText("薪"), Term(("薪",), is_open=True)),
        (PlainText("社会工作"), Every((Term(("社会",)), Term(("会工",)), Term(("工作",))))),
        (PlainText("薪火 plan"), Every((XINHUO, Term(("plan",))))),
        (PlainText("薪火 督导", operator="or"), Some((XINHUO, DUDAO))),
        (Phrase("薪火plan"), Term(("薪火", "火", "plan"))),
        (Phrase("火"), Term(("火",), is_open=True)),
        (Phrase("社会工作"), Term(("社会", "会工", "工作"))),
        (And([PlainText("薪火"), PlainText("督导")]), Every((XINHUO, DUDAO))),
        (Or([PlainText("薪火"), Phrase("督导")]), Some((XINHUO, DUDAO))),
        (Not(PlainText("薪火")), Without(XINHUO)),
        (Not(Not(PlainText("薪火"))), XINHUO),
        (Boost(PlainText("薪火"), 3), XINHUO),
        (Fuzzy("社会工作"), Some((Term(("社会",)), Term(("会工",)), Term(("工作",))))),
        (Fuzzy("training"), Term(("traini",), is_open=True)),
        (MATCH_ALL, Anything()),
        (MATCH_NONE, NOTHING),
    ],
)
def test_every_kind_of_query_becomes_a_condition(query: SearchQuery, condition: Condition) -> None:
    assert condition_of(query) == condition


def test_words_may_be_unfinished_when_completing() -> None:
    assert condition_of(PlainText("wag"), is_partial=True) == Term(("wag",), is_open=True)
    assert condition_of(And([PlainText("wag"), PlainText("薪火")]), is_partial=True) == Every(
        (Term(("wag",), is_open=True), XINHUO)
    )


@pytest.mark.parametrize("text", ["", "   ", "!?*", '"', "。,", "\x00"])
def test_a_query_without_letters_finds_nothing(text: str) -> None:
    assert condition_of(PlainText(text)) == NOTHING
    assert condition_of(Phrase(text)) == NOTHING
    assert condition_of(Not(PlainText(text))) == NOTHING


def test_a_part_without_letters_does_not_spoil_its_neighbours() -> None:
    assert condition_of(And([PlainText("薪火"), PlainText(":")])) == XINHUO
    assert condition_of(Or([PlainText("薪火"), PlainText(":")])) == XINHUO


def test_everything_and_nothing_decide_early() -> None:
    assert condition_of(And([PlainText("薪火"), MATCH_ALL])) == XINHUO
    assert condition_of(And([PlainText("薪火"), MATCH_NONE])) == NOTHING
    assert condition_of(Or([PlainText("薪火"), MATCH_ALL])) == Anything()
    assert condition_of(Or([PlainText("薪火"), MATCH_NONE])) == XINHUO


def test_nested_parts_of_one_kind_lie_flat() -> None:
    nested = PlainText("薪火") & (PlainText("督导") & PlainText("薪火"))
    assert condition_of(nested) == Every((XINHUO, DUDAO))


def test_what_the_admin_parses_from_quotes_is_understood() -> None:
    _, query = parse_query_string('"薪火计划" 督导 live:true', operator="and")
    assert condition_of(query) == Every((Term(("薪火", "火计", "计划")), DUDAO))


def test_a_thousand_quoted_words_stay_bearable() -> None:
    _, query = parse_query_string(
        " ".join(f'"甲{chr(0x4E00 + place)}"' for place in range(1000)), operator="and"
    )
    condition = condition_of(query)
    assert isinstance(condition, Every)
    assert len(condition.parts) == 64


def test_an_unknown_kind_of_query_is_refused() -> None:
    with pytest.raises(TypeError, match="SearchQuery"):
        condition_of(SearchQuery())


def test_negation_is_seen_at_any_depth() -> None:
    assert is_negative(condition_of(PlainText("薪火") & (PlainText("督导") | ~PlainText("社工"))))
    assert not is_negative(condition_of(PlainText("薪火") & PlainText("督导")))


def test_the_title_phrase_is_made_of_what_is_sought() -> None:
    assert title_phrase_of(PlainText("薪火 训练")) == Term(("薪火", "火训", "训练"))
    assert title_phrase_of(PlainText("薪火") & ~PlainText("督导")) == XINHUO
    assert title_phrase_of(PlainText("wag"), is_partial=True) == Term(("wag",), is_open=True)
    assert title_phrase_of(MATCH_ALL) is None
