from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from core.states import IllegalMove
from supervision.circles import actions
from supervision.circles.actions import GatheringRefused
from supervision.circles.policy import Shared
from supervision.models import Gathering, GatheringAmendment, LateGathering, Participation
from supervision.pairings.actions import NotPossible
from tests.factories import (
    give_role,
    make_gathering,
    make_gathering_amendment,
    make_member,
    make_part,
    make_user,
)
from tests.supervision.circles.conftest import facts, record
from tests.supervision.conftest import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(group):
    return record(group, days_ago=20, late="出差").late_records.get()


def part_of(late, user):
    return late.gathering.parts.get(person__user=user)


def newest(late):
    return LateGathering.objects.filter(gathering=late.gathering_id).order_by("-pk").first()


def approve(late, cast):
    return actions.approve_late_gathering(late=newest(late), actor=cast.administrator)


def state_of(late):
    return newest(late).state


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


def test_a_correction_after_confirmation_waits_for_the_administrator_too(group, late, cast):
    approve(late, cast)
    actions.confirm_part(part=part_of(late, cast.trainee), actor=cast.trainee)
    held = Gathering.objects.with_circle().get(pk=late.gathering_id)
    amendment = actions.propose_gathering_amendment(
        gathering=held,
        actor=cast.supervisor,
        facts=held.facts,
        shared=Shared("转介的时机"),
        minutes={cast.trainee.person.pk: 60},
        reason="记错",
    )
    assert state_of(late) == "waiting"
    late.refresh_from_db()
    assert late.state == "approved"
    with pytest.raises(NotPossible):
        actions.accept_gathering_amendment(answer=amendment.answers.get(), actor=cast.trainee)
    approve(late, cast)
    actions.accept_gathering_amendment(answer=amendment.answers.get(), actor=cast.trainee)
    assert held.parts.get(person__user=cast.trainee).minutes == 60


def test_the_desk_reads_why_and_decides_and_nothing_of_what_was_said(client, group, late, cast):
    client.force_login(cast.administrator)
    assert "出差" not in client.get(reverse("late_gatherings:index")).content.decode()
    address = reverse("late_gatherings:inspect", args=[late.pk])
    page = client.get(address).content.decode()
    assert "出差" in page
    assert "转介" not in page
    assert client.post(address, {"decline": "1", "answer": ""}).status_code == 200
    assert client.post(address, {"approve": "1", "answer": "\0"}).status_code == 200
    assert client.post(address, {"approve": "1", "answer": ""}).status_code == 302
    assert state_of(late) == "approved"
    for user, status in ((cast.auditor, 404), (cast.trainee, 404), (cast.supervisor, 404)):
        client.force_login(user)
        assert client.post(address, {"approve": "1"}).status_code in (status, 302, 403)
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


def confirm_all(late, cast):
    approve(late, cast)
    for user in (cast.trainee, cast.other_trainee):
        actions.confirm_part(part=part_of(late, user), actor=user)
    return Gathering.objects.with_circle().get(pk=late.gathering_id)


def propose(held, cast, what, minutes=None, late="", topics="转介的时机"):
    return actions.propose_gathering_amendment(
        gathering=held,
        actor=cast.supervisor,
        facts=what,
        shared=Shared(topics),
        minutes=minutes or {},
        reason="记错了",
        late_reason=late,
    )


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


