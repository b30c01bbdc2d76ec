from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.templatetags.times import ago
from core.templatetags.ui import bare
from core.ui.deadlines import distance_to

TODAY = date(2026, 3, 5)


@given(st.integers(-5000, 5000))
def test_the_distance_is_the_number_of_midnights_between(days: int) -> None:
    assert distance_to(TODAY + timedelta(days=days), today=TODAY).days == days


def test_the_tone_grows_louder_as_the_day_comes_near_and_falls_silent_after_it() -> None:
    tones = [distance_to(TODAY + timedelta(days=n), today=TODAY).tone for n in (8, 7, 3, 2, 0, -1)]
    assert tones == ["plain", "warn", "warn", "bad", "bad", "past"]


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (0, "0 minutes ago", "0 分钟前"),
        (59, "59 minutes ago", "59 分钟前"),
        (60, "1 hour ago", "1 小时前"),
        (36 * 60, "1 day ago", "1 天前"),
    ],
)
def test_a_waiting_time_is_told_in_one_unit(minutes: int, english: str, chinese: str) -> None:
    then = timezone.now() - timedelta(minutes=minutes)
    with override("en"):
        assert ago(then) == english
    with override("zh-hans"):
        assert ago(then) == chinese


def test_a_label_that_is_a_sentence_loses_its_end_before_a_colon() -> None:
    assert [bare(label) for label in ("证书上将使用该姓名。", "姓名", "How?")] == [
        "证书上将使用该姓名",
        "姓名",
        "How",
    ]
