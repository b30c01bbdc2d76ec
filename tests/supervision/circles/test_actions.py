import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove, StaleState
from credentials.hours.actions import add_hours_rule
from credentials.hours.actions import reconcile as reconcile_hours
from credentials.models import HoursEntry
from supervision.circles import actions
from supervision.circles.actions import GatheringRefused
from supervision.circles.policy import Shared
from supervision.circles.queries import open_actions, people_of
from supervision.models import Circle, CircleMember, Gathering, GatheringContent, GatheringFile, Participation
from supervision.pairings.actions import NotPossible
from supervision.sessions.actions import SessionRefused, log_session
from supervision.sessions.policy import Agreed, Case
from supervision.slots.actions import renew_meeting_feed
from supervision.slots.queries import feed_entries
from tests.factories import make_circle, make_gathering, make_member, make_pairing, make_part, make_supervisor
from tests.supervision.circles.conftest import facts, record
from tests.supervision.conftest import facts as session_facts
from tests.supervision.conftest import moment, written


def part_of(gathering, user):
    return gathering.parts.get(person__user=user)


def confirm(gathering, user):
    return actions.confirm_part(part=part_of(gathering, user), actor=user)


# --- Joining ---------------------------------------------------------------------------------------------------


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


# --- Planning and recording ------------------------------------------------------------------------------------


def plan(group, days=3, hour=9, **more):
    values = {"starts_at": moment(-days, hour), "ends_at": moment(-days, hour + 1), "key": uuid.uuid4()}
    return actions.plan_gathering(circle=group.circle, actor=group.leader, **values | more)


def test_a_plan_is_told_to_the_members_once_and_lies_ahead(group, cast):
    key = uuid.uuid4()
    assert plan(group, key=key) == plan(group, key=key)
    assert Notice.objects.filter(user=cast.trainee, kind="supervision.gathering").count() == 1
    with pytest.raises(GatheringRefused):
        plan(group, days=-1)
    with pytest.raises(GatheringRefused, match=group.circle.name):
        plan(group)


def test_whose_turn_it_is_leads_a_peer_circle_and_records_it(cast):
    circle = make_circle(cast.trainee.person, cast.other_trainee.person)
    gathering = actions.plan_gathering(
        circle=circle,
        actor=cast.trainee,
        starts_at=moment(-1, 9),
        ends_at=moment(-1, 10),
        key=uuid.uuid4(),
        leader=cast.other_trainee.person,
    )
    Gathering.objects.filter(pk=gathering.pk).update(starts_at=moment(1, 9), ends_at=moment(1, 10))
    values = {
        "circle": circle,
        "facts": facts(1, 9, 1),
        "shared": Shared("话题"),
        "came": {cast.trainee.person.pk: 60},
        "key": uuid.uuid4(),
        "gathering": gathering,
    }
    with pytest.raises(NotPossible):
        actions.log_gathering(actor=cast.trainee, **values)
    held = actions.log_gathering(actor=cast.other_trainee, **values)
    confirm(held, cast.trainee)
    kinds = dict(HoursEntry.objects.values_list("person", "kind"))
    assert kinds == {cast.trainee.person.pk: "supervision", cast.other_trainee.person.pk: "supervision"}


def test_only_who_came_is_listed_each_with_own_minutes(group, cast):
    held = record(group, came={cast.trainee.person.pk: 45})
    assert list(held.parts.values_list("person", "minutes")) == [(cast.trainee.person.pk, 45)]
    assert Notice.objects.filter(user=cast.trainee, source__contains=":asked:").count() == 1
    assert not Notice.objects.filter(user=cast.other_trainee, source__contains=":asked:").exists()


def test_sent_twice_it_is_recorded_once(group):
    key = uuid.uuid4()
    assert record(group, key=key) == record(group, key=key)
    assert Gathering.objects.count() == 1


def test_recorded_from_its_plan_it_is_the_same_gathering(group):
    planned = make_gathering(group.circle, "planned", days_ago=1, hour=9)
    assert record(group, gathering=planned).pk == planned.pk
    assert record(group, gathering=planned).state == "logged"
    assert GatheringContent.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"came": {}}, "came"),
        ({"hours": -1}, "end"),
        ({"days_ago": -1}, "end"),
        ({"hours": 9}, "end"),
    ],
)
def test_what_cannot_have_been_is_refused_at_its_field(group, change, field):
    with pytest.raises(GatheringRefused) as refused:
        record(group, **change)
    assert refused.value.field == field


