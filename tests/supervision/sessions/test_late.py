import uuid
from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from core.states import IllegalMove
from supervision.models import LateRecord, LoggingRule, Session
from supervision.pairings.actions import NotPossible
from supervision.sessions import actions
from supervision.sessions.actions.lateness import newest_of
from supervision.sessions.queries import days_to_record
from supervision.sessions.queries.home import home_of
from tests.factories import give_role, make_late, make_session, make_user
from tests.supervision.conftest import facts, written

pytestmark = pytest.mark.django_db


def log(pair, cast, days_ago, **more):
    return actions.log_session(
        pairing=pair.pairing,
        actor=cast.supervisor,
        facts=facts(days_ago),
        written=written(),
        key=uuid.uuid4(),
        **more,
    )


def asked(session):
    """The newest asking about the record itself."""
    return newest_of(session)


def test_in_time_nothing_is_asked_and_late_a_reason_is(pair, cast):
    log(pair, cast, 14)
    with pytest.raises(actions.SessionRefused) as refused:
        log(pair, cast, 15)
    assert (refused.value.problems[0].code, refused.value.problems[0].field) == ("late", "late_reason")
    session = log(pair, cast, 15, late_reason="出差在外")
    assert (asked(session).days, asked(session).state) == (1, "waiting")
    assert Notice.objects.filter(kind="supervision.late", user=cast.administrator).count() == 1


def test_the_nearest_rule_of_the_day_holds(pair, cast, tree):
    today = timezone.localdate()
    assert days_to_record(pair.pairing, today)[0] == 14
    for place, days in (("city", 10), ("district", 3)):
        actions.set_logging_rule(
            organisation=tree[place], days=days, starts_on=date(2024, 1, 1), source="通知", actor=None
        )
    actions.set_logging_rule(
        organisation=tree["district"], days=1, starts_on=today + timedelta(days=1), source="通知", actor=None
    )
    assert days_to_record(pair.pairing, today)[0] == 3
    with pytest.raises(NotPossible):
        actions.set_logging_rule(
            organisation=tree["city"], days=5, starts_on=date(2024, 1, 1), source="通知", actor=None
        )


