"""An account is handed over once, whoever comes at the same time and by whichever door."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import close_old_connections, connection, transaction

from core.models import Activation, User
from core.people.actions import activate, void_code
from tests.factories import make_user

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def activation() -> Activation:
    return Activation.objects.create(user=make_user("诸葛明"), code_hash="x" * 64)


def by_itself(act: Any) -> Any:
    close_old_connections()
    try:
        return act()
    finally:
        connection.close()


def test_one_code_typed_many_times_at_once_sets_one_password(activation):
    def take_over(number: int) -> bool:
        values = {"password": f"liuxing-yu-{number}", "consent_version": "1"}
        return by_itself(lambda: activate(activation=activation, **values))

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(take_over, range(8)))
    assert done.count(True) == 1
    assert User.objects.get(pk=activation.user_id).check_password(f"liuxing-yu-{done.index(True)}")


def test_a_password_that_is_being_set_is_not_overwritten_by_a_code_that_was_typed_meanwhile(activation):
    is_set = threading.Event()

    def own_password() -> None:
        with transaction.atomic():
            user = User.objects.get(pk=activation.user_id)
            user.set_password("qingming-yu-77")
            user.save(update_fields=["password"])
            is_set.set()
            time.sleep(0.5)
            void_code(user=user)

    def take_over() -> bool:
        is_set.wait(10)
        return activate(activation=activation, password="liuxing-yu-2026", consent_version="1")

    with ThreadPoolExecutor(2) as pool:
        own, other = pool.submit(by_itself, own_password), pool.submit(by_itself, take_over)
        own.result()
        assert other.result() is False
    assert User.objects.get(pk=activation.user_id).check_password("qingming-yu-77")
