"""What is measured once, judged: a storm that lost somebody, a rush that was unfair, a table that took too long."""

import dataclasses
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from config.bench.deciding import Deciding
from config.bench.figures import p95_of
from config.bench.reckoning import Reckoning, decided
from config.bench.rush import Rush, unfair
from config.bench.storm import AT_ONCE, Storm
from config.bench.tables import Taken
from config.bench.threads import Done, at_once
from config.bench.worker import Took

FIRST, THEN = [(1, "applied"), (2, "applied")], [(3, "waiting"), (4, "waiting")]
STORM = Storm(seconds=20, cpu_seconds=15, p95_ms=90, noted=AT_ONCE, failed=())
RUSH = Rush(50, 48, seated=200, waiting=1800, unfair=(), cancel_seconds=1, told=500)


def answered(*moments):
    """Who began and ended when, by the number of the person."""
    return {person: Done(None, "", *each) for person, each in enumerate(moments, start=1)}


ONE_BY_ONE = answered((0, 1), (2, 3), (4, 5), (6, 7))


def test_the_first_have_a_place_and_the_others_wait_in_their_order() -> None:
    assert unfair(FIRST + THEN, ONE_BY_ONE, 2) == []


def test_of_two_who_ask_in_the_same_moment_either_may_be_first() -> None:
    together = answered((0, 3), (1, 2), (4, 6), (5, 7))
    assert unfair(FIRST[::-1] + THEN[::-1], together, 2) == []


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (FIRST + THEN[::-1], "overtaken"),
        (FIRST[::-1] + THEN, "overtaken"),
        ([(1, "applied"), (2, "waiting"), (3, "applied"), (4, "waiting")], "first 2"),
        ([(1, "applied"), (2, "applied"), (3, "applied"), (4, "waiting")], "first 2"),
        ([*FIRST, (3, "waiting")], "3 of 4 are in"),
        ([*FIRST, *THEN, (4, "waiting")], "in twice"),
    ],
)
def test_what_is_unfair_is_said(rows, words) -> None:
    assert any(words in sentence for sentence in unfair(rows, ONE_BY_ONE, 2))


def test_who_got_no_answer_at_all_is_counted() -> None:
    done = ONE_BY_ONE | {4: Done(None, "OperationalError: database is locked", 6, 27)}
    assert unfair(FIRST + THEN[:1], done, 2) == [
        "1 failed, the first with OperationalError: database is locked",
        "3 of 4 are in",
    ]


def test_a_storm_in_which_somebody_is_lost_or_that_takes_too_long_is_a_fault() -> None:
    assert STORM.faults == []
    lost = dataclasses.replace(STORM, noted=AT_ONCE - 1, failed=("UnexpectedAnswer: POST: 500",), seconds=301)
    assert [fault.split(": ")[1].split()[0] for fault in lost.faults] == ["1", "1999", "301"]


def test_a_rush_that_is_unfair_or_a_cancellation_that_not_all_hear_of_is_a_fault() -> None:
    assert RUSH.faults == []
    bad = dataclasses.replace(RUSH, unfair=("somebody is in twice",), told=499)
    assert bad.faults == [
        "rush: somebody is in twice",
        "rush: 499 of 500 were told that their cohort is cancelled",
    ]
    assert "NOT in order" in str(bad) and " in order" in str(RUSH)


def test_a_table_is_held_to_its_seconds_for_both_steps_or_to_its_memory() -> None:
    took = Taken("people", 2, Took(1.0, 90), Took(1.5, 80), most_seconds=2.4)
    assert took.faults == ["people: 2.5 s, over 2.4 s"]
    assert dataclasses.replace(took, most_seconds=2.5).faults == []
    heavy = dataclasses.replace(took, most_seconds=None, most_mb=89)
    assert heavy.faults == ["people: 90 MB, over 89 MB"]


def test_the_95th_percentile_is_one_of_the_times() -> None:
    assert p95_of([float(ms) for ms in range(100, 0, -1)]) == 95.0


def test_many_at_once_come_back_in_their_order_and_one_who_fails_ends_nobody_else() -> None:
    done = at_once(lambda number: 12 // number, [1, 2, 0, 4], workers=3)
    assert [each.result for each in done] == [12, 6, None, 3]
    assert [bool(each.fault) for each in done] == [False, False, True, False]
    assert "ZeroDivisionError" in done[2].fault and all(each.ms >= 0 for each in done)


def test_after_its_time_nothing_new_begins_and_what_is_left_has_failed() -> None:
    done = at_once(lambda _number: time.sleep(0.05), range(60), workers=2, most_seconds=0.3)
    assert len(done) == 60
    begun = [each for each in done if not each.fault]
    assert done[: len(begun)] == begun and 0 < len(begun) < 20
    assert done[-1].fault == "TimeoutError: not begun within 0.3 s" and done[-1].ms > 300


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C as on a terminal: a process that runs tests beside others does not hear it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_whoever_stops_it_waits_only_for_what_has_begun(interruptible) -> None:
    begun: list[int] = []
    here = threading.get_ident()

    def act(number: int) -> None:
        begun.append(number)
        if number == 3:
            signal.pthread_kill(here, signal.SIGINT)
        time.sleep(0.02)

    with pytest.raises(KeyboardInterrupt):
        at_once(act, range(100), workers=2)
    assert len(begun) < 50


def test_a_decision_that_takes_too_long_is_over() -> None:
    quick = Deciding("jingzhou-2022", 60_000, median=40.0, slowest=70.0)
    assert not quick.faults
    assert dataclasses.replace(quick, median=50.1).faults


def test_a_million_people_are_reckoned_as_a_stream_and_judged_by_their_pace() -> None:
    quick = Reckoning(20_000, 200_000, 6.0, 2.0, 900, 1.0, 200.0, 40.0, 30.0, 9)
    assert quick.for_a_million == 300 and not quick.faults
    for slow in ({"seconds": 12.1}, {"more_mb": 61.0}, {"statements": 16}):
        assert len(dataclasses.replace(quick, **slow).faults) == 1
    decisions, seconds = decided(200)
    assert decisions == 200 * 2 * 5 and seconds > 0  # five benefits by either policy
