"""What participants answer, what is locked then, and how much of it counts."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.models import Notice
from core.states import IllegalMove, StaleState
from credentials.hours.actions import add_hours_rule
from credentials.hours.actions import reconcile as reconcile_hours
from credentials.models import HoursEntry
from supervision.circles import actions
from supervision.circles.policy import Shared
from supervision.models import Gathering, GatheringContent, Participation
from supervision.pairings.actions import NotPossible
from tests.factories import make_circle, make_gathering, make_part
from tests.supervision.circles.conftest import confirm, facts, part_of, record


def test_each_confirms_their_own_minutes_and_the_leader_is_credited_once(group, cast):
    held = record(group, came={cast.trainee.person.pk: 60, cast.other_trainee.person.pk: 90})
    confirm(held, cast.trainee)
    confirm(held, cast.other_trainee)
    rows = HoursEntry.objects.values_list("person", "kind", "minutes", "source")
    assert set(rows) == {
        (
            cast.trainee.person.pk,
            "supervision",
            60,
            f"supervision.participation:{part_of(held, cast.trainee).pk}",
        ),
        (
            cast.other_trainee.person.pk,
            "supervision",
            90,
            f"supervision.participation:{part_of(held, cast.other_trainee).pk}",
        ),
        (cast.supervisor.person.pk, "supervising", 90, f"supervision.gathering:{held.pk}"),
    }
    assert Notice.objects.filter(user=cast.supervisor, source__endswith=":all_confirmed").count() == 1


def test_confirmed_it_is_locked_by_the_database_too(group, held, cast):
    part = confirm(held, cast.trainee)
    with pytest.raises(IllegalMove):
        confirm(held, cast.trainee)
    locked = [
        lambda: Participation.objects.filter(pk=part.pk).update(minutes=1),
        lambda: Participation.objects.filter(pk=part.pk).delete(),
        lambda: Gathering.objects.filter(pk=held.pk).update(mode="universal"),
        lambda: GatheringContent.objects.create(gathering=held, number=9, topics="x"),
        lambda: GatheringContent.objects.update(topics="x"),
    ]
    for act in locked:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_database_refuses_minutes_beyond_the_gathering_and_wrong_minutes(group, held, cast):
    part = part_of(held, cast.trainee)
    for act in (
        lambda: Participation.objects.filter(pk=part.pk).update(minutes=91),
        lambda: Gathering.objects.filter(pk=held.pk).update(minutes=80),
        lambda: Gathering.objects.filter(pk=held.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_nobody_confirms_for_another_nor_an_older_version(held, cast):
    part = part_of(held, cast.trainee)
    for user in (cast.other_trainee, cast.supervisor, cast.administrator):
        with pytest.raises(NotPossible):
            actions.confirm_part(part=part, actor=user)
    with pytest.raises(StaleState):
        actions.confirm_part(part=part, actor=cast.trainee, revision=7)


def test_an_objection_is_answered_with_other_minutes_and_confirmed(held, cast):
    part = part_of(held, cast.trainee)
    actions.dispute_part(part=part, actor=cast.trainee, reason="我十点就走了")
    with pytest.raises(IllegalMove):
        actions.confirm_part(part=part, actor=cast.trainee)
    actions.correct_part(part=part, actor=cast.supervisor, minutes=60, answer="已改")
    assert confirm(held, cast.trainee).minutes == 60
    part.refresh_from_db()
    assert [row.text for row in part.remarks.all()] == ["我十点就走了", "已改"]


def test_one_is_taken_out_while_others_have_confirmed_and_can_be_put_in_again(held, cast):
    confirm(held, cast.other_trainee)
    part = part_of(held, cast.trainee)
    with pytest.raises(NotPossible):
        actions.remove_part(part=part, actor=cast.supervisor, reason=" ")
    actions.remove_part(part=part, actor=cast.supervisor, reason="记错了")
    with pytest.raises(IllegalMove):
        confirm(held, cast.trainee)
    actions.add_part(gathering=held, person=cast.trainee.person, minutes=30, actor=cast.supervisor)
    assert confirm(held, cast.trainee).minutes == 30


def test_a_forgotten_member_is_added_after_others_have_confirmed(group, cast):
    held = record(group, came={cast.trainee.person.pk: 90})
    confirm(held, cast.trainee)
    values = {"gathering": held, "actor": cast.supervisor}
    with pytest.raises(NotPossible):
        actions.add_part(person=cast.other_trainee.person, minutes=91, **values)
    actions.add_part(person=cast.other_trainee.person, minutes=45, **values)
    with pytest.raises(NotPossible):
        actions.add_part(person=cast.other_trainee.person, minutes=45, **values)
    with pytest.raises(NotPossible):
        actions.add_part(person=cast.outside_trainee.person, minutes=45, **values)
    confirm(held, cast.other_trainee)
    assert HoursEntry.objects.filter(person=cast.supervisor.person).count() == 1


def test_a_record_is_corrected_while_nobody_has_confirmed_and_everybody_is_asked_again(group, held, cast):
    values = {"gathering": held, "actor": cast.supervisor, "shared": Shared("改过")}
    changed = {"facts": facts(1, 8, 1), "came": {cast.trainee.person.pk: 60}}
    actions.amend_gathering(**values, **changed)
    states = dict(held.parts.values_list("person", "state"))
    assert states == {cast.trainee.person.pk: "waiting", cast.other_trainee.person.pk: "removed"}
    assert held.contents.count() == 2
    confirm(held, cast.trainee)
    with pytest.raises(NotPossible):
        actions.amend_gathering(**values, **changed)
    with pytest.raises(NotPossible):
        actions.cancel_gathering(gathering=held, actor=cast.supervisor)


def test_a_record_taken_back_counts_nowhere(held, cast):
    actions.cancel_gathering(gathering=held, actor=cast.supervisor)
    assert set(held.parts.values_list("state", flat=True)) == {"removed"}
    with pytest.raises(IllegalMove):
        confirm(held, cast.trainee)


def a_rule(cast, tree, **more):
    given = {"organisation": tree["city"], "starts_on": timezone.localdate() - timedelta(days=400)}
    given |= {"minutes_per_hour": 45, "source": "通知", "actor": cast.city_administrator}
    return add_hours_rule(**given | more)


def test_a_form_counts_by_its_share_and_the_evidence_keeps_how_long_it_was(group, cast, tree):
    a_rule(cast, tree, group_share=50, peer_share=0)
    held = record(group, came={cast.trainee.person.pk: 75})
    confirm(held, cast.trainee)
    entry = HoursEntry.objects.get(person=cast.trainee.person)
    assert (entry.minutes, entry.evidence["held"], entry.evidence["share"]) == (37, 75, 50)
    circle = make_circle(cast.other_trainee.person, cast.trainee.person)
    peers = make_gathering(circle, days_ago=4)
    part = make_part(peers, cast.trainee.person)
    actions.confirm_part(part=part, actor=cast.trainee)
    assert HoursEntry.objects.filter(person=cast.trainee.person).count() == 1
    assert (
        Notice.objects.filter(user=cast.trainee, source__startswith="credentials.nothing_counts").count() == 1
    )
    assert not [line for line in reconcile_hours() if "participation" in line]


def test_no_more_than_the_most_of_a_year_counts(group, cast, tree):
    a_rule(cast, tree, kind="supervision", together_minutes=120)
    for days_ago in (1, 2, 3):
        held = make_gathering(group.circle, days_ago=days_ago)
        actions.confirm_part(part=make_part(held, cast.trainee.person, minutes=90), actor=cast.trainee)
    rows = HoursEntry.objects.filter(person=cast.trainee.person).order_by("pk")
    days = {row.occurred_on.year for row in rows}
    if len(days) == 1:  # not around the new year
        assert [row.minutes for row in rows] == [90, 30]
    assert HoursEntry.objects.filter(person=cast.supervisor.person).count() == 3
