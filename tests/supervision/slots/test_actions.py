from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from supervision.models import Meeting, MeetingRemark, Session, Slot
from supervision.pairings.actions import NotPossible, end_pairing, pause_pairing
from supervision.sessions.actions import cancel_session, log_session
from supervision.sessions.policy import SessionFacts
from supervision.slots import actions
from supervision.slots.actions import MeetingRefused
from supervision.slots.policy import Plan
from tests.factories import make_meeting, make_pairing, make_slot, make_supervisor, make_user
from tests.supervision.conftest import written


def at(days=2, hour=10, minutes=60, **more):
    day = timezone.localtime() + timedelta(days=days)
    starts_at = day.replace(hour=hour, minute=0, second=0, microsecond=0)
    return Plan(starts_at, starts_at + timedelta(minutes=minutes), **{"place": "督导室"} | more)


def titles(user):
    return [str(notice) for notice in Notice.objects.filter(user=user, kind="supervision.meeting")]


def offer(pair, *plans, **more):
    return actions.offer_slots(
        supervisor=pair.supervisor, actor=pair.supervisor.person.user, plans=plans or (at(),), **more
    )


def propose(pair, *plans, by=None, **more):
    actor = by or pair.supervisor.person.user
    return actions.propose_meeting(pairing=pair.pairing, actor=actor, plans=plans or (at(),), **more)


# --- Offering and booking ---------------------------------------------------------------------------------------


def test_a_series_is_offered_booked_and_stands_in_one_audit_entry_each(pair):
    slots = offer(pair, at(2), at(9), at(16))
    assert len({slot.series for slot in slots}) == 1
    assert AuditEntry.objects.filter(action="supervision.offer_slots").count() == 1
    made = actions.book_slot(slot=slots[1], actor=pair.mentee.user, following=True, text="谈个案")
    assert [row.starts_at for row in made] == [slots[1].starts_at, slots[2].starts_at]
    assert {row.state for row in made} == {"planned"}
    assert "2 次" in titles(pair.supervisor.person.user)[0]
    assert MeetingRemark.objects.get().text == "谈个案"
    assert list(Slot.objects.free(timezone.now())) == [slots[0]]


def test_one_booking_for_each_slot_is_a_law_of_the_database(pair):
    slot = make_slot(pair.supervisor)
    make_meeting(pair.pairing, slot=slot)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_meeting(pair.pairing, slot=slot, days=5)
    make_meeting(pair.pairing, "cancelled", slot=slot, days=6)


def test_a_slot_for_chosen_mentees_is_not_for_others(pair, tree):
    other = make_user("贺兰", tree["station"])
    second = make_pairing(pair.supervisor, other.person)
    (slot,) = offer(pair, chosen=[second])
    assert not Slot.objects.visible_to(pair.mentee.user).exists()
    with pytest.raises(NotPossible):
        actions.book_slot(slot=slot, actor=pair.mentee.user)
    assert actions.book_slot(slot=slot, actor=other)


def test_nobody_else_offers_books_or_withdraws(pair, cast):
    with pytest.raises(NotPossible):
        actions.offer_slots(supervisor=pair.supervisor, actor=cast.administrator, plans=[at()])
    slot = make_slot(pair.supervisor)
    for act in (actions.book_slot, actions.withdraw_slots):
        with pytest.raises(NotPossible):
            act(slot=slot, actor=cast.outside_trainee)


def test_a_slot_at_a_time_that_is_taken_is_refused_with_what_is_in_the_way(pair):
    make_meeting(pair.pairing, hour=10)
    with pytest.raises(MeetingRefused, match=pair.mentee.name):
        offer(pair, at(hour=10, minutes=30))
    offer(pair, at(hour=11))
    with pytest.raises(MeetingRefused, match="11:00"):
        offer(pair, at(hour=11))
    made = offer(pair, at(2, 11), at(3, 11), skip_clashes=True)
    assert [slot.day for slot in made] == [at(3).starts_at.date()]


def test_a_withdrawn_slot_is_free_for_nobody_and_a_booked_one_is_not_withdrawn(pair):
    slots = offer(pair, at(2), at(9), at(16))
    actions.book_slot(slot=slots[1], actor=pair.mentee.user)
    assert actions.withdraw_slots(slot=slots[0], actor=pair.supervisor.person.user, following=True) == 2
    assert not Slot.objects.free(timezone.now()).exists()
    with pytest.raises(NotPossible):
        actions.withdraw_slots(slot=slots[1], actor=pair.supervisor.person.user)
    with pytest.raises(NotPossible):
        actions.book_slot(slot=slots[0], actor=pair.mentee.user)


# --- Clashes: one's own are named, with whom the other is stays untold -------------------------------------------


