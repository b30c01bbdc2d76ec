"""The quizzes of a cohort at the desk cost the same for one attempt and for many, and show nobody outside one's tree."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lms.assessments import actions
from tests.factories import make_cohort, make_enrolment, make_paper, make_user, make_version

MOST = 15


@pytest.fixture
def cohort(tree):
    version = make_version(lessons=0, questions=make_paper(3), sat={"watches": True})
    return make_cohort(tree["district"], version)


def sit(cohort, tree, name):
    enrolment = make_enrolment(cohort, make_user(name, tree["street"]).person, "enrolled")
    attempt = actions.start_attempt(enrolment=enrolment, paper=cohort.version.papers.get())
    for page in (1, 2):
        actions.note_page(attempt=attempt, page=page)
    return attempt


def cost(client, address):
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_one_attempt_and_many_cost_the_same(client, cast, tree, cohort):
    client.force_login(cast.administrator)
    attempt = sit(cohort, tree, "甲")
    key = cohort.version.papers.get().key
    places = [
        reverse("sittings:cohort", args=[cohort.pk]),
        reverse("sittings:quiz", args=[cohort.pk, key]),
        reverse("sittings:attempt", args=[attempt.pk]),
    ]
    few = [cost(client, place) for place in places]
    for name in "乙丙丁":
        sit(cohort, tree, name)
    assert [cost(client, place) for place in places] == few
    assert max(few) <= MOST
    client.force_login(cast.outsider)
    assert {client.get(place).status_code for place in places} == {404}


def test_an_attempt_of_which_nothing_was_kept_is_shown_as_that(client, cast, tree, cohort):
    enrolment = make_enrolment(cohort, cast.trainee.person, "enrolled")
    attempt = actions.start_attempt(enrolment=enrolment, paper=cohort.version.papers.get())
    actions.save_answers(attempt=attempt, answers=[actions.Chosen("question-1", ())])
    client.force_login(cast.instructor)
    shown = client.get(reverse("sittings:attempt", args=[attempt.pk]))
    assert "还没有记录" in shown.content.decode()
    assert {each["seconds"] for each in shown.context["questions"]} == {None}


def test_a_quiz_that_the_course_does_not_have_is_not_found(client, cast, cohort):
    client.force_login(cast.administrator)
    other = "6f9619ff-8b86-4d01-b42d-00cf4fc964aa"
    assert client.get(reverse("sittings:quiz", args=[cohort.pk, other])).status_code == 404
