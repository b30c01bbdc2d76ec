from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.cohorts.policy import say
from lms.enrolments.policy import Ask, Condition
from lms.teaching.policy import Limits, Pace, Risk, Trouble, reasons_of

TODAY = date(2026, 3, 31)
LIMITS = Limits()
WELL = Pace(
    today=TODAY,
    starts_on=TODAY - timedelta(days=30),
    ends_on=TODAY + timedelta(days=70),
    admitted_on=TODAY - timedelta(days=40),
    last_active=TODAY,
    done=4,
    total=10,
)
OFF = Limits(*(0,) * 7)


def risks(pace, limits=LIMITS):
    return [reason.risk for reason in reasons_of(pace, limits)]


def said(pace, risk, limits=LIMITS):
    found = next(reason for reason in reasons_of(pace, limits) if reason.risk == risk)
    return [each.msgid % dict(each.values) for each in (found.sentence, found.kindly)]


def test_who_keeps_pace_is_not_at_risk():
    assert risks(WELL) == []


def test_not_started_counts_from_the_first_day_or_from_a_later_place():
    late = replace(WELL, last_active=None, done=0)
    assert risks(late) == [Risk.NOT_STARTED]
    assert said(late, Risk.NOT_STARTED)[0] == "Not started, 30 days after the first day"
    assert risks(replace(late, admitted_on=TODAY - timedelta(days=6))) == []


def test_before_the_first_day_nobody_is_at_risk():
    assert risks(replace(WELL, starts_on=TODAY + timedelta(days=1), last_active=None, done=0)) == []


def test_idle_and_behind_say_their_numbers():
    slow = replace(WELL, last_active=TODAY - timedelta(days=20), done=0)
    assert risks(slow) == [Risk.IDLE, Risk.BEHIND]
    assert said(slow, Risk.IDLE)[0] == "Nothing done for 20 days"
    assert said(slow, Risk.BEHIND) == [
        "0% done where 30% would be by now: 30 points behind",
        "You are a little behind: 0% is done, at an even pace it would be 30% by now.",
    ]


def test_a_quiz_failed_again_or_nearly_used_up():
    def with_(failed, left):
        return risks(replace(WELL, troubles=(Trouble("测验一", failed, left),)))

    assert with_(1, 2) == []
    assert with_(1, 1) == [Risk.FAILED]
    assert with_(2, None) == [Risk.FAILED]
    assert with_(3, 0) == [Risk.NO_ATTEMPTS]


def test_the_last_day_near_with_much_missing_and_behind_us():
    near = replace(WELL, ends_on=TODAY + timedelta(days=10), done=6)
    assert Risk.DEADLINE in risks(near)
    assert Risk.DEADLINE not in risks(replace(near, done=8))
    over = replace(WELL, ends_on=TODAY - timedelta(days=3), done=9)
    assert risks(over) == [Risk.OVERDUE]
    assert said(over, Risk.OVERDUE)[0] == "The cohort ended 3 days ago; 1 of 10 are missing"


def test_classes_missed_in_a_row_and_attendance_out_of_reach():
    assert risks(replace(WELL, missed_in_row=2)) == [Risk.MISSED]
    lost = Condition(Ask.ATTENDANCE, say("x"), False, say("x"), say("too late"), is_lost=True)
    assert risks(replace(WELL, attendance=lost)) == [Risk.ATTENDANCE_LOST]
    assert risks(replace(WELL, attendance=replace(lost, is_lost=False))) == []


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
paces = st.builds(
    Pace,
    today=st.just(TODAY),
    starts_on=st.none() | days,
    ends_on=st.none() | days,
    admitted_on=st.none() | days,
    last_active=st.none() | st.dates(date(2025, 1, 1), TODAY),
    done=st.integers(0, 20),
    total=st.integers(0, 20),
    troubles=st.lists(
        st.builds(Trouble, st.just("测验"), st.integers(0, 9), st.none() | st.integers(0, 5)), max_size=3
    ).map(tuple),
    missed_in_row=st.integers(0, 9),
)
limits = st.builds(Limits, *(st.integers(0, 60) for _ in range(7)))


@given(paces, limits)
def test_every_reason_has_words_and_the_gravest_comes_first(pace, limit):
    found = reasons_of(pace, limit)
    assert [reason.severity for reason in found] == sorted(
        (reason.severity for reason in found), reverse=True
    )
    for reason in found:
        assert reason.sentence.msgid % dict(reason.sentence.values)
        assert reason.kindly.msgid % dict(reason.kindly.values)


@given(paces)
def test_nought_switches_a_rule_off(pace):
    assert risks(pace, OFF) == []


@given(paces, limits)
def test_whoever_has_done_everything_is_not_hurried(pace, limit):
    done = replace(pace, done=pace.total, troubles=(), missed_in_row=0)
    assert risks(done, limit) == []
