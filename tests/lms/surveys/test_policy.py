import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.surveys.policy import (
    ANONYMOUS,
    OPENINGS,
    RATERS,
    Plan,
    Unreadable,
    Window,
    change,
    check,
    faults_of,
    may_show,
    questions_from,
    read,
    reminder_days,
    reminders_due,
    score,
    tally,
    window,
)
from tests.factories import ask

KINDS = ["scale", "one", "several", "yes_no", "number", "text"]
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
QUESTIONS = {kind: questions_from([ask(kind)])[0] for kind in KINDS}
TEST = questions_from([ask("several", correct=["several-a", "several-b"])])[0]


@given(st.sampled_from(KINDS), st.lists(st.text(max_size=40), max_size=6))
def test_whatever_is_sent_is_read_or_refused_with_a_sentence(kind, raw):
    question = QUESTIONS[kind]
    done = check([question], {question.key: raw})
    assert all(fault.msgid for fault in done.faults.values())
    answered = any(text.strip() for text in raw)
    assert (question.key in done.values or question.key in done.faults) or not answered
    assert tally(question, done.values.values()).n == len(done.values)


@given(st.sampled_from(KINDS))
def test_nothing_is_no_answer_and_a_fault_only_where_one_is_asked_for(kind):
    question = QUESTIONS[kind]
    done = check([question], {question.key: ["  "]})
    assert done.values == {} and (question.key in done.faults) == question.is_required


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("scale", ["4"], 4),
        ("one", ["one-b"], "one-b"),
        ("several", ["several-b", "several-a", "several-b"], ["several-a", "several-b"]),
        ("yes_no", ["no"], "no"),
        ("number", ["1,234"], 1234),
        ("number", ["2.5"], 2.5),
        ("text", [" 很好 "], "很好"),
    ],
)
def test_answers_are_kept_as_what_they_are(kind, raw, value):
    assert read(QUESTIONS[kind], raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("scale", "6"),
        ("scale", "0"),
        ("one", "x"),
        ("yes_no", "maybe"),
        ("number", "nan"),
        ("number", "1e400"),
        ("number", "-" + "9" * 20),
        ("text", "长" * 2001),
    ],
)
def test_what_no_form_of_ours_can_send_is_refused(kind, raw):
    with pytest.raises(Unreadable):
        read(QUESTIONS[kind], [raw])


def test_a_number_keeps_its_limits():
    question = questions_from([ask("number", minimum=0, maximum=10)])[0]
    assert read(question, ["0"]) == 0 and read(question, ["10"]) == 10
    for beyond in ("-1", "11"):
        with pytest.raises(Unreadable):
            read(question, [beyond])


@given(days, st.integers(0, 1000), st.integers(1, 400))
def test_a_window_has_its_days_and_both_ends_belong_to_it(anchor, after, lasts):
    span = window(anchor, after=after, lasts=lasts)
    assert (span.closes_on - span.opens_on).days == lasts - 1
    assert span.has_opened(span.opens_on) and not span.has_opened(span.opens_on - timedelta(days=1))
    assert not span.is_over(span.closes_on) and span.is_over(span.closes_on + timedelta(days=1))


def test_without_a_day_there_is_no_window():
    assert window(None, after=3, lasts=10) is None


@given(days, st.integers(0, 400))
def test_reminders_lie_inside_the_window_and_are_two_at_most(opens, length):
    span = Window(opens, opens + timedelta(days=length))
    found = reminder_days(span)
    assert len(found) <= 2 and list(found) == sorted(set(found))
    assert all(span.opens_on < day < span.closes_on for day in found)


@given(days, st.integers(0, 60), st.integers(0, 80))
def test_after_a_pause_one_reminder_makes_up_for_all(opens, length, later):
    span, today = Window(opens, opens + timedelta(days=length)), opens + timedelta(days=later)
    due = reminders_due(span, reminded=0, today=today)
    assert due <= len(reminder_days(span))
    assert reminders_due(span, reminded=due, today=today) == 0
    assert not (due and span.is_over(today))


@given(
    st.sampled_from(list(RATERS)),
    st.sampled_from(["start", "end", "completion", "class"]),
    st.sets(st.sampled_from(["self", "supervisor", "employer"])),
    st.booleans(),
    st.booleans(),
)
def test_a_plan_without_faults_can_be_met(level, opens, raters, anonymous, required):
    plan = Plan(level, opens, 0, 14, frozenset(raters), anonymous, required)
    if faults_of(plan):
        return
    assert raters and raters <= set(RATERS[level]) and opens in OPENINGS[level]
    assert not anonymous or level in ANONYMOUS
    assert not required or ("self" in raters and opens != "completion")


@given(st.lists(st.one_of(st.none(), st.integers(1, 5)), max_size=60))
def test_a_tally_loses_and_invents_nothing(values):
    counted = tally(QUESTIONS["scale"], values)
    given_values = [value for value in values if value is not None]
    assert counted.n == len(given_values) == sum(count for _, count in counted.counts)
    assert (counted.average is None) == (not given_values)
    if given_values:
        assert min(given_values) <= counted.average <= max(given_values)


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(1, 5)), st.one_of(st.none(), st.integers(1, 5)))))
def test_change_counts_only_those_who_answered_both_times(pairs):
    found = change(QUESTIONS["scale"], pairs)
    both = [(a, b) for a, b in pairs if a is not None and b is not None]
    assert (found is None) == (not both)
    if found:
        assert found.n == len(both)
        assert abs(found.by - sum(b - a for a, b in both) / len(both)) < 1e-9


def test_a_test_is_right_only_when_exactly_the_right_ones_were_chosen():
    assert score(TEST, ["several-a", "several-b"]) == 100
    assert score(TEST, ["several-a"]) == score(TEST, ["several-a", "several-b", "several-c"]) == 0
    assert score(QUESTIONS["text"], string.ascii_letters) is None


@pytest.mark.parametrize(
    ("n", "anonymous", "shown"), [(0, False, False), (1, False, True), (4, True, False), (5, True, True)]
)
def test_anonymous_answers_are_shown_from_five_on(n, anonymous, shown):
    assert may_show(n, is_anonymous=anonymous, least=5) == shown
