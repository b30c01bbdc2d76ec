"""Whoever is the second officer."""

import pytest

from tests.factories import give_role, make_user


@pytest.fixture
def second(tree):
    """Another administrator of the district."""
    user = make_user("司空远", tree["district"])
    give_role(user, "administrator", tree["district"])
    return user
