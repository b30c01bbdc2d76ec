"""Ninety minutes of a class, and the statement that lists them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from credentials.hours.actions import credit_attendance
from credentials.statements.actions import issue_statement
from credentials.statements.files import open_statement
from tests.factories import make_cohort, make_enrolment, make_settled


@pytest.fixture
def entry(tree, cast):
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person)
    return credit_attendance(event=make_settled(enrolment))


def issued(cast, actor=None, days=30):
    today = timezone.localdate()
    return issue_statement(
        person=cast.trainee.person,
        first_on=today - timedelta(days=days),
        last_on=today,
        actor=actor or cast.trainee,
    )


def content_of(statement) -> bytes:
    with open_statement(statement) as file:
        return file.read()
