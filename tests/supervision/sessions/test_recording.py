import uuid
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from core.models import AuditEntry, Notice
from supervision.models import Session, SessionDraft, WorkingNote
from supervision.pairings.actions import NotPossible, end_pairing, pause_pairing
from supervision.sessions import actions
from supervision.sessions.actions import SessionRefused
from supervision.sessions.policy import SessionFacts
from tests.factories import (
    make_attendance,
    make_class,
    make_cohort,
    make_enrolment,
    make_pairing,
    make_pause,
    make_session,
    make_supervisor,
)
from tests.supervision.conftest import facts, moment, written
from tests.supervision.sessions.conftest import log


def test_a_session_is_recorded_and_the_mentee_is_asked(pair, cast):
    session = log(pair, cast, hours=1.5, topics="家庭探访")
    session.refresh_from_db()
    assert (session.state, session.minutes, session.revision) == ("logged", 90, 1)
    assert session.contents.get().topics == "家庭探访"
    notice = Notice.objects.get(user=cast.trainee)
    assert notice.url == session.get_absolute_url()
    assert "家庭探访" not in f"{notice.title_in()} {notice.body_in()} {notice.values}"
    entry = AuditEntry.objects.get(action="supervision.log_session")
    assert entry.organisation == pair.pairing.organisation
    assert entry.data["after"]["minutes"] == 90


def test_the_same_form_sent_twice_is_one_session(pair, cast):
    key = uuid.uuid4()
    assert log(pair, cast, key=key) == log(pair, cast, key=key)
    assert Session.objects.count() == Notice.objects.filter(user=cast.trainee).count() == 1


def test_an_old_key_with_another_body_is_refused_and_changes_nothing(pair, cast):
    key = uuid.uuid4()
    session = log(pair, cast, key=key)
    for body in ({"hours": 2}, {"topics": "别的话"}, {"day": 3}):
        with pytest.raises(NotPossible):
            log(pair, cast, key=key, **body)
    actions.confirm_session(session=session, actor=cast.trainee)
    assert log(pair, cast, key=key) == session  # the very same again: it has arrived
    assert Session.objects.count() == 1


def test_one_minute_in_a_class_is_too_much(pair, cast, tree):
    klass = make_class(make_cohort(tree["district"]), days=-2)  # from nine to half past ten
    make_attendance(klass, make_enrolment(klass.cohort, cast.trainee.person))
    over = klass.ends_at - timedelta(minutes=1)
    values = {"pairing": pair.pairing, "actor": cast.supervisor, "written": written(), "key": uuid.uuid4()}
    with pytest.raises(actions.SessionRefused, match=r"不能重叠|overlap"):
        actions.log_session(
            facts=SessionFacts(over, over + timedelta(hours=1), functions=("educational",)), **values
        )
    after = SessionFacts(klass.ends_at, klass.ends_at + timedelta(hours=1), functions=("educational",))
    session = actions.log_session(facts=after, **values)
    with pytest.raises(actions.SessionRefused):
        actions.amend_session(
            session=session,
            actor=cast.supervisor,
            facts=SessionFacts(over, over + timedelta(hours=1), functions=("educational",)),
            written=written(),
        )


@pytest.mark.parametrize("minutes", [0, -30, 481, 1441, 60 * 24 * 400])
def test_no_session_takes_no_time_or_more_than_a_working_day(pair, cast, minutes):
    begins = moment(2, 9)
    facts = SessionFacts(begins, begins + timedelta(minutes=minutes), functions=("educational",))
    with pytest.raises(actions.SessionRefused):
        actions.log_session(
            pairing=pair.pairing, actor=cast.supervisor, facts=facts, written=written(), key=uuid.uuid4()
        )


