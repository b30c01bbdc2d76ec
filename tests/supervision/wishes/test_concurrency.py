"""A wish is answered once, however many officers answer at the same moment."""

import pytest

from supervision.models import Pairing, PairWish
from supervision.wishes.actions import accept_wish, ask_for_change, decline_wish, withdraw_wish
from tests.factories import make_organisation, make_pairing, make_supervisor, make_user, make_wish
from tests.lms.enrolments.test_concurrency import at_once
from tests.supervision.requests.test_concurrency import done, trying

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place():
    return make_organisation("示例省民政厅", tier="province", kind="bureau")


@pytest.fixture
def pairing(place):
    return make_pairing(make_supervisor(organisation=place), make_user("林一", place).person)


def fresh(wish):
    return PairWish.objects.with_people().get(pk=wish.pk)


def test_granted_declined_and_taken_back_at_once_it_is_one_of_them(place, pairing):
    wish, to = make_wish(pairing), make_supervisor(organisation=place)
    officer = make_user("解安", place)

    def act(number):
        mine = fresh(wish)
        if number % 3 == 0:
            return accept_wish(wish=mine, actor=officer, answer="好", to=to).pk
        if number % 3 == 1:
            return decline_wish(wish=mine, actor=officer, answer="不").pk
        return withdraw_wish(wish=mine, actor=pairing.mentee.user).pk

    assert len(done(at_once(trying(act), range(9)))) == 1
    wish.refresh_from_db()
    assert Pairing.objects.filter(mentee=pairing.mentee).count() == (2 if wish.state == "accepted" else 1)


def test_two_changes_crosswise_never_wait_for_each_other(place):
    first, second = (make_supervisor(organisation=place, capacity=2) for _ in range(2))
    one = make_wish(make_pairing(first, make_user("林一", place).person))
    two = make_wish(make_pairing(second, make_user("林二", place).person))
    officer = make_user("解安", place)
    targets = {one.pk: second, two.pk: first}

    def change(wish):
        return accept_wish(wish=fresh(wish), actor=officer, answer="好", to=targets[wish.pk]).pk

    assert len(done(at_once(change, [one, two]))) == 2


def test_asked_ten_times_at_once_it_is_one_wish(pairing):
    def ask(_number):
        mine = Pairing.objects.get(pk=pairing.pk)
        return ask_for_change(pairing=mine, actor=pairing.mentee.user, kind="end", reason="离职").pk

    assert len(done(at_once(trying(ask), range(10)))) == 1
