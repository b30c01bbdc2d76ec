"""An officer who chooses between the two engines reads what each gives up, in words and in the round's own numbers."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from supervision.matching.forms import RoundForm
from supervision.matching.queries.standing import trade_words
from supervision.models import RoundRun

OPTIMAL = {"matched": 840, "total": 51200, "blocking": 37}
STABLE = {"matched": 831, "total": 50900, "blocking": 0}


def test_the_trade_is_told_in_the_numbers_of_the_round():
    with override("zh-hans"):
        words = trade_words(RoundRun(summary={"optimal": OPTIMAL, "stable": STABLE}))
    for said in ("少结对 9 人", "840", "831", "51200", "50900", "37 对", "“稳定”没有"):
        assert said in words


def test_where_both_pair_as_many_only_the_rest_is_compared():
    with override("zh-hans"):
        words = trade_words(RoundRun(summary={"optimal": OPTIMAL, "stable": {**STABLE, "matched": 840}}))
    assert "都结对 840 人" in words and "少结对" not in words and "50900" in words


@pytest.mark.parametrize(
    "summary",
    [
        {},
        {"optimal": OPTIMAL},
        {"optimal": {"matched": 840, "total": 51200}, "stable": STABLE},
        {"optimal": {**OPTIMAL, "matched": 830}, "stable": STABLE},
    ],
)
def test_nothing_is_told_where_the_two_cannot_be_compared(summary):
    assert trade_words(RoundRun(summary=summary)) == "" and trade_words(None) == ""


def test_the_choice_is_explained_where_it_is_made(cast):
    with override("zh-hans"):
        help_text = str(RoundForm(for_user=cast.city_administrator).fields["engine"].help_text)
    assert "最优：先让有督导的学员最多" in help_text and "稳定：安排之后" in help_text
