from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments.policy import allocate, masked, middle

PEOPLE = st.lists(st.integers(1, 10_000), max_size=60, unique=True)


@given(PEOPLE, st.integers(0, 8), st.integers())
def test_nobody_reads_their_own_or_one_twice_and_all_read_and_are_read_equally(people, each, seed):
    found = allocate(people, each=each, seed=seed)
    expected = min(each, max(len(people) - 1, 0))
    assert set(found) == set(people)
    for reader, works in found.items():
        assert reader not in works
        assert len(works) == len(set(works)) == expected
    read = Counter(work for works in found.values() for work in works)
    assert all(read[person] == expected for person in people)


@given(PEOPLE, st.integers(1, 5), st.integers())
def test_the_same_seed_gives_the_same_pairs_whatever_the_order(people, each, seed):
    assert allocate(people, each=each, seed=seed) == allocate(people[::-1], each=each, seed=seed)


def test_another_seed_gives_other_pairs():
    assert allocate(range(30), each=3, seed=1) != allocate(range(30), each=3, seed=2)


@pytest.mark.parametrize(("scores", "expected"), [([], None), ([70], 70), ([60, 90], 75), ([0, 80, 90], 80)])
def test_one_who_is_far_off_does_not_move_the_middle(scores, expected):
    assert middle(scores) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我是林晓雨，电话13800138000", "我是〔…〕，电话〔…〕"),
        ("林 晓 雨 LINXY@Example.com", "〔…〕 〔…〕"),
        ("树林里", "树林里"),
    ],
)
def test_names_numbers_and_accounts_are_masked_whatever_spaces_stand_inside(text, expected):
    assert masked(text, ["林晓雨", "13800138000", "linxy@example.com", "林", ""]) == expected
