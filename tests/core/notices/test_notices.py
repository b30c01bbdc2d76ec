"""Notices: told once, shown in the site, carried outside as each person wishes."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.models import Delivery, Notice, Person, User
from core.notices import channels
from core.notices.actions import both, mark_read, next_digest, notify, notify_many, send_due_letters

MORNING = datetime.datetime(2026, 11, 23, 8, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))


def wish(user: object, notice_mail: str) -> None:
    Person.objects.filter(user=user).update(notice_mail=notice_mail)
    user.person.refresh_from_db()


def tell(user: object, title: str = "You have a place: %(cohort)s", **more: object) -> Notice | None:
    return notify(user=user, kind="test", title=title, body="Come.", url="/profile/", cohort="薪火", **more)


def test_an_event_is_told_once_to_each(cast: SimpleNamespace) -> None:
    assert tell(cast.trainee, source="enrolment:1")
    assert tell(cast.trainee, source="enrolment:1") is None
    assert tell(cast.other_trainee, source="enrolment:1")
    assert Notice.objects.count() == 2


def test_many_are_told_once_in_a_few_statements(
    cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    users = list(User.objects.select_related("person"))
    notify(user=cast.trainee, kind="test", title="x", source="test:1")
    told = {
        "kind": "test",
        "title": "%(day)s",
        "source": "test:1",
        "urgent": True,
        "day": datetime.date(2026, 11, 25),
    }
    with django_assert_max_num_queries(8):
        assert notify_many(users=users, url=lambda user: f"/of/{user.pk}/", **told) == len(users) - 1
    assert notify_many(users=users, **told) == 0
    own = cast.auditor.notices.get(source="test:1")
    assert own.url == f"/of/{cast.auditor.pk}/"
    assert "25" in own.title_in("zh-hans")
    assert own.deliveries.get().due_at <= timezone.now()


@pytest.mark.parametrize("reason", ["场地维修，下期再开", "场地维修，下期再开。", "人数不足！", "No room."])
def test_a_reason_that_ends_its_own_sentence_gets_no_second_full_stop(
    cast: SimpleNamespace, reason: str
) -> None:
    for sentence in ("原因：%(reason)s。你可以转过去。", "Reason: %(reason)s. You can move there."):
        notice = notify(user=cast.trainee, kind="test", title=sentence, body=sentence, reason=reason)
        assert notice is not None
        for text in (notice.title_in("en"), notice.body_in("en")):
            stem = reason.rstrip("。！.")
            after = text.partition(stem)[2].partition("你" if "你" in text else " You")[0]
            assert len(after) == 1 and after in "。！.", text


def test_each_wish_is_heeded(cast: SimpleNamespace) -> None:
    with time_machine.travel(MORNING, tick=False):
        for user, choice in ((cast.trainee, "each"), (cast.supervisor, "digest"), (cast.auditor, "none")):
            wish(user, choice)
            tell(user)
        assert send_due_letters() == 1
        assert [letter.to for letter in mail.outbox] == [[cast.trainee.email]]
    assert not Delivery.objects.filter(notice__user=cast.auditor).exists()
    assert tell(cast.auditor, urgent=True) and Delivery.objects.filter(notice__user=cast.auditor).exists()


def test_what_waits_becomes_one_letter_in_the_morning(cast: SimpleNamespace) -> None:
    wish(cast.trainee, "digest")
    with time_machine.travel(MORNING, tick=False):
        for number in range(3):
            tell(cast.trainee, source=str(number))
        assert send_due_letters() == 0
    with time_machine.travel(next_digest(MORNING) + datetime.timedelta(minutes=1), tick=False):
        assert send_due_letters() == 1
        assert send_due_letters() == 0
    (letter,) = mail.outbox
    assert "3" in letter.subject and letter.body.count("Come.") == 3
    html = str(letter.alternatives[0][0])
    assert html.count("Come.") == 3 and "<style" not in html


def test_the_digest_goes_out_at_the_next_eight_oclock() -> None:
    assert next_digest(MORNING).day == 24 and next_digest(MORNING.replace(hour=7)).day == 23


def test_a_letter_addresses_its_reader_politely_and_leaves_what_people_wrote(cast: SimpleNamespace) -> None:
    wish(cast.trainee, "each")
    notice = notify(
        user=cast.trainee,
        kind="test",
        title="Your claim is in public notice",
        body="%(reason)s",
        reason="你好，照片不清楚",
    )
    assert notice is not None and send_due_letters() == 1
    assert notice.title_in("zh-hans") == "你的申领正在公示"
    (letter,) = mail.outbox
    html = str(letter.alternatives[0][0])
    assert letter.subject == "您的申领正在公示"
    for written in (str(letter.body), html):
        assert "您的申领正在公示" in written and "你的" not in written
        assert "你好，照片不清楚" in written


def test_a_letter_that_fails_is_tried_again_and_not_doubled(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(cast.trainee, "each")
    tell(cast.trainee)

    def broken(letter: channels.Letter) -> None:
        raise OSError("the mail server does not answer")

    with monkeypatch.context() as patch:
        patch.setitem(channels.CHANNELS, "mail", broken)
        assert send_due_letters() == 0
    assert "does not answer" in Delivery.objects.get().error
    assert send_due_letters() == 0  # claimed a moment ago: another worker may be at it
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        assert send_due_letters() == 1 and send_due_letters() == 0
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("channel", ["sms", "wechat"])
def test_channels_without_a_gateway_say_so_and_write_no_number(
    cast: SimpleNamespace, caplog: pytest.LogCaptureFixture, channel: str
) -> None:
    cast.trainee.phone = "13800138000"
    cast.trainee.save()
    notice = tell(cast.trainee)
    channels.CHANNELS[channel](channels.Letter(user=cast.trainee, notices=(notice,)))
    assert "without a gateway" in caplog.text and "13800138000" not in caplog.text


def test_the_list_shows_the_badge_and_reading_takes_it_away(client: Client, cast: SimpleNamespace) -> None:
    client.force_login(cast.trainee)
    first, second = tell(cast.trainee), tell(cast.trainee)
    body = client.get("/notices/").content.decode()
    assert 'class="badge"' in body and body.count("薪火") >= 2
    assert client.get(f"/notices/{first.pk}/")["Location"] == "/profile/"
    first.refresh_from_db()
    assert first.read_at
    assert f"notice-{first.pk}" not in client.get("/notices/?show=unread").content.decode()
    client.post("/notices/read/")
    second.refresh_from_db()
    assert second.read_at
    assert 'class="badge" aria-hidden="true"' not in client.get("/notices/").content.decode()


def test_a_notice_of_somebody_else_is_not_there(client: Client, cast: SimpleNamespace) -> None:
    notice = tell(cast.other_trainee)
    client.force_login(cast.trainee)
    assert client.get(f"/notices/{notice.pk}/").status_code == 404
    client.post("/notices/read/", {"notice": notice.pk})
    assert mark_read(user=cast.trainee, notice_id=notice.pk) == 0
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_notice_leads_nowhere_else(client: Client, cast: SimpleNamespace) -> None:
    notice = tell(cast.trainee)
    Notice.objects.filter(pk=notice.pk).update(url="https://evil.example/")
    client.force_login(cast.trainee)
    assert client.get(f"/notices/{notice.pk}/")["Location"] == "/notices/"


@pytest.mark.parametrize("value", ["x", "-1", "9" * 40, "１"])
def test_a_strange_number_of_a_notice_is_no_error(client: Client, cast: SimpleNamespace, value: str) -> None:
    client.force_login(cast.trainee)
    assert client.post("/notices/read/", {"notice": value}).status_code == 302


def test_other_channels_are_used_only_by_those_who_chose_them(
    cast: SimpleNamespace, caplog, settings
) -> None:
    Person.objects.filter(user=cast.trainee).update(notice_mail="none", notice_sms=True, notice_wechat=True)
    cast.trainee.person.refresh_from_db()
    tell(cast.trainee, urgent=True)
    tell(cast.supervisor, urgent=True)
    sent = set(Delivery.objects.values_list("notice__user__email", "channel"))
    mail_too = {("trainee@example.com", channel) for channel in ("mail", "sms", "wechat")}
    assert sent == mail_too | {("supervisor@example.com", "mail")}
    assert send_due_letters() == 4
    assert caplog.text.count("without a gateway") == 2
    settings.NOTICE_CHANNELS = ["wechat"]
    assert tell(cast.trainee).deliveries.get().channel == "wechat"


def test_a_title_is_read_in_the_readers_language(cast: SimpleNamespace) -> None:
    told = {"kind": "test", "title": "%(cohort)s: %(announcement)s", "announcement": "x"}
    new = notify(user=cast.trainee, cohort=both("秋季班", "Autumn cohort"), **told)
    plain = notify(user=cast.trainee, cohort=both("秋季班", ""), **told)
    old = notify(user=cast.trainee, cohort="秋季班", **told)
    assert new is not None and plain is not None and old is not None
    assert new.title_in("en") == "Autumn cohort: x"
    assert "秋季班" in new.title_in("zh-hans") and "Autumn" not in new.title_in("zh-hans")
    assert plain.title_in("en") == old.title_in("en") == "秋季班: x"
