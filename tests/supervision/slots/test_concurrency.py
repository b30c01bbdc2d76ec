import pytest

from core.models import Notice
from core.states import IllegalMove
from supervision.models import Meeting, Slot
from supervision.pairings.actions import NotPossible
from supervision.slots import actions
from tests.factories import (
    make_meeting,
    make_organisation,
    make_pairing,
    make_slot,
    make_supervisor,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pairings():
    place = make_organisation("示例省民政厅", tier="province", kind="bureau")
    supervisor = make_supervisor(organisation=place, capacity=20)
    return [make_pairing(supervisor, make_user("林一", place).person) for _ in range(8)]


def trying(act):
    """None for whoever is told in words that it was too late."""

    def one(thing):
        try:
            return act(thing)
        except (NotPossible, IllegalMove):
            return None

    return one


def done(results):
    return [result for result in results if result is not None]


def test_of_many_who_book_one_slot_at_once_one_has_it(pairings):
    slot = make_slot(pairings[0].supervisor)

    def book(pairing):
        mine = Slot.objects.get(pk=slot.pk)
        return len(actions.book_slot(slot=mine, actor=pairing.mentee.user))

    assert done(at_once(trying(book), pairings)) == [1]
    assert Meeting.objects.planned().count() == 1


def test_a_double_click_books_once(pairings):
    slot = make_slot(pairings[0].supervisor)

    def book(_number):
        return len(actions.book_slot(slot=slot, actor=pairings[0].mentee.user))

    assert done(at_once(trying(book), range(6))) == [1]


def test_proposals_for_one_time_accepted_at_once_give_one_meeting(pairings):
    rows = [make_meeting(pairing, "proposed") for pairing in pairings]

    def accept(row):
        mine = Meeting.objects.with_people().get(pk=row.pk)
        return len(actions.accept_meeting(meeting=mine, actor=mine.pairing.mentee.user))

    assert done(at_once(trying(accept), rows)) == [1]
    assert Meeting.objects.planned().count() == 1


def test_accepted_and_withdrawn_at_once_is_one_of_the_two(pairings):
    row = make_meeting(pairings[0], "proposed")

    def act(number):
        mine = Meeting.objects.with_people().get(pk=row.pk)
        if number % 2:
            return len(actions.accept_meeting(meeting=mine, actor=mine.pairing.mentee.user))
        return actions.withdraw_meeting(meeting=mine, actor=mine.made_by.user) or "withdrawn"

    assert len(done(at_once(trying(act), range(6)))) == 1


def test_two_workers_remind_once(pairings):
    make_meeting(pairings[0], days=0, hour=23)
    Meeting.objects.update(starts_at=_soon(), ends_at=_soon(90))
    assert sum(at_once(lambda _number: actions.remind_meetings(), range(4))) == 1
    assert Notice.objects.filter(kind="supervision.meeting").count() == 2


def _soon(minutes=30):
    from datetime import timedelta

    from django.utils import timezone

    return timezone.now() + timedelta(minutes=minutes)
