"""Roles over time: what was held stays to be seen, and who may publish follows the roles of today."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import RoleAssignment
from core.organisations.actions import EDITORS, end_role, grant_role, sync_due_groups
from tests.factories import make_user

DAY = datetime.timedelta(days=1)


def held(user):
    return list(
        RoleAssignment.objects.filter(user=user).order_by("starts_on").values_list("starts_on", "ends_on")
    )


def test_a_role_given_again_after_it_ended_leaves_the_gap_to_be_seen(tree, cast):
    today = timezone.localdate()
    user = make_user("周一", tree["station"])
    first = grant_role(
        user=user, role="auditor", organisation=tree["district"], actor=None, starts_on=today - 300 * DAY
    )
    first.ends_on = today - 200 * DAY
    first.save()
    grant_role(user=user, role="auditor", organisation=tree["district"], actor=None)
    assert held(user) == [(today - 300 * DAY, today - 200 * DAY), (today, None)]


def test_a_role_that_is_held_only_changes_its_last_day(tree, cast):
    today = timezone.localdate()
    user = make_user("周一", tree["station"])
    for last in (None, today + 9 * DAY, None):
        grant_role(user=user, role="auditor", organisation=tree["district"], actor=None, ends_on=last)
        assert held(user) == [(today, last)]


def test_the_database_keeps_one_open_role_of_a_kind(tree, cast):
    values = {"user": cast.auditor, "role": "auditor", "organisation": tree["district"]}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(starts_on=timezone.localdate(), **values)


def test_ending_a_role_keeps_the_row_with_its_last_day(tree, cast):
    assignment = RoleAssignment.objects.get(user=cast.auditor)
    end_role(assignment=assignment, actor=cast.city_administrator)
    assert held(cast.auditor)[0][1] == timezone.localdate() - DAY


def test_whoever_published_by_a_role_that_has_run_out_publishes_no_more(tree, cast):
    today = timezone.localdate()
    user = make_user("周一", tree["station"])
    grant_role(
        user=user, role="administrator", organisation=tree["city"], actor=None, ends_on=today + 2 * DAY
    )
    assert user.groups.filter(name=EDITORS).exists()
    assert not any(f"account {user.pk}:" in line for line in sync_due_groups())
    with time_machine.travel(timezone.now() + 3 * DAY, tick=False):
        assert any(f"account {user.pk}:" in line for line in sync_due_groups())
    assert not user.groups.filter(name=EDITORS).exists()


def test_whoever_will_publish_does_so_from_the_first_day(tree, cast):
    user = make_user("周一", tree["station"])
    later = timezone.localdate() + 2 * DAY
    grant_role(user=user, role="instructor", organisation=tree["city"], actor=None, starts_on=later)
    assert not user.groups.exists()
    with time_machine.travel(timezone.now() + 2 * DAY, tick=False):
        sync_due_groups()
    assert user.groups.get().name == "Authors"
