"""A department in Jingzhou, and an internship that has ended."""

import pytest

from core.models import Region
from tests.factories import make_internship


@pytest.fixture
def bureau(tree):
    """The city's department: it lies in Jingzhou."""
    Region.objects.get_or_create(code="421000", defaults={"name": "荆州市", "level": "city"})
    tree["city"].region_id = "421000"
    tree["city"].save()
    return tree["city"]


@pytest.fixture
def ended(cast, bureau):
    return make_internship(
        cast.trainee.person, cast.city_administrator, cast.supervisor, bureau, "ended", days_ago=800
    )