def test_a_time_that_the_other_has_taken_is_refused_without_saying_with_whom(pair, tree):
    elsewhere = make_supervisor(make_user("诸葛清", tree["station"]), tree["station"])
    make_meeting(make_pairing(elsewhere, pair.mentee), hour=10)
    with pytest.raises(MeetingRefused) as refused:
        propose(pair, at(hour=10))
    assert pair.mentee.name in str(refused.value)
    assert "诸葛清" not in str(refused.value)
    with pytest.raises(MeetingRefused, match="诸葛清"):
        propose(pair, at(hour=10), by=pair.mentee.user)


def test_a_supervisor_who_is_supervised_at_that_time_cannot_be_booked(pair, tree):
    above = make_supervisor(make_user("上官宁", tree["station"]), tree["station"])
    slot = make_slot(pair.supervisor, hour=10)
    make_meeting(make_pairing(above, pair.supervisor.person), hour=10)
    assert not Slot.objects.free(timezone.now()).exists()
    with pytest.raises(NotPossible):
        actions.book_slot(slot=slot, actor=pair.mentee.user)


def test_a_proposal_is_checked_again_when_it_is_accepted(pair):
    row = propose(pair, at(hour=10))
    make_meeting(pair.pairing, hour=10)
    with pytest.raises(MeetingRefused):
        actions.accept_meeting(meeting=row, actor=pair.mentee.user)
    row.refresh_from_db()
    assert row.state == "proposed"


# --- Proposing ----------------------------------------------------------------------------------------------------


def test_proposed_by_either_side_and_accepted_by_the_other(pair):
    for by, other in ((pair.supervisor.person, pair.mentee), (pair.mentee, pair.supervisor.person)):
        row = propose(pair, at(hour=9 + by.pk % 5), by=by.user)
        with pytest.raises(NotPossible):
            actions.accept_meeting(meeting=row, actor=by.user)
        assert by.name in titles(other.user)[0]
        actions.accept_meeting(meeting=row, actor=other.user)
        row.refresh_from_db()
        assert (row.state, row.planned_at is None) == ("planned", False)
        with pytest.raises(IllegalMove):
            actions.accept_meeting(meeting=row, actor=other.user)
        Meeting.objects.all().delete()


def test_what_is_proposed_already_is_not_proposed_a_second_time(pair):
    first = propose(pair, at(2), at(9))
    for by in (None, pair.mentee.user):
        with pytest.raises(MeetingRefused, match="已经提议过"):
            propose(pair, at(9), by=by)
    actions.withdraw_meeting(meeting=first, actor=pair.supervisor.person.user)
    propose(pair, at(9))


def test_a_series_is_answered_as_one(pair):
    row = propose(pair, at(2), at(9), at(16))
    actions.accept_meeting(meeting=row, actor=pair.mentee.user)
    assert list(Meeting.objects.values_list("state", flat=True)) == ["planned"] * 3
    other = propose(pair, at(3), at(10), by=pair.mentee.user)
    actions.decline_meeting(meeting=other, actor=pair.supervisor.person.user, reason="出差")
    assert Meeting.objects.filter(state="declined").count() == 2


def test_declined_needs_a_reason_which_only_the_pair_reads(pair):
    row = propose(pair)
    with pytest.raises(NotPossible):
        actions.decline_meeting(meeting=row, actor=pair.mentee.user, reason=" ")
    actions.decline_meeting(meeting=row, actor=pair.mentee.user, reason="那天值班")
    assert "那天值班" not in str(list(AuditEntry.objects.values())) + str(list(Notice.objects.values()))
    assert MeetingRemark.objects.get().text == "那天值班"


def test_answered_with_another_time(pair):
    first = propose(pair, at(2))
    second = propose(pair, at(3), by=pair.mentee.user, answers=first, text="那天走访")
    first.refresh_from_db()
    assert (first.state, second.follows) == ("answered", first)
    actions.accept_meeting(meeting=second, actor=pair.supervisor.person.user)
    assert Meeting.objects.planned().get() == second


def test_withdrawn_by_the_one_who_proposed(pair):
    row = propose(pair)
    with pytest.raises(NotPossible):
        actions.withdraw_meeting(meeting=row, actor=pair.mentee.user)
    actions.withdraw_meeting(meeting=row, actor=pair.supervisor.person.user)
    assert Meeting.objects.get().state == "withdrawn"


def test_a_proposal_without_an_answer_lapses_when_its_time_comes(pair):
    make_meeting(pair.pairing, "proposed", days=-1)
    assert (actions.lapse_proposals(), actions.lapse_proposals()) == (1, 0)
    assert len(titles(pair.supervisor.person.user)) == 1


