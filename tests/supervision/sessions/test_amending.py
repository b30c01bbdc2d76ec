import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from credentials.hours.actions import reconcile
from credentials.models import HoursEntry
from credentials.public import hours_of
from supervision.models import FollowUp, Session, SessionAmendment
from supervision.pairings.actions import NotPossible
from supervision.sessions import actions
from supervision.sessions.policy import Agreed, Written
from supervision.signals import SessionAmended, session_amended
from tests.factories import make_session
from tests.supervision.conftest import facts, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed(pair, cast):
    session = make_session(pair.pairing, days_ago=2, minutes=60)
    return actions.confirm_session(session=session, actor=cast.trainee)


def propose(session, cast, hours=0.75, said=None, days_ago=2, **more):
    said = said or written("接案预估，改过的内容")
    values = {"facts": facts(days_ago, 10, hours), "written": said, "reason": "记错了结束时间"} | more
    return actions.propose_amendment(session=session, actor=cast.supervisor, **values)


def minutes_of(person):
    return sum(total.minutes for total in hours_of(person).kinds)


def test_nothing_changes_until_the_mentee_accepts(confirmed, pair, cast):
    amendment = propose(confirmed, cast)
    confirmed.refresh_from_db()
    assert (confirmed.minutes, amendment.minutes, amendment.state) == (60, 45, "proposed")
    assert minutes_of(pair.mentee) == 60
    assert Notice.objects.filter(user=cast.trainee, source__startswith="supervision.amendment:").count() == 1


def test_accepted_it_changes_the_session_the_content_and_the_hours_of_both(confirmed, pair, cast):
    amendment = propose(confirmed, cast)
    actions.accept_amendment(amendment=amendment, actor=cast.trainee)
    confirmed.refresh_from_db()
    assert (confirmed.minutes, confirmed.revision, confirmed.state) == (45, 2, "confirmed")
    assert [content.topics for content in confirmed.contents.all()] == ["接案预估，改过的内容", "接案预估"]
    assert [minutes_of(person) for person in (pair.mentee, cast.supervisor.person)] == [45, 45]
    assert sorted(HoursEntry.objects.filter(person=pair.mentee).values_list("minutes", flat=True)) == [
        -60,
        45,
        60,
    ]
    assert reconcile() == []
    (row,) = SessionAmendment.objects.all()
    assert [before != after for _what, before, after in row.rows] == [True, True]


def test_a_longer_time_is_credited_too_and_a_second_correction_follows(confirmed, pair, cast):
    for hours, expected in ((1.5, 90), (1.25, 75)):
        session = Session.objects.with_people().get(pk=confirmed.pk)
        said = written(f"改为{expected}分钟")
        actions.accept_amendment(amendment=propose(session, cast, hours, said), actor=cast.trainee)
        assert minutes_of(pair.mentee) == minutes_of(cast.supervisor.person) == expected
    assert reconcile() == []


def test_only_the_content_corrected_leaves_the_hours_alone(confirmed, pair, cast):
    amendment = actions.propose_amendment(
        session=confirmed,
        actor=cast.supervisor,
        facts=confirmed.facts,
        written=written("补充"),
        reason="漏写",
    )
    actions.accept_amendment(amendment=amendment, actor=cast.trainee)
    assert HoursEntry.objects.count() == 2
    assert amendment.rows == []


def test_the_event_is_heard_once_however_often_it_comes(confirmed, pair, cast):
    heard = []

    def listen(sender, event, **_):
        heard.append(event)

    session_amended.connect(listen)
    try:
        actions.accept_amendment(amendment=propose(confirmed, cast), actor=cast.trainee)
    finally:
        session_amended.disconnect(listen)
    (event,) = heard
    assert isinstance(event, SessionAmended)
    assert (event.minutes, event.amended) == (45, 1)
    before = HoursEntry.objects.count()
    session_amended.send(Session, event=event)
    assert HoursEntry.objects.count() == before


