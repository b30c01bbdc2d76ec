from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.questions.policy import Candidate, Line, NotEnough, draw, lacks, shuffled
from lms.questions.policy.drawing import fits

points = st.sampled_from(
    [("实务",), ("实务", "第3章"), ("实务", "第3章", "个案"), ("实务", "第4章"), ("法规",)]
)
levels, kinds = st.sampled_from(["easy", "hard"]), st.sampled_from(["single", "multiple"])
pools = st.lists(st.tuples(points, levels, kinds), max_size=14).map(
    lambda rows: [Candidate(number, *row) for number, row in enumerate(rows)]
)
lines = st.builds(
    Line,
    count=st.integers(1, 4),
    point=st.one_of(st.just(()), points),
    difficulty=st.one_of(st.just(""), levels),
    kind=st.one_of(st.just(""), kinds),
)
blueprints = st.lists(lines, max_size=4)


def can_be_served(blueprint, pool) -> bool:
    """Hall's condition, asked of every set of lines: together they fit as many questions as they need."""
    for chosen in product([False, True], repeat=len(blueprint)):
        some = [line for line, taken in zip(blueprint, chosen, strict=True) if taken]
        fitting = sum(any(fits(line, each) for line in some) for each in pool)
        if fitting < sum(line.count for line in some):
            return False
    return True


@given(blueprints, pools, st.text(max_size=5))
def test_a_drawing_is_found_exactly_where_there_is_one(blueprint, pool, seed):
    if not can_be_served(blueprint, pool):
        with pytest.raises(NotEnough):
            draw(blueprint, pool, seed)
        return
    drawn = draw(blueprint, pool, seed)
    revisions = [candidate.revision for candidate, _line in drawn]
    assert len(revisions) == len(set(revisions))
    assert [line for _candidate, line in drawn] == [line for line in blueprint for _ in range(line.count)]
    assert all(fits(line, candidate) for candidate, line in drawn)


@given(blueprints, pools)
def test_something_is_lacking_exactly_where_no_drawing_is_found(blueprint, pool):
    found = lacks(blueprint, pool)
    assert bool(found) != can_be_served(blueprint, pool)
    for lack in found:
        line = blueprint[lack.number - 1]
        own = sum(fits(line, each) for each in pool)
        assert lack.needs == line.count > lack.has
        assert lack.has == own if not lack.shared else own >= line.count


@given(blueprints, pools, st.text(max_size=5), st.randoms(use_true_random=False))
def test_a_seed_draws_the_same_whatever_the_order_of_the_pool(blueprint, pool, seed, random):
    if lacks(blueprint, pool):
        return
    other = list(pool)
    random.shuffle(other)
    assert draw(blueprint, pool, seed) == draw(blueprint, other, seed)


def test_other_seeds_draw_other_questions_and_all_of_them_in_time():
    pool = [Candidate(number, ("实务",), "easy", "single") for number in range(30)]
    drawings = [draw([Line(5)], pool, str(seed)) for seed in range(200)]
    often = Counter(candidate.revision for drawing in drawings for candidate, _line in drawing)
    assert len({tuple(drawing) for drawing in drawings}) > 190
    assert len(often) == 30
    assert max(often.values()) < 70  # 33 on the average


def test_a_line_that_may_take_anything_leaves_the_rare_questions_to_the_line_that_needs_them():
    pool = [Candidate(1, ("甲",), "easy", "single"), Candidate(2, ("乙",), "easy", "single")]
    for seed in range(20):
        drawn = draw([Line(1), Line(1, ("甲",))], pool, str(seed))
        assert [candidate.revision for candidate, _line in drawn] == [2, 1]


def test_ten_thousand_questions_and_a_long_blueprint_are_drawn_at_once():
    pool = [Candidate(number, ("实务", f"第{number % 20}章"), "easy", "single") for number in range(10_000)]
    blueprint = [Line(500, ("实务", f"第{number}章")) for number in range(20)]
    assert len(draw(blueprint, pool, "1")) == 10_000
    assert [lack.shared for lack in lacks([*blueprint, Line(1)], pool)] == [True]


@given(st.lists(st.integers()), st.text(max_size=5))
def test_shuffling_keeps_everything_and_is_decided_by_the_seed(things, seed):
    assert sorted(shuffled(things, seed)) == sorted(things)
    assert shuffled(things, seed) == shuffled(things, seed)
