from django.urls import reverse
from django.utils import timezone

from config.own_data import register
from core.people.queries import own_data
from lms.enrolments.queries import candidates_in
from lms.models import CohortSurvey
from lms.surveys import actions
from lms.surveys.queries import answered_of, results_of, sheets_of
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_invitation,
    make_survey,
    make_user,
    make_version,
)
from tests.lms.surveys.steps import fill, later


def test_the_surveys_that_completion_waits_for_are_counted(cohort, enrolment, django_assert_num_queries):
    make_survey(cohort)
    needed = make_survey(cohort, is_required=True)
    make_survey(cohort, is_required=True, stopped_at=timezone.now())
    other = make_enrolment(make_cohort(cohort.organisation), enrolment.person)
    with django_assert_num_queries(2):
        assert answered_of([enrolment.pk, other.pk]) == {enrolment.pk: (0, 1, False), other.pk: (0, 0, False)}
    actions.send_answers(invitation=fill(make_invitation(needed, enrolment)))
    assert answered_of([enrolment.pk]) == {enrolment.pk: (1, 1, False)}


def test_the_export_of_own_data_says_what_it_can(cohort, enrolment):
    register()
    named, hidden = make_survey(cohort), make_survey(cohort, is_anonymous=True)
    actions.send_answers(invitation=fill(make_invitation(named, enrolment), scale="3", text="有名字"))
    actions.send_answers(invitation=fill(make_invitation(hidden, enrolment), scale="1", text="悄悄话"))
    told = own_data(enrolment.person)["surveys"]
    assert "有名字" in str(told) and "悄悄话" not in str(told)
    assert any(row.get("state") == "answered" and row["note"] for row in told)


def answer(survey, *texts):
    """People of the cohort who answer in the order of these texts."""
    for text in texts:
        row = make_enrolment(survey.cohort, make_user().person)
        actions.send_answers(invitation=fill(make_invitation(survey, row), scale="4", text=text))


def seen(survey, user):
    """How many answers the results and the workbook count, and the texts in them."""
    survey = CohortSurvey.objects.select_related("cohort", "version", "before").get(pk=survey.pk)
    found = results_of(survey, user)
    if not found.is_shown:
        return 0, set()
    texts = set(found.questions[1].texts)
    tables = sheets_of(survey, found)
    assert {text for _prompt, text in tables[-1].rows} == texts
    assert {row[2] for row in tables[0].rows} == {found.questions[0].main.n}
    return found.questions[0].main.n, texts


def test_anonymous_answers_are_shown_after_the_survey_has_closed(cohort, cast):
    survey = make_survey(cohort, is_anonymous=True)
    answer(survey, *"甲乙丙丁戊己")
    actions.run_surveys()
    assert seen(survey, cast.administrator) == (0, set())
    with later(14):
        actions.run_surveys()
    assert seen(survey, cast.administrator) == (6, set("甲乙丙丁戊己"))


def test_anonymous_answers_are_shown_when_the_survey_is_stopped(cohort, cast):
    survey = make_survey(cohort, is_anonymous=True)
    answer(survey, *"甲乙丙丁戊")
    actions.stop_survey(survey=survey, actor=cast.administrator, reason="写错了")
    assert seen(survey, cast.administrator) == (5, set("甲乙丙丁戊"))


def test_late_anonymous_answers_join_the_results_five_at_a_time(cohort, cast):
    survey = make_survey(cohort, is_anonymous=True, is_required=True)
    answer(survey, *"甲乙丙丁戊")
    with later(14):
        actions.run_surveys()
        answer(survey, *"子丑寅卯")
        actions.run_surveys()
        assert seen(survey, cast.administrator) == (5, set("甲乙丙丁戊"))
        answer(survey, "辰")
        actions.run_surveys()
        assert seen(survey, cast.administrator) == (10, set("甲乙丙丁戊子丑寅卯辰"))
        answer(survey, "巳")
        actions.stop_survey(survey=survey, actor=cast.administrator, reason="够了")
        assert seen(survey, cast.administrator)[0] == 10


def test_only_the_trainee_reads_whether_an_anonymous_survey_is_answered(client, cast, tree):
    version = make_version(rule={"lessons": True, "surveys": True})
    cohort = make_cohort(tree["district"], version)
    row = make_enrolment(cohort, cast.trainee.person)
    survey = make_survey(cohort, is_anonymous=True, is_required=True)
    place = reverse("lms:enrolment-progress", args=[row.pk])
    for user, lines in ((cast.trainee, 1), (cast.instructor, 0)):
        client.force_login(user)
        shown = client.get(place).context
        asked = [each for each in shown["rows"] if "问卷" in each.title]
        assert len(asked) == lines
    assert not any("问卷" in text for each in candidates_in(cohort.pk) for text in each.missing)
    CohortSurvey.objects.filter(pk=survey.pk).update(is_anonymous=False)
    assert any("问卷" in each.title for each in client.get(place).context["rows"])
