from django.utils import timezone

from config.own_data import register
from core.people.queries import own_data
from lms.surveys import actions
from lms.surveys.queries import answered_of
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_invitation,
    make_survey,
)
from tests.lms.surveys.steps import fill


def test_the_surveys_that_completion_waits_for_are_counted(cohort, enrolment, django_assert_num_queries):
    make_survey(cohort)
    needed = make_survey(cohort, is_required=True)
    make_survey(cohort, is_required=True, stopped_at=timezone.now())
    other = make_enrolment(make_cohort(cohort.organisation), enrolment.person)
    with django_assert_num_queries(2):
        assert answered_of([enrolment.pk, other.pk]) == {enrolment.pk: (0, 1), other.pk: (0, 0)}
    actions.send_answers(invitation=fill(make_invitation(needed, enrolment)))
    assert answered_of([enrolment.pk]) == {enrolment.pk: (1, 1)}


def test_the_export_of_own_data_says_what_it_can(cohort, enrolment):
    register()
    named, hidden = make_survey(cohort), make_survey(cohort, is_anonymous=True)
    actions.send_answers(invitation=fill(make_invitation(named, enrolment), scale="3", text="有名字"))
    actions.send_answers(invitation=fill(make_invitation(hidden, enrolment), scale="1", text="悄悄话"))
    told = own_data(enrolment.person)["surveys"]
    assert "有名字" in str(told) and "悄悄话" not in str(told)
    assert any(row.get("state") == "answered" and row["note"] for row in told)
