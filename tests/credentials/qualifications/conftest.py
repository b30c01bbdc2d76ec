"""The first of the three levels."""

import pytest

from credentials.models import QualificationLevel


@pytest.fixture
def level(db):
    return QualificationLevel.objects.get_or_create(
        code="assistant", defaults={"name": "助理", "target_hours": 72}
    )[0]
