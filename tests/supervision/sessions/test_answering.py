import pytest

from core.models import AuditEntry, Notice
from core.states import IllegalMove, StaleState
from credentials.models import HoursEntry
from supervision.models import SessionRemark
from supervision.pairings.actions import NotPossible, end_pairing
from supervision.sessions import actions
from supervision.signals import session_confirmed
from tests.factories import (
    make_session,
)
from tests.supervision.conftest import facts, moment, written
from tests.supervision.sessions.conftest import log


def test_confirming_credits_both_sides_and_locks(pair, cast):
    session = log(pair, cast, hours=1.5)
    actions.confirm_session(session=session, actor=cast.trainee, revision=1)
    session.refresh_from_db()
    assert (session.state, session.confirmed_by) == ("confirmed", cast.trainee)
    credited = set(HoursEntry.objects.values_list("person", "kind", "minutes"))
    assert credited == {(pair.mentee.pk, "supervision", 90), (pair.supervisor.pk, "supervising", 90)}
    assert AuditEntry.objects.filter(action="supervision.confirm_session").count() == 1
    assert Notice.objects.filter(user=cast.supervisor).count() == 1


def test_the_event_says_who_when_and_how_long_and_nothing_else(pair, cast):
    heard = []
    session = log(pair, cast, hours=0.75)

    def listen(sender, event, **_):
        heard.append(event)

    session_confirmed.connect(listen)
    try:
        actions.confirm_session(session=session, actor=cast.trainee)
    finally:
        session_confirmed.disconnect(listen)
    (event,) = heard
    assert (event.session_id, event.minutes, event.held_on) == (session.pk, 45, moment(1, 9).date())
    assert (event.supervisor_person_id, event.mentee_person_id) == (pair.supervisor.pk, pair.mentee.pk)
    assert event.organisation_id == pair.pairing.organisation_id
    assert set(vars(event)) == {
        "session_id",
        "supervisor_person_id",
        "mentee_person_id",
        "organisation_id",
        "held_on",
        "amended",
        "starts_at",
        "ends_at",
        "minutes",
        "form",
        "mode",
    }


def test_a_session_that_cannot_be_credited_is_not_confirmed(pair, cast):
    session = log(pair, cast)

    def fail(sender, event, **_):
        raise RuntimeError("the ledger is closed")

    session_confirmed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            actions.confirm_session(session=session, actor=cast.trainee)
    finally:
        session_confirmed.disconnect(fail)
    session.refresh_from_db()
    assert session.state == "logged"
    assert not HoursEntry.objects.exists()


def test_confirming_twice_credits_once(pair, cast):
    session = log(pair, cast)
    actions.confirm_session(session=session, actor=cast.trainee)
    with pytest.raises(IllegalMove):
        actions.confirm_session(session=session, actor=cast.trainee)
    assert HoursEntry.objects.count() == 2


@pytest.mark.parametrize("part", ["supervisor", "other_trainee", "administrator"])
def test_nobody_confirms_or_objects_for_the_mentee(pair, cast, part):
    session, actor = log(pair, cast), getattr(cast, part)
    with pytest.raises(NotPossible):
        actions.confirm_session(session=session, actor=actor)
    with pytest.raises(NotPossible):
        actions.dispute_session(session=session, actor=actor, reason="不对")


def test_what_was_corrected_meanwhile_is_not_confirmed_unread(pair, cast):
    session = log(pair, cast)
    actions.amend_session(
        session=session, actor=cast.supervisor, facts=facts(1, 9, 3), written=written(), revision=1
    )
    with pytest.raises(StaleState):
        actions.confirm_session(session=session, actor=cast.trainee, revision=1)
    actions.confirm_session(session=session, actor=cast.trainee, revision=2)
    assert HoursEntry.objects.filter(minutes=180).count() == 2


def test_an_objection_is_answered_by_a_correction_and_both_versions_stay(pair, cast):
    session = log(pair, cast, topics="第一版")
    actions.dispute_session(session=session, actor=cast.trainee, reason="只谈了半小时")
    session = actions.amend_session(
        session=session,
        actor=cast.supervisor,
        facts=facts(1, 9, 0.5),
        written=written("第二版"),
        answer="已改为半小时",
    )
    assert (session.state, session.minutes, session.revision) == ("logged", 30, 2)
    assert list(session.contents.values_list("number", flat=True)) == [2, 1]
    assert [content.topics for content in session.contents.all()] == ["第二版", "第一版"]
    assert [remark.text for remark in session.remarks.all()] == ["只谈了半小时", "已改为半小时"]
    entry = AuditEntry.objects.get(action="supervision.amend_session")
    assert (entry.data["before"]["minutes"], entry.data["after"]["minutes"]) == (60, 30)
    assert Notice.objects.filter(user=cast.trainee, kind="supervision.session").count() == 2


def test_an_objection_and_a_cancellation_need_a_reason(pair, cast):
    session = log(pair, cast)
    with pytest.raises(NotPossible):
        actions.dispute_session(session=session, actor=cast.trainee, reason="  ")
    with pytest.raises(NotPossible):
        actions.cancel_session(session=session, actor=cast.supervisor, reason="")
    assert not SessionRemark.objects.exists()


@pytest.mark.parametrize("state", ["confirmed", "cancelled"])
def test_what_is_confirmed_or_cancelled_is_neither_corrected_nor_taken_back(pair, cast, state):
    session = make_session(pair.pairing, state)
    with pytest.raises(IllegalMove):
        actions.amend_session(session=session, actor=cast.supervisor, facts=facts(5), written=written())
    with pytest.raises(IllegalMove):
        actions.cancel_session(session=session, actor=cast.supervisor, reason="试试")
    with pytest.raises(IllegalMove):
        actions.dispute_session(session=session, actor=cast.trainee, reason="试试")


def test_a_session_that_waits_can_be_confirmed_after_the_pairing_has_ended(pair, cast):
    session = log(pair, cast)
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="目标达成")
    actions.confirm_session(session=session, actor=cast.trainee)
    assert HoursEntry.objects.count() == 2