def test_nobody_takes_part_longer_than_it_lasts_and_no_stranger_is_ticked(group, cast):
    for came in (
        {cast.trainee.person.pk: 91},
        {cast.trainee.person.pk: 0},
        {cast.outside_trainee.person.pk: 30},
        {cast.supervisor.person.pk: 30},
    ):
        with pytest.raises(GatheringRefused):
            record(group, came=came)


# --- Overlap, in both directions -------------------------------------------------------------------------------


def test_who_was_in_a_session_then_cannot_have_been_in_the_gathering(group, cast, tree):
    other = make_supervisor(organisation=tree["agency"])
    pairing = make_pairing(other, cast.trainee.person)
    log_session(
        pairing=pairing,
        actor=other.person.user,
        facts=session_facts(1, 9),
        written=written(),
        key=uuid.uuid4(),
    )
    with pytest.raises(GatheringRefused, match=cast.trainee.person.name) as refused:
        record(group)
    assert other.person.name not in str(refused.value)
    record(group, start=10)


def test_who_was_in_the_gathering_then_cannot_have_been_in_a_session(group, held, cast, tree):
    other = make_supervisor(organisation=tree["agency"])
    pairing = make_pairing(other, cast.trainee.person)
    own = make_pairing(group.supervisor, cast.outside_trainee.person)
    values = {"written": written(), "key": uuid.uuid4()}
    with pytest.raises(SessionRefused, match=cast.trainee.person.name) as refused:
        log_session(pairing=pairing, actor=other.person.user, facts=session_facts(1, 10), **values)
    assert group.circle.name not in str(refused.value)
    with pytest.raises(SessionRefused, match="集体督导"):
        log_session(pairing=own, actor=cast.supervisor, facts=session_facts(1, 9), **values)


def test_two_gatherings_of_one_person_never_overlap(group, held, cast):
    other = make_circle(cast.other_trainee.person, cast.trainee.person)
    with pytest.raises(GatheringRefused):
        actions.log_gathering(
            circle=other,
            actor=cast.other_trainee,
            facts=facts(1, 10, 1),
            shared=Shared("话题"),
            came={cast.trainee.person.pk: 60},
            key=uuid.uuid4(),
        )


# --- Answers ---------------------------------------------------------------------------------------------------


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


# --- Gaps and reminders ----------------------------------------------------------------------------------------


def test_reconcile_credits_what_was_never_heard_and_only_that(group, cast):
    held = make_gathering(group.circle, counted_at=timezone.now())
    for user in (cast.trainee, cast.other_trainee):
        make_part(held, user.person, "confirmed")
    assert len([line for line in reconcile_hours() if "participation" in line]) == 2
    assert HoursEntry.objects.count() == 3
    assert not [line for line in reconcile_hours() if "participation" in line]


def test_members_are_counted_anew(group):
    type(group.circle).objects.filter(pk=group.circle.pk).update(taken=5)
    assert len(actions.reconcile()) == 1
    assert actions.reconcile() == []
    group.circle.refresh_from_db()
    assert group.circle.taken == 2


def test_each_is_reminded_once(group, cast):
    soon = make_gathering(group.circle, "planned", days_ago=0)
    starts_at = timezone.now().replace(second=0, microsecond=0) + timedelta(hours=20)
    Gathering.objects.filter(pk=soon.pk).update(
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=90)
    )
    make_gathering(group.circle, "planned", days_ago=3)
    held = make_gathering(group.circle, days_ago=9, hour=8)
    part = make_part(held, cast.trainee.person)
    Participation.objects.filter(pk=part.pk).update(asked_at=timezone.now() - timedelta(days=8))
    for _ in range(2):
        actions.remind_circles()
    told = Notice.objects.filter(kind="supervision.gathering")
    assert told.filter(user=cast.trainee, source__contains=":soon:").count() == 1
    assert told.filter(user=cast.supervisor, source__endswith=":unrecorded").count() == 1
    assert told.filter(user=cast.trainee, source__endswith=":again").count() == 1
    assert told.filter(user=cast.other_trainee).count() == 1


