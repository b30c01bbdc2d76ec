"""Joining a circle, leading it, leaving and closing it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.models import Notice
from core.states import IllegalMove
from credentials.models import HoursEntry
from supervision.circles import actions
from supervision.models import CircleMember
from supervision.pairings.actions import NotPossible
from tests.factories import make_circle, make_gathering, make_member
from tests.supervision.circles.conftest import confirm


def test_an_open_circle_is_joined_at_once_until_it_is_full(group, cast):
    circle = make_circle(group.supervisor, admission="open", kind="open", capacity=2)
    for user in (cast.trainee, cast.outside_trainee):
        assert actions.join_circle(circle=circle, person=user.person, actor=user).state == "joined"
    circle.refresh_from_db()
    assert circle.taken == 2
    with pytest.raises(NotPossible):
        actions.join_circle(circle=circle, person=cast.other_trainee.person, actor=cast.other_trainee)
    again = actions.join_circle(circle=circle, person=cast.trainee.person, actor=cast.trainee)
    assert again.state == "joined"
    assert circle.members.count() == 2


def test_on_request_the_leader_decides(group, cast):
    asked = actions.join_circle(
        circle=group.circle, person=cast.outside_trainee.person, actor=cast.outside_trainee
    )
    assert asked.state == "asked"
    assert Notice.objects.filter(user=cast.supervisor, kind="supervision.circle").exists()
    with pytest.raises(NotPossible):
        actions.accept_member(member=asked, actor=cast.outside_trainee)
    actions.accept_member(member=asked, actor=cast.supervisor)
    group.circle.refresh_from_db()
    assert group.circle.taken == 3
    with pytest.raises(IllegalMove):
        actions.accept_member(member=asked, actor=cast.supervisor)


def test_by_invitation_only_whoever_was_invited_joins(group, cast, tree):
    circle = make_circle(group.supervisor, admission="invitation")
    person = cast.outside_trainee.person
    with pytest.raises(NotPossible):
        actions.join_circle(circle=circle, person=person, actor=cast.outside_trainee)
    assert actions.invite_members(circle=circle, people=[person], actor=cast.supervisor) == 1
    assert actions.invite_members(circle=circle, people=[person], actor=cast.supervisor) == 0
    assert actions.join_circle(circle=circle, person=person, actor=cast.outside_trainee).state == "joined"


def test_a_declined_invitation_can_be_made_again(group, cast):
    person = cast.outside_trainee.person
    actions.invite_members(circle=group.circle, people=[person], actor=cast.supervisor)
    actions.decline_member(member=CircleMember.objects.get(person=person), actor=cast.outside_trainee)
    assert actions.invite_members(circle=group.circle, people=[person], actor=cast.supervisor) == 1


def test_leaving_frees_the_place_and_what_was_confirmed_stays(group, held, cast):
    confirm(held, cast.trainee)
    actions.leave_circle(member=group.circle.members.get(person=cast.trainee.person), actor=cast.trainee)
    group.circle.refresh_from_db()
    assert group.circle.taken == 1
    assert HoursEntry.objects.filter(person=cast.trainee.person, minutes=90).exists()


def test_a_group_is_led_by_a_supervisor_of_the_registry(tree, cast):
    values = {"name": "组", "organisation": tree["district"], "admission": "open", "capacity": 5}
    values |= {"purpose": "学习", "every_days": 14, "actor": cast.administrator}
    with pytest.raises(NotPossible):
        actions.create_circle(kind="group", leader=cast.trainee.person, **values)
    circle = actions.create_circle(kind="peer", leader=cast.trainee.person, **values)
    assert circle.taken == 1
    assert circle.members.get().person == cast.trainee.person
    again = actions.create_circle(kind="peer", leader=cast.trainee.person, **values)  # a second click
    assert (again, again.taken) == (circle, 1)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        later = actions.create_circle(kind="peer", leader=cast.trainee.person, **values)
    assert later != circle


def test_a_peer_circle_is_handed_to_a_member_before_its_leader_leaves(cast):
    circle = make_circle(cast.trainee.person, cast.other_trainee.person)
    mine = circle.members.get(person=cast.trainee.person)
    with pytest.raises(NotPossible):
        actions.leave_circle(member=mine, actor=cast.trainee)
    with pytest.raises(NotPossible):
        actions.hand_over_circle(circle=circle, person=cast.outside_trainee.person, actor=cast.trainee)
    actions.hand_over_circle(circle=circle, person=cast.other_trainee.person, actor=cast.trainee)
    actions.leave_circle(member=mine, actor=cast.trainee)


def test_places_never_fall_below_the_members(group, cast):
    values = {"name": "组", "admission": "open", "purpose": "学习", "every_days": 14}
    make_member(group.circle, cast.outside_trainee.person)
    with pytest.raises(NotPossible):
        actions.change_circle(circle=group.circle, actor=cast.supervisor, capacity=2, **values)
    assert (
        actions.change_circle(circle=group.circle, actor=cast.supervisor, capacity=3, **values).capacity == 3
    )


def test_only_the_leader_changes_and_invites_and_the_desk_may_close_too(group, cast):
    circle, member = group.circle, cast.trainee
    values = {"name": "组", "admission": "open", "purpose": "学习", "every_days": 14, "capacity": 9}
    for actor in (member, cast.administrator):
        with pytest.raises(NotPossible):
            actions.change_circle(circle=circle, actor=actor, **values)
        with pytest.raises(NotPossible):
            actions.invite_members(circle=circle, people=[cast.outside_trainee.person], actor=actor)
    for actor in (member, cast.auditor):
        with pytest.raises(NotPossible):
            actions.close_circle(circle=circle, actor=actor, reason="期满")
    circle.refresh_from_db()
    assert (circle.is_open, circle.capacity == 9) == (True, False)
    assert not CircleMember.objects.filter(person=cast.outside_trainee.person).exists()


def test_closing_cancels_what_is_planned_and_tells_the_members(group, cast):
    planned = make_gathering(group.circle, "planned", days_ago=-3)
    with pytest.raises(NotPossible):
        actions.close_circle(circle=group.circle, actor=cast.administrator, reason=" ")
    actions.close_circle(circle=group.circle, actor=cast.administrator, reason="期满")
    planned.refresh_from_db()
    assert planned.state == "cancelled"
    assert Notice.objects.filter(user=cast.trainee, source__endswith=":closed").exists()
    with pytest.raises(NotPossible):
        actions.join_circle(
            circle=group.circle, person=cast.outside_trainee.person, actor=cast.outside_trainee
        )
