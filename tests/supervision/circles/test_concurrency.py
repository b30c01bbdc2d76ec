import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from core.states import IllegalMove
from credentials.models import HoursEntry
from supervision.circles import actions
from supervision.circles.policy import Shared
from supervision.models import Circle, CircleMember, Gathering, Participation
from supervision.pairings.actions import NotPossible
from supervision.sessions.actions import log_session
from tests.factories import (
    make_circle,
    make_gathering,
    make_organisation,
    make_pairing,
    make_part,
    make_supervisor,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once
from tests.supervision.circles.conftest import facts
from tests.supervision.conftest import facts as session_facts
from tests.supervision.conftest import moment, written

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


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


@pytest.fixture
def place():
    return make_organisation("示例省民政厅", tier="province", kind="bureau")


@pytest.fixture
def supervisor(place):
    return make_supervisor(organisation=place)


def people(place, number):
    return [make_user("林一", place).person for _ in range(number)]


def test_of_many_who_join_at_once_only_as_many_as_there_are_places_belong_to_it(place, supervisor):
    circle = make_circle(supervisor, admission="open", capacity=3)

    def join(person):
        mine = Circle.objects.get(pk=circle.pk)
        return actions.join_circle(circle=mine, person=person, actor=person.user).pk

    assert len(done(at_once(trying(join), people(place, 8)))) == 3
    circle.refresh_from_db()
    assert circle.taken == CircleMember.objects.joined().count() == 3


def test_joined_ten_times_at_once_one_belongs_to_it_once(place, supervisor):
    circle = make_circle(supervisor, admission="open", capacity=5)
    (person,) = people(place, 1)

    def join(_number):
        return actions.join_circle(circle=circle, person=person, actor=person.user).pk

    assert len(set(done(at_once(trying(join), list(range(10)))))) == 1
    circle.refresh_from_db()
    assert circle.taken == CircleMember.objects.count() == 1


def test_confirmed_many_times_at_once_it_is_credited_once_to_each(place, supervisor):
    members = people(place, 3)
    held = make_gathering(make_circle(supervisor, *members))
    parts = [make_part(held, person) for person in members]

    def confirm(part):
        mine = Participation.objects.select_related("person__user").get(pk=part.pk)
        return actions.confirm_part(part=mine, actor=mine.person.user).pk

    assert len(done(at_once(trying(confirm), parts * 3))) == 3
    assert HoursEntry.objects.filter(person=supervisor.pk).count() == 1
    assert HoursEntry.objects.count() == 4


def test_recorded_at_once_with_one_key_it_is_one_gathering(place, supervisor):
    (person,) = people(place, 1)
    circle, key = make_circle(supervisor, person), uuid.uuid4()

    def log(_number):
        return actions.log_gathering(
            circle=circle,
            actor=supervisor.person.user,
            facts=facts(),
            shared=Shared("话题"),
            came={person.pk: 60},
            key=key,
        ).pk

    assert len(set(done(at_once(trying(log), list(range(6)))))) == 1
    assert Gathering.objects.count() == 1


def test_a_session_and_a_gathering_recorded_at_once_never_overlap(place, supervisor):
    (person,) = people(place, 1)
    circle = make_circle(supervisor, person)
    other = make_supervisor(organisation=place)
    pairing = make_pairing(other, person)

    def log(which):
        if which:
            values = {"facts": session_facts(1, 9), "written": written(), "key": uuid.uuid4()}
            return log_session(pairing=pairing, actor=other.person.user, **values).pk
        return actions.log_gathering(
            circle=circle,
            actor=supervisor.person.user,
            facts=facts(),
            shared=Shared("话题"),
            came={person.pk: 60},
            key=uuid.uuid4(),
        ).pk

    assert len(done(at_once(trying(log), [0, 1] * 3))) == 1


def test_the_last_two_who_accept_a_correction_at_once_make_one_change(place, supervisor):
    members = people(place, 3)
    held = make_gathering(make_circle(supervisor, *members))
    for person in members:
        part = make_part(held, person, minutes=90)
        actions.confirm_part(part=part, actor=person.user)
    held = Gathering.objects.with_circle().get(pk=held.pk)
    amendment = actions.propose_gathering_amendment(
        gathering=held,
        actor=supervisor.person.user,
        facts=replace(held.facts, ends_at=held.ends_at + timedelta(minutes=30)),
        shared=Shared("话题"),
        minutes={person.pk: 120 for person in members},
        reason="记错",
    )

    def accept(answer):
        mine = type(answer).objects.select_related("part__person__user", "amendment").get(pk=answer.pk)
        return actions.accept_gathering_amendment(answer=mine, actor=mine.part.person.user).pk

    assert len(done(at_once(trying(accept), list(amendment.answers.all()) * 3))) == 3
    held.refresh_from_db()
    assert (held.revision, held.minutes, held.contents.count()) == (2, 120, 1)
    standing = HoursEntry.objects.standing()
    assert sorted(standing.values_list("minutes", flat=True)) == [120, 120, 120, 120]


def test_sent_twice_at_once_from_a_device_it_is_recorded_once(place, supervisor):
    (person,) = people(place, 1)
    circle, key = make_circle(supervisor, person), uuid.uuid4()

    def send(_number):
        found = actions.sync_gathering(
            circle=circle,
            actor=supervisor.person.user,
            facts=facts(),
            shared=Shared("话题"),
            came={person.pk: 60},
            key=key,
            base="",
        )
        return found.gathering and found.gathering.pk

    assert len(set(done(at_once(trying(send), list(range(6)))))) == 1
    assert Gathering.objects.count() == 1


def test_planned_twice_at_once_there_is_one_series(place, supervisor):
    circle, key = make_circle(supervisor, *people(place, 2)), uuid.uuid4()
    spans = [(moment(-day, 9), moment(-day, 10)) for day in (3, 10, 17)]

    def plan(_number):
        actor = supervisor.person.user
        return len(actions.plan_series(circle=circle, actor=actor, spans=spans, key=key))

    assert set(done(at_once(trying(plan), list(range(4))))) == {3}
    assert Gathering.objects.count() == 3


def test_confirmed_and_corrected_at_once_whoever_was_first_holds(place, supervisor):
    (person,) = people(place, 1)
    held = make_gathering(make_circle(supervisor, person))
    part = make_part(held, person, minutes=90)

    def act(which):
        if which:
            return actions.confirm_part(part=part, actor=person.user, revision=1).pk
        return actions.correct_part(part=part, actor=supervisor.person.user, minutes=30, revision=1).pk

    assert len(done(at_once(trying(act), [0, 1] * 3))) == 1
    part.refresh_from_db()
    assert (part.state, part.minutes) in {("confirmed", 90), ("waiting", 30)}
    assert HoursEntry.objects.count() == (2 if part.state == "confirmed" else 0)
