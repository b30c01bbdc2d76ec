import dataclasses

import pytest
from django.utils import timezone

from core.models import Notice, User
from supervision import public
from supervision.circles.actions import ask_circle_review
from supervision.circles.actions.lateness import tell_late as tell_late_gathering
from supervision.models import Appeal, LateRecord
from supervision.sessions.actions import ask_review
from supervision.sessions.actions.lateness import tell_late
from supervision.wishes.actions import ask_for_change
from tests.factories import (
    give_role,
    make_application,
    make_circle,
    make_circle_review,
    make_gathering,
    make_late,
    make_late_gathering,
    make_pairing,
    make_part,
    make_review,
    make_round,
    make_session,
    make_supervisor,
    make_training,
    make_user,
    make_wish,
)
from tests.supervision.conftest import moment


def test_a_pairing_is_told_from_the_side_of_the_one_asked_for(pair, cast):
    make_session(pair.pairing, "confirmed", days_ago=3, minutes=90)
    make_session(pair.pairing, days_ago=2)
    (mine,) = public.pairings_of(cast.trainee.person)
    (theirs,) = public.pairings_of(cast.supervisor.person)
    assert (mine.is_supervisor, mine.other_name) == (False, cast.supervisor.person.name)
    assert (theirs.is_supervisor, theirs.other_name) == (True, cast.trainee.person.name)
    assert (mine.minutes, mine.waiting, mine.last_on) == (90, 1, moment(2, 10).date())
    assert public.pairings_of(cast.other_trainee.person) == []


def test_the_evidence_says_who_when_and_how_long(pair, cast):
    session = make_session(pair.pairing, "confirmed", minutes=45)
    found = public.evidence_of(session.pk)
    assert (found.supervisor_code, found.mentee_name, found.minutes) == (
        "SV001",
        cast.trainee.person.name,
        45,
    )
    assert found.confirmed_at <= timezone.now()
    assert not {"topics", "advice", "place", "follow_up"} & {
        field.name for field in dataclasses.fields(found)
    }
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.minutes = 1
    assert public.evidence_of(0) is None


def test_every_confirmed_session_can_be_told_again(pair):
    make_session(pair.pairing)
    confirmed = make_session(pair.pairing, "confirmed", days_ago=3)
    (event,) = public.confirmations()
    assert (event.session_id, event.held_on, event.minutes) == (confirmed.pk, confirmed.held_on, 60)


@pytest.mark.parametrize("number", [1, 8])
def test_asking_costs_the_same_for_one_and_for_many(tree, django_assert_num_queries, number):
    supervisor = make_supervisor(organisation=tree["agency"], capacity=20)
    for place in range(number):
        pairing = make_pairing(supervisor, make_user("周一", tree["station"]).person)
        make_session(pairing, days_ago=1 + 2 * place)
        make_session(pairing, "confirmed", days_ago=2 + 2 * place)
    with django_assert_num_queries(1):
        public.pairings_of(supervisor.person)
    with django_assert_num_queries(1):
        list(public.confirmations())


def test_what_waits_is_counted_for_who_may_decide_it_in_one_query(tree, cast, django_assert_num_queries):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    pairing = make_pairing(supervisor, cast.trainee.person)
    make_wish(pairing)
    make_wish(pairing, supervisor.person, "declined")
    make_late(make_session(pairing))
    make_review(pairing, reviewer=cast.auditor)
    make_application(cast.other_trainee.person, tree["district"])
    round = make_round(tree["district"], "published")
    Appeal.objects.create(round=round, person=cast.trainee.person, text="请再看一次")
    circle = make_circle(supervisor, cast.trainee.person, organisation=tree["district"])
    make_late_gathering(make_gathering(circle, days_ago=30))
    make_circle_review(circle, reviewer=cast.auditor)
    make_training(cast.supervisor.person)
    make_training(cast.supervisor.person, "checked")
    officer = User.objects.get(pk=cast.administrator.pk)
    with django_assert_num_queries(5):  # the roles, its person, who is behind it (two), and what waits
        found = public.work_for(officer)
    kinds = (
        "applications",
        "trainings",
        "late",
        "late_gatherings",
        "reviews",
        "circle_reviews",
        "appeals",
        "wishes",
    )
    assert found == dict.fromkeys(kinds, 1)
    for user in (cast.outsider, cast.auditor, cast.supervisor):
        assert not any(public.work_for(user).values())


def test_nobody_is_counted_what_is_about_themselves(tree, cast):
    supervisor = make_supervisor(organisation=tree["agency"])
    make_wish(make_pairing(supervisor, cast.administrator.person))
    circle = make_circle(supervisor, cast.administrator.person, organisation=tree["district"])
    held = make_gathering(circle, days_ago=30)
    make_part(held, cast.administrator.person)
    make_late_gathering(held)
    make_circle_review(circle, reviewer=cast.auditor)
    other = make_circle(supervisor, organisation=tree["district"])
    make_circle_review(other, reviewer=cast.administrator)
    make_training(cast.administrator.person)
    assert not any(public.work_for(cast.administrator).values())


def test_officers_are_neither_told_nor_counted_what_they_cannot_decide(tree, cast):
    """The supervisor has let in a colleague at the district: that one reads, and another one decides."""
    give_role(cast.supervisor, "administrator", tree["district"])
    helper = make_user("被引入者", tree["district"])
    give_role(helper, "administrator", tree["district"], granted_by=cast.supervisor)
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    pairing = make_pairing(supervisor, cast.trainee.person)
    ask_for_change(pairing=pairing, actor=cast.trainee, kind="pause", reason="休假")
    late = make_late(make_session(pairing))
    tell_late(late, late.session)
    ask_review(pairing=pairing, reviewer=cast.auditor, reason="投诉")
    circle = make_circle(supervisor, cast.trainee.person, organisation=tree["district"])
    held = make_late_gathering(make_gathering(circle, days_ago=30))
    tell_late_gathering(held, held.gathering)
    ask_circle_review(circle=circle, reviewer=cast.auditor, reason="投诉")
    make_training(cast.supervisor.person)
    round = make_round(tree["district"], "published")
    Appeal.objects.create(round=round, person=cast.supervisor.person, text="请再看一次")
    told = Notice.objects.filter(kind__startswith="supervision.")
    assert not told.filter(user=helper).exists()
    assert told.filter(user=cast.administrator).count() == 5
    assert not any(public.work_for(User.objects.get(pk=helper.pk)).values())
    kinds = {"wishes", "late", "late_gatherings", "reviews", "circle_reviews", "trainings", "appeals"}
    found = public.work_for(User.objects.get(pk=cast.administrator.pk))
    assert {kind: number for kind, number in found.items() if number} == dict.fromkeys(kinds, 1)
    elsewhere = make_supervisor(organisation=tree["agency"])
    other = make_late(make_session(make_pairing(elsewhere, cast.other_trainee.person)))
    assert LateRecord.objects.to_decide(helper).get() == other
