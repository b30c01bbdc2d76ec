"""A project under way."""

import pytest

from tests.factories import (
    make_project,
)


@pytest.fixture
def project(pair, cast):
    return make_project(pair.supervisor, cast.trainee.person, title="老年友好社区")