def test_the_audit_names_who_did_what_without_a_word_of_what_was_said(held, cast):
    part = part_of(held, cast.trainee)
    actions.dispute_part(part=part, actor=cast.trainee, reason="机密的话")
    entries = AuditEntry.objects.filter(action__startswith="supervision.")
    assert {"supervision.log_gathering", "supervision.dispute_part"} <= set(
        entries.values_list("action", flat=True)
    )
    assert "机密" not in str(list(entries.values_list("label", "data")))


# --- How much counts -------------------------------------------------------------------------------------------


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


def test_no_gathering_is_recorded_after_the_circle_s_end(group, cast):
    Circle.objects.filter(pk=group.circle.pk).update(state="closed", closed_at=moment(3, 8), reason="期满")
    group.circle.refresh_from_db()
    with pytest.raises(GatheringRefused, match="已经结束"):
        record(group, days_ago=1)


# --- Who was a member then -------------------------------------------------------------------------------------


def test_who_joined_later_or_had_left_before_cannot_be_ticked_and_who_left_since_can(group, cast):
    late, gone = cast.outside_trainee.person, cast.other_trainee.person
    member = make_member(group.circle, late)
    CircleMember.objects.filter(pk=member.pk).update(joined_at=moment(1, 11))
    with pytest.raises(GatheringRefused, match=late.name) as refused:
        record(group, came={late.pk: 30})
    assert refused.value.field == f"came_{late.pk}"
    left = group.circle.members.get(person=gone)
    CircleMember.objects.filter(pk=left.pk).update(state="left", ended_at=moment(2, 9))
    with pytest.raises(GatheringRefused, match=gone.name):
        record(group, came={gone.pk: 30})
    held = record(group, days_ago=3, came={gone.pk: 30})
    with pytest.raises(GatheringRefused):
        actions.add_part(gathering=held, person=late, minutes=30, actor=cast.supervisor)
    assert [person.pk for person in people_of(held, group.circle, cast.supervisor.person.pk)] == [
        person.pk for person in sorted(group.people, key=lambda each: (each.pinyin, each.pk))
    ]


def test_a_disputed_part_blocks_nobody_s_time_and_an_undisputed_one_does(group, held, cast, tree):
    other = make_supervisor(organisation=tree["agency"])
    pairing = make_pairing(other, cast.trainee.person)
    values = {"pairing": pairing, "actor": other.person.user, "written": written()}
    with pytest.raises(SessionRefused):
        log_session(facts=session_facts(1, 9), key=uuid.uuid4(), **values)
    part = part_of(held, cast.trainee)
    actions.dispute_part(part=part, actor=cast.trainee, reason="我没去")
    log_session(facts=session_facts(1, 9), key=uuid.uuid4(), **values)
    with pytest.raises(GatheringRefused, match=cast.trainee.person.name):
        actions.correct_part(part=part, actor=cast.supervisor, minutes=60)
    actions.remove_part(part=part, actor=cast.supervisor, reason="确实没来")


# --- Shares, cases, actions, files -----------------------------------------------------------------------------


def test_agreed_actions_have_an_owner_and_a_day_and_are_ticked_by_whose_they_are(group, cast):
    mine, other = cast.trainee.person, cast.other_trainee.person
    today = timezone.localdate()
    agreed = (Agreed("all", "读材料"), Agreed(str(mine.pk), "写预估", today - timedelta(days=1)))
    held = record(group, agreed=agreed, cases=(Case("A2026-01", "high"),), advice="先评估")
    everybody, one = held.actions.order_by("pk")
    assert (one.person, one.is_overdue, one.who_label) == (mine, True, mine.name)
    assert held.contents.get().case_labels == [("A2026-01", "高", "bad")]
    with pytest.raises(NotPossible):
        actions.tick_gathering_action(action=one, actor=other.user, is_done=True)
    with pytest.raises(NotPossible):
        actions.tick_gathering_action(action=everybody, actor=cast.outside_trainee, is_done=True)
    actions.tick_gathering_action(action=everybody, actor=other.user, is_done=True)
    assert [row.what for row in open_actions(group.circle, cast.trainee)] == ["写预估"]
    again = actions.log_gathering(
        circle=group.circle,
        actor=group.leader,
        facts=facts(0, 0, 0.5) if timezone.localtime().hour else facts(3),
        shared=Shared("话题"),
        came={mine.pk: 30},
        key=uuid.uuid4(),
        done=[one.pk],
    )
    one.refresh_from_db()
    assert again.pk and one.is_done
    actions.amend_gathering(
        gathering=held, actor=cast.supervisor, facts=facts(), shared=Shared("改"), came={mine.pk: 90}
    )
    assert not held.actions.filter(closed_at=None).exists()