def test_it_is_confirmed_only_when_it_was_approved(pair, cast):
    session = log(pair, cast, 20, late_reason="住院")
    with pytest.raises(NotPossible):
        actions.confirm_session(session=session, actor=cast.trainee)
    with pytest.raises(DatabaseError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(
            state="confirmed", confirmed_at=timezone.now(), confirmed_by=cast.trainee
        )
    actions.approve_late(late=asked(session), actor=cast.administrator)
    assert actions.confirm_session(session=session, actor=cast.trainee).state == "confirmed"


def test_the_mentee_is_not_asked_before_an_administrator_has_agreed(pair, cast):
    def asks():
        home = home_of(cast.trainee.person)
        return len(home.to_confirm), [row.waiting for row in home.supervisors]

    late = asked(log(pair, cast, 20, late_reason="忘了"))
    assert asks() == (0, [0])
    actions.decline_late(late=late, actor=cast.administrator, answer="理由不足")
    assert asks() == (0, [0])
    again = actions.explain_late(late=late, actor=cast.supervisor, reason="住院两周")
    assert asks() == (0, [0])
    actions.approve_late(late=again, actor=cast.administrator)
    assert asks() == (1, [1])
    log(pair, cast, 2)
    assert asks() == (2, [2])


def test_declined_it_can_be_explained_anew(pair, cast):
    session = log(pair, cast, 20, late_reason="忘了")
    with pytest.raises(NotPossible):
        actions.decline_late(late=asked(session), actor=cast.administrator, answer="")
    late = actions.decline_late(late=asked(session), actor=cast.administrator, answer="理由不足")
    with pytest.raises(IllegalMove):
        actions.approve_late(late=late, actor=cast.administrator)
    again = actions.explain_late(late=late, actor=cast.supervisor, reason="住院两周，有证明")
    assert (again.state, again.answer, again.decided_by_id) == ("waiting", "", None)
    assert actions.approve_late(late=again, actor=cast.administrator).state == "approved"
    with pytest.raises(IllegalMove):  # the old page, once more
        actions.explain_late(late=late, actor=cast.supervisor, reason="再来一次")
    late.refresh_from_db()
    assert (late.state, late.answer) == ("declined", "理由不足")  # what was decided stays


@pytest.mark.parametrize("part", ["supervisor", "trainee"])
def test_neither_of_the_two_decides(pair, cast, part):
    late = make_late(make_session(pair.pairing, days_ago=20))
    with pytest.raises(NotPossible):
        actions.approve_late(late=late, actor=getattr(cast, part))


@pytest.mark.parametrize("part", ["supervisor", "trainee"])
def test_no_officer_decides_whom_one_of_the_two_has_let_in(pair, cast, tree, part):
    give_role(getattr(cast, part), "administrator", tree["district"])
    helper = make_user("被引入者", tree["district"])
    give_role(helper, "administrator", tree["district"], granted_by=getattr(cast, part))
    row = asked(log(pair, cast, 30, late_reason="出差"))
    with pytest.raises(NotPossible, match="另一位管理员"):
        actions.approve_late(late=row, actor=helper)
    with pytest.raises(NotPossible, match="另一位管理员"):
        actions.decline_late(late=row, actor=helper, answer="太迟")
    row.refresh_from_db()
    assert row.state == "waiting"


def test_a_correction_to_an_earlier_day_is_late_as_well(pair, cast):
    session = log(pair, cast, 2)
    values = {"session": session, "actor": cast.supervisor, "facts": facts(20), "written": written()}
    with pytest.raises(actions.SessionRefused):
        actions.amend_session(**values)
    actions.amend_session(**values, late_reason="日期写错了")
    late = LateRecord.objects.get()
    actions.approve_late(late=late, actor=cast.administrator)
    actions.amend_session(**values | {"facts": facts(22)})
    late.refresh_from_db()
    assert (late.state, late.days) == ("approved", 6)  # decisions are kept
    assert (asked(session).state, asked(session).days) == ("waiting", 8)  # another day than they looked at
    actions.amend_session(**values | {"facts": facts(3)})
    assert asked(session).state == "void"  # in time after all
    assert actions.confirm_session(session=session, actor=cast.trainee).state == "confirmed"
    assert LateRecord.objects.filter(state="approved").count() == 1


def test_the_desk_reads_the_facts_and_the_reason_and_decides(client, pair, cast):
    session = log(pair, cast, 20, late_reason="住院", note="只给自己")
    client.force_login(cast.administrator)
    page = client.get(reverse("late_records:index")).content.decode()
    assert reverse("late_records:inspect", args=[asked(session).pk]) in page
    address = reverse("late_records:inspect", args=[asked(session).pk])
    page = client.get(address).content.decode()
    assert "住院" in page and "接案预估" not in page
    assert client.post(address, {"decline": "1", "answer": ""}).status_code == 200
    assert client.post(address, {"approve": "1", "answer": "\0x"}).status_code == 200
    assert client.post(address, {"approve": "1"}).status_code == 302
    assert LateRecord.objects.get().state == "approved"
    assert client.post(address, {"approve": "1"}).status_code == 302
    client.force_login(cast.auditor)
    assert client.get(address).status_code == 200
    assert client.post(address, {"approve": "1"}).status_code == 404
    client.force_login(cast.supervisor)
    assert client.get(address).status_code in (302, 403, 404)


def test_a_rule_is_set_at_the_desk(client, pair, cast, tree):
    client.force_login(cast.administrator)
    address = reverse("late_records:rules")
    data = {"organisation": tree["district"].pk, "days": 7, "starts_on": "2026-01-01", "source": "区通知"}
    assert client.post(address, data | {"days": 0}).status_code == 200
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 200  # of that day there is one
    assert LoggingRule.objects.get().days == 7
    assert client.post(address, data | {"organisation": tree["other_station"].pk}).status_code == 200
    assert "区通知" in client.get(address).content.decode()


@pytest.mark.parametrize("number", [1, 6])
def test_the_list_takes_the_same_statements_for_one_and_for_many(
    client, pair, cast, django_assert_max_num_queries, number
):
    for place in range(number):
        make_late(make_session(pair.pairing, days_ago=20 + place))
    client.force_login(cast.administrator)
    address = reverse("late_records:index")
    client.get(address)
    with django_assert_max_num_queries(60) as captured:
        client.get(address)
    own = [one for one in captured.captured_queries if "supervision_laterecord" in one["sql"]]
    assert len(own) == 2


# --- A yes is to these very times --------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [0.5, 2])
def test_longer_or_shorter_on_the_same_day_the_administrator_is_asked_again(pair, cast, hours):
    session = log(pair, cast, 20, late_reason="住院")
    actions.approve_late(late=asked(session), actor=cast.administrator)
    actions.amend_session(
        session=session, actor=cast.supervisor, facts=facts(20, hours=hours), written=written()
    )
    assert (asked(session).state, asked(session).minutes) == ("waiting", 60 * hours)
    with pytest.raises(NotPossible):
        actions.confirm_session(session=session, actor=cast.trainee)
    with pytest.raises(DatabaseError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(
            state="confirmed", confirmed_at=timezone.now(), confirmed_by=cast.trainee
        )


def test_the_content_corrected_alone_leaves_the_approval_as_it_is(pair, cast):
    session = log(pair, cast, 20, late_reason="住院")
    actions.approve_late(late=asked(session), actor=cast.administrator)
    actions.amend_session(
        session=session, actor=cast.supervisor, facts=facts(20), written=written("补充"), late_reason="又写"
    )
    assert asked(session).state == "approved"
    assert actions.confirm_session(session=session, actor=cast.trainee).state == "confirmed"


def test_the_times_that_an_administrator_looked_at_are_the_ones_that_are_approved(pair, cast):
    session = log(pair, cast, 20, late_reason="住院")
    looked_at = asked(session)
    actions.amend_session(session=session, actor=cast.supervisor, facts=facts(20, hours=8), written=written())
    with pytest.raises(IllegalMove):
        actions.approve_late(late=looked_at, actor=cast.administrator)
    assert asked(session).state == "waiting"


def test_time_added_long_after_the_day_is_late_however_early_the_record_was(pair, cast):
    day = timezone.now() - timedelta(days=40)
    with time_machine.travel(day, tick=False):
        session = log(pair, cast, 1)
    values = {"session": session, "actor": cast.supervisor, "written": written()}
    shorter = facts(41, hours=0.5)
    actions.amend_session(**values, facts=shorter)  # takes nothing that was not said in time
    assert asked(session) is None
    with pytest.raises(actions.SessionRefused) as refused:
        actions.amend_session(**values, facts=facts(41, hours=8))
    assert refused.value.problems[0].field == "late_reason"
    actions.amend_session(**values, facts=facts(41, hours=8), late_reason="当时只记了开头")
    assert (asked(session).state, asked(session).days) == ("waiting", 27)
    actions.amend_session(
        **values, facts=facts(41, hours=7)
    )  # no way round it: still more than was said in time
    assert (asked(session).state, asked(session).minutes) == ("waiting", 420)


def test_nobody_decides_about_a_record_that_was_taken_back(pair, cast):
    session = log(pair, cast, 20, late_reason="住院")
    actions.cancel_session(session=session, actor=cast.supervisor, reason="重记")
    assert asked(session).state == "void"
    with pytest.raises(IllegalMove):
        actions.approve_late(late=asked(session), actor=cast.administrator)
    assert not Notice.objects.filter(kind="supervision.late", read_at=None).exists()


# --- A rule judges nothing that was recorded before it was entered ------------------------------------------------


def rule(tree, days, starts_on=date(2024, 1, 1), place="city"):
    return actions.set_logging_rule(
        organisation=tree[place], days=days, starts_on=starts_on, source="通知", actor=None
    )


def test_a_stricter_rule_entered_later_and_dated_back_makes_no_record_late(pair, cast, tree):
    session = log(pair, cast, 10)
    rule(tree, 3)
    actions.amend_session(session=session, actor=cast.supervisor, facts=facts(10), written=written("改过"))
    assert asked(session) is None
    with pytest.raises(actions.SessionRefused):
        log(pair, cast, 9)


def test_a_looser_rule_entered_later_decides_nothing_that_waits_or_was_declined(pair, cast, tree):
    session = log(pair, cast, 20, late_reason="住院")
    actions.decline_late(late=asked(session), actor=cast.administrator, answer="理由不足")
    rule(tree, 60)
    actions.amend_session(session=session, actor=cast.supervisor, facts=facts(20), written=written("改过"))
    assert (asked(session).state, asked(session).allowed) == ("declined", 14)
    with pytest.raises(NotPossible):
        actions.confirm_session(session=session, actor=cast.trainee)


def test_the_record_says_by_which_rule_it_was_late(client, pair, cast, tree):
    held = rule(tree, 3)
    session = log(pair, cast, 9, late_reason="住院")
    assert (asked(session).rule, asked(session).allowed, asked(session).days) == (held, 3, 6)
    client.force_login(cast.administrator)
    page = client.get(reverse("late_records:inspect", args=[asked(session).pk])).content.decode()
    assert "通知" in page
    client.force_login(cast.supervisor)
    page = client.get(session.get_absolute_url()).content.decode()
    assert "待管理员审批" in page and "待被督导者确认" not in page  # what it waits for, and on whom


# --- What was decided is kept by the database itself --------------------------------------------------------------


def test_the_database_keeps_what_was_decided(pair, cast, tree):
    late = make_late(make_session(pair.pairing, days_ago=20))
    actions.decline_late(late=late, actor=cast.administrator, answer="理由不足")
    rows = LateRecord.objects.filter(pk=late.pk)
    for act in (
        lambda: rows.update(state="waiting", decided_at=None, decided_by=None, answer=""),
        lambda: rows.update(answer="改口"),
        rows.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    held = rule(tree, 3)
    for act in (LoggingRule.objects.filter(pk=held.pk).delete, lambda: LoggingRule.objects.update(days=9)):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
