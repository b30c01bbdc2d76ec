import pytest

from tests.factories import (
    make_pathway,
    make_version,
)


@pytest.fixture
def versions(db):
    return [make_version() for _ in range(3)]


@pytest.fixture
def pathway(tree, versions):
    return make_pathway(tree["district"], *versions, groups={1: "a", 2: "a"}, days={0: 60}, valid_months=12)
