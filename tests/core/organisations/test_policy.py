import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.organisations.policy import (
    TIERS,
    Tier,
    UsccError,
    may_sit_under,
    normalise_uscc,
    uscc_check_character,
    uscc_errors,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code(head: str) -> str:
    return head + uscc_check_character(head)


heads = st.builds(
    lambda department, region, body: department + region + body,
    st.sampled_from(["51", "52", "53", "11", "12", "91", "92", "N2"]),
    st.from_regex(r"[1-6][0-9]{5}", fullmatch=True),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@pytest.mark.parametrize("raw", ["91110000600037341L", "91350100M000100Y43", "9135 0100-m000100y43"])
def test_a_well_formed_code_is_accepted(raw: str) -> None:
    assert uscc_errors(raw) == ()
    assert normalise_uscc(raw) == raw.replace(" ", "").replace("-", "").upper()


def test_full_width_characters_are_put_right() -> None:
    assert normalise_uscc("９１３５０１００Ｍ０００１００Ｙ４３") == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("raw", "errors"),
    [
        ("", (UsccError.EMPTY,)),
        ("9135010M000100Y43", (UsccError.LENGTH,)),
        ("91350100M000100Y4O", (UsccError.UNUSED_LETTER,)),
        ("91350100I000100Y43", (UsccError.UNUSED_LETTER,)),
        ("91350100中000100Y43", (UsccError.CHARACTERS,)),
        ("91350100M000100Y44", (UsccError.CHECK_CHARACTER,)),
        (code("9135A100M000100Y4"), (UsccError.REGION,)),
    ],
)
def test_each_fault_has_its_own_code(raw: str, errors: tuple[UsccError, ...]) -> None:
    assert uscc_errors(raw) == errors


@given(heads)
def test_every_generated_code_passes(head: str) -> None:
    assert uscc_errors(code(head)) == ()


@given(heads, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_one_changed_character_is_refused(head: str, place: int, other: str) -> None:
    value = code(head)
    if value[place] == other:
        return
    assert uscc_errors(value[:place] + other + value[place + 1 :])


@given(st.text(max_size=25))
def test_no_text_makes_it_raise(raw: str) -> None:
    uscc_errors(raw)


@pytest.mark.parametrize("child", TIERS)
@pytest.mark.parametrize("parent", TIERS)
def test_an_organisation_sits_only_under_a_higher_tier(child: Tier, parent: Tier) -> None:
    assert may_sit_under(child, parent) == (TIERS.index(parent) < TIERS.index(child))


def test_a_district_may_sit_directly_under_a_municipality() -> None:
    assert may_sit_under("county", "province")


def test_a_tree_may_begin_anywhere_but_at_a_station() -> None:
    assert [may_sit_under(tier, None) for tier in TIERS] == [True, True, True, True, False]


def test_an_unknown_tier_raises() -> None:
    with pytest.raises(ValueError, match="village"):
        may_sit_under("village", "street")