def test_a_session_over_midnight_belongs_to_the_day_it_began_on(pair, cast):
    begins = moment(2, 23, 30)
    facts = SessionFacts(begins, begins + timedelta(minutes=60), functions=("supportive",))
    values = {"pairing": pair.pairing, "actor": cast.supervisor, "facts": facts, "written": written()}
    session = actions.log_session(key=uuid.uuid4(), **values)
    assert session.held_on == begins.date()
    type(pair.pairing).objects.filter(pk=pair.pairing.pk).update(ends_on=begins.date() - timedelta(days=1))
    with pytest.raises(actions.SessionRefused) as refused:
        actions.log_session(key=uuid.uuid4(), **values)
    assert refused.value.problems[0].code == "after_pairing"


def test_a_form_of_one_mentee_cannot_be_sent_for_another(pair, cast):
    key = uuid.uuid4()
    log(pair, cast, key=key)
    other = make_pairing(pair.supervisor, cast.other_trainee.person)
    with pytest.raises(NotPossible, match=r"sent before|发送过|提交过"):
        log(pair, cast, day=2, key=key, pairing=other)


@pytest.mark.parametrize(
    "part", ["trainee", "other_trainee", "administrator", "city_administrator", "auditor"]
)
def test_nobody_but_the_supervisor_records(pair, cast, part):
    with pytest.raises(NotPossible):
        log(pair, cast, actor=getattr(cast, part))
    assert not Session.objects.exists()


def test_nothing_is_recorded_of_the_time_in_which_a_pairing_rests_or_after_it_has_ended(pair, cast):
    pause_pairing(pairing=pair.pairing, actor=cast.administrator, reason="休产假")
    pair.pairing.pauses.update(starts_on=timezone.localdate() - timedelta(days=1), begun_at=moment(1, 10))
    with pytest.raises(NotPossible, match="不在进行中"):
        log(pair, cast, day=1, start=10)
    assert log(pair, cast, day=1, start=9).pk  # it was over when the pause was begun
    end_pairing(pairing=pair.pairing, actor=cast.administrator, reason="换岗")
    with pytest.raises(NotPossible):
        log(pair, cast)


def ended(days_ago, hour=12):
    day = timezone.localdate() - timedelta(days=days_ago)
    return datetime.combine(day, time(hour), timezone.get_current_timezone())


def test_what_was_held_while_the_pairing_rested_is_not_recorded_later_either(pair, cast):
    """It rested from ten days ago to five days ago at noon; on that day it went on."""
    first = timezone.localdate() - timedelta(days=10)
    make_pause(pair.pairing, starts_on=first, ended_at=ended(5))
    for day, start in ((10, 9), (7, 9), (5, 9)):
        with pytest.raises(SessionRefused) as refused:
            log(pair, cast, day=day, start=start)
        assert [(problem.code, problem.field) for problem in refused.value.problems] == [("in_pause", "day")]
        assert f"{first.month}月{first.day}日" in str(refused.value)
    assert log(pair, cast, day=11).pk and log(pair, cast, day=5, start=14).pk and log(pair, cast, day=4).pk


def test_what_was_over_before_a_pause_began_is_recorded_also_of_its_first_day(pair, cast):
    """It rested from ten days ago at noon to five days ago."""
    make_pause(pair.pairing, starts_on=ended(10).date(), begun_at=ended(10), ended_at=ended(5))
    assert log(pair, cast, day=10, start=11).pk
    for start, hours in ((11, 1.5), (12, 1), (14, 1)):
        with pytest.raises(SessionRefused, match="暂停"):
            log(pair, cast, day=10, start=start, hours=hours)


def test_a_pause_up_to_a_day_ends_with_that_day_and_one_of_no_day_was_none(pair, cast):
    today = timezone.localdate()
    make_pause(
        pair.pairing, starts_on=today - timedelta(days=9), until=today - timedelta(days=6), ended_at=ended(5)
    )
    make_pause(pair.pairing, starts_on=today - timedelta(days=3), ended_at=ended(3))
    with pytest.raises(SessionRefused):
        log(pair, cast, day=6)
    assert log(pair, cast, day=5).pk and log(pair, cast, day=3).pk


