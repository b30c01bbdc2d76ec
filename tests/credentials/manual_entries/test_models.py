"""What the database itself refuses of manual entries."""

import pytest
from django.db import IntegrityError, transaction

from credentials.models import ManualEntry
from tests.credentials.manual_entries.steps import a_degree
from tests.factories import make_manual


@pytest.mark.parametrize("who", ["entered_by", "holder"])
def test_the_database_itself_refuses_a_second_officer_who_is_none(cast, who):
    entry = make_manual(cast.trainee.person, cast.administrator)
    same = getattr(entry, f"{who}_id")
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualEntry.objects.filter(pk=entry.pk).update(state="confirmed", decided_by=same)


@pytest.mark.parametrize("wrong", [{"state": "approved"}, {"training": "dancing"}], ids=str)
def test_the_database_itself_refuses_a_state_or_a_training_that_is_none(cast, wrong):
    entry = make_manual(cast.trainee.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualEntry.objects.filter(pk=entry.pk).update(**wrong)


def test_the_database_itself_refuses_a_second_degree(cast):
    a_degree(cast.trainee.person)
    other = make_manual(cast.trainee.person, days_ago=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualEntry.objects.filter(pk=other.pk).update(training="degree", degree_slot="life")
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualEntry.objects.filter(pk=other.pk).update(degree_slot="life")
