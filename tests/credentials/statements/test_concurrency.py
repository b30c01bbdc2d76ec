"""Statements that are asked for at once."""

import pytest

from credentials.models import HoursStatement, StatementCounter
from tests.credentials.statements.conftest import issued
from tests.lms.enrolments.test_concurrency import at_once


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_asked_by_eight_clicks_at_once_it_is_one(entry, cast):
    made = at_once(lambda _: issued(cast).pk, range(8))
    assert set(made) == {HoursStatement.objects.get().pk}
    assert StatementCounter.objects.get().last == 1
