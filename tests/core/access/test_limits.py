"""Who is counted where something may be asked so many times a minute."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("one_minute")


def test_colleagues_at_one_address_do_not_use_up_each_others_profile(cast: SimpleNamespace) -> None:
    busy, other = Client(), Client()
    busy.force_login(cast.trainee)
    other.force_login(cast.other_trainee)
    for _ in range(30):
        busy.get("/profile/")
    assert busy.get("/profile/").status_code == 429
    assert other.get("/profile/").status_code == 200


def test_a_whole_class_at_one_address_may_open_its_accounts(cast: SimpleNamespace) -> None:
    for number in range(45):
        client = Client()
        assert client.get("/activate/").status_code == 200
        tried = client.post("/activate/", {"login": f"a{number}@example.com", "code": "ABCD-EFGH-JKLM"})
        assert tried.status_code == 200
    codes = [Client().post("/activate/", {"login": "a@example.com"}).status_code for _ in range(20)]
    assert codes[-1] == 429
    assert Client().get("/activate/").status_code == 200
