from lms.admissions.policy import Kind
from lms.rosters.queries import UNMET


def test_every_condition_that_a_row_may_fail_has_its_words():
    assert set(UNMET) == set(Kind)