def test_refused_or_withdrawn_the_record_stays(confirmed, pair, cast):
    refused = propose(confirmed, cast)
    with pytest.raises(NotPossible):
        actions.refuse_amendment(amendment=refused, actor=cast.trainee, answer=" ")
    actions.refuse_amendment(amendment=refused, actor=cast.trainee, answer="没有记错")
    withdrawn = propose(confirmed, cast)
    actions.withdraw_amendment(amendment=withdrawn, actor=cast.supervisor)
    confirmed.refresh_from_db()
    assert (confirmed.minutes, confirmed.revision) == (60, 1)
    for row in (refused, withdrawn):
        with pytest.raises(IllegalMove):
            actions.accept_amendment(amendment=row, actor=cast.trainee)


def test_one_waits_at_a_time_and_it_needs_a_reason_and_a_change(confirmed, pair, cast):
    with pytest.raises(NotPossible):
        propose(confirmed, cast, reason=" ")
    with pytest.raises(NotPossible):
        actions.propose_amendment(
            session=confirmed, actor=cast.supervisor, facts=confirmed.facts, written=written(), reason="没变"
        )
    propose(confirmed, cast)
    with pytest.raises(NotPossible):
        propose(confirmed, cast)


def test_a_correction_cannot_reach_a_day_that_would_have_been_late(confirmed, pair, cast):
    with pytest.raises(actions.SessionRefused) as refused:
        propose(confirmed, cast, days_ago=30)
    assert refused.value.problems[0].code == "too_far_back"


@pytest.mark.parametrize("part", ["trainee", "other_trainee", "administrator"])
def test_only_the_supervisor_proposes_and_only_the_mentee_answers(confirmed, pair, cast, part):
    user = getattr(cast, part)
    with pytest.raises(NotPossible):
        actions.propose_amendment(
            session=confirmed, actor=user, facts=facts(2, 10, 0.5), written=written(), reason="改"
        )
    amendment = propose(confirmed, cast)
    if part != "trainee":
        with pytest.raises(NotPossible):
            actions.accept_amendment(amendment=amendment, actor=user)


def test_the_database_itself_lets_a_confirmed_session_change_to_nothing_else(confirmed, pair, cast):
    amendment = propose(confirmed, cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Session.objects.filter(pk=confirmed.pk).update(revision=2, minutes=45, ends_at=amendment.ends_at)
    actions.accept_amendment(amendment=amendment, actor=cast.trainee)
    with pytest.raises(DatabaseError), transaction.atomic():
        SessionAmendment.objects.filter(pk=amendment.pk).update(minutes=50)
    with pytest.raises(DatabaseError), transaction.atomic():
        SessionAmendment.objects.filter(pk=amendment.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Session.objects.filter(pk=confirmed.pk).update(setting="online")


def test_agreed_actions_follow_the_record(confirmed, pair, cast):
    said = Written(topics="改", agreed=(Agreed("mentee", "写预估报告"),))
    actions.accept_amendment(amendment=propose(confirmed, cast, said=said), actor=cast.trainee)
    assert FollowUp.objects.get(session=confirmed).what == "写预估报告"


def test_proposed_read_and_accepted_on_the_pages(client, confirmed, pair, cast):
    client.force_login(cast.supervisor)
    address = reverse("supervision:session-correct", args=[confirmed.pk])
    held = client.get(address).context["form"].initial
    data = {
        "day": held["day"].isoformat(),
        "start": "10:00",
        "end": "10:40",
        "topics": "接案预估",
        "functions": ["educational"],
        "setting": "on_site",
        "mode": "private",
        "reason": "提前结束了",
        "revision": 1,
    }
    assert client.post(address, data | {"reason": ""}).status_code == 200
    assert client.post(address, data).status_code == 302
    amendment = SessionAmendment.objects.get()
    client.force_login(cast.trainee)
    page = client.get(confirmed.get_absolute_url()).content.decode()
    assert "提前结束了" in page and "10:40" in page
    client.post(reverse("supervision:amendment-refuse", args=[amendment.pk]), {"answer": ""})
    client.post(reverse("supervision:amendment-accept", args=[amendment.pk]))
    client.post(reverse("supervision:amendment-accept", args=[amendment.pk]))  # a second click
    confirmed.refresh_from_db()
    assert confirmed.minutes == 40
    client.force_login(cast.administrator)
    page = client.get(confirmed.get_absolute_url()).content.decode()
    assert "10:00–11:00" in page and "10:00–10:40" in page  # both versions of the facts
    assert "提前结束了" not in page
    assert AuditEntry.objects.filter(action="supervision.accept_amendment").count() == 1
