from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from credentials.hours.actions import reconcile
from credentials.models import HoursEntry
from credentials.public import hours_of
from supervision.models import AmendmentText, FollowUp, LateRecord, Session, SessionAmendment
from supervision.pairings.actions import NotPossible
from supervision.sessions import actions
from supervision.sessions.actions.lateness import newest_of
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


# --- Long after the day -------------------------------------------------------------------------------------------


@pytest.fixture
def long_ago(pair, cast):
    """Confirmed in time, forty days ago."""
    with time_machine.travel(timezone.now() - timedelta(days=40), tick=False):
        session = make_session(pair.pairing, days_ago=1, minutes=60)
        return actions.confirm_session(session=session, actor=cast.trainee)


@pytest.mark.parametrize(("days_ago", "hours"), [(41, 1.5), (45, 1), (30, 0.5)])
def test_longer_or_moved_long_after_the_day_it_needs_a_reason_and_an_administrator(
    long_ago, pair, cast, days_ago, hours
):
    with pytest.raises(actions.SessionRefused) as refused:
        propose(long_ago, cast, hours, days_ago=days_ago)
    assert refused.value.problems[0].field == "late_reason"
    amendment = propose(long_ago, cast, hours, days_ago=days_ago, late_reason="整理档案时发现")
    late = newest_of(long_ago, amendment)
    assert (late.state, late.days, late.minutes) == ("waiting", days_ago - 14, 60 * hours)
    assert Notice.objects.filter(kind="supervision.late", user=cast.administrator).count() == 1
    with pytest.raises(NotPossible):
        actions.accept_amendment(amendment=amendment, actor=cast.trainee)
    with pytest.raises(DatabaseError), transaction.atomic():
        SessionAmendment.objects.filter(pk=amendment.pk).update(state="accepted", answered_at=timezone.now())
    actions.approve_late(late=late, actor=cast.administrator)
    assert minutes_of(pair.mentee) == 60
    actions.accept_amendment(amendment=amendment, actor=cast.trainee)
    assert minutes_of(pair.mentee) == 60 * hours


def test_shorter_or_in_words_alone_it_needs_nobody(long_ago, pair, cast):
    amendment = propose(long_ago, cast, 0.5, days_ago=41)
    actions.accept_amendment(amendment=amendment, actor=cast.trainee)
    assert minutes_of(pair.mentee) == 30
    assert not LateRecord.objects.exists()


def test_declined_it_can_be_explained_anew_and_withdrawn_nobody_decides_any_more(
    client, long_ago, pair, cast
):
    amendment = propose(long_ago, cast, 2, days_ago=41, late_reason="漏记")
    actions.decline_late(late=newest_of(long_ago, amendment), actor=cast.administrator, answer="请附说明")
    with pytest.raises(NotPossible):
        actions.accept_amendment(amendment=amendment, actor=cast.trainee)
    client.force_login(cast.supervisor)
    page = client.get(long_ago.get_absolute_url()).content.decode()
    assert "请附说明" in page
    client.post(reverse("supervision:session-explain", args=[long_ago.pk]), {"reason": "附签到表"})
    assert newest_of(long_ago, amendment).reason == "附签到表"
    client.force_login(cast.administrator)
    desk = reverse("late_records:inspect", args=[newest_of(long_ago, amendment).pk])
    page = client.get(desk).content.decode()
    assert "附签到表" in page and "请附说明" in page and "10:00–11:00" in page and "10:00–12:00" in page
    actions.withdraw_amendment(amendment=amendment, actor=cast.supervisor)
    assert newest_of(long_ago, amendment).state == "void"
    assert client.post(desk, {"approve": "1"}).status_code == 302
    assert LateRecord.objects.filter(state="approved").count() == 0


def test_the_text_of_an_answered_correction_never_changes(confirmed, pair, cast):
    amendment = propose(confirmed, cast)
    actions.refuse_amendment(amendment=amendment, actor=cast.trainee, answer="没有记错")
    rows = AmendmentText.objects.filter(amendment=amendment)
    assert rows.get().answer == "没有记错"
    for act in (lambda: rows.update(answer="改口"), lambda: rows.update(reason="另一个理由"), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


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
