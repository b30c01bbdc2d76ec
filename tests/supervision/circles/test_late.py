"""A gathering that is recorded, or said more of, after its time, before it is confirmed."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from core.states import IllegalMove
from supervision.circles import actions
from supervision.circles.actions import GatheringRefused
from supervision.circles.policy import Shared
from supervision.models import LateGathering, Participation
from supervision.pairings.actions import NotPossible
from tests.factories import (
    give_role,
    make_member,
    make_user,
)
from tests.supervision.circles.conftest import facts, record
from tests.supervision.circles.late import approve, newest, part_of, state_of

pytestmark = pytest.mark.django_db


def test_late_needs_a_reason_and_an_administrator_before_anybody_confirms(group, late, cast):
    with pytest.raises(GatheringRefused) as refused:
        record(group, days_ago=21)
    assert refused.value.field == "late_reason"
    assert late.days == 6
    assert Notice.objects.filter(user=cast.administrator, kind="supervision.late").exists()
    part = part_of(late, cast.trainee)
    with pytest.raises(NotPossible):
        actions.confirm_part(part=part, actor=cast.trainee)
    with pytest.raises(DatabaseError), transaction.atomic():
        Participation.objects.filter(pk=part.pk).update(
            state="confirmed", confirmed_at=timezone.now(), confirmed_by=cast.trainee
        )
    approve(late, cast)
    assert actions.confirm_part(part=part, actor=cast.trainee).state == "confirmed"


def test_declined_it_can_be_explained_again(late, cast):
    with pytest.raises(NotPossible):
        actions.decline_late_gathering(late=late, actor=cast.administrator, answer=" ")
    actions.decline_late_gathering(late=late, actor=cast.administrator, answer="理由不足")
    with pytest.raises(IllegalMove):
        approve(late, cast)
    actions.explain_late_gathering(late=late, actor=cast.supervisor, reason="附上出差证明")
    assert state_of(late) == "waiting"
    with pytest.raises(IllegalMove):
        actions.explain_late_gathering(late=late, actor=cast.supervisor, reason="再说一次")
    late.refresh_from_db()
    assert (late.state, late.answer) == ("declined", "理由不足")


def test_nobody_who_was_there_decides(group, late, cast):
    make_member(group.circle, cast.administrator.person)
    actions.add_part(
        gathering=late.gathering, person=cast.administrator.person, minutes=30, actor=cast.supervisor
    )
    with pytest.raises(NotPossible):
        approve(late, cast)


def test_when_minutes_or_the_time_change_after_an_approval_it_is_asked_again(group, late, cast):
    approve(late, cast)
    values = {"gathering": late.gathering, "actor": cast.supervisor, "shared": Shared("别的话")}
    came = {person.pk: 90 for person in group.people}
    actions.amend_gathering(facts=facts(20), came=came, **values)
    assert state_of(late) == "approved"  # only the content
    actions.amend_gathering(facts=facts(20, 9, 2), came=came, **values)
    assert state_of(late) == "waiting"
    approve(late, cast)
    actions.correct_part(part=part_of(late, cast.trainee), actor=cast.supervisor, minutes=30)
    assert state_of(late) == "waiting"
    approve(late, cast)
    actions.correct_part(part=part_of(late, cast.trainee), actor=cast.supervisor, minutes=30, answer="不变")
    assert state_of(late) == "approved"
    actions.amend_gathering(facts=facts(19, 9, 2), came=came, **values)
    row = newest(late)
    assert (row.state, row.days) == ("waiting", 5)
    with pytest.raises(NotPossible):
        actions.confirm_part(part=part_of(late, cast.trainee), actor=cast.trainee)
    actions.amend_gathering(facts=facts(2, 9, 2), came=came, **values)
    assert state_of(late) == "void"  # in time after all, and what was decided stays
    assert LateGathering.objects.filter(state="approved").count() == 3
    assert actions.confirm_part(part=part_of(late, cast.trainee), actor=cast.trainee).state == "confirmed"


def test_the_desk_reads_why_and_decides_and_nothing_of_what_was_said(client, group, late, cast):
    client.force_login(cast.administrator)
    assert "出差" not in client.get(reverse("late_gatherings:index")).content.decode()
    address = reverse("late_gatherings:inspect", args=[late.pk])
    page = client.get(address).content.decode()
    assert "出差" in page
    assert "转介" not in page
    for user in (cast.auditor, cast.trainee, cast.supervisor):
        client.force_login(user)
        assert client.post(address, {"approve": "1"}).status_code in (302, 403, 404)
        assert state_of(late) == "waiting"
    client.force_login(cast.administrator)
    assert client.post(address, {"decline": "1", "answer": ""}).status_code == 200
    assert client.post(address, {"approve": "1", "answer": "\0"}).status_code == 200
    assert client.post(address, {"approve": "1", "answer": ""}).status_code == 302
    assert state_of(late) == "approved"
    client.force_login(cast.auditor)
    assert client.get(address).status_code == 200


def test_the_list_takes_the_same_statements_for_one_and_for_many(
    client, group, cast, django_assert_max_num_queries
):
    client.force_login(cast.administrator)
    client.get(reverse("late_gatherings:index"))
    for day in range(3):
        record(group, days_ago=20 + day, late="出差")
        with django_assert_max_num_queries(60) as captured:
            client.get(reverse("late_gatherings:index"))
        assert sum('FROM "supervision_' in query["sql"] for query in captured) == 2


@pytest.mark.parametrize("part", ["supervisor", "trainee"])
def test_no_officer_decides_whom_one_who_was_there_has_let_in(late, cast, tree, part):
    give_role(getattr(cast, part), "administrator", tree["district"])
    helper = make_user("被引入者", tree["district"])
    give_role(helper, "administrator", tree["district"], granted_by=getattr(cast, part))
    with pytest.raises(NotPossible, match="另一位管理员"):
        actions.approve_late_gathering(late=late, actor=helper)
    with pytest.raises(NotPossible, match="另一位管理员"):
        actions.decline_late_gathering(late=late, actor=helper, answer="太迟")
    assert state_of(late) == "waiting"


def amend(late, group, what, minutes, **more):
    came = {person.pk: minutes for person in group.people}
    values = {"gathering": late.gathering, "actor": group.leader, "shared": Shared("转介的时机")}
    return actions.amend_gathering(facts=what, came=came, **values, **more)


def test_an_old_page_approves_nothing_that_it_did_not_show(client, group, late, cast):
    client.force_login(cast.administrator)
    address = reverse("late_gatherings:inspect", args=[late.pk])
    assert "10:30" in client.get(address).content.decode()
    amend(late, group, facts(20, 9, 8), 480)
    client.post(address, {"approve": "1", "answer": ""})
    assert [row.state for row in LateGathering.objects.order_by("pk")] == ["void", "waiting"]
    page = client.get(reverse("late_gatherings:inspect", args=[newest(late).pk])).content.decode()
    assert "17:00" in page


def test_what_was_declined_stays_when_the_record_is_moved_into_time(group, late, cast):
    actions.decline_late_gathering(late=late, actor=cast.administrator, answer="不合规定")
    amend(late, group, facts(2), 90)
    late.refresh_from_db()
    assert (late.state, late.answer) == ("declined", "不合规定")
    rows = LateGathering.objects.filter(pk=late.pk)
    for change in (lambda: rows.update(state="approved"), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_what_an_administrator_is_asked_about_stays_what_it_is(late):
    with pytest.raises(DatabaseError), transaction.atomic():
        LateGathering.objects.filter(pk=late.pk).update(came={})


def test_the_database_confirms_no_other_minutes_than_those_approved(late, cast):
    approve(late, cast)
    part = part_of(late, cast.trainee)
    Participation.objects.filter(pk=part.pk).update(minutes=30)
    with pytest.raises(DatabaseError), transaction.atomic():
        Participation.objects.filter(pk=part.pk).update(
            state="confirmed", confirmed_at=timezone.now(), confirmed_by=cast.trainee
        )


def test_what_only_becomes_shorter_months_later_needs_nobody(group, cast):
    held = record(group)
    with time_machine.travel(timezone.now() + timedelta(days=180), tick=False):
        came = {person.pk: 60 for person in group.people}
        values = {"gathering": held, "actor": cast.supervisor, "shared": Shared("转介的时机")}
        actions.amend_gathering(facts=facts(1, 9, 1), came=came, **values)
        assert not LateGathering.objects.exists()


def test_who_is_put_in_months_later_is_said_late(client, group, cast):
    held = record(group)
    person = cast.administrator.person
    make_member(group.circle, person)
    values = {"gathering": held, "person": person, "minutes": 60, "actor": cast.supervisor}
    with time_machine.travel(timezone.now() + timedelta(days=180), tick=False):
        client.force_login(cast.supervisor)
        client.post(reverse("supervision:part-add", args=[held.pk]), {"person": person.pk, "minutes": 60})
        assert not held.parts.filter(person=person).exists()
        part = actions.add_part(**values, late_reason="签到表刚找到")
        with pytest.raises(NotPossible):
            actions.confirm_part(part=part, actor=person.user)


def test_taking_somebody_out_asks_again(late, cast):
    approve(late, cast)
    actions.remove_part(part=part_of(late, cast.trainee), actor=cast.supervisor, reason="没有来")
    assert state_of(late) == "waiting"
    with pytest.raises(NotPossible):
        actions.confirm_part(part=part_of(late, cast.other_trainee), actor=cast.other_trainee)