# --- Moving and cancelling ----------------------------------------------------------------------------------------


def test_moved_once_the_other_agrees_and_it_stays_one_entry_in_calendars(pair):
    old = make_meeting(pair.pairing, days=2)
    row = propose(pair, at(4), moves=old, text="会议冲突")
    old.refresh_from_db()
    assert old.state == "planned"
    with pytest.raises(NotPossible):
        propose(pair, at(5), moves=old, text="再改")
    actions.accept_meeting(meeting=row, actor=pair.mentee.user)
    old.refresh_from_db()
    row.refresh_from_db()
    assert (old.state, row.state) == ("moved", "planned")
    assert (row.uid, row.sequence) == (old.uid, old.sequence + 1)


def test_a_wish_to_move_needs_a_reason_and_may_overlap_what_it_moves(pair):
    old = make_meeting(pair.pairing, hour=10, minutes=90)
    with pytest.raises(MeetingRefused):
        propose(pair, at(hour=11), moves=old)
    row = propose(pair, at(hour=11), moves=old, text="晚一小时")
    answer = propose(pair, at(hour=12), by=pair.mentee.user, answers=row)
    assert answer.moves == old
    actions.accept_meeting(meeting=answer, actor=pair.supervisor.person.user)
    assert Meeting.objects.planned().get() == answer


def test_moved_to_a_free_slot_at_once_and_the_old_slot_is_free_again(pair):
    first, second = offer(pair, at(2)) + offer(pair, at(3))
    (old,) = actions.book_slot(slot=first, actor=pair.mentee.user)
    (new,) = actions.book_slot(slot=second, actor=pair.mentee.user, instead_of=old)
    old.refresh_from_db()
    assert (old.state, new.uid, new.sequence) == ("moved", old.uid, 1)
    assert list(Slot.objects.free(timezone.now())) == [first]


@pytest.mark.parametrize(("by", "left"), [("mentee", 1), ("supervisor", 0)])
def test_cancelled_by_the_mentee_the_slot_is_free_again_and_by_the_supervisor_it_is_gone(pair, by, left):
    (slot,) = offer(pair)
    (row,) = actions.book_slot(slot=slot, actor=pair.mentee.user)
    actor = pair.mentee.user if by == "mentee" else pair.supervisor.person.user
    with pytest.raises(NotPossible):
        actions.cancel_meeting(meeting=row, actor=actor, reason="")
    actions.cancel_meeting(meeting=row, actor=actor, reason="生病")
    row.refresh_from_db()
    assert (row.state, row.sequence) == ("cancelled", 1)
    assert Slot.objects.free(timezone.now()).count() == left
    assert "生病" not in str(list(AuditEntry.objects.values())) + str(list(Notice.objects.values()))
    again = propose(pair, at(5), follows=row)
    assert again.follows == row


def test_one_of_a_series_is_cancelled_or_all_that_follow(pair):
    slots = offer(pair, at(2), at(9), at(16), at(23))
    rows = actions.book_slot(slot=slots[0], actor=pair.mentee.user, following=True)
    actions.cancel_meeting(meeting=rows[0], actor=pair.mentee.user, reason="病")
    actions.cancel_meeting(meeting=rows[2], actor=pair.mentee.user, reason="假", following=True)
    states = list(Meeting.objects.order_by("starts_at").values_list("state", flat=True))
    assert states == ["cancelled", "planned", "cancelled", "cancelled"]


def test_what_has_begun_is_not_cancelled(pair):
    row = make_meeting(pair.pairing, days=-1)
    with pytest.raises(NotPossible):
        actions.cancel_meeting(meeting=row, actor=pair.mentee.user, reason="忘了")


def test_the_place_changes_and_calendars_follow(pair):
    row = make_meeting(pair.pairing)
    where = {"setting": "online", "place": "", "link": "https://meeting.example.com/1"}
    actions.change_place(meeting=row, actor=pair.supervisor.person.user, **where)
    row.refresh_from_db()
    assert (row.link, row.sequence) == ("https://meeting.example.com/1", 1)
    with pytest.raises(MeetingRefused):
        actions.change_place(meeting=row, actor=pair.mentee.user, setting="on_site", place=" ", link="")


# --- Afterwards ---------------------------------------------------------------------------------------------------


def record(pair, row, **more):
    facts = SessionFacts(row.starts_at, row.ends_at, functions=("educational",))
    return log_session(
        pairing=pair.pairing,
        actor=pair.supervisor.person.user,
        facts=facts,
        written=written(),
        key=row.uid,
        **more,
    )


