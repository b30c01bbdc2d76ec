from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.attendance import states
from lms.attendance.policy import (
    STEP,
    Answer,
    AskFacts,
    ClassFacts,
    CodeFault,
    PersonFacts,
    Rule,
    Seat,
    Stay,
    Way,
    absence_refusal,
    at_the_door,
    closing_refusal,
    code_of,
    digits_of,
    gather,
    least_minutes,
    leave_refusal,
    make_up_refusal,
    match,
    measure,
    on_screen,
    presences,
    read_code,
    read_digits,
    step_of,
    union_minutes,
)

STARTS = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=90)
SECRET, CLASS = "5" * 40, "7f3c"
KLASS = ClassFacts(STARTS, ENDS)
LEARNS = PersonFacts(standing="enrolled")


def after(minutes=0, seconds=0):
    return STARTS + timedelta(minutes=minutes, seconds=seconds)


def test_one_may_leave_after_the_end_and_not_come():
    klass = ClassFacts(STARTS, ENDS, out_after=30)
    came = PersonFacts(standing="enrolled", checked_in_at=STARTS)
    for minutes, way, person, answer in (
        (120, Way.OUT, came, Answer.READY),
        (121, Way.OUT, came, Answer.OVER),
        (91, Way.IN, LEARNS, Answer.OVER),
    ):
        at = after(minutes)
        assert at_the_door(way, klass, person, scanned_at=at, now=at).answer == answer


@pytest.mark.parametrize("standing", ["cancelled", "withdrawn"])
def test_who_has_come_in_may_leave_whatever_became_of_their_place(standing):
    came = PersonFacts(standing=standing, checked_in_at=STARTS)
    for way, person, answer in (
        (Way.OUT, came, Answer.READY),
        (Way.IN, came, Answer.ALREADY),
        (Way.OUT, PersonFacts(standing=standing), Answer.ENDED),
        (Way.OUT, PersonFacts(cohort="夜间班", checked_in_at=STARTS), Answer.READY),
    ):
        assert at_the_door(way, KLASS, person, scanned_at=after(60), now=after(60)).answer == answer


@pytest.mark.parametrize(
    ("minutes", "wants_out", "shown"),
    [
        (0, False, (Way.IN, False, True)),
        (0, True, (Way.OUT, False, True)),
        (90, False, (Way.IN, False, True)),
        (91, False, (Way.OUT, True, True)),
        (120, False, (Way.OUT, True, True)),
        (121, True, (Way.OUT, True, False)),
    ],
)
def test_the_screen_lets_people_in_until_the_end_and_out_a_while_longer(minutes, wants_out, shown):
    klass = ClassFacts(STARTS, ENDS, checks_out=True, out_after=30)
    found = on_screen(klass, is_opened=True, wants_out=wants_out, now=after(minutes))
    assert (found.way, found.is_over, found.is_open) == shown


@pytest.mark.parametrize(
    ("facts", "is_opened"), [({}, False), ({"is_closed": True}, True), ({"is_cancelled": True}, True)]
)
def test_a_screen_without_an_open_register_lets_nobody_pass(facts, is_opened):
    found = on_screen(ClassFacts(STARTS, ENDS, **facts), is_opened=is_opened, wants_out=True, now=after(60))
    assert (found.way, found.is_open) == (Way.IN, False)


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


# --- codes


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), st.integers(0, 19))
def test_a_code_is_good_in_its_step_and_the_next_and_in_no_other(moment, later):
    step = step_of(moment)
    code = code_of(SECRET, CLASS, Way.IN, step)
    begins = datetime.fromtimestamp(step * STEP, UTC)
    for number in (0, 1):
        found = read_code(code, SECRET, CLASS, begins + timedelta(seconds=number * STEP + later))
        assert (found.fault, found.step, found.way) == (None, step, "i")
    for number in (-1, 2, 3):
        found = read_code(code, SECRET, CLASS, begins + timedelta(seconds=number * STEP + later))
        assert found.fault == CodeFault.EXPIRED


@pytest.mark.parametrize(
    "code", ["", "x", "i", "i-", "izz-aaaa", "i1", "i-1-2", "i" + "f" * 40, "i٣-a", "在", "I5-a", "o0x5-b"]
)
def test_nonsense_is_no_code(code):
    assert read_code(code, SECRET, CLASS, STARTS).fault == CodeFault.FORGED


@given(st.text(max_size=60))
def test_no_text_that_somebody_makes_up_is_a_code(text):
    assert read_code(text, SECRET, CLASS, STARTS).fault is not None


