"""Registration periods: three calendar years, never overlapping, never verified by oneself."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry, Notice, Person
from core.states import IllegalMove
from credentials.models import QualificationLevel, RegistrationPeriod
from credentials.qualifications.actions import (
    PeriodRefused,
    declare_period,
    return_period,
    save_level,
    verify_period,
    withdraw_period,
)
from credentials.qualifications.policy import last_day_of
from credentials.qualifications.queries import current_period, levels_of
from tests.factories import make_period
from tests.lms.enrolments.test_concurrency import at_once

TODAY = timezone.localdate


def declared(cast, level, days_ago=10):
    return declare_period(
        person=cast.trainee.person,
        level=level,
        starts_on=TODAY() - timedelta(days=days_ago),
        actor=cast.trainee,
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 25), date(2029, 11, 24)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 3, 1), date(2028, 2, 29)),
    ],
)
def test_three_calendar_years(first, last):
    assert last_day_of(first) == last


def test_a_declared_period_counts_at_once_and_the_officer_is_asked(cast, level):
    period = declared(cast, level)
    assert current_period(cast.trainee.person) == period
    assert levels_of([cast.trainee.person.pk]) == {cast.trainee.person.pk: set()}
    assert Notice.objects.filter(
        user=cast.administrator, source=f"credentials.declare_period:{period.pk}:"
    ).exists()
    verify_period(period=period, actor=cast.administrator)
    assert levels_of([cast.trainee.person.pk]) == {cast.trainee.person.pk: {"assistant"}}
    assert not Notice.objects.filter(user=cast.administrator, read_at=None).exists()
    assert AuditEntry.objects.get(action="credentials.verify_period").user == cast.administrator


def test_periods_of_one_person_do_not_overlap(cast, level):
    first = declared(cast, level, 10)
    for days_ago in (10, 9, 500):
        with pytest.raises(PeriodRefused):
            declared(cast, level, days_ago)
    withdraw_period(period=first, actor=cast.trainee)
    declared(cast, level, 500)


@pytest.mark.parametrize("days", [0, 1, 1095])
def test_the_database_itself_refuses_an_overlap(cast, days):
    period = make_period(cast.trainee.person)
    starts_on = period.starts_on + timedelta(days=days)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_period(cast.trainee.person, starts_on=starts_on, ends_on=last_day_of(starts_on))
    ended = make_period(
        cast.trainee.person, state="withdrawn", starts_on=starts_on, ends_on=last_day_of(starts_on)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationPeriod.objects.filter(pk=ended.pk).update(state="declared")
    make_period(
        cast.trainee.person,
        starts_on=period.ends_on + timedelta(days=1),
        ends_on=period.ends_on + timedelta(days=900),
    )


def test_the_database_itself_refuses_a_state_that_is_none(cast):
    period = make_period(cast.trainee.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationPeriod.objects.filter(pk=period.pk).update(state="verfied")


def test_nobody_verifies_their_own(cast, level):
    own = declare_period(
        person=cast.administrator.person, level=level, starts_on=TODAY(), actor=cast.administrator
    )
    for act in (verify_period, lambda **each: return_period(reason="x", **each)):
        with pytest.raises(PeriodRefused):
            act(period=own, actor=cast.administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationPeriod.objects.filter(pk=own.pk).update(state="verified", verified_by=cast.administrator)


def test_a_period_is_withdrawn_by_its_person_and_nobody_else(cast, level):
    period = declared(cast, level)
    with pytest.raises(PeriodRefused):
        withdraw_period(period=period, actor=cast.administrator)
    period.refresh_from_db()
    assert period.state == "declared"
    withdraw_period(period=period, actor=cast.trainee)
    assert AuditEntry.objects.get(action="credentials.withdraw_period").user == cast.trainee


def test_a_returned_period_says_why_and_may_be_declared_again(cast, level):
    period = declared(cast, level)
    with pytest.raises(PeriodRefused):
        return_period(period=period, reason=" ", actor=cast.administrator)
    return_period(period=period, reason="起始日不符", actor=cast.administrator)
    with pytest.raises(IllegalMove):
        withdraw_period(period=period, actor=cast.trainee)
    assert current_period(cast.trainee.person) is None
    declared(cast, level)


@pytest.mark.parametrize("day", [date(1999, 1, 1), date(9998, 1, 1)])
def test_an_impossible_day_is_refused(cast, level, day):
    with pytest.raises(PeriodRefused):
        declare_period(person=cast.trainee.person, level=level, starts_on=day, actor=cast.trainee)


def test_without_an_employer_nobody_could_verify_it(cast, level):
    Person.objects.filter(pk=cast.trainee.person.pk).update(employer=None)
    with pytest.raises(PeriodRefused):
        declared(cast, level)


def test_a_level_is_kept_and_audited(cast, level):
    level.name = "助理社工师"
    save_level(level=level, actor=cast.city_administrator)
    assert AuditEntry.objects.filter(action="credentials.save_level").count() == 1
    assert QualificationLevel.objects.get(code="assistant").name_here == "助理社工师"


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_declared_eight_times_at_once_it_is_one_period(cast, level):
    def declare(number):
        try:
            declared(cast, level, 10 + number)
        except PeriodRefused:
            return 0
        return 1

    assert sum(at_once(declare, range(8))) == RegistrationPeriod.objects.count() == 1
