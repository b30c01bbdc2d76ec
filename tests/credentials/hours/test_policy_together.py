from hypothesis import given
from hypothesis import strategies as st

from credentials.hours.policy import Sharing

PERCENT = st.integers(0, 100)
SHARING = st.builds(Sharing, PERCENT, PERCENT, PERCENT, st.none() | st.integers(0, 5000))


@given(SHARING, st.integers(0, 480), st.sampled_from(["group", "peer"]), st.integers(0, 6000))
def test_never_more_counts_than_there_was_nor_than_the_most_of_the_year(sharing, minutes, form, used):
    found = sharing.counted(minutes, form, "accompanying", used)
    assert 0 <= found <= minutes
    if sharing.most is not None:
        assert found <= max(sharing.most - used, 0)


@given(SHARING, st.integers(0, 480), st.integers(0, 6000))
def test_what_is_one_to_one_counts_whole(sharing, minutes, used):
    for mode in ("private", "universal"):
        assert sharing.counted(minutes, "individual", mode, used) == minutes
    assert sharing.share_of("", "") is None


def test_an_open_class_counts_by_its_own_share():
    sharing = Sharing(group=80, peer=60, universal=40)
    assert sharing.share_of("group", "universal") == 40
    assert sharing.share_of("peer", "accompanying") == 60
    assert sharing.share_of("group", "private") == 80
