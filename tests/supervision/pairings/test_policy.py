from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from supervision.pairings.policy import FIELDS, FREE, LANGUAGE, NEAR, Fit, Room, of_room, score_of

BASE = Fit(mentee_path="000100110111", supervisor_path="000100110111", room=Room(0, 4))


def codes(**more):
    return {part.code: part.points for part in score_of(replace(BASE, **more)).parts}


def test_what_suits_wholly_has_a_hundred_points():
    words = frozenset({"禁毒"})
    fit = replace(
        BASE,
        mentee_fields=words,
        supervisor_fields=words,
        mentee_languages=words,
        supervisor_languages=words,
    )
    assert score_of(fit).points == FIELDS + NEAR + FREE + LANGUAGE == 100


def test_the_share_of_the_mentee_s_fields_counts_and_not_how_many_the_supervisor_names():
    both, one, many = frozenset("ab"), frozenset("a"), frozenset("axyz")
    assert codes(mentee_fields=both, supervisor_fields=one)["fields"] == FIELDS // 2
    assert codes(mentee_fields=one, supervisor_fields=many)["fields"] == FIELDS
    assert codes(mentee_fields=one, supervisor_fields=frozenset("z"))["no_fields"] == 0
    assert codes()["fields_unknown"] == FIELDS // 2


def test_a_language_counts_only_where_the_mentee_has_named_one():
    mandarin, both = frozenset({"普通话"}), frozenset({"普通话", "手语"})
    assert not {"language", "no_language"} & codes(supervisor_languages=both).keys()
    assert codes(mentee_languages=mandarin, supervisor_languages=both)["language"] == LANGUAGE
    assert codes(mentee_languages=frozenset({"粤语"}), supervisor_languages=both)["no_language"] == 0


def test_the_nearer_in_the_tree_the_more_points():
    def near(path):
        return codes(supervisor_path=path)["near"]

    assert (
        near("000100110111") == NEAR > near("000100110112") > near("00010012") > near("0002") == near("") == 0
    )


def test_the_emptier_the_more_points_and_never_less_than_none():
    assert codes(room=Room(1, 4))["free"] == FREE * 3 // 4
    assert codes(room=Room(5, 4))["free"] == codes(room=Room(0, 0))["free"] == 0


def test_a_month_that_is_full_by_their_own_figure_gives_nothing_and_says_so():
    assert codes(room=Room(0, 4, used=240, monthly=240))["month_full"] == 0
    assert codes(room=Room(0, 4, used=60, monthly=240))["free_month"] == FREE * 3 // 4
    assert codes(room=Room(3, 4, used=60, monthly=240))["free_month"] == FREE // 4
    assert codes(room=Room(0, 4, used=9, monthly=0))["month_full"] == 0


@given(
    st.builds(
        Room,
        st.integers(0, 20),
        st.integers(0, 20),
        st.integers(0, 9999),
        st.none() | st.integers(0, 9999),
    )
)
def test_room_never_gives_more_than_its_most_and_with_the_month_s_figure_never_more_than_without(room):
    part = of_room(room, FREE)
    assert 0 <= part.points <= of_room(replace(room, monthly=None), FREE).points <= FREE
