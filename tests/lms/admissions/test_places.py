"""Places kept for organisations."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.states import Refused
from lms.admissions import actions as admissions
from lms.cohorts.actions import CohortRefused, change_cohort
from lms.enrolments.actions import fill_places, withdraw
from lms.models import Cohort
from tests.factories import make_cohort, make_organisation, make_user
from tests.lms.admissions.steps import hand_in


def test_places_are_kept_until_the_window_closes(tree, cast):
    cohort = make_cohort(tree["city"], capacity=2)
    admissions.set_quota(
        cohort=cohort, organisation=tree["district"], places=2, actor=cast.city_administrator
    )
    outside = hand_in(cohort, cast.outside_trainee)
    assert outside.state == "waiting"
    assert hand_in(cohort, cast.trainee).state == "applied"
    Cohort.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    admissions.release_places()
    outside.refresh_from_db()
    assert outside.state == "offered"
    assert Cohort.objects.get().seats_taken == 2


@pytest.mark.parametrize("place", ["other_district", "city", "district"])
def test_places_are_kept_for_those_below_the_organiser_alone(tree, cast, place):
    cohort = make_cohort(tree["district"])
    with pytest.raises(Refused):
        admissions.set_quota(cohort=cohort, organisation=tree[place], places=1, actor=cast.administrator)
    assert not cohort.quotas.exists()


def test_a_freed_place_that_is_kept_goes_to_whom_it_is_kept_for(tree, cast):
    cohort = make_cohort(tree["city"], capacity=1)
    first = hand_in(cohort, cast.trainee)
    admissions.set_quota(
        cohort=cohort, organisation=tree["district"], places=1, actor=cast.city_administrator
    )
    outside, inside = hand_in(cohort, cast.outside_trainee), hand_in(cohort, cast.other_trainee)
    withdraw(enrolment=first, actor=cast.trainee)
    outside.refresh_from_db()
    inside.refresh_from_db()
    assert (outside.state, inside.state) == ("waiting", "offered")


def test_removing_a_quota_lets_those_who_wait_move_up(tree, cast):
    cohort = make_cohort(tree["city"], capacity=1)
    row = admissions.set_quota(cohort=cohort, organisation=tree["district"], places=1, actor=None)
    outside = hand_in(cohort, cast.outside_trainee)
    assert outside.state == "waiting"
    assert admissions.remove_quota(quota=row, actor=cast.city_administrator)
    assert not admissions.remove_quota(quota=row, actor=cast.city_administrator)
    outside.refresh_from_db()
    assert outside.state == "offered"


def test_without_a_waiting_list_the_refusal_says_that_places_are_kept(tree, cast):
    cohort = make_cohort(tree["city"], capacity=1, has_waiting_list=False)
    admissions.set_quota(cohort=cohort, organisation=tree["district"], places=1, actor=None)
    with pytest.raises(Refused):
        hand_in(cohort, cast.outside_trainee)


def test_quotas_never_promise_more_than_there_is(tree, cast):
    cohort = make_cohort(tree["city"], capacity=3)

    def keep(name, places):
        return admissions.set_quota(cohort=cohort, organisation=tree[name], places=places, actor=None)

    keep("district", 2)
    with pytest.raises(Refused):
        keep("other_district", 2)
    keep("other_district", 1)
    with pytest.raises(CohortRefused):
        change_cohort(cohort=cohort, actor=None, capacity=2)
    keep("district", 1)
    change_cohort(cohort=cohort, actor=None, capacity=2)


def test_places_that_are_taken_already_cannot_be_kept(tree, cast):
    cohort = make_cohort(tree["city"], capacity=1)
    hand_in(cohort, cast.outside_trainee)
    with pytest.raises(Refused):
        admissions.set_quota(cohort=cohort, organisation=tree["district"], places=1, actor=None)


def test_the_employer_counts_as_it_was_at_the_application(tree, cast):
    cohort = make_cohort(tree["city"], capacity=2)
    admissions.set_quota(cohort=cohort, organisation=tree["district"], places=1, actor=None)
    hand_in(cohort, cast.trainee)
    person = cast.trainee.person
    person.employer = tree["other_station"]
    person.save()
    assert hand_in(cohort, cast.outside_trainee).state == "applied"
    assert fill_places(cohort=cohort) == 0


def test_somebody_without_an_employer_takes_part_in_what_is_kept_for_nobody(tree):
    cohort = make_cohort(tree["city"], capacity=2)
    admissions.set_quota(
        cohort=cohort, organisation=make_organisation("机构", tree["city"]), places=1, actor=None
    )
    assert hand_in(cohort, make_user("独行")).state == "applied"
    assert hand_in(cohort, make_user("后来")).state == "waiting"


def test_quotas_that_have_run_out_block_nothing(tree, cast):
    cohort = make_cohort(tree["city"], capacity=3)
    row = admissions.set_quota(cohort=cohort, organisation=tree["district"], places=3, actor=None)
    past = timezone.now() - timedelta(hours=1)
    type(row).objects.filter(pk=row.pk).update(until=past)
    change_cohort(cohort=cohort, actor=None, capacity=2)
    admissions.set_quota(cohort=cohort, organisation=tree["other_district"], places=2, actor=None)


def test_quotas_that_come_into_force_again_are_counted(tree, cast):
    now = timezone.now()
    cohort = make_cohort(tree["city"], capacity=3, closes_at=now + timedelta(days=1))
    admissions.set_quota(cohort=cohort, organisation=tree["district"], places=3, actor=None)
    change_cohort(cohort=cohort, actor=None, closes_at=now - timedelta(minutes=1))
    change_cohort(cohort=cohort, actor=None, capacity=2)
    with pytest.raises(Refused):
        change_cohort(cohort=cohort, actor=None, closes_at=now + timedelta(days=1))


def test_nothing_is_kept_and_nobody_invited_until_a_moment_that_is_past(tree, cast):
    cohort, past = make_cohort(tree["city"]), timezone.now() - timedelta(minutes=1)
    with pytest.raises(Refused):
        admissions.set_quota(cohort=cohort, organisation=tree["district"], places=1, until=past, actor=None)
    with pytest.raises(Refused):
        admissions.make_code(cohort=cohort, expires_at=past, actor=cast.city_administrator)
