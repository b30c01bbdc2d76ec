import uuid
from datetime import timedelta

import pytest

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from credentials.models import HoursEntry
from supervision.models import LateRecord, Pairing, Session, Supervisor
from supervision.pairings.actions import NotPossible, create_pairing, end_pairing, reconcile
from supervision.sessions import actions
from supervision.sessions.policy import SessionFacts
from tests.factories import (
    make_late,
    make_organisation,
    make_pairing,
    make_session,
    make_supervisor,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once
from tests.supervision.conftest import facts, written

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def trying(act):
    """None for whoever is told in words that it was too late."""

    def one(thing):
        try:
            return act(thing)
        except (NotPossible, IllegalMove):
            return None

    return one


def done(results):
    return [result for result in results if result is not None]


@pytest.fixture
def place():
    return make_organisation("同心社工机构", kind="agency")


def test_thirty_who_want_the_last_three_places_give_exactly_three(place):
    supervisor = make_supervisor(organisation=place, capacity=3)
    mentees = [make_user("林一", place).person for _ in range(30)]

    def pair(mentee):
        return create_pairing(supervisor=supervisor, mentee=mentee, actor=None).pk

    assert len(done(at_once(trying(pair), mentees))) == 3
    supervisor.refresh_from_db()
    assert supervisor.load == Pairing.objects.count() == 3
    assert Notice.objects.filter(user=supervisor.person.user).count() == 3
    assert reconcile() == []


def test_the_same_pair_made_twenty_times_at_once_is_one_pairing_and_one_place(place):
    supervisor, mentee = make_supervisor(organisation=place), make_user("林一", place).person

    def pair(_):
        return create_pairing(supervisor=supervisor, mentee=mentee, actor=None).pk

    assert len(done(at_once(trying(pair), range(20)))) == 1
    supervisor.refresh_from_db()
    assert supervisor.load == Pairing.objects.count() == 1


def test_ended_by_many_at_once_a_pairing_gives_one_place_back(place):
    supervisor = make_supervisor(organisation=place, capacity=4)
    pairing = make_pairing(supervisor, make_user("林一", place).person)
    make_pairing(supervisor, make_user("周一", place).person)
    actor = make_user("解安", place)

    def end(_):
        mine = Pairing.objects.with_people().get(pk=pairing.pk)
        end_pairing(pairing=mine, actor=actor, reason="目标达成")
        return True

    assert len(done(at_once(trying(end), range(12)))) == 1
    assert Supervisor.objects.get().load == 1


def test_a_session_confirmed_by_twenty_clicks_at_once_is_credited_once(place):
    pairing = make_pairing(make_supervisor(organisation=place), make_user("林一", place).person)
    session = make_session(pairing)

    def confirm(_):
        return actions.confirm_session(session=session, actor=pairing.mentee.user, revision=1).pk

    assert len(done(at_once(trying(confirm), range(20)))) == 1
    assert HoursEntry.objects.count() == 2
    assert AuditEntry.objects.filter(action="supervision.confirm_session").count() == 1
    assert Session.objects.get().state == "confirmed"


def test_one_form_sent_twenty_times_at_once_is_one_session(place):
    pairing = make_pairing(make_supervisor(organisation=place), make_user("林一", place).person)
    key, fact = uuid.uuid4(), facts()

    def log(_):
        actor = pairing.supervisor.person.user
        return actions.log_session(pairing=pairing, actor=actor, facts=fact, written=written(), key=key).pk

    found = done(at_once(trying(log), range(20)))
    assert len(found) == 20
    assert len(set(found)) == Session.objects.count() == 1
    assert Notice.objects.filter(user=pairing.mentee.user).count() == 1


def test_of_overlapping_sessions_recorded_at_once_one_stays(place):
    supervisor = make_supervisor(organisation=place, capacity=20)
    pairings = [make_pairing(supervisor, make_user("林一", place).person) for _ in range(10)]
    fact = facts()

    def log(pairing):
        actor = supervisor.person.user
        return actions.log_session(
            pairing=pairing, actor=actor, facts=fact, written=written(), key=uuid.uuid4()
        ).pk

    assert len(done(at_once(trying(log), pairings))) == 1
    assert Session.objects.count() == 1


def test_confirmed_or_disputed_at_once_is_one_of_the_two(place):
    pairing = make_pairing(make_supervisor(organisation=place), make_user("林一", place).person)
    session = make_session(pairing)

    def answer(number):
        if number % 2:
            return actions.confirm_session(session=session, actor=pairing.mentee.user).state
        return actions.dispute_session(session=session, actor=pairing.mentee.user, reason="不对").state

    (state,) = done(at_once(trying(answer), range(12)))
    assert Session.objects.get().state == state
    assert HoursEntry.objects.count() == (2 if state == "confirmed" else 0)


def test_a_record_sent_by_twenty_devices_at_once_is_one_session(place):
    pairing = make_pairing(make_supervisor(organisation=place), make_user("林一", place).person)
    key, fact = uuid.uuid4(), facts()

    def sync(_):
        actor = pairing.supervisor.person.user
        arrived = actions.sync_session(
            pairing=pairing, actor=actor, facts=fact, written=written(), key=key, base=""
        )
        return arrived.session.pk

    found = done(at_once(trying(sync), range(20)))
    assert len(found) == 20
    assert len(set(found)) == Session.objects.count() == 1


def test_of_two_contents_of_one_record_sent_at_once_one_stays_and_the_other_is_told(place):
    pairing = make_pairing(make_supervisor(organisation=place), make_user("林一", place).person)
    key, fact = uuid.uuid4(), facts()

    def sync(number):
        actor, said = pairing.supervisor.person.user, written(f"内容{number % 2}")
        arrived = actions.sync_session(
            pairing=pairing, actor=actor, facts=fact, written=said, key=key, base=""
        )
        return arrived.session is not None

    results = at_once(sync, range(10))
    assert results.count(True) == results.count(False) == 5
    assert Session.objects.get().contents.count() == 1


def test_a_correction_accepted_by_twenty_clicks_at_once_is_credited_once(place):
    pairing = make_pairing(make_supervisor(organisation=place), make_user("林一", place).person)
    session = actions.confirm_session(session=make_session(pairing), actor=pairing.mentee.user)
    amendment = actions.propose_amendment(
        session=session,
        actor=pairing.supervisor.person.user,
        facts=facts(1, 10, 0.5),
        written=written(),
        reason="记错了",
    )

    def accept(_):
        return actions.accept_amendment(amendment=amendment, actor=pairing.mentee.user).pk

    assert len(done(at_once(trying(accept), range(20)))) == 1
    assert sum(HoursEntry.objects.filter(person=pairing.mentee).values_list("minutes", flat=True)) == 30
    assert HoursEntry.objects.count() == 6
    assert Session.objects.get().minutes == 30


def test_of_corrections_proposed_at_once_one_waits(place):
    pairing = make_pairing(make_supervisor(organisation=place), make_user("林一", place).person)
    session = actions.confirm_session(session=make_session(pairing), actor=pairing.mentee.user)

    def propose(number):
        return actions.propose_amendment(
            session=session,
            actor=pairing.supervisor.person.user,
            facts=facts(1, 10, 0.5),
            written=written(f"{number}"),
            reason="记错了",
        ).pk

    assert len(done(at_once(trying(propose), range(10)))) == 1


def test_approved_and_declined_by_many_at_once_a_late_record_is_decided_once(place):
    pairing = make_pairing(make_supervisor(organisation=place), make_user("林一", place).person)
    session = make_session(pairing, days_ago=20)
    late, officer = make_late(session), make_user("解安", place)

    def decide(number):
        if number % 2:
            return actions.approve_late(late=late, actor=officer).state
        return actions.decline_late(late=late, actor=officer, answer="理由不足").state

    (state,) = done(at_once(trying(decide), range(12)))
    late.refresh_from_db()
    assert late.state == state
    assert (
        AuditEntry.objects.filter(action__in=["supervision.approve_late", "supervision.decline_late"]).count()
        == 1
    )


def test_approved_while_its_times_are_corrected_no_time_is_confirmed_that_nobody_approved(place):
    pairing = make_pairing(make_supervisor(organisation=place), make_user("林一", place).person)
    session = make_session(pairing, days_ago=20)
    late, officer = make_late(session), make_user("解安", place)
    longer = SessionFacts(session.starts_at, session.ends_at + timedelta(hours=2), functions=("educational",))

    def act(who):
        if who == "officer":
            return actions.approve_late(late=late, actor=officer)
        if who == "mentee":
            return actions.confirm_session(session=session, actor=pairing.mentee.user)
        actor = pairing.supervisor.person.user
        return actions.amend_session(session=session, actor=actor, facts=longer, written=written())

    at_once(trying(act), ["officer", "supervisor", "mentee"] * 2)
    session.refresh_from_db()
    approved = LateRecord.objects.filter(
        state="approved", starts_at=session.starts_at, ends_at=session.ends_at
    )
    assert session.state == "logged" or approved.exists()
