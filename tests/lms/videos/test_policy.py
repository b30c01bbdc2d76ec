"""No message earns a second more than the server's clock, in whatever order and however often it comes."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lms.videos.policy import (
    CARRIED,
    LIVE_FOR,
    TOLERANCE,
    Beat,
    Begin,
    Checkpoint,
    Claim,
    Clock,
    Holder,
    Note,
    Rules,
    Watched,
    begin,
    claims_of,
    debt_only,
    frontier,
    gaps,
    judge,
    lack_of,
    length,
    merged,
    rules_of,
    whole,
)

MINUTE = 60_000
LONG = 20 * MINUTE
times = st.integers(0, LONG + 5 * MINUTE)
claims = st.builds(Claim, times, times, st.integers(0, 9999))
beats = st.builds(
    Beat, st.integers(0, 40), st.lists(claims, max_size=6).map(tuple), st.booleans(), st.integers(0, 10**9)
)
rules = st.builds(
    Rules,
    st.just(LONG),
    st.booleans(),
    st.sampled_from([100, 150, 200]),
    st.integers(1, 100),
    st.lists(st.builds(Checkpoint, st.integers(0, LONG), st.sampled_from("abc")), max_size=2).map(tuple),
)
# When each message arrives: the moment is never the player's own.
arrivals = st.lists(st.tuples(beats, st.integers(0, 3 * MINUTE)), max_size=15)
spans = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), max_size=8)


def seconds(found):
    return {at for start, end in found for at in range(start, end)}


@given(spans)
def test_merged_stretches_cover_the_same_seconds_once(found):
    kept = merged(found)
    assert seconds(kept) == seconds(found)
    assert length(kept) == len(seconds(found))
    assert all(one[1] < other[0] for one, other in pairwise(kept))


@given(spans, st.integers(0, 100), st.integers(0, 100))
def test_gaps_are_what_is_not_covered(found, start, end):
    assert seconds(gaps(merged(found), start, end)) == set(range(start, end)) - seconds(found)


def run(rule, arriving, watched=None):
    """Every state on the way, and how much time has passed."""
    watched, clock, now = watched or Watched(), Clock(at=0), 0
    states = [(watched, clock, now)]
    for beat, later in arriving:
        now += later
        judged = judge(rule, watched, clock, beat, now=now)
        watched, clock = judged.watched, judged.clock
        states.append((watched, clock, now))
    return states


@given(rules, arrivals)
def test_nothing_earns_more_than_the_server_s_clock(rule, arriving):
    for watched, clock, now in run(rule, arriving):
        assert watched.credited <= now + TOLERANCE
        assert length(watched.spans) <= (now + TOLERANCE) * rule.max_speed // 100
        assert -TOLERANCE <= clock.spare <= CARRIED
        assert all(0 <= start < end <= rule.duration for start, end in watched.spans)


@given(rules, arrivals)
def test_coverage_never_shrinks(rule, arriving):
    states = run(rule, arriving)
    for (before, *_), (after, *_) in pairwise(states):
        assert seconds_in(before.spans, after.spans)
        assert after.credited >= before.credited


def seconds_in(inner, outer):
    return all(not gaps(outer, start, end) for start, end in inner)


@given(rules, arrivals)
def test_without_skipping_there_is_never_a_hole_before_what_was_watched(rule, arriving):
    rule = Rules(rule.duration, may_skip=False, share=100, checkpoints=rule.checkpoints)
    watched = run(rule, arriving)[-1][0]
    assert len(watched.spans) <= 1
    assert frontier(watched.spans) == length(watched.spans)


@given(rules, arrivals)
def test_nothing_counts_beyond_a_question_that_is_not_answered(rule, arriving):
    limit = min((each.at for each in rule.checkpoints), default=rule.duration)
    watched = run(rule, arriving)[-1][0]
    assert all(end <= limit for _start, end in watched.spans)


@given(rules, st.lists(claims, min_size=1, max_size=5).map(tuple))
def test_the_same_message_again_at_once_earns_nothing(rule, said):
    beat = Beat(1, said)
    first = judge(rule, Watched(), Clock(at=0), beat, now=10_000)
    left = first.clock.spare + TOLERANCE
    again = judge(rule, first.watched, first.clock, beat, now=10_000)
    assert again.earned <= left
    assert first.earned + again.earned <= 10_000 + TOLERANCE


def honest(upto, *, step=10_000, acknowledged=()):
    """The beats of somebody who watches at normal speed: each says everything since the last answer it got."""
    known, found = 0, []
    for number, at in enumerate(range(step, upto + 1, step), start=1):
        found.append((at, Beat(number, (Claim(known, at),), True, at)))
        if number in acknowledged:
            known = at
    return found


@given(st.integers(0, 10**6), st.integers(2, 12))
def test_the_order_in_which_honest_messages_arrive_changes_nothing(seed, count):
    sent = honest(count * 10_000)
    shuffled = random.Random(seed).sample(sent, len(sent))
    now, arriving = 0, []
    for made, beat in shuffled:  # nothing arrives before it was sent
        arriving.append((beat, max(0, made - now)))
        now = max(now, made)
    rule = Rules(LONG, may_skip=False)
    in_order = run(rule, [(beat, 10_000) for _made, beat in sent])[-1][0]
    assert run(rule, arriving)[-1][0] == in_order
    assert in_order.credited == count * 10_000


def test_ten_times_the_messages_earn_no_more():
    sent = [(Beat(number, (Claim(0, LONG),)), 1_000) for number in range(1, 101)]
    watched = run(Rules(LONG, max_speed=100), sent)[-1][0]
    assert watched.credited == 100_000 + TOLERANCE


def test_a_script_that_says_finished_gets_the_tolerance_and_nothing_else():
    judged = judge(Rules(LONG), Watched(), Clock(at=0), Beat(1, (Claim(0, LONG, 9999),)), now=0)
    assert judged.earned <= TOLERANCE
    assert lack_of(Rules(LONG), judged.watched).left > 0


def test_the_tolerance_does_not_add_up_however_often_one_begins_anew():
    watched, clock = Watched(), Clock(at=0)
    for _ in range(50):
        clock = Clock(at=0, spare=debt_only(clock.spare))
        judged = judge(Rules(LONG, max_speed=100), watched, clock, Beat(1, (Claim(0, LONG),)), now=0)
        watched, clock = judged.watched, judged.clock
    assert watched.credited == TOLERANCE


def test_what_was_played_in_a_cut_counts_as_far_as_the_clock_allows():
    after_cut = judge(
        Rules(LONG, may_skip=False), Watched(), Clock(at=0), Beat(1, (Claim(0, 200_000),)), now=120_000
    )
    assert frontier(after_cut.watched.spans) == after_cut.earned == 120_000 + TOLERANCE


def test_a_silent_hour_is_not_saved_up():
    judged = judge(
        Rules(60 * MINUTE), Watched(), Clock(at=0), Beat(1, (Claim(0, 60 * MINUTE),)), now=60 * MINUTE
    )
    assert judged.earned <= CARRIED + TOLERANCE


def test_while_it_rests_nothing_is_earned():
    rule = Rules(LONG, max_speed=100)
    paused = judge(rule, Watched(), Clock(at=0), Beat(1, (Claim(0, 10_000),), runs=False), now=10_000)
    later = judge(rule, paused.watched, paused.clock, Beat(2, (Claim(10_000, LONG),)), now=10 * MINUTE)
    assert later.earned <= TOLERANCE
    told = judge(
        rule, paused.watched, paused.clock, Beat(2, (Claim(10_000, 20_000),), played=10_000), now=10 * MINUTE
    )
    assert told.earned == 10_000, "the word that it plays again was lost, not the ten seconds"


def test_a_server_whose_clock_is_set_back_gives_nothing_and_takes_nothing():
    clock = Clock(at=100_000)
    judged = judge(Rules(LONG), Watched(), clock, Beat(1, (Claim(0, 50_000),)), now=0)
    assert judged.earned <= TOLERANCE
    assert judged.clock.at == clock.at


def test_at_double_speed_twice_as_much_is_covered_and_half_the_time_credited():
    judged = judge(
        Rules(LONG, max_speed=200), Watched(), Clock(at=0), Beat(1, (Claim(0, 20_000, 200),)), now=10_000
    )
    assert (length(judged.watched.spans), judged.watched.credited) == (20_000, 10_000)
    slow = judge(
        Rules(LONG, max_speed=100), Watched(), Clock(at=0), Beat(1, (Claim(0, 20_000, 200),)), now=10_000
    )
    assert length(slow.watched.spans) == 10_000 + TOLERANCE


def test_who_has_skipped_is_told_so_and_may_look_again_at_what_was_seen():
    rule = Rules(LONG, may_skip=False)
    seen = Watched(spans=((0, 60_000),))
    skipped = judge(rule, seen, Clock(at=0), Beat(1, (Claim(90_000, 100_000),)), now=10_000)
    assert (skipped.earned, skipped.notes) == (0, {Note.SKIPPED})
    again = judge(rule, seen, Clock(at=0), Beat(1, (Claim(10_000, 20_000),)), now=10_000)
    assert (again.earned, again.notes) == (0, frozenset())


def test_after_the_first_view_one_may_go_anywhere():
    rule = Rules(LONG, may_skip=False, share=50)
    seen = Watched(spans=((0, LONG // 2),))
    judged = judge(rule, seen, Clock(at=0), Beat(1, (Claim(LONG - 5_000, LONG),)), now=10_000)
    assert judged.earned == 5_000


def test_the_cap_of_the_day_holds_and_says_so():
    judged = judge(
        Rules(LONG), Watched(), Clock(at=0), Beat(1, (Claim(0, 60_000),)), now=60_000, left_today=5_000
    )
    assert (judged.earned, judged.notes) == (5_000, {Note.CAP})
    none = judge(Rules(LONG), Watched(), Clock(at=0), Beat(1, (Claim(0, 9),)), now=9, left_today=-1)
    assert (none.earned, none.notes) == (0, {Note.CAP})


def test_a_video_is_done_with_its_share_and_all_its_questions():
    rule = Rules(100_000, share=95, checkpoints=(Checkpoint(50_000, "a"),))
    assert (lack_of(rule, Watched(((0, 90_000),))).left, lack_of(rule, Watched()).questions) == (5_000, 1)
    assert not lack_of(rule, Watched(((0, 95_000),), answered=frozenset("a")))


def test_rules_are_read_from_a_version_and_a_late_question_stands_at_the_end():
    rule = rules_of({"duration": 1000, "checkpoints": [{"at": 5000, "key": "x"}]})
    assert rule == Rules(1000, True, 200, 95, (Checkpoint(1000, "x"),))


@given(st.text(max_size=400))
def test_whatever_a_message_says_it_is_read_without_a_fault(text):
    assert len(claims_of(text)) <= 40
    assert 0 <= whole(text) <= 10**9


def test_claims_are_read_and_nonsense_falls_away():
    assert claims_of("0-10000@100,x,5-٣@1,7-9@25") == (Claim(0, 10000, 100), Claim(7, 9, 25))


def test_a_second_player_is_asked_first_and_a_silent_one_is_not_there_any_more():
    one = Holder("one", heard_at=0)
    assert begin(None, "two", now=0, wants_it=False) == Begin.GRANTED
    assert begin(one, "one", now=0, wants_it=False) == Begin.GRANTED
    assert begin(one, "two", now=LIVE_FOR, wants_it=False) == Begin.ELSEWHERE
    assert begin(one, "two", now=LIVE_FOR, wants_it=True) == Begin.TAKEN_OVER
    assert begin(one, "two", now=LIVE_FOR + 1, wants_it=False) == Begin.GRANTED
    assert begin(Holder("one", 0, runs=False), "two", now=1, wants_it=False) == Begin.GRANTED