@pytest.mark.parametrize("named", [True, False])
def test_the_recorded_session_belongs_to_its_meeting(pair, named):
    row = make_meeting(pair.pairing, days=-1)
    session = record(pair, row, **({"meeting_id": row.pk} if named else {}))
    row.refresh_from_db()
    assert (row.state, row.session) == ("recorded", session)
    assert record(pair, row) == session
    cancel_session(session=session, actor=pair.supervisor.person.user, reason="记错了")
    row.refresh_from_db()
    assert (row.state, row.session) == ("planned", None)


def test_a_session_at_another_time_leaves_the_meeting_alone(pair):
    row = make_meeting(pair.pairing, days=-1, hour=15)
    record(pair, make_meeting(pair.pairing, "declined", days=-2))
    row.refresh_from_db()
    assert row.state == "planned"
    assert Session.objects.count() == 1


def test_a_meeting_that_was_not_held_is_closed_with_a_reason_by_the_supervisor(pair):
    row = make_meeting(pair.pairing, days=-1)
    with pytest.raises(NotPossible):
        actions.miss_meeting(meeting=row, actor=pair.mentee.user, reason="没来")
    with pytest.raises(NotPossible):
        actions.miss_meeting(
            meeting=make_meeting(pair.pairing, days=3), actor=pair.supervisor.person.user, reason="没来"
        )
    actions.miss_meeting(meeting=row, actor=pair.supervisor.person.user, reason="双方都没空")
    row.refresh_from_db()
    assert row.state == "missed"


def test_reminders_go_out_once_a_day_before_and_an_hour_before(pair, time_machine):
    row = make_meeting(pair.pairing, days=3, hour=15)
    for before, expected in ((25, 0), (24, 1), (23, 0), (2, 0), (1, 1), (0.5, 0)):
        time_machine.move_to(row.starts_at - timedelta(hours=before))
        assert actions.remind_meetings() == expected, before
    for person in (pair.supervisor.person, pair.mentee):
        assert len(titles(person.user)) == 2


def test_a_passed_meeting_that_is_not_recorded_reminds_the_supervisor_once(pair):
    make_meeting(pair.pairing, days=-2)
    assert actions.remind_to_record() == 0
    make_meeting(pair.pairing, days=-5)
    assert (actions.remind_to_record(), actions.remind_to_record()) == (1, 0)
    assert len(titles(pair.supervisor.person.user)) == 1
    assert not titles(pair.mentee.user)


def test_with_the_end_of_the_pairing_what_is_planned_is_cancelled_and_both_are_told(pair, cast):
    rows = [make_meeting(pair.pairing, days=2), make_meeting(pair.pairing, days=9)]
    asked, past = make_meeting(pair.pairing, "proposed", days=4), make_meeting(pair.pairing, days=-1)
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="目标达成")
    for row, state in zip([*rows, asked, past], ["cancelled", "cancelled", "lapsed", "planned"], strict=True):
        row.refresh_from_db()
        assert row.state == state
    for person in (pair.supervisor.person, pair.mentee):
        assert len(titles(person.user)) == 1


def test_while_a_pairing_rests_nothing_new_is_planned_and_what_was_planned_is_cancelled(pair, cast):
    slot, row = make_slot(pair.supervisor, days=5), make_meeting(pair.pairing)
    pause_pairing(pairing=pair.pairing, actor=cast.administrator, reason="休产假")
    with pytest.raises(NotPossible):
        propose(pair, at(4))
    with pytest.raises(NotPossible):
        actions.book_slot(slot=slot, actor=pair.mentee.user)
    row.refresh_from_db()
    assert row.state == "cancelled"


def test_of_a_series_those_that_are_free_are_agreed_to_and_the_others_declined(pair):
    row = propose(pair, at(2), at(9), at(16))
    make_meeting(pair.pairing, days=9)
    with pytest.raises(MeetingRefused):
        actions.accept_meeting(meeting=row, actor=pair.mentee.user)
    actions.accept_meeting(meeting=row, actor=pair.mentee.user, skip_clashes=True)
    states = Meeting.objects.filter(series=row.series).order_by("starts_at").values_list("state", flat=True)
    assert list(states) == ["planned", "declined", "planned"]


def test_when_nothing_of_it_is_free_nothing_is_agreed_to(pair):
    row = propose(pair, at(2))
    make_meeting(pair.pairing, days=2)
    with pytest.raises(MeetingRefused):
        actions.accept_meeting(meeting=row, actor=pair.mentee.user, skip_clashes=True)
    row.refresh_from_db()
    assert row.state == "proposed"


def test_the_queue_lets_proposals_lapse(pair):
    from supervision.tasks import lapse_proposals

    make_meeting(pair.pairing, "proposed", days=-1)
    lapse_proposals()
    assert Meeting.objects.get().state == "lapsed"
