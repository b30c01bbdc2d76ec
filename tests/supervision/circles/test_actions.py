import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import AuditEntry, Notice
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
from tests.factories import make_circle, make_gathering, make_member, make_pairing, make_part, make_supervisor
from tests.supervision.circles.conftest import confirm, facts, part_of, plan, record
from tests.supervision.conftest import facts as session_facts
from tests.supervision.conftest import moment, written

# --- Planning and recording ------------------------------------------------------------------------------------


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


def test_sent_twice_with_other_content_nothing_is_lost_without_a_word(group, cast):
    key = uuid.uuid4()
    held = record(group, key=key)
    half = {cast.trainee.person.pk: 45}
    for other in ({"came": half}, {"topics": "另一件事"}, {"start": 14}, {"hours": 1}):
        with pytest.raises(NotPossible, match="内容与现在不同"):
            record(group, key=key, **other)
    planned = make_gathering(group.circle, "planned", days_ago=2, hour=9)
    record(group, gathering=planned, days_ago=2)
    with pytest.raises(NotPossible, match="内容不同"):
        record(group, gathering=planned, days_ago=2, came=half)
    assert Gathering.objects.count() == 2
    assert held.parts.filter(minutes=90).count() == 2


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