def test_a_code_fits_one_class_one_way_and_one_secret():
    step = step_of(STARTS)
    code = code_of(SECRET, CLASS, Way.IN, step)
    assert read_code(code, SECRET, "other", STARTS).fault == CodeFault.FORGED
    assert read_code(code, "6" * 40, CLASS, STARTS).fault == CodeFault.FORGED
    assert read_code("o" + code[1:], SECRET, CLASS, STARTS).fault == CodeFault.FORGED
    later = f"i{step + 1:x}-{code.partition('-')[2]}"
    assert read_code(later, SECRET, CLASS, STARTS).fault == CodeFault.FORGED


def test_digits_turn_with_the_code_and_say_which_way():
    for way in Way:
        digits = digits_of(SECRET, CLASS, way, step_of(STARTS))
        assert len(digits) == 6
        assert read_digits(digits, SECRET, CLASS, STARTS + timedelta(seconds=STEP)).way == way
        assert read_digits(digits, SECRET, CLASS, STARTS + timedelta(seconds=2 * STEP)).fault
    assert read_digits("", SECRET, CLASS, STARTS).fault


# --- the door


def answer(person=LEARNS, klass=KLASS, way=Way.IN, scanned=None, now=None):
    scanned = scanned or after(-5)
    return at_the_door(way, klass, person, scanned_at=scanned, now=now or scanned).answer


@pytest.mark.parametrize(
    ("minutes", "wanted"),
    [(-31, "too_early"), (-30, "ready"), (0, "ready"), (89, "ready"), (90, "ready"), (91, "over")],
)
def test_the_door_opens_before_the_class_and_shuts_with_it(minutes, wanted):
    assert answer(scanned=after(minutes)) == wanted


def test_the_scan_counts_and_not_the_button():
    assert answer(scanned=after(89), now=after(93)) == Answer.READY
    assert answer(scanned=after(10), now=after(15, seconds=1)) == Answer.EXPIRED


@pytest.mark.parametrize(
    ("person", "wanted"),
    [
        (PersonFacts(), "not_enrolled"),
        (PersonFacts(cohort="春季班"), "other_cohort"),
        (PersonFacts(standing="applied"), "not_admitted"),
        (PersonFacts(standing="waiting"), "not_admitted"),
        (PersonFacts(standing="withdrawn"), "ended"),
        (PersonFacts(standing="refused"), "ended"),
        (PersonFacts(standing="completed"), "ready"),
        (PersonFacts(is_guest=True), "ready"),
        (PersonFacts(is_guest=True, has_made_up=True), "made_up"),
        (PersonFacts(standing="enrolled", has_made_up=True), "made_up"),
        (PersonFacts(standing="enrolled", device_is_taken=True), "shared"),
        (PersonFacts(standing="enrolled", checked_in_at=STARTS), "already"),
        (PersonFacts(standing="enrolled", checked_in_at=STARTS, device_is_taken=True), "already"),
        (PersonFacts(standing="enrolled", is_entered=True), "already"),
    ],
)
def test_each_person_has_their_answer(person, wanted):
    assert answer(person) == wanted


def test_a_class_that_is_cancelled_or_closed_lets_nobody_in():
    assert answer(klass=ClassFacts(STARTS, ENDS, is_cancelled=True)) == Answer.CANCELLED
    assert answer(klass=ClassFacts(STARTS, ENDS, is_closed=True)) == Answer.CLOSED


def test_out_goes_only_who_came_in_and_once():
    came = PersonFacts(standing="enrolled", checked_in_at=STARTS)
    gone = PersonFacts(standing="enrolled", checked_in_at=STARTS, checked_out_at=after(80))
    assert answer(LEARNS, way=Way.OUT) == Answer.NOT_IN
    assert answer(came, way=Way.OUT, scanned=after(80)) == Answer.READY
    assert answer(gone, way=Way.OUT) == Answer.ALREADY


# --- minutes


def test_the_words_of_decisions_are_those_of_the_register():
    assert {each.value for each in presences.Presence} == set(states.Presence.values)
    assert {each.value for each in presences.THERE} == {each.value for each in states.THERE}


def counted(came=None, left=None, method="qr", presence="present", proven=None, **rule):
    found = measure(
        Stay(
            presence,
            method,
            None if came is None else after(came),
            None if left is None else after(left),
            proven,
        ),
        Rule(STARTS, ENDS, **rule),
    )
    return found.presence, found.minutes