def test_a_record_from_before_a_pause_stays_and_is_not_moved_into_it(pair, cast):
    before, inside = (make_session(pair.pairing, days_ago=day) for day in (12, 8))
    make_pause(pair.pairing, starts_on=timezone.localdate() - timedelta(days=10), ended_at=ended(5))
    with pytest.raises(SessionRefused, match=r"暂停"):
        actions.amend_session(session=before, actor=cast.supervisor, facts=facts(9, 10), written=written())
    inside.refresh_from_db()
    assert actions.confirm_session(session=inside, actor=cast.trainee).state == "confirmed"
    shorter = facts(8, 10, 0.5)
    amendment = actions.propose_amendment(
        session=inside, actor=cast.supervisor, facts=shorter, written=written("改过"), reason="记错了"
    )
    actions.accept_amendment(amendment=amendment, actor=cast.trainee)
    with pytest.raises(SessionRefused, match=r"暂停"):
        actions.propose_amendment(
            session=inside, actor=cast.supervisor, facts=facts(8, 10, 2), written=written(), reason="记错了"
        )


def test_what_has_not_taken_place_is_not_recorded(pair, cast):
    with pytest.raises(SessionRefused) as refused:
        log(pair, cast, day=-1)
    assert [problem.code for problem in refused.value.problems] == ["in_future"]


def test_a_session_that_overlaps_another_of_the_supervisor_is_refused_and_the_other_is_named(pair, cast):
    other = make_pairing(pair.supervisor, cast.other_trainee.person)
    log(pair, cast, start=9, hours=2, pairing=other)
    with pytest.raises(SessionRefused) as refused:
        log(pair, cast, start=10)
    assert cast.other_trainee.person.name in str(refused.value)
    assert "09:00–11:00" in str(refused.value)
    log(pair, cast, start=11)  # one may begin when the other ends


def test_a_session_that_overlaps_another_of_the_mentee_is_refused_without_saying_with_whom(pair, cast, tree):
    second = make_supervisor(organisation=tree["agency"])
    elsewhere = make_pairing(second, pair.mentee)
    log(pair, cast, pairing=elsewhere, actor=second.person.user)
    with pytest.raises(SessionRefused) as refused:
        log(pair, cast)
    assert pair.mentee.name in str(refused.value)
    assert second.code not in str(refused.value)


def test_a_supervisor_who_was_supervised_at_that_time_is_refused_too(pair, cast, tree):
    senior = make_supervisor(organisation=tree["city"])
    above = make_pairing(senior, pair.supervisor.person)
    log(pair, cast, pairing=above, actor=senior.person.user)
    with pytest.raises(SessionRefused):
        log(pair, cast)


def test_a_cancelled_session_leaves_its_time_free(pair, cast):
    session = log(pair, cast)
    actions.cancel_session(session=session, actor=cast.supervisor, reason="记错了日子")
    assert log(pair, cast).pk != session.pk


def test_a_working_note_is_its_authors_to_write_change_and_delete(pair, cast):
    session = log(pair, cast)
    actions.write_note(session=session, actor=cast.supervisor, text="多鼓励")
    actions.write_note(session=session, actor=cast.supervisor, text="多鼓励，少打断")
    actions.write_note(session=session, actor=cast.trainee, text="下次先说感受")
    assert WorkingNote.objects.visible_to(cast.supervisor).get().text == "多鼓励，少打断"
    actions.confirm_session(session=session, actor=cast.trainee)
    actions.write_note(session=session, actor=cast.supervisor, text="")
    assert [note.author for note in WorkingNote.objects.all()] == [pair.mentee]
    with pytest.raises(NotPossible):
        actions.write_note(session=session, actor=cast.administrator, text="偷看")


def test_a_draft_is_kept_until_it_is_handed_in(pair, cast):
    key = uuid.uuid4()
    for topics in ("接", "接案"):
        assert actions.save_draft(
            pairing=pair.pairing, actor=cast.supervisor, key=key, typed={"topics": topics}
        )
    assert "接案" in SessionDraft.objects.get().typed
    log(pair, cast, key=key)
    assert not SessionDraft.objects.exists()
    late = actions.save_draft(pairing=pair.pairing, actor=cast.supervisor, key=key, typed={"topics": "接案"})
    assert not late
    assert not SessionDraft.objects.exists()
