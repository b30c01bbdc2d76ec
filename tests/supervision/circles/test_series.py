"""Gatherings in series: told once, led in turn, and in everybody's one calendar."""

import uuid
from datetime import timedelta

from django.utils import timezone

from core.models import Notice
from supervision.circles import actions
from supervision.models import Gathering
from supervision.slots.actions import renew_meeting_feed
from supervision.slots.queries import feed_entries
from tests.factories import make_circle, make_gathering
from tests.supervision.circles.conftest import plan
from tests.supervision.conftest import moment


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
    (told,) = Notice.objects.filter(user=cast.trainee, source__contains=":changed:")
    for start in (moment(-3, 14), moment(-10, 14), moment(-17, 14)):
        assert f"{start.month}月{start.day}日 14:00" in told.body_in()
    assert "3" in told.title_in() and f"{moment(-3, 14).day}" in told.title_in("en")
    third = Gathering.objects.get(pk=made[2].pk)
    assert (third.starts_at, third.place) == (moment(-17, 14), "新会议室")
    actions.cancel_gathering(gathering=made[1], actor=group.leader, following=True)
    assert [Gathering.objects.get(pk=row.pk).state for row in made] == ["planned", "cancelled", "cancelled"]
    (told,) = Notice.objects.filter(user=cast.trainee, source__endswith=":cancelled")
    assert f"{moment(-17, 14).day}日" in told.body_in()


def test_a_series_moves_on_by_a_week_though_each_comes_to_the_time_of_the_next(group, cast):
    values = {"circle": group.circle, "actor": group.leader, "spans": spans(3, 10, 17), "key": uuid.uuid4()}
    made = actions.plan_series(**values)
    again = {"starts_at": moment(-10, 9), "ends_at": moment(-10, 10), "following": True}
    actions.change_plan(gathering=made[0], actor=group.leader, **again)
    found = [Gathering.objects.get(pk=row.pk).starts_at for row in made]
    assert found == [moment(-day, 9) for day in (10, 17, 24)]


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
