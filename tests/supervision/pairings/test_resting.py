"""A pause has a reason and perhaps a last day; while a pair rests nobody is asked to meet."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from supervision.evaluations.queries import pairings_to_ask
from supervision.models import Meeting, Pause
from supervision.pairings.actions import NotPossible, end_pauses, pause_pairing, resume_pairing
from supervision.pairings.queries import quiet_pairings
from tests.factories import make_meeting, make_pause, make_session


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def text(response):
    return response.content.decode()


def test_both_read_why_and_until_when(client, pair, cast):
    pause_pairing(pairing=pair.pairing, actor=cast.administrator, reason="休产假", until=in_days(30))
    for user in (cast.trainee, cast.supervisor):
        client.force_login(user)
        assert "休产假" in text(client.get(pair.pairing.get_absolute_url()))
    assert Notice.objects.filter(source__contains=":paused:").count() == 2
    client.force_login(cast.administrator)
    assert "休产假" in text(client.get(reverse("pairings:detail", args=[pair.pairing.pk])))


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"reason": "休假", "until": in_days(-2)}])
def test_without_a_reason_or_for_a_day_that_has_passed_it_does_not_rest(pair, cast, wrong):
    with pytest.raises(NotPossible):
        pause_pairing(pairing=pair.pairing, actor=cast.administrator, **wrong)
    assert not Pause.objects.exists()


def test_after_its_last_day_it_goes_on_by_itself_once(pair):
    type(pair.pairing).objects.update(state="paused")
    make_pause(pair.pairing, until=in_days(0))
    assert end_pauses() == 0
    Pause.objects.update(until=in_days(-1), starts_on=in_days(-9))
    assert (end_pauses(), end_pauses()) == (1, 0)
    pair.pairing.refresh_from_db()
    assert pair.pairing.state == "active" and Pause.objects.get().ended_at


def test_without_a_last_day_it_rests_until_it_is_resumed(pair, cast):
    pause_pairing(pairing=pair.pairing, actor=cast.administrator, reason="休产假")
    assert end_pauses() == 0
    resume_pairing(pairing=pair.pairing, actor=cast.administrator)
    assert Pause.objects.get().ended_by == cast.administrator


def test_after_a_pause_the_quiet_days_are_counted_from_its_end(pair):
    make_session(pair.pairing, "confirmed", days_ago=50)
    assert list(quiet_pairings(timezone.now())) == [pair.pairing]
    make_pause(pair.pairing, starts_on=in_days(-40), ended_at=timezone.now() - timedelta(days=3))
    assert list(quiet_pairings(timezone.now())) == []
    Pause.objects.update(ended_at=timezone.now() - timedelta(days=46), starts_on=in_days(-49))
    assert list(quiet_pairings(timezone.now())) == [pair.pairing]


def test_while_it_rests_no_evaluation_is_asked_for(pair):
    make_session(pair.pairing, "confirmed", days_ago=5)
    assert list(pairings_to_ask(timezone.localdate())) == [pair.pairing]
    type(pair.pairing).objects.update(state="paused")
    assert list(pairings_to_ask(timezone.localdate())) == []


def test_what_is_planned_in_the_pause_is_cancelled_and_what_comes_after_stays(pair, cast):
    now = timezone.now()
    within, after = (
        make_meeting(
            pair.pairing,
            "planned",
            starts_at=now + timedelta(days=days),
            ends_at=now + timedelta(days=days, hours=1),
        )
        for days in (3, 30)
    )
    pause_pairing(pairing=pair.pairing, actor=cast.administrator, reason="休假", until=in_days(10))
    assert Meeting.objects.get(pk=within.pk).state == "cancelled"
    assert Meeting.objects.get(pk=after.pk).state == "planned"


def test_the_officer_pauses_with_a_reason_and_resumes(client, pair, cast):
    client.force_login(cast.administrator)
    address = reverse("pairings:pause", args=[pair.pairing.pk])
    for bad in ({}, {"reason": "\0", "until": "x"}, {"reason": "休假", "until": "2020-01-01"}):
        assert client.post(address, bad).status_code == 200
    assert not Pause.objects.exists()
    client.post(address, {"reason": "休假", "until": in_days(9).isoformat()})
    assert Pause.objects.get().until == in_days(9)
    client.post(address, {"reason": "又一次"})
    assert Pause.objects.count() == 1
    resume = reverse("pairings:resume", args=[pair.pairing.pk])
    assert client.get(resume).status_code == 405
    client.post(resume)
    client.post(resume)
    pair.pairing.refresh_from_db()
    assert pair.pairing.state == "active"
    client.force_login(cast.auditor)
    assert client.get(address).status_code == 404
