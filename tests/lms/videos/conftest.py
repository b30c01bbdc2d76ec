"""A clock that is moved by hand, and a device that has begun to watch."""

from __future__ import annotations

import pytest
import time_machine

from tests.factories import make_video
from tests.lms.videos.devices import NINE, Device, enrolled


@pytest.fixture
def clock():
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def device(cast, tree, clock):
    phone = Device(cast.trainee, enrolled(cast, tree, make_video()))
    phone.open()
    phone.begin()
    return phone