@pytest.mark.parametrize(
    ("came", "left", "wanted"),
    [
        (-20, None, ("present", 90)),
        (10, None, ("present", 90)),
        (11, None, ("late", 79)),
        (89, None, ("late", 1)),
        (0, 90, ("present", 90)),
        (0, 80, ("present", 90)),
        (0, 79, ("left_early", 79)),
        (30, 60, ("left_early", 30)),
        (0, 200, ("present", 90)),
        (-20, -10, ("absent", 0)),
    ],
)
def test_minutes_run_from_arrival_to_departure_within_the_class(came, left, wanted):
    assert counted(came, left) == wanted


def test_without_a_check_out_where_one_is_asked_for_nothing_counts():
    assert counted(0, needs_check_out=True) == ("present", 0)
    assert counted(0, 90, needs_check_out=True) == ("present", 90)
    assert counted(method="paper", needs_check_out=True) == ("present", 90)


def test_the_whole_class_counts_for_whoever_was_there_where_the_rule_says_so():
    assert counted(40, 60, whole=True) == ("left_early", 90)
    assert counted(0, whole=True, needs_check_out=True) == ("present", 0)
    assert counted(-5, whole=True) == ("present", 90)
    assert counted(-5, whole=True, min_percent=80) == ("present", 90)
    assert counted(whole=True, method="paper") == ("present", 90)


def test_less_than_the_least_share_counts_as_absent():
    assert counted(46, min_percent=50) == ("absent", 0)
    assert counted(45, min_percent=50) == ("late", 45)


def test_where_the_whole_class_counts_the_least_share_is_still_asked_for():
    assert counted(40, 60, whole=True, min_percent=80) == ("absent", 0)
    assert counted(10, 79, whole=True, min_percent=80) == ("left_early", 90)
    assert counted(0, 90, method="online", proven=71, whole=True, min_percent=80) == ("absent", 0)
    assert counted(0, 90, method="online", proven=72, whole=True, min_percent=80) == ("present", 90)


def test_where_the_whole_class_counts_nobody_is_there_who_left_before_it_began():
    assert counted(-20, -18, whole=True) == ("absent", 0)
    assert counted(-20, -10, method="online", proven=0, whole=True, min_percent=80) == ("absent", 0)


@given(
    st.one_of(
        st.tuples(st.integers(-300, 0), st.integers(-300, 0)),
        st.tuples(st.integers(90, 400), st.integers(90, 400)),
    ),
    st.sampled_from(["qr", "paper", "officer", "online"]),
    st.sampled_from(["present", "late", "left_early"]),
    st.integers(0, 240),
    st.booleans(),
    st.booleans(),
    st.integers(0, 100),
)
def test_a_stay_wholly_outside_the_class_is_absent_whatever_the_rule(
    stay, method, presence, grace, checks_out, whole, percent
):
    came, left = sorted(stay)
    proven = union_minutes([(after(came), after(left))], STARTS, ENDS) if method == "online" else None
    rule = {"late_after": grace, "needs_check_out": checks_out, "whole": whole, "min_percent": percent}
    assert counted(came, left, method, presence, proven, **rule) == ("absent", 0)


def test_what_is_written_by_hand_stands():
    assert counted(presence="late", method="paper") == ("late", 90)
    assert counted(20, presence="late", method="officer") == ("late", 70)
    assert counted(presence="on_leave", method="officer") == ("on_leave", 0)


def test_an_online_meeting_counts_what_is_proven():
    assert counted(0, 90, method="online", proven=40) == ("present", 40)
    assert counted(0, 90, method="online", proven=400) == ("present", 90)


@given(st.integers(-60, 200), st.integers(-60, 200), st.integers(0, 60), st.booleans(), st.integers(0, 100))
def test_minutes_never_exceed_the_class_and_belong_to_who_was_there(came, left, grace, whole, percent):
    left = max(came, left)
    presence, minutes = counted(came, left, late_after=grace, whole=whole, min_percent=percent)
    assert 0 <= minutes <= 90
    assert (minutes == 0) == (presence == "absent")


# --- what may be asked

PRESENCES = ("expected", "present", "late", "left_early", "on_leave", "absent", "made_up")
ASKS = st.builds(
    AskFacts,
    starts_at=st.just(STARTS),
    ends_at=st.just(ENDS),
    learns_here=st.booleans(),
    is_cancelled=st.booleans(),
    presence=st.sampled_from(PRESENCES),
    leave_days=st.integers(0, 9),
    has_asked=st.booleans(),
)


