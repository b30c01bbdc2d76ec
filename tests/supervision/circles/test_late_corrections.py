"""Corrections of a gathering after its confirmation, when they come late."""

from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from supervision.circles import actions
from supervision.circles.actions import GatheringRefused
from supervision.circles.policy import Shared
from supervision.models import Gathering, GatheringAmendment, LateGathering
from supervision.pairings.actions import NotPossible
from tests.factories import (
    make_gathering,
    make_gathering_amendment,
    make_part,
)
from tests.supervision.circles.conftest import facts, record
from tests.supervision.circles.late import approve, newest, part_of, state_of
from tests.supervision.conftest import moment

pytestmark = pytest.mark.django_db


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
