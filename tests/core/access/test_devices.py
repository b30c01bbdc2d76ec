"""The list of the devices that are signed in says in words which they are."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from core.access.devices import device_words
from core.models import User

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
ANDROID = "Mozilla/5.0 (Linux; Android 12; M2012K11AC)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (f"{WINDOWS} {WEBKIT} Chrome/120.0.0.0 Safari/537.36", "Chrome · Windows"),
        (f"{WINDOWS} {WEBKIT} Chrome/120.0.0.0 Safari/537.36 Edg/120.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605 Version/17.1 Safari/605.1",
            "Safari · Mac",
        ),
        (f"{IPHONE} Version/17.1 Mobile/15E148 Safari/604.1", "Safari · iPhone"),
        (f"{IPHONE} Mobile/15E148 MicroMessenger/8.0.43 NetType/WIFI", "微信 · iPhone"),
        (f"{ANDROID} {WEBKIT} Chrome/86.0 MQQBrowser/13.0 Mobile Safari/537.36", "QQ浏览器 · 安卓"),
        (f"{ANDROID} {WEBKIT} Chrome/107 wxwork/4.1 MicroMessenger/7.0.1 Mobile", "企业微信 · 安卓"),
        (f"Mozilla/5.0 (Phone; OpenHarmony 5.0) {WEBKIT} Chrome/114.0 Mobile", "Chrome · 鸿蒙"),
        ("Go-http-client/1.1 (Windows)", "Windows"),
        ("", "未知设备"),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(header: str, words: str) -> None:
    with override("zh-hans"):
        assert device_words(header) == words


@pytest.mark.django_db
def test_the_list_shows_the_words_and_the_header_as_a_title_only(client: Client) -> None:
    header = f"{WINDOWS} {WEBKIT} Chrome/120.0.0.0 Safari/537.36"
    user = User.objects.create_user("someone@example.com", password="ein-langes-Wort-9")
    client.force_login(user)
    key = client.session.session_key
    UserSession.objects.update_or_create(
        session_key=key, defaults={"user": user, "ip": "127.0.0.1", "user_agent": header}
    )
    page = client.get(reverse("usersessions_list")).content.decode()
    assert "Chrome · Windows</" in page
    assert page.count(header) == page.count(f'title="{header}"') == 1
