import pytest

from core.models import Notice
from core.states import IllegalMove
from supervision.models import Pairing, PairingRequest, Supervisor
from supervision.pairings.actions import NotPossible, end_pairing
from supervision.requests.actions import accept_request, ask_supervisor, withdraw_request
from supervision.supervisors.actions import Offer, SupervisorRefused, keep_own_entry
from tests.factories import make_organisation, make_pairing, make_request, make_supervisor, make_user
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def trying(act):
    """None for whoever is told in words that it was too late."""

    def one(thing):
        try:
            return act(thing)
        except (NotPossible, SupervisorRefused, IllegalMove):
            return None

    return one


def done(results):
    return [result for result in results if result is not None]


@pytest.fixture
def place():
    return make_organisation("示例省民政厅", tier="province", kind="bureau")


def people(place, number):
    return [make_user("林一", place).person for _ in range(number)]


def accept(request):
    mine = PairingRequest.objects.get(pk=request.pk)
    return accept_request(request=mine, actor=mine.supervisor.person.user).pk


def test_of_many_accepted_at_once_for_the_last_place_one_wins_and_the_others_wait(place):
    supervisor = make_supervisor(organisation=place, capacity=1)
    rows = [make_request(supervisor, mentee) for mentee in people(place, 10)]
    assert len(done(at_once(trying(accept), rows))) == 1
    supervisor.refresh_from_db()
    assert supervisor.load == Pairing.objects.count() == 1
    assert PairingRequest.objects.filter(state="waiting").count() == 9


def test_accepted_by_several_supervisors_at_once_a_trainee_has_one_of_them(place):
    (mentee,) = people(place, 1)
    rows = [make_request(make_supervisor(organisation=place), mentee) for _ in range(3)]
    assert len(done(at_once(trying(accept), rows))) == 1
    assert Pairing.objects.count() == 1
    assert sorted(PairingRequest.objects.values_list("state", flat=True)) == ["accepted", "closed", "closed"]


def test_two_who_asked_the_same_two_supervisors_crosswise_never_wait_for_each_other(place):
    first, second = (make_supervisor(organisation=place) for _ in range(2))
    one, two = people(place, 2)
    rows = [make_request(first, one), make_request(second, two)]
    make_request(second, one)
    make_request(first, two)
    assert len(done(at_once(accept, rows))) == 2


def test_asked_ten_times_at_once_it_is_one_request_and_never_more_than_three_in_all(place):
    (mentee,) = people(place, 1)
    supervisors = [make_supervisor(organisation=place) for _ in range(6)]

    def ask(supervisor):
        return ask_supervisor(supervisor=supervisor, mentee=mentee, actor=mentee.user, goal="个案").pk

    assert len(done(at_once(trying(ask), supervisors[:1] * 10))) == 1
    assert len(done(at_once(trying(ask), supervisors[1:]))) == 2
    assert PairingRequest.objects.live().count() == 3


def test_places_freed_at_once_go_to_the_first_in_line_each_once(place):
    supervisor = make_supervisor(organisation=place, capacity=4)
    pairings = [make_pairing(supervisor, mentee) for mentee in people(place, 4)]
    rows = [make_request(supervisor, mentee, "waiting") for mentee in people(place, 6)]
    actor = make_user("解安", place)

    def end(pairing):
        mine = Pairing.objects.with_people().get(pk=pairing.pk)
        end_pairing(pairing=mine, actor=actor, reason="目标达成")

    at_once(end, pairings)
    found = PairingRequest.objects.in_order().values_list("pk", "state")
    assert list(found) == [(row.pk, "open" if number < 4 else "waiting") for number, row in enumerate(rows)]
    assert (
        Notice.objects.filter(
            user__person__in=[row.mentee for row in rows], source__contains=":offered:"
        ).count()
        == 4
    )


def test_a_freed_place_asked_for_at_the_same_moment_goes_to_whoever_waited(place):
    supervisor = make_supervisor(organisation=place, capacity=1)
    mentee, *newcomers = people(place, 9)
    pairing = make_pairing(supervisor, mentee)
    first = make_request(supervisor, newcomers.pop(), "waiting")
    actor = make_user("解安", place)

    def act(person):
        if person is None:
            mine = Pairing.objects.with_people().get(pk=pairing.pk)
            end_pairing(pairing=mine, actor=actor, reason="目标达成")
        else:
            ask_supervisor(supervisor=supervisor, mentee=person, actor=person.user, goal="个案")

    at_once(act, [*newcomers[:4], None, *newcomers[4:]])
    assert list(PairingRequest.objects.filter(state="open").values_list("pk", flat=True)) == [first.pk]


def test_accepted_and_withdrawn_at_once_is_one_of_the_two(place):
    supervisor = make_supervisor(organisation=place)
    (mentee,) = people(place, 1)
    row = make_request(supervisor, mentee)

    def act(number):
        mine = PairingRequest.objects.get(pk=row.pk)
        if number % 2:
            return accept(mine)
        return withdraw_request(request=mine, actor=mentee.user) or "withdrawn"

    assert len(done(at_once(trying(act), range(8)))) == 1
    row.refresh_from_db()
    assert Pairing.objects.count() == (1 if row.state == "accepted" else 0)


def test_places_taken_away_while_requests_are_accepted_are_never_given(place):
    supervisor = make_supervisor(organisation=place, capacity=4, limit=9)
    rows = [make_request(supervisor, mentee) for mentee in people(place, 4)]

    def act(thing):
        if thing is not None:
            return accept(thing)
        mine = Supervisor.objects.get(pk=supervisor.pk)
        return keep_own_entry(supervisor=mine, actor=mine.person.user, offer=Offer(), capacity=2).pk

    at_once(trying(act), [rows[0], None, *rows[1:]])
    supervisor.refresh_from_db()
    assert supervisor.load == Pairing.objects.open().count() <= supervisor.capacity
