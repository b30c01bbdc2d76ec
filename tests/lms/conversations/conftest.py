"""A cohort with two trainees, and whoever is signed in to it."""

import pytest

from tests.factories import make_cohort, make_enrolment


@pytest.fixture
def cohort(tree, cast):
    cohort = make_cohort(tree["district"])
    make_enrolment(cohort, cast.other_trainee.person)
    return cohort


@pytest.fixture
def enrolment(cohort, cast):
    return make_enrolment(cohort, cast.trainee.person)


@pytest.fixture
def trainee(client, cast, enrolment):
    client.force_login(cast.trainee)
    return client


@pytest.fixture
def teacher(client, cast):
    client.force_login(cast.instructor)
    return client
