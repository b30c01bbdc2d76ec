"""A cohort in its middle with somebody idle and somebody well under way, and what a test registers."""

from types import SimpleNamespace

import pytest

from lms.enrolments.queries import completion
from lms.teaching.queries import (
    sources,
)
from tests.factories import (
    make_user,
)
from tests.lms.teaching.steps import enrol, make_running, read


@pytest.fixture
def sources_kept(monkeypatch):
    """Whatever a test registers is gone after it."""
    monkeypatch.setattr(completion, "_SOURCES", {})
    for name in ("COUNTERS", "COLUMNS", "GRID", "MARKING", "FOLLOWED"):
        monkeypatch.setattr(sources, name, {})
        for module in ("overview", "grades", "paces", "work"):
            home = __import__(f"lms.teaching.queries.{module}", fromlist=["x"])
            if hasattr(home, name):
                monkeypatch.setattr(home, name, getattr(sources, name))


@pytest.fixture
def corner(tree, cast):
    cohort = make_running(tree)
    rows = SimpleNamespace(
        cohort=cohort, idle=enrol(cohort, cast.trainee), well=enrol(cohort, make_user("甲一"))
    )
    read(rows.well, 3)
    return rows


@pytest.fixture
def teacher(client, cast):
    client.force_login(cast.instructor)
    return client
