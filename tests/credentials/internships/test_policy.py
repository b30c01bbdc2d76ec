"""How many months of employment are proved: by calendar months, without gaps, in one city and in the field."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.claims.policy import decide
from credentials.internships.policy import (
    Stretch,
    best_of,
    joined,
    last_day,
    months_full,
    progress_of,
)
from credentials.policies.policy import facts_from, read_policy
from credentials.policies.policy.dates import full_from
from tests.factories.subsidies import policy_text

D = datetime.date
DAYS = st.dates(D(2000, 1, 1), D(2090, 12, 31))


@pytest.mark.parametrize(
    ("start", "until", "months"),
    [
        (D(2025, 3, 1), D(2026, 2, 27), 11),
        (D(2025, 3, 1), D(2026, 2, 28), 12),
        (D(2023, 3, 1), D(2024, 2, 28), 11),  # a leap year: one day more
        (D(2023, 3, 1), D(2024, 2, 29), 12),
        (D(2024, 2, 29), D(2025, 2, 27), 11),  # 2025 has no 29 February: with the end of the month
        (D(2024, 2, 29), D(2025, 2, 28), 12),
        (D(2024, 2, 29), D(2028, 2, 28), 48),  # 2028 has one
        (D(2025, 1, 31), D(2025, 2, 27), 0),
        (D(2025, 1, 31), D(2025, 2, 28), 1),
        (D(2025, 1, 28), D(2025, 2, 27), 1),
        (D(2025, 1, 31), D(2025, 1, 31), 0),
        (D(2025, 7, 15), D(2026, 7, 14), 12),
        (D(2025, 7, 15), D(2026, 7, 13), 11),
    ],
)
def test_months_are_full_with_the_day_before(start, until, months):
    assert months_full(start, until) == months


@given(DAYS, st.integers(0, 60))
def test_so_many_months_end_on_their_last_day(start, months):
    last = last_day(start, months)
    if months:
        assert months_full(start, last) >= months
        assert months_full(start, last - datetime.timedelta(days=1)) < months
    assert months_full(start, start - datetime.timedelta(days=1)) == 0


@given(DAYS, st.integers(0, 1500), st.integers(0, 400))
def test_a_longer_proof_never_proves_less(start, days, more):
    first = start + datetime.timedelta(days=days)
    assert months_full(start, first) <= months_full(start, first + datetime.timedelta(days=more))


@given(DAYS, st.integers(1, 60))
def test_policies_take_months_for_full_from_the_day_after_their_last(start, months):
    assert full_from(start, months) == last_day(start, months) + datetime.timedelta(days=1)
    progress = progress_of([Stretch(start, last_day(start, months))], months)
    assert (progress.is_full, progress.claim_from) == (True, full_from(start, months))


def test_what_has_lasted_for_a_policy_is_full_on_the_same_day():
    policy = read_policy(policy_text())  # six months at work
    held = [{"level": "assistant", "issued_on": "2024-10-01"}]
    facts = facts_from({"work": {"since": "2024-08-31"}, "qualifications": held})

    def verdict(day):
        decision = decide(policy, policy.benefit("certificate"), "assistant", facts, day)
        return next(one.verdict for one in decision.findings if one.name == "long_enough")

    last = last_day(D(2024, 8, 31), 6)
    assert (last, verdict(last), verdict(last + datetime.timedelta(days=1))) == (
        D(2025, 2, 28),
        "fail",
        "pass",
    )


def test_proofs_that_touch_add_up_and_a_gap_of_one_day_does_not():
    first = Stretch(D(2025, 1, 1), D(2025, 6, 30), "421002")
    then = Stretch(D(2025, 7, 1), D(2025, 12, 31), "421003")
    whole = progress_of([then, first], city="421000")
    assert (whole.months, whole.missing, whole.is_full, whole.full_on) == (12, 0, True, D(2025, 12, 31))
    assert whole.stretch is not None and whole.stretch.region == "421000"
    late = Stretch(D(2025, 7, 2), D(2025, 12, 31), "421002")
    parts = progress_of([first, late])
    assert (parts.months, parts.missing, len(joined([first, late]))) == (6, 6, 2)
    assert progress_of([first, Stretch(D(2025, 7, 1), D(2025, 12, 31), "420100")]).months == 6


def test_what_is_in_the_field_and_here_counts_before_what_is_longer():
    elsewhere = Stretch(D(2025, 1, 1), D(2026, 6, 30), "420100")
    here = Stretch(D(2026, 7, 1), D(2026, 9, 30), "421002")
    other = Stretch(D(2020, 1, 1), D(2024, 12, 31), "421002", in_field=False)
    assert best_of([elsewhere, here, other], "421000") == here
    assert best_of([elsewhere, here, other], "420100") == elsewhere
    assert progress_of([other]).months == 0 and progress_of([]).missing == 12
