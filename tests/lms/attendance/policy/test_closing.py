"""When a register can be closed."""

import pytest

from lms.attendance.policy import (
    ClassFacts,
    closing_refusal,
)
from tests.lms.attendance.policy.steps import ENDS, STARTS, after


@pytest.mark.parametrize(
    ("minutes", "facts", "is_refused"),
    [
        (89, {}, True),
        (90, {}, False),
        (90, {"is_cancelled": True}, True),
        (89, {"is_cancelled": True, "is_closed": True}, False),
    ],
)
def test_a_register_is_closed_after_the_class(minutes, facts, is_refused):
    refusal = closing_refusal(ClassFacts(STARTS, ENDS, **facts), now=after(minutes))
    assert (refusal is not None) is is_refused
