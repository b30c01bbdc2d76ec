"""A round of very many people is calculated over all pairs in groups: to the same as with a row for every pair."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.matching import actions
from supervision.matching.policy import BARRED
from supervision.matching.queries import (
    Contradiction,
    Facts,
    curves_of,
    large,
    line_words,
    outcome_of,
    proof_words,
)
from supervision.matching.queries.large import all_pairs, over_all
from supervision.matching.scoring import columns_of
from tests.supervision.matching.acts import calculate, run_of, wish
from tests.supervision.matching.test_scoring import MENTEES, RULES, SUPERVISORS


@st.composite
def rounds(draw):
    """People with keys of their own; wishes and what is between two name keys that may be there."""
    mentees = draw(st.lists(MENTEES, min_size=1, max_size=5))
    supervisors = draw(st.lists(SUPERVISORS, min_size=1, max_size=4))
    return Facts(
        draw(RULES),
        [replace(one, key=number) for number, one in enumerate(mentees, start=1)],
        [replace(one, key=number) for number, one in enumerate(supervisors, start=1)],
    )


@given(rounds())
def test_groups_say_of_every_pair_what_the_scoring_says(facts):
    pairs, columns = all_pairs(facts), columns_of(facts.mentees, facts.supervisors, facts.rules)
    listed = {
        (facts.mentees[row].key, facts.supervisors[place].key): score
        for row, place, score in zip(columns.mentees, columns.supervisors, columns.scores, strict=True)
    }
    market = pairs.market()
    found = {
        (int(market.mentees[one]), int(market.supervisors[by])): int(score)
        for one, by, score in zip(market.mentee, market.supervisor, market.score, strict=True)
        if score > BARRED // 2
    }
    assert found == listed


@given(rounds(), st.data())
def test_over_all_pairs_it_comes_to_the_same(facts, data):
    plain = outcome_of(facts, engine="optimal")
    placed = {each.mentee: each.supervisor for each in plain.placed if each.supervisor}
    banned = (
        [list(pair) for pair in data.draw(st.lists(st.sampled_from(sorted(placed.items())), max_size=2))]
        if placed
        else []
    )
    plain = outcome_of(facts, engine="optimal", forbidden=banned)
    found = over_all(facts, forbidden=banned)
    before = plain.summary["optimal"]
    assert (found.summary["matched"], found.summary["total"]) == (before["matched"], before["total"])
    assert (found.summary["gap"], before["gap"]) == (0, 0)
    assert set(found.reasons) == {one.key for one in facts.mentees} - set(found.chosen)


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr(large, "MOST_PAIRS", 1)


def test_a_large_round_is_calculated_proved_and_explained(round, two, cast, many):
    supervisors, mentees = two
    wish(mentees[2], supervisors[1])
    run = run_of(round, cast.administrator)
    assert (run.figures["matched"], run.figures["gap"], set(run.summary)) == (2, 0, {"optimal"})
    assert run.lines.get(mentee=mentees[2]).supervisor == supervisors[1]
    assert "排满" in line_words(run.lines.get(supervisor=None))
    assert "证明" in proof_words(run) and "稳定" in proof_words(run)
    trial = calculate(round, cast.administrator, actions.try_change, pin=(mentees[2], supervisors[0]))
    assert trial.lines.get(mentee=mentees[2]).supervisor == supervisors[0]


def test_what_a_large_round_cannot_do_is_said(round, two, cast, many, client):
    run_of(round, cast.administrator)
    stable = calculate(round, cast.administrator, actions.try_change, engine="stable")
    weighed = calculate(round, cast.administrator, actions.choose_knobs, even=5)
    assert ("最优" in stable.error, "权衡" in weighed.error) == (True, True)
    client.force_login(cast.administrator)
    assert client.get(f"/admin/matching-rounds/round/{round.pk}/").status_code == 200
    with pytest.raises(Contradiction):
        curves_of(Facts(None, [1, 2], [3]), knobs={})  # type: ignore[arg-type]
