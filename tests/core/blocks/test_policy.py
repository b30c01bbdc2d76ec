from hypothesis import given
from hypothesis import strategies as st

from core.blocks.policy import QuestionFault, is_right, question_faults

GOOD = [("甲", True), ("乙", False)]


def test_a_question_with_one_right_answer_can_be_asked():
    assert question_faults("single", GOOD) == []
    assert question_faults("true_false", GOOD) == []


def test_a_single_choice_needs_exactly_one_right_answer():
    assert question_faults("single", [("甲", True), ("乙", True)]) == [QuestionFault.NOT_ONE_RIGHT]
    assert question_faults("single", [("甲", False), ("乙", False)]) == [QuestionFault.NOT_ONE_RIGHT]


def test_one_choice_is_too_few():
    assert question_faults("single", [("甲", True)]) == [QuestionFault.TOO_FEW]
    assert question_faults("multiple", [("甲", True)]) == [QuestionFault.TOO_FEW]


def test_a_multiple_choice_needs_a_right_answer_and_may_have_many():
    assert question_faults("multiple", [("甲", False), ("乙", False)]) == [QuestionFault.NONE_RIGHT]
    assert question_faults("multiple", [("甲", True), ("乙", True), ("丙", False)]) == []


def test_right_or_wrong_has_two_choices():
    assert question_faults("true_false", [*GOOD, ("丙", False)]) == [QuestionFault.NOT_TWO]


def test_two_choices_that_say_the_same_are_refused():
    assert question_faults("single", [("甲", True), (" 甲 ", False)]) == [QuestionFault.SAME_TEXT]


@given(st.sets(st.sampled_from("abcdef"), min_size=1), st.lists(st.sampled_from("abcdef")))
def test_an_answer_is_right_only_when_it_is_exactly_the_right_choices(correct, chosen):
    assert is_right(chosen, correct) == (set(chosen) == correct)


def test_nothing_is_right_where_nothing_is_marked_right():
    assert not is_right([], [])