def test_files_are_for_who_took_part_until_somebody_has_confirmed(group, held, cast):
    upload = SimpleUploadedFile("照片.pdf", b"%PDF-1.4 x")
    with pytest.raises(NotPossible):
        actions.add_gathering_file(gathering=held, actor=cast.outside_trainee, upload=upload)
    kept = actions.add_gathering_file(gathering=held, actor=cast.supervisor, upload=upload)
    part = part_of(held, cast.trainee)
    assert part.revision == 2  # what was read before has changed
    assert set(GatheringFile.objects.visible_to(cast.other_trainee)) == {kept}
    assert not GatheringFile.objects.visible_to(cast.administrator).exists()
    confirm(held, cast.trainee)
    with pytest.raises(NotPossible):
        actions.add_gathering_file(gathering=held, actor=cast.supervisor, upload=upload)


# --- Series ----------------------------------------------------------------------------------------------------


def spans(*days):
    return [(moment(-day, 9), moment(-day, 10)) for day in days]


def test_a_series_is_told_once_and_cancelled_from_one_on(group, cast):
    key = uuid.uuid4()
    values = {"circle": group.circle, "actor": group.leader, "spans": spans(3, 10, 17), "key": key}
    made = actions.plan_series(**values)
    assert [row.pk for row in actions.plan_series(**values)] == [row.pk for row in made]
    assert len({row.series for row in made}) == 1
    assert Notice.objects.filter(user=cast.trainee, source__endswith=":series").count() == 1
    actions.change_plan(
        gathering=made[0],
        actor=group.leader,
        starts_at=moment(-3, 14),
        ends_at=moment(-3, 15),
        following=True,
        place="新会议室",
    )
    third = Gathering.objects.get(pk=made[2].pk)
    assert (third.starts_at, third.place) == (moment(-17, 14), "新会议室")
    actions.cancel_gathering(gathering=made[1], actor=group.leader, following=True)
    assert [Gathering.objects.get(pk=row.pk).state for row in made] == ["planned", "cancelled", "cancelled"]


def test_in_a_peer_circle_the_members_lead_a_series_in_turn(cast):
    circle = make_circle(cast.trainee.person, cast.other_trainee.person)
    made = actions.plan_series(
        circle=circle,
        actor=cast.trainee,
        spans=spans(3, 10, 17),
        key=uuid.uuid4(),
        leader=cast.other_trainee.person,
    )
    names = [row.leader for row in made]
    assert names == [cast.other_trainee.person, cast.trainee.person, cast.other_trainee.person]


def test_it_stands_in_the_one_calendar_of_each_with_its_link_and_not_what_it_is_about(group, cast):
    plan(group, subject="机密话题", place="三楼", link="https://meet.example.com/7")
    for user in (cast.trainee, cast.supervisor):
        feed = renew_meeting_feed(person=user.person, actor=user)
        _name, entries = feed_entries(feed)
        (entry,) = entries
        assert (entry.url, entry.location) == ("https://meet.example.com/7", "三楼")
        assert group.circle.name in entry.summary
        assert "机密" not in repr(entry)
    feed = renew_meeting_feed(person=cast.outside_trainee.person, actor=cast.outside_trainee)
    assert feed_entries(feed)[1] == []


def test_an_hour_before_everybody_is_told_once(group, cast):
    soon = make_gathering(group.circle, "planned", days_ago=0)
    starts_at = timezone.now().replace(second=0, microsecond=0) + timedelta(minutes=40)
    long_ago = timezone.now() - timedelta(days=3)
    Gathering.objects.filter(pk=soon.pk).update(
        starts_at=starts_at, ends_at=starts_at + timedelta(minutes=90), changed_at=long_ago
    )
    assert [actions.remind_of_hour(), actions.remind_of_hour()] == [3, 0]
