from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.cohorts.policy import (
    JOINABLE,
    LEADS_SOMEWHERE,
    OfferKind,
    RunFacts,
    RunState,
    Visitor,
    offer_for,
    run_state,
)

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def facts(**fields):
    usual = {
        "opens_at": NOW - DAY,
        "closes_at": NOW + DAY,
        "starts_on": TODAY + 10 * DAY,
        "ends_on": TODAY + 40 * DAY,
        "capacity": 20,
        "seats_taken": 5,
        "has_waiting_list": True,
    }
    return RunFacts(**usual | fields)


FULL = {"seats_taken": 20}
STARTED = {"starts_on": TODAY - DAY}
CASES = [
    ({}, RunState.OPEN),
    ({"opens_at": None, "closes_at": None, "starts_on": None, "ends_on": None}, RunState.TO_BE_SCHEDULED),
    ({"opens_at": None, "closes_at": None}, RunState.TO_BE_SCHEDULED),
    ({"opens_at": NOW + HOUR}, RunState.OPENS_ON),
    ({"opens_at": NOW}, RunState.OPEN),
    ({"closes_at": NOW}, RunState.CLOSED_BEFORE_START),
    ({"closes_at": NOW + timedelta(seconds=1)}, RunState.OPEN),
    ({"closes_at": None}, RunState.OPEN),
    (FULL, RunState.FULL_WAITING_LIST),
    ({**FULL, "has_waiting_list": False}, RunState.CLOSED_BEFORE_START),
    (STARTED, RunState.RUNNING_JOINABLE),
    ({"starts_on": TODAY}, RunState.RUNNING_JOINABLE),
    ({**STARTED, **FULL}, RunState.FULL_WAITING_LIST),
    ({**STARTED, **FULL, "has_waiting_list": False}, RunState.RUNNING),
    ({**STARTED, "closes_at": NOW - HOUR}, RunState.RUNNING),
    ({**STARTED, "opens_at": None}, RunState.RUNNING),
    ({**STARTED, "ends_on": TODAY}, RunState.RUNNING_JOINABLE),
    ({**STARTED, "ends_on": TODAY - DAY}, RunState.ENDED),
    ({"is_cancelled": True}, RunState.CANCELLED),
    ({"is_cancelled": True, "ends_on": TODAY - DAY}, RunState.CANCELLED),
]


@pytest.mark.parametrize(("fields", "state"), CASES)
def test_a_run_stands_where_its_facts_say(fields, state):
    assert run_state(facts(**fields), now=NOW) == state


def test_every_state_is_reached():
    assert {state for _, state in CASES} == set(RunState)


times = st.none() | st.integers(-60, 60).map(lambda days: NOW + timedelta(days=days))
days = st.none() | st.integers(-60, 60).map(lambda number: TODAY + timedelta(days=number))
any_facts = st.builds(
    RunFacts, times, times, days, days, st.integers(0, 5), st.integers(0, 5), st.booleans(), st.booleans()
)
visitors = st.builds(
    Visitor,
    st.booleans(),
    st.none() | st.sampled_from(["applied", "waiting", "enrolled", "completed"]),
    st.none() | st.integers(1, 200),
)


@given(any_facts)
def test_a_joinable_run_always_has_a_free_place_and_an_open_window(found):
    if run_state(found, now=NOW) in JOINABLE:
        assert found.seats_free > 0
        assert found.opens_at is not None
        assert found.opens_at <= NOW


@given(any_facts, visitors)
def test_every_offer_has_words_and_only_visitors_without_account_are_asked_to_sign_in(found, visitor):
    offer = offer_for(found, visitor, now=NOW)
    for sentence in (offer.label, offer.sentence):
        assert sentence.msgid % dict(sentence.values) if sentence.values else sentence.msgid
    assert offer.is_action == (offer.kind in LEADS_SOMEWHERE)
    if visitor.standing is None:
        joins = {OfferKind.APPLY, OfferKind.JOIN_WAITING_LIST}
        assert offer.kind not in (joins if not visitor.is_signed_in else {OfferKind.SIGN_IN})


@pytest.mark.parametrize(
    ("standing", "kind"),
    [
        ("enrolled", OfferKind.CONTINUE),
        ("completed", OfferKind.COMPLETED),
        ("applied", OfferKind.UNDER_REVIEW),
        ("waiting", OfferKind.ON_WAITING_LIST),
    ],
)
def test_what_the_visitor_has_comes_before_what_the_run_is(standing, kind):
    visitor = Visitor(is_signed_in=True, standing=standing, place=3)
    for fields in ({}, FULL, {"closes_at": NOW - HOUR}, {**STARTED, "ends_on": TODAY - DAY}):
        assert offer_for(facts(**fields), visitor, now=NOW).kind == kind


def test_the_place_on_the_waiting_list_is_named():
    offer = offer_for(facts(**FULL), Visitor(True, "waiting", 7), now=NOW)
    assert offer.label.values["place"] == 7


def test_a_run_without_window_and_dates_says_no_date():
    empty = facts(opens_at=None, closes_at=None, starts_on=None, ends_on=None)
    assert not offer_for(empty, Visitor(), now=NOW).sentence.values


def test_the_day_of_opening_is_a_date():
    offer = offer_for(facts(opens_at=NOW + 3 * DAY), Visitor(), now=NOW)
    assert offer.label.values["day"] == date(2026, 3, 17)