def test_the_page_of_a_correction_shows_both_times_and_it_is_this_correction_that_is_approved(
    client, group, late, cast
):
    held = confirm_all(late, cast)
    amendment = propose(held, cast, facts(20, 9, 8), {person.pk: 480 for person in group.people})
    asked = newest(late)
    assert asked.amendment == amendment
    client.force_login(cast.administrator)
    page = client.get(reverse("late_gatherings:inspect", args=[asked.pk])).content.decode()
    assert "10:30" in page and "17:00" in page
    with pytest.raises(DatabaseError), transaction.atomic():
        GatheringAmendment.objects.filter(pk=amendment.pk).update(
            state="accepted", answered_at=timezone.now()
        )
    approve(late, cast)
    for user in (cast.trainee, cast.other_trainee):
        actions.accept_gathering_amendment(answer=amendment.answers.get(part__person__user=user), actor=user)
    held.refresh_from_db()
    assert held.minutes == 480
    client.force_login(cast.supervisor)
    assert client.get(held.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("how", ["refused", "withdrawn"])
def test_a_correction_that_is_not_to_be_leaves_the_record_approved(client, late, cast, how):
    approve(late, cast)
    actions.confirm_part(part=part_of(late, cast.trainee), actor=cast.trainee)
    held = Gathering.objects.with_circle().get(pk=late.gathering_id)
    amendment = propose(held, cast, facts(20, 9, 2))
    client.force_login(cast.trainee)
    page = client.get(held.get_absolute_url()).content.decode()
    assert "出差" in page and "/accept/" not in page
    if how == "refused":
        actions.refuse_gathering_amendment(answer=amendment.answers.get(), actor=cast.trainee, reason="不对")
    else:
        actions.withdraw_gathering_amendment(amendment=amendment, actor=cast.supervisor)
    late.refresh_from_db()
    assert (late.state, late.decided_by, state_of(late)) == ("approved", cast.administrator, "void")
    part = part_of(late, cast.other_trainee)
    assert actions.confirm_part(part=part, actor=cast.other_trainee).state == "confirmed"


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


def test_what_is_added_months_later_is_late_before_and_after_a_confirmation(group, cast):
    held = record(group)
    longer, minutes = facts(1, 9, 8), {person.pk: 480 for person in group.people}
    with time_machine.travel(timezone.now() + timedelta(days=180), tick=False):
        values = {"gathering": held, "actor": cast.supervisor, "shared": Shared("转介的时机")}
        with pytest.raises(GatheringRefused):
            actions.amend_gathering(facts=longer, came=minutes, **values)
        for user in (cast.trainee, cast.other_trainee):
            actions.confirm_part(part=held.parts.get(person__user=user), actor=user)
        held = Gathering.objects.with_circle().get(pk=held.pk)
        with pytest.raises(GatheringRefused) as refused:
            propose(held, cast, longer, minutes)
        assert refused.value.field == "late_reason"
        amendment = propose(held, cast, longer, minutes, late="签到表刚找到")
        assert LateGathering.objects.get().days > 150
        answer = amendment.answers.get(part__person__user=cast.trainee)
        actions.accept_gathering_amendment(answer=answer, actor=cast.trainee)
        last = amendment.answers.get(part__person__user=cast.other_trainee)
        with pytest.raises(NotPossible):
            actions.accept_gathering_amendment(answer=last, actor=cast.other_trainee)
        actions.approve_late_gathering(late=LateGathering.objects.get(), actor=cast.administrator)
        actions.accept_gathering_amendment(answer=last, actor=cast.other_trainee)
    held.refresh_from_db()
    assert held.minutes == 480


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


def test_a_correction_that_was_open_before_askings_were_rows_is_asked_about_if_it_came_late(
    group, cast, tree
):
    """Recorded in time; one correction says more a month later, one says less, one came in time by the local rule."""
    member = cast.trainee.person
    rows = []
    for days, minutes, proposed in ((40, 45, 5), (41, 20, 5), (42, 45, 35)):
        held = make_gathering(group.circle, days_ago=days)
        part = make_part(held, member, "confirmed", minutes=30)
        row = make_gathering_amendment(part, minutes)
        GatheringAmendment.objects.filter(pk=row.pk).update(proposed_at=moment(proposed, 9))
        rows.append(row)
    migration = import_module("supervision.migrations.0025_open_corrections")
    migration.ask(apps, None)
    migration.ask(apps, None)
    asked = LateGathering.objects.get()
    assert (asked.amendment, asked.days, asked.is_waiting) == (rows[0], 40 - 5 - 14, True)
    assert asked.came == {str(member.pk): 45}
    with pytest.raises(NotPossible):
        actions.accept_gathering_amendment(answer=rows[0].answers.get(), actor=cast.trainee)