@given(ASKS, st.integers(-20_000, 20_000))
def test_who_cannot_be_absent_can_ask_for_nothing(facts, minutes):
    if absence_refusal(facts) is not None:
        assert leave_refusal(facts, after(minutes)) is not None
        assert make_up_refusal(facts, after(minutes)) is not None


@given(st.integers(0, 60), st.integers(-20_000, 100_000))
def test_leave_can_be_asked_for_until_the_end_of_a_day(days, minutes):
    facts, now = AskFacts(STARTS, ENDS, leave_days=days), after(minutes)
    assert (leave_refusal(facts, now) is None) == (now.date() <= (ENDS + timedelta(days=days)).date())


@pytest.mark.parametrize(
    ("presence", "minutes", "may"),
    [("expected", -1, False), ("on_leave", -1, True), ("expected", 0, True), ("absent", 500, True)],
)
def test_a_class_is_made_up_once_it_has_begun_or_with_leave_from_it(presence, minutes, may):
    assert (make_up_refusal(AskFacts(STARTS, ENDS, presence=presence), after(minutes)) is None) == may


@pytest.mark.parametrize("presence", ["present", "late", "left_early", "made_up"])
def test_who_was_there_has_nothing_to_be_absent_from(presence):
    assert absence_refusal(AskFacts(STARTS, ENDS, presence=presence)) is not None


# --- lists


def test_two_devices_count_once_and_only_within_the_class():
    spans = [(after(-10), after(30)), (after(20), after(50)), (after(60), after(70)), (after(85), after(120))]
    assert union_minutes(spans, STARTS, ENDS) == 50 + 10 + 5
    assert union_minutes([], STARTS, ENDS) == 0


@given(st.lists(st.tuples(st.integers(-30, 150), st.integers(0, 90)), max_size=6), st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows, random):
    spans = [(after(begin), after(begin + length)) for begin, length in rows]
    found = union_minutes(spans, STARTS, ENDS)
    random.shuffle(spans)
    assert union_minutes(spans, STARTS, ENDS) == found
    covered = {minute for begin, length in rows for minute in range(begin, begin + length)}
    assert found == len(covered & set(range(90)))


SPANS = st.lists(
    st.tuples(st.integers(-30, 150), st.integers(1, 90)).map(lambda row: (after(row[0]), after(sum(row)))),
    min_size=1,
    max_size=4,
)


@given(SPANS, SPANS)
def test_minutes_whose_spans_are_lost_never_count_twice_and_never_less(lost, new):
    known = union_minutes(lost, STARTS, ENDS)
    stay = (min(begin for begin, _ in lost), max(end for _, end in lost))
    found = least_minutes(new, STARTS, ENDS, known=known, stay=stay)
    assert known <= found <= union_minutes([*lost, *new], STARTS, ENDS)


def who(rows, seats):
    people = gather((name, phone, STARTS, ENDS) for name, phone in rows)
    return [(found.enrolment_ids, found.is_sure) for found in match(people, seats)]


def test_a_number_comes_before_a_name():
    seats = [Seat(1, "王芳", "h1", is_proved=True), Seat(2, "李明")]
    assert who([("Fang", "h1"), ("李明", "")], seats) == [((1,), True), ((2,), True)]


def test_a_number_that_nobody_has_proved_is_no_more_than_a_hint_under_another_name():
    seats = [Seat(1, "王芳", "h1"), Seat(2, "李明")]
    assert who([("赵强", "h1"), ("王芳", "h1")], seats) == [((1,), False)]
    assert who([("王芳", "h1")], seats) == [((1,), True)]


def test_one_name_for_two_people_is_never_guessed():
    assert who([("王芳", "")], [Seat(1, "王芳"), Seat(2, "王芳")]) == [((1, 2), False)]
    assert who([("王芳", "h1"), ("王芳", "")], [Seat(1, "王芳", "h1")]) == [((1,), True), ((1,), False)]
    assert who([("王芳", "h8"), ("王芳", "h9")], [Seat(1, "王芳")]) == [((1,), False), ((1,), False)]
    assert who([("路人", "")], [Seat(1, "王芳")]) == [((), False)]


def test_rows_of_one_person_are_put_together():
    found = gather(
        [("王芳", "", STARTS, after(10)), ("王芳", "", after(5), ENDS), ("李明", "h", STARTS, ENDS)]
    )
    assert [(one.name, len(one.spans)) for one in found] == [("王芳", 2), ("李明", 1)]
