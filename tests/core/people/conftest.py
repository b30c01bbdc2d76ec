"""The desk of an administrator of the district."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client


@pytest.fixture
def desk(client: Client, cast: SimpleNamespace) -> Client:
    client.force_login(cast.administrator)
    return client


def names_on(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()
