"""When a renewal can be asked for, and when the end of a designation is told."""

from datetime import date, timedelta

import pytest

from supervision.appointments.policy import Term, lasts_until, may_renew, step_of

TODAY = date(2026, 11, 26)


def term(days):
    return Term(date(2024, 1, 1), None if days is None else TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("ends", "may"),
    [
        ([], True),
        ([-1], True),
        ([90], True),
        ([91], False),
        ([None], False),
        ([10, 400], False),
        ([10, 20], True),
    ],
)
def test_a_renewal_can_be_asked_for_in_the_last_ninety_days_and_after(ends, may):
    assert may_renew([term(days) for days in ends], TODAY) == may


def test_what_has_run_out_is_not_in_force():
    assert lasts_until([term(-1)], TODAY) is None
    assert lasts_until([term(-1), term(5)], TODAY) == TODAY + timedelta(days=5)


@pytest.mark.parametrize(
    ("left", "step"), [(61, None), (60, 60), (31, 60), (30, 30), (0, 30), (-1, 0), (-30, 0), (-31, None)]
)
def test_the_end_is_told_sixty_and_thirty_days_before_and_once_it_is_over(left, step):
    assert step_of(TODAY + timedelta(days=left), TODAY) == step
