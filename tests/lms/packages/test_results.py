"""The desk's list of what people have come to in a package."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lms.models import Registration, ScoState
from lms.packages.actions import begin_session
from tests.factories import make_cohort, make_enrolment, make_version
from tests.factories.core import make_user
from tests.factories.packages import make_bare_package, make_package_version, ordered

pytestmark = pytest.mark.django_db


@pytest.fixture
def package(tree, cast):
    return make_bare_package(tree["district"], cast.instructor)


@pytest.fixture
def cohort(tree, package):
    return make_cohort(tree["district"], make_version(quizzes=0, package=package), capacity=60)


def results(client, user, package):
    client.force_login(user)
    return client.get(reverse("packages:results", args=[package.package_id]))


def learnt(cohort, package, person, **found):
    state = begin_session(enrolment=make_enrolment(cohort, person), version=package, item="I1")
    ScoState.objects.filter(pk=state.pk).update(**found)
    return state


def test_score_status_and_time_stand_beside_each_person(client, cast, package, cohort):
    learnt(cohort, package, cast.trainee.person, score=0.8, completion="completed", seconds=61)
    Registration.objects.update(completed_at="2026-11-28T00:00:00Z")
    learnt(cohort, package, cast.other_trainee.person, score=0.3, completion="completed", success="failed")
    page = results(client, cast.instructor, package)
    words = page.content.decode()
    for said in (cast.trainee.person.name, cast.other_trainee.person.name, "80", "2分钟", "30", "未通过"):
        assert said in words.replace(" ", ""), said
    assert [row.score for row in page.context["rows"]] == [30, 80]  # who was there last comes first


def test_the_score_of_a_package_with_an_order_is_rolled_up(client, cast, tree):
    package = make_package_version(tree["district"], ordered(), cast.instructor)
    cohort = make_cohort(tree["district"], make_version(quizzes=0, package=package))
    state = begin_session(enrolment=make_enrolment(cohort, cast.trainee.person), version=package, item="PRE")
    ScoState.objects.filter(pk=state.pk).update(score=0.9, completion="completed", success="failed")
    assert [row.score for row in results(client, cast.instructor, package).context["rows"]] == [30]


def test_nobody_sees_people_outside_their_tree(client, cast, tree, package, cohort):
    learnt(cohort, package, cast.trainee.person)
    assert results(client, cast.auditor, package).status_code == 200
    for part in ("trainee", "outsider"):
        assert results(client, getattr(cast, part), package).status_code in (302, 403, 404)


def test_a_package_that_nobody_opened_says_so(client, cast, package):
    assert "还没有" in results(client, cast.instructor, package).content.decode()


def test_the_list_takes_as_many_statements_for_forty_people_as_for_one(
    client, cast, package, cohort, django_assert_max_num_queries
):
    for _number in range(40):
        learnt(cohort, package, make_user().person)
    results(client, cast.instructor, package)
    with django_assert_max_num_queries(15):
        page = client.get(reverse("packages:results", args=[package.package_id]))
    assert len(page.context["rows"]) == 30 and page.context["page"].has_next()
