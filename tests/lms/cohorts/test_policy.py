from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.cohorts.policy import (
    JOINABLE,
    LEADS_SOMEWHERE,
    Alarm,
    OfferKind,
    RunFacts,
    RunState,
    Standing,
    Visitor,
    alarm_of,
    offer_for,
    offer_until,
    run_state,
    shortfall,
)
from lms.enrolments.states import EnrolmentState

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
    ({"waiting": 1}, RunState.FULL_WAITING_LIST),
    ({"waiting": 1, "has_waiting_list": False}, RunState.CLOSED_BEFORE_START),
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
few = st.integers(0, 5)
any_facts = st.builds(
    RunFacts, times, times, days, days, few, few, st.booleans(), st.booleans(), st.integers(0, 2)
)
visitors = st.builds(
    Visitor,
    st.booleans(),
    st.none() | st.sampled_from(["applied", "waiting", "offered", "enrolled", "completed"]),
    st.none() | st.integers(1, 200),
    st.none() | st.integers(-60, 60).map(lambda hours: NOW + timedelta(hours=hours, minutes=1)),
)


@given(any_facts)
def test_a_joinable_run_always_has_a_free_place_and_an_open_window(found):
    if run_state(found, now=NOW) in JOINABLE:
        assert found.seats_free > 0
        assert found.waiting == 0
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
        ("offered", OfferKind.ACCEPT),
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


def test_a_place_is_not_free_for_a_newcomer_while_somebody_waits():
    offer = offer_for(facts(waiting=3), Visitor(is_signed_in=True), now=NOW)
    assert offer.kind == OfferKind.JOIN_WAITING_LIST
    assert offer.sentence.values == {"waiting": 3}


def test_an_offer_that_has_run_out_offers_what_the_run_offers():
    held = Visitor(True, "offered", offer_until=NOW)
    assert offer_for(facts(), held, now=NOW).kind == OfferKind.APPLY
    assert offer_for(facts(**FULL), held, now=NOW).kind == OfferKind.JOIN_WAITING_LIST
    assert offer_for(facts(), held, now=NOW - timedelta(seconds=1)).kind == OfferKind.ACCEPT


MIDNIGHT = datetime(2026, 3, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "until"),
    [
        (None, None, NOW + 48 * HOUR),
        (TODAY + 10 * DAY, None, NOW + 48 * HOUR),
        (TODAY + DAY, None, MIDNIGHT + DAY),  # not beyond the first day's beginning
        (TODAY, TODAY + 40 * DAY, NOW + 48 * HOUR),  # the run has begun
        (TODAY - DAY, TODAY, MIDNIGHT + DAY),  # its last day
    ],
)
def test_an_offer_lasts_its_hours_but_not_into_the_run(starts_on, ends_on, until):
    assert offer_until(now=NOW, hours=48, starts_on=starts_on, ends_on=ends_on) == until


def test_an_offer_on_the_eve_lasts_two_hours():
    eve = MIDNIGHT + timedelta(hours=23, minutes=30)
    until = offer_until(now=eve, hours=48, starts_on=TODAY + DAY, ends_on=TODAY + 9 * DAY)
    assert until == eve + 2 * HOUR


@given(st.integers(2, 336), days, days)
def test_an_offer_always_leaves_time_to_answer_and_never_more_than_its_hours(hours, starts_on, ends_on):
    until = offer_until(now=NOW, hours=hours, starts_on=starts_on, ends_on=ends_on)
    assert NOW + 2 * HOUR <= until <= NOW + hours * HOUR


FEW = {"min_members": 8, "seats_taken": 20}  # places taken are not yet people


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        (FEW, 3),
        ({"min_members": 5}, 0),
        ({}, 0),
        (FEW | STARTED, 0),
        (FEW | {"opens_at": NOW + HOUR}, 0),
        (FEW | {"is_cancelled": True}, 0),
        (FEW | {"closes_at": NOW}, 3),
    ],
)
def test_people_are_missing_from_the_opening_to_the_start(fields, missing):
    assert shortfall(facts(**fields), members=5, now=NOW) == missing


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        (FEW, None),
        (FEW | {"closes_at": NOW}, Alarm.CLOSED),
        (FEW | {"starts_on": TODAY + 7 * DAY}, Alarm.NEAR),
        (FEW | {"starts_on": TODAY + 8 * DAY}, None),
        (FEW | {"starts_on": TODAY + 8 * DAY, "alarm_days": 8}, Alarm.NEAR),
        (FEW | {"starts_on": TODAY + 7 * DAY, "closes_at": NOW - 2 * DAY}, Alarm.NEAR),
        (FEW | {"starts_on": TODAY + 2 * DAY, "closes_at": NOW - 2 * DAY}, Alarm.CLOSED),
        ({"min_members": 5, "closes_at": NOW}, None),
        (FEW | {"starts_on": None, "closes_at": None}, None),
    ],
)
def test_the_alarm_is_given_when_applications_close_or_some_days_before_the_start(fields, due):
    assert alarm_of(facts(**fields), members=5, now=NOW) == due


@pytest.mark.parametrize("fields", [{}, FULL, STARTED, {"opens_at": NOW + HOUR}])
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_run_by_invitation_says_so_before_the_click(fields, is_signed_in):
    found, visitor = facts(by_invitation=True, **fields), Visitor(is_signed_in)
    plain, offer = offer_for(facts(**fields), visitor, now=NOW), offer_for(found, visitor, now=NOW)
    assert (offer.kind, offer.state) == (plain.kind, plain.state)
    assert "nvitation" in offer.sentence.msgid
    assert offer.kind == OfferKind.OPENS_ON or "invitation code" in offer.label.msgid


def test_whoever_has_shown_a_code_or_has_a_place_reads_what_all_read():
    found = facts(by_invitation=True)
    invited = offer_for(found, Visitor(True, is_invited=True), now=NOW)
    assert invited == offer_for(facts(), Visitor(True), now=NOW)
    enrolled = Visitor(True, "enrolled")
    assert offer_for(found, enrolled, now=NOW) == offer_for(facts(), enrolled, now=NOW)


def test_what_a_cohort_calls_the_states_of_an_enrolment_is_what_they_are_called():
    assert {each.value for each in Standing} <= set(EnrolmentState.values)
