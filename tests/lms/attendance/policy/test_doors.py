"""Who is let in or out at the door, and what the screen shows."""

import pytest

from lms.attendance.policy import (
    Answer,
    ClassFacts,
    PersonFacts,
    Way,
    at_the_door,
    on_screen,
)
from tests.lms.attendance.policy.steps import ENDS, KLASS, LEARNS, STARTS, after


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
