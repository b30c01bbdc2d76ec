"""The dated rules of supervision: of one place one begins on a day, the last that began holds, and none ever changes."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from supervision.evaluations.queries import minimum_for, rules_in_force
from supervision.models import (
    AllowanceRate,
    LoggingRule,
    PublicationRule,
    SupervisionNorm,
    TrainingRequirement,
)
from supervision.sessions.queries import days_to_record_at

RULES = [
    pytest.param(LoggingRule, {"days": 9}, id="recording"),
    pytest.param(PublicationRule, {"minimum": 6}, id="publication"),
    pytest.param(SupervisionNorm, {"workers": 5}, id="staffing"),
    pytest.param(TrainingRequirement, {"minutes": 960}, id="own training"),
    pytest.param(AllowanceRate, {"tier": "junior", "per": "session", "amount": 200}, id="allowance"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "said"), RULES)
def test_of_one_place_one_rule_begins_on_a_day_and_none_ever_changes(tree, model, said):
    place = {"organisation": tree["city"], "source": "通知"}
    rule = model.objects.create(starts_on=date(2025, 1, 1), **place, **said)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(starts_on=date(2025, 1, 1), **place, **said)
    model.objects.create(starts_on=date(2025, 2, 1), **place, **said)
    rows = model.objects.filter(pk=rule.pk)
    for act in (
        lambda: rows.update(starts_on=date(2025, 2, 1)),
        lambda: rows.update(source="改"),
        rows.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    rule.refresh_from_db()
    assert (rule.starts_on, rule.source) == (date(2025, 1, 1), "通知")


@pytest.mark.django_db
def test_of_two_rules_of_a_place_the_one_that_began_last_holds(tree):
    for month, number in ((1, 9), (2, 5)):
        fields = {"organisation": tree["city"], "source": "通知", "starts_on": date(2025, month, 1)}
        LoggingRule.objects.create(days=number, **fields)
        PublicationRule.objects.create(minimum=number, **fields)
    path = tree["city"].path
    for day, number in ((date(2025, 1, 31), 9), (date(2025, 2, 1), 5)):
        assert days_to_record_at(tree["city"], day)[0] == number
        assert minimum_for(rules_in_force(day), path) == number
