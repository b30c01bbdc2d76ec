"""What a list may take of a cohort's places."""

from hypothesis import given
from hypothesis import strategies as st

from lms.admissions.policy import Quota
from lms.rosters.policy import PlaceFacts, Places

COUNT = st.integers(0, 12)
PATHS = st.sampled_from(["", "0001", "00010001", "0002"])


@given(COUNT, COUNT, COUNT, st.lists(PATHS, max_size=30))
def test_a_list_gets_what_is_neither_taken_nor_waited_for(capacity, taken, waiting, people):
    places = Places(PlaceFacts(capacity, taken, waiting))
    given_out = sum(places.give(path) for path in people)
    assert given_out == min(len(people), max(0, capacity - taken - waiting))


@given(COUNT, COUNT, st.lists(PATHS, max_size=30))
def test_a_kept_place_goes_to_nobody_else(capacity, kept, people):
    kept = min(kept, capacity)
    places = Places(PlaceFacts(capacity, 0, 0, [Quota("0001", kept)], {}))
    inside = outside = 0
    for path in people:
        if places.give(path):
            inside, outside = inside + path.startswith("0001"), outside + (not path.startswith("0001"))
    assert inside + outside <= capacity
    assert outside <= capacity - kept


def test_whoever_is_employed_there_finds_the_place_that_is_kept():
    places = Places(PlaceFacts(2, 1, 0, [Quota("0001", 1)], {"0002": 1}))
    assert not places.give("0002")
    assert places.give("00010003")
    assert not places.give("00010003")
