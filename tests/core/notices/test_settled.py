"""A notice that asked for something which is done, and days in the reader's language."""

from datetime import date

import pytest

from core.models import Notice
from core.notices.actions import notify, settle
from core.notices.models import Delivery
from tests.factories import make_user


@pytest.fixture
def asked(db):
    user = make_user("林一")
    for number in (1, 11):
        notify(user=user, kind="test", title="Please confirm", source=f"test:{number}:asked:1")
    return user


def test_what_was_asked_and_done_counts_as_read_and_no_letter_repeats_it(asked):
    assert settle(user=asked, source="test:1:asked:") == 1
    left = Notice.objects.get(user=asked, read_at=None)
    assert left.source == "test:11:asked:1"
    assert [row.notice for row in Delivery.objects.all()] == [left]
    assert settle(user=asked, source="test:1:asked:") == 0


def test_nobody_elses_notices_are_settled(asked):
    other = make_user("周一")
    notify(user=other, kind="test", title="Please confirm", source="test:1:asked:1")
    settle(user=asked, source="test:1:asked:")
    assert Notice.objects.filter(user=other, read_at=None).exists()


def test_a_day_is_written_as_the_reader_writes_it(asked):
    notice = notify(user=asked, kind="test", title="Session of %(on)s", on=date(2026, 11, 3))
    notice.refresh_from_db()
    assert "2026年11月3日" in notice.title_in("zh-hans")
    assert "3 November 2026" in notice.title_in("en")
