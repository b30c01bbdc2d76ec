"""A pair that has gone quiet is told once in each spell, and the desk finds it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from supervision.agreements.actions import remind_reviews
from supervision.circles.actions import confirm_part
from supervision.pairings.actions import tell_quiet
from supervision.pairings.queries import quiet_pairings
from supervision.sessions.actions import cancel_session
from tests.factories import make_agreement, make_circle, make_gathering, make_part, make_session


def quiet():
    return list(quiet_pairings(timezone.now()))


@pytest.mark.parametrize(("every", "ago", "found"), [(7, 13, 0), (7, 15, 1), (30, 50, 0), (60, 59, 0)])
def test_twice_the_agreed_time_is_quiet(pair, every, ago, found):
    make_agreement(pair.pairing, "accepted", every_days=every)
    make_session(pair.pairing, "confirmed", days_ago=ago)
    assert len(quiet()) == found


def test_without_an_agreement_it_is_forty_five_days_and_drafts_count_nothing(pair):
    make_agreement(pair.pairing, "draft", every_days=7)
    session = make_session(pair.pairing, days_ago=44)
    assert quiet() == []
    type(session).objects.filter(pk=session.pk).update(state="cancelled")
    assert quiet() == [pair.pairing]  # paired since sixty days, and nothing was held


def test_both_are_told_once_in_each_spell(pair, cast):
    assert tell_quiet() == 1
    assert set(Notice.objects.values_list("user", flat=True)) == {cast.supervisor.pk, cast.trainee.pk}
    assert tell_quiet() == 0
    make_session(pair.pairing, "confirmed", days_ago=46)
    assert tell_quiet() == 1  # they met, and then it became quiet again
    assert Notice.objects.count() == 4


def test_a_resting_pair_is_not_quiet(pair):
    type(pair.pairing).objects.update(state="paused")
    assert quiet() == [] and tell_quiet() == 0


def test_the_desk_finds_the_quiet_ones(client, pair, cast):
    client.force_login(cast.administrator)
    index = reverse("pairings:index")
    name = pair.mentee.name
    assert name in client.get(index, {"quiet": "true"}).content.decode()
    assert name not in client.get(index, {"quiet": "false"}).content.decode()
    make_session(pair.pairing, "logged", days_ago=1)
    assert name not in client.get(index, {"quiet": "true"}).content.decode()


@pytest.mark.parametrize(("days", "told"), [(15, 0), (14, 1), (0, 1), (-1, 0)])
def test_the_review_is_announced_two_weeks_before_once(pair, days, told):
    make_agreement(pair.pairing, "accepted", review_on=timezone.localdate() + timedelta(days=days))
    assert remind_reviews() == told
    assert remind_reviews() == 0
    assert Notice.objects.count() == 2 * told


def test_a_session_taken_back_leaves_the_pair_quiet(pair, cast):
    session = make_session(pair.pairing, "logged", days_ago=1)
    assert quiet() == []
    cancel_session(session=session, actor=cast.supervisor, reason="未发生")
    assert quiet() == [pair.pairing]


def test_a_confirmed_gathering_of_both_is_contact_and_one_of_only_one_is_none(pair, cast):
    assert quiet() == [pair.pairing]
    circle = make_circle(pair.supervisor, cast.trainee.person, cast.other_trainee.person)
    held = make_gathering(circle, days_ago=3)
    part = make_part(held, cast.trainee.person)
    other = make_part(held, cast.other_trainee.person)
    assert quiet() == [pair.pairing]  # nobody has confirmed it
    confirm_part(part=other, actor=cast.other_trainee)
    assert quiet() == [pair.pairing]  # the mentee has not said that they were there
    confirm_part(part=part, actor=cast.trainee)
    assert quiet() == []


def test_among_peers_both_have_confirmed_or_led_it(pair, cast):
    circle = make_circle(cast.other_trainee.person, cast.trainee.person, cast.supervisor.person)
    held = make_gathering(circle, days_ago=3)
    confirm_part(part=make_part(held, cast.trainee.person), actor=cast.trainee)
    assert quiet() == [pair.pairing]
    confirm_part(part=make_part(held, cast.supervisor.person), actor=cast.supervisor)
    assert quiet() == []
