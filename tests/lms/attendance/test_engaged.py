"""Nobody is in a class and in a supervision session at once: neither app knows the other, both are asked."""

import uuid

import pytest

from core.people.engagements import engagements_of
from credentials.models import HoursEntry
from lms.attendance.actions import AttendanceRefused, Entry, enter_attendance
from supervision.circles import actions as circles
from supervision.circles.policy import GatheringFacts, Shared
from supervision.models import Session
from supervision.pairings.actions import NotPossible
from supervision.sessions import actions
from supervision.sessions.policy import SessionFacts, Written
from tests.factories import (
    make_attendance,
    make_circle,
    make_class,
    make_cohort,
    make_enrolment,
    make_pairing,
    make_supervisor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pairing(cast, tree):
    return make_pairing(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)


@pytest.fixture
def held(cast, tree):
    """A class that is over, with the trainee among its people."""
    cohort = make_cohort(tree["district"])
    enrolment = make_enrolment(cohort, cast.trainee.person)
    return make_class(cohort, days=-1), enrolment


def log(pairing, cast, klass):
    facts = SessionFacts(klass.starts_at, klass.ends_at, functions=("educational",))
    return actions.log_session(
        pairing=pairing, actor=cast.supervisor, facts=facts, written=Written(topics="接案"), key=uuid.uuid4()
    )


def enter(klass, enrolment, teacher):
    return enter_attendance(
        klass=klass, entries=[Entry(enrolment.pk, "present")], method="officer", actor=teacher, reason="在场"
    )


def test_a_session_during_a_class_that_was_attended_is_refused_and_the_class_named_as_a_kind(
    pairing, cast, held
):
    klass, enrolment = held
    make_attendance(klass, enrolment, minutes=60)
    with pytest.raises(actions.SessionRefused) as refused:
        log(pairing, cast, klass)
    assert cast.trainee.person.name in str(refused.value)
    assert klass.title not in str(refused.value)


def test_a_class_during_a_confirmed_session_is_not_entered(pairing, cast, held):
    klass, enrolment = held
    session = log(pairing, cast, klass)
    actions.confirm_session(session=session, actor=cast.trainee)
    with pytest.raises(AttendanceRefused) as refused:
        enter(klass, enrolment, cast.administrator)
    assert cast.supervisor.person.name not in str(refused.value)


def test_what_only_the_supervisor_says_keeps_nobody_out_of_a_class(pairing, cast, held):
    klass, enrolment = held
    log(pairing, cast, klass)
    assert enter(klass, enrolment, cast.administrator).changed == 1
    assert Session.objects.count() == 1


def test_what_a_register_says_otherwise_by_now_is_not_confirmed(pairing, cast, held):
    klass, enrolment = held
    session = log(pairing, cast, klass)
    enter(klass, enrolment, cast.administrator)
    with pytest.raises(NotPossible, match="一次课"):
        actions.confirm_session(session=session, actor=cast.trainee)
    assert not HoursEntry.objects.filter(kind__in=["supervision", "supervising"]).exists()
    actions.dispute_session(session=session, actor=cast.trainee, reason="那天我在上课")


def test_minutes_in_a_circle_are_not_confirmed_either(cast, held, tree):
    klass, enrolment = held
    circle = make_circle(make_supervisor(cast.supervisor, tree["agency"]), cast.trainee.person)
    facts = GatheringFacts(klass.starts_at, klass.ends_at, functions=("educational",))
    came = {cast.trainee.person.pk: 30}
    gathering = circles.log_gathering(
        circle=circle,
        actor=cast.supervisor,
        facts=facts,
        shared=Shared(topics="转介"),
        came=came,
        key=uuid.uuid4(),
    )
    enter(klass, enrolment, cast.administrator)
    with pytest.raises(NotPossible):
        circles.confirm_part(part=gathering.parts.get(), actor=cast.trainee)
    assert gathering.parts.get().state == "waiting"


def test_one_may_begin_when_the_other_ends(pairing, cast, held):
    klass, enrolment = held
    make_attendance(klass, enrolment, minutes=60)
    ids = [cast.trainee.person.pk]
    assert len(engagements_of(ids, klass.starts_at, klass.ends_at, besides="supervision")) == 1
    assert engagements_of(ids, klass.starts_at, klass.ends_at, besides="lms") == []
    later = klass.ends_at + (klass.ends_at - klass.starts_at)
    assert engagements_of(ids, klass.ends_at, later, besides="supervision") == []
