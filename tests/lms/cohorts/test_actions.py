import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.models import AuditEntry
from lms.cohorts.actions import CohortRefused, change_cohort, create_cohort
from lms.models import Cohort
from tests.factories import make_cohort, make_plan, make_version


@pytest.mark.parametrize("owner", ["other_district", "station", "agency"])
def test_the_plan_of_another_branch_or_of_a_part_is_not_for_this_cohort(tree, cast, owner):
    plan, version, cohort = make_plan(tree[owner]), make_version(), make_cohort(tree["district"])
    with pytest.raises(CohortRefused) as refused:
        change_cohort(cohort=cohort, actor=cast.city_administrator, plan=plan)
    assert tree[owner].name in str(refused.value)
    with pytest.raises(CohortRefused):
        create_cohort(
            course=version.course,
            organisation=tree["district"],
            title="夏季班",
            capacity=3,
            actor=cast.city_administrator,
            plan=plan,
        )
    assert Cohort.objects.get().plan is None
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("owner", ["district", "city", "province"])
def test_the_plans_of_an_organisation_are_for_it_and_for_those_below(tree, cast, owner):
    plan, cohort = make_plan(tree[owner]), make_cohort(tree["district"])
    assert change_cohort(cohort=cohort, actor=cast.administrator, plan=plan).plan == plan


def test_a_plan_that_is_closed_stays_where_it_is_and_goes_nowhere_else(tree, cast):
    plan = make_plan(tree["city"], is_active=False)
    keeps, other = make_cohort(tree["district"], plan=plan), make_cohort(tree["district"])
    changed = change_cohort(cohort=keeps, actor=cast.administrator, plan=plan, title="夏季班")
    assert (changed.plan, changed.title) == (plan, "夏季班")
    with pytest.raises(CohortRefused):
        change_cohort(cohort=other, actor=cast.administrator, plan=plan)


def test_a_cohort_has_at_least_one_place_whoever_asks(tree, cast):
    cohort = make_cohort(tree["district"])
    with pytest.raises(ValidationError):
        change_cohort(cohort=cohort, actor=cast.administrator, capacity=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Cohort.objects.filter(pk=cohort.pk).update(capacity=0)
    assert Cohort.objects.get().capacity == cohort.capacity
