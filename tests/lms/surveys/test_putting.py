import pytest
from django.db import IntegrityError, transaction

from core.models import Notice
from lms.models import CohortSurvey, SurveyResponse, SurveyVersion
from lms.surveys import actions
from tests.factories import (
    make_cohort,
    make_design,
    make_enrolment,
    make_invitation,
    make_learned,
    make_survey,
    make_version,
)
from tests.lms.surveys.steps import TODAY, fill, plan


def test_editing_a_survey_in_use_makes_a_new_version_and_changes_no_old_one(tree, cast, cohort):
    design = make_design(tree["district"])
    first = actions.assign_survey(cohort=cohort, design=design, plan=plan(), actor=cast.administrator)
    design.title = "新题目"
    actions.save_design(design=design, actor=cast.administrator)
    second = actions.assign_survey(cohort=cohort, design=design, plan=plan(after=3), actor=cast.administrator)
    assert (first.version.number, second.version.number) == (1, 2)
    first.version.refresh_from_db()
    assert first.version.title == "结业反馈" and second.version.title == "新题目"
    again = actions.assign_survey(cohort=cohort, design=design, plan=plan(after=5), actor=cast.administrator)
    assert again.version == second.version


def test_a_version_cannot_be_changed_even_past_the_code(cohort):
    version = make_survey(cohort).version
    with pytest.raises(Exception, match="append"), transaction.atomic():
        SurveyVersion.objects.filter(pk=version.pk).update(title="x")


def test_the_level_of_a_survey_in_use_stays(tree, cast, cohort):
    design = make_design(tree["district"])
    actions.assign_survey(cohort=cohort, design=design, plan=plan(), actor=cast.administrator)
    design.level = "behaviour"
    with pytest.raises(actions.SurveyRefused):
        actions.save_design(design=design, actor=cast.administrator)


def test_putting_the_same_survey_twice_is_refused(tree, cast, cohort):
    design = make_design(tree["district"])
    actions.assign_survey(cohort=cohort, design=design, plan=plan(), actor=cast.administrator)
    with pytest.raises(actions.SurveyRefused):
        actions.assign_survey(cohort=cohort, design=design, plan=plan(), actor=cast.administrator)
    assert CohortSurvey.objects.count() == 1


def test_a_survey_about_learning_is_put_twice(tree, cast, cohort):
    design = make_design(tree["district"], "learning")
    after = actions.assign_survey(
        cohort=cohort, design=design, plan=plan("learning"), actor=cast.administrator
    )
    assert after.before.opens_from == "start" and after.before.version == after.version


@pytest.mark.parametrize(
    "bad",
    [
        plan(opens_from="completion", is_required=True),
        plan(raters=("supervisor",)),
        plan(opens_from="class"),
        plan("behaviour", "completion"),
        plan(lasts=0),
    ],
)
def test_what_cannot_be_met_is_refused(tree, cast, cohort, bad):
    with pytest.raises(actions.SurveyRefused):
        actions.assign_survey(
            cohort=cohort, design=make_design(tree["district"]), plan=bad, actor=cast.administrator
        )


def test_the_database_refuses_an_anonymous_rating_of_one_person(cohort):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_survey(cohort, "behaviour", is_anonymous=True)


def test_an_officer_names_somebody_by_hand(cohort, cast):
    make_enrolment(cohort, cast.trainee.person, "completed")
    survey = make_survey(cohort, "behaviour")
    actions.run_surveys()
    lost = survey.invitations.get()
    with pytest.raises(actions.SurveyRefused):
        actions.name_rater(invitation=lost, respondent=cast.trainee, actor=cast.administrator)
    actions.name_rater(invitation=lost, respondent=cast.instructor, actor=cast.administrator)
    with pytest.raises(actions.SurveyRefused):
        actions.name_rater(invitation=lost, respondent=cast.supervisor, actor=cast.administrator)
    assert survey.invitations.get().respondent == cast.instructor
    assert Notice.objects.filter(user=cast.instructor, kind="lms.survey").exists()


def test_stopping_closes_what_is_open_and_keeps_what_was_answered(cohort, enrolment, cast):
    survey = make_survey(cohort)
    actions.send_answers(invitation=fill(make_invitation(survey, enrolment)))
    other = make_invitation(survey, make_enrolment(cohort, cast.other_trainee.person))
    with pytest.raises(actions.SurveyRefused):
        actions.stop_survey(survey=survey, actor=cast.administrator, reason=" ")
    assert actions.stop_survey(survey=survey, actor=cast.administrator, reason="题目有误")
    assert not actions.stop_survey(survey=survey, actor=cast.administrator, reason="题目有误")
    other.refresh_from_db()
    assert other.state == "expired" and SurveyResponse.objects.count() == 1


@pytest.mark.parametrize("how", ["answered", "stopped"])
def test_who_only_missed_the_survey_completes_with_it(tree, cast, how, django_capture_on_commit_callbacks):
    version = make_version(rule={"lessons": True, "quizzes": True, "surveys": True})
    cohort = make_cohort(tree["district"], version, starts_on=TODAY())
    enrolment = make_learned(make_enrolment(cohort, cast.trainee.person))
    first, second = make_survey(cohort, is_required=True), make_survey(cohort, is_required=True)
    actions.send_answers(invitation=fill(make_invitation(first, enrolment)))
    enrolment.refresh_from_db()
    assert enrolment.state == "enrolled"
    if how == "answered":
        actions.send_answers(invitation=fill(make_invitation(second, enrolment)))
    else:
        with django_capture_on_commit_callbacks(execute=True):
            actions.stop_survey(survey=second, actor=cast.administrator, reason="题目有误")
            enrolment.refresh_from_db()
            assert enrolment.state == "enrolled"  # a whole cohort does not wait inside the officer's click
    enrolment.refresh_from_db()
    assert enrolment.state == "completed"


def test_nothing_is_required_where_the_course_does_not_ask_for_it(tree, cast, cohort):
    design = make_design(tree["district"])
    with pytest.raises(actions.SurveyRefused):
        actions.assign_survey(
            cohort=cohort, design=design, plan=plan(is_required=True), actor=cast.administrator
        )
