import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.own_data import register
from core.models import AuditEntry, Notice
from core.people.queries import own_data
from lms.models import CohortSurvey, Enrolment, SurveyInvitation, SurveyResponse, SurveyVersion
from lms.surveys import actions
from lms.surveys.policy import Plan
from lms.surveys.queries import answered_of
from tests.factories import (
    ask,
    give_role,
    make_class,
    make_cohort,
    make_design,
    make_enrolment,
    make_invitation,
    make_learned,
    make_pairing,
    make_supervisor,
    make_survey,
    make_user,
    make_version,
)

TODAY = timezone.localdate


def plan(level="reaction", opens_from="end", after=0, lasts=14, raters=("self",), **more):
    return Plan(level, opens_from, after, lasts, frozenset(raters), **more)


@pytest.fixture
def cohort(tree):
    """A cohort whose first day is today."""
    return make_cohort(
        tree["district"],
        starts_on=TODAY(),
        ends_on=TODAY() + datetime.timedelta(days=30),
        opens_at=None,
        closes_at=None,
    )


@pytest.fixture
def enrolment(cohort, cast):
    return make_enrolment(cohort, cast.trainee.person)


def later(days):
    return time_machine.travel(timezone.now() + datetime.timedelta(days=days), tick=False)


def fill(invitation, **answers):
    actions.keep_draft(
        invitation=invitation,
        raw={
            key: value if isinstance(value, list) else [value]
            for key, value in (answers or {"scale": "4"}).items()
        },
    )
    return invitation


# --- Writing -------------------------------------------------------------------------------------------------


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


# --- Invitations ---------------------------------------------------------------------------------------------


def test_invitations_are_made_once_however_often_the_clock_runs(cohort, enrolment):
    make_survey(cohort)
    for _ in range(3):
        actions.run_surveys()
    assert SurveyInvitation.objects.count() == 1
    assert Notice.objects.filter(user=enrolment.person.user, kind="lms.survey").count() == 1


def test_nobody_is_asked_before_the_day_and_whoever_comes_late_only_where_completion_waits(
    cohort, enrolment, cast
):
    late = make_survey(cohort, after_days=5, lasts_days=3)
    needed = make_survey(cohort, after_days=5, lasts_days=3, is_required=True)
    with later(4):
        actions.run_surveys()
        assert not SurveyInvitation.objects.exists()
    with later(9):
        actions.run_surveys()
        assert not late.invitations.exists() and needed.invitations.count() == 1


def test_after_a_class_its_cohort_is_asked(cohort, enrolment):
    survey = make_survey(cohort, opens_from="class", class_session=make_class(cohort, days=-1))
    actions.run_surveys()
    assert survey.invitations.get().opens_on == TODAY() - datetime.timedelta(days=1)


def test_ninety_days_after_completion_the_present_supervisor_is_asked(cohort, cast, tree):
    done = make_enrolment(cohort, cast.trainee.person, "completed")
    survey = make_survey(cohort, "behaviour", after_days=90, lasts_days=30)
    actions.run_surveys()
    assert not survey.invitations.exists()
    make_pairing(make_supervisor(cast.supervisor), cast.trainee.person)
    with later(91):
        actions.run_surveys()
        invitation = survey.invitations.get()
        assert (invitation.respondent, invitation.subject) == (cast.supervisor, done.person)
        assert invitation.opens_on == TODAY() - datetime.timedelta(days=1)


def test_without_a_supervisor_there_is_one_invitation_for_nobody_until_one_comes(cohort, cast):
    make_enrolment(cohort, cast.trainee.person, "completed")
    survey = make_survey(cohort, "behaviour")
    actions.run_surveys()
    actions.run_surveys()
    assert survey.invitations.get().respondent is None
    make_pairing(make_supervisor(cast.supervisor), cast.trainee.person)
    actions.run_surveys()
    assert survey.invitations.get().respondent == cast.supervisor
    assert Notice.objects.filter(user=cast.supervisor, kind="lms.survey").count() == 1


def test_who_comes_takes_all_empty_places_at_once(tree):
    """Six trainees without a supervisor cost as much as one, when one supervisor comes for all."""
    counts = []
    for size in (1, 6):
        cohort = make_cohort(tree["district"], starts_on=TODAY())
        survey = make_survey(cohort, "behaviour")
        people = [
            make_enrolment(cohort, make_user("学员", tree["street"]).person, "completed").person
            for _ in range(size)
        ]
        actions.run_surveys()
        assert survey.invitations.without_rater().count() == size
        supervisor = make_supervisor(make_user("新督导", tree["district"]), capacity=9)
        for person in people:
            make_pairing(supervisor, person)
        with CaptureQueriesContext(connection) as captured:
            actions.invite(survey=survey, today=TODAY())
        counts.append(len(captured))
        assert survey.invitations.filter(respondent=supervisor.person.user).count() == size
    assert counts[0] == counts[1]


def test_whoever_is_asked_about_a_trainee_already_takes_no_empty_place(cohort, cast):
    make_enrolment(cohort, cast.trainee.person, "completed")
    survey = make_survey(cohort, "behaviour", asks_employer=True)
    actions.run_surveys()
    make_pairing(make_supervisor(cast.administrator), cast.trainee.person)  # the employer's answer is theirs
    actions.run_surveys()
    assert survey.invitations.get(rater="supervisor").respondent is None


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


def test_results_are_asked_of_the_administrator_nearest_to_the_employer(cohort, cast, tree):
    make_enrolment(cohort, cast.trainee.person, "completed")
    survey = make_survey(cohort, "results")
    actions.run_surveys()
    assert survey.invitations.get().respondent == cast.administrator
    street = make_user("街道管理", tree["street"])
    give_role(street, "administrator", tree["street"])
    SurveyInvitation.objects.all().delete()
    actions.run_surveys()
    assert survey.invitations.get().respondent == street


def test_reminders_come_twice_at_most_and_stop_with_the_answer(cohort, enrolment):
    survey = make_survey(cohort)
    actions.run_surveys()
    for day in range(1, 14):
        with later(day):
            actions.run_surveys()
            actions.run_surveys()
    told = Notice.objects.filter(user=enrolment.person.user, source__contains=":reminder:")
    assert told.count() == 2
    told.delete()
    SurveyInvitation.objects.update(reminded=0)
    actions.send_answers(invitation=fill(survey.invitations.get()))
    with later(7):
        actions.run_surveys()
    assert not told.exists()


def test_what_was_not_answered_closes_and_its_draft_goes(cohort, enrolment):
    survey = make_survey(cohort)
    needed = make_survey(cohort, is_required=True)
    actions.run_surveys()
    fill(survey.invitations.get())
    with later(15):
        with pytest.raises(actions.SurveyRefused):
            actions.send_answers(invitation=survey.invitations.get())
        actions.run_surveys()
        closed = survey.invitations.get()
        assert closed.state == "expired" and closed.draft == {}
        assert needed.invitations.get().state == "open"
        assert actions.send_answers(invitation=fill(needed.invitations.get()))


def test_who_leaves_the_cohort_is_asked_no_more(cohort, enrolment):
    survey = make_survey(cohort)
    actions.run_surveys()
    Enrolment.objects.update(state="withdrawn")
    actions.run_surveys()
    assert survey.invitations.get().state == "expired"


def test_what_the_clock_closes_is_one_audit_entry_for_each_survey(cohort, enrolment):
    make_enrolment(cohort, make_user().person)
    make_survey(cohort), make_survey(cohort, is_anonymous=True)
    actions.run_surveys()
    with later(15):
        actions.run_surveys()
        actions.run_surveys()
    entries = AuditEntry.objects.filter(action="lms.expire_invitations")
    assert [(entry.organisation, entry.data) for entry in entries] == [
        (cohort.organisation, {"after": {"number": 2}})
    ] * 2


# --- Answering -----------------------------------------------------------------------------------------------


def test_answers_are_sent_once(cohort, enrolment):
    invitation = fill(make_invitation(make_survey(cohort), enrolment), scale="5", text="很好")
    assert actions.send_answers(invitation=invitation)
    assert not actions.send_answers(invitation=invitation)
    response = SurveyResponse.objects.get()
    assert response.answers == {"scale": 5, "text": "很好"} and response.invitation == invitation
    invitation.refresh_from_db()
    assert invitation.state == "answered" and invitation.draft == {}
    with pytest.raises(actions.SurveyRefused):
        actions.keep_draft(invitation=invitation, raw={"scale": ["1"]})


def test_what_must_be_answered_is_asked_for(cohort, enrolment):
    invitation = fill(make_invitation(make_survey(cohort), enrolment), text="只写了这个")
    with pytest.raises(actions.Incomplete):
        actions.send_answers(invitation=invitation)
    assert not SurveyResponse.objects.exists()


def test_a_draft_keeps_what_was_typed_even_when_it_is_wrong(cohort, enrolment):
    survey = make_survey(cohort, questions=[ask("number"), ask("text")])
    invitation = fill(make_invitation(survey, enrolment), number="十二", text="a\0b", foreign="x")
    assert SurveyInvitation.objects.get().draft == {"number": ["十二"], "text": ["ab"]}
    with pytest.raises(actions.Incomplete):
        actions.send_answers(invitation=invitation)


def test_the_surveys_that_completion_waits_for_are_counted(cohort, enrolment, django_assert_num_queries):
    make_survey(cohort)
    needed = make_survey(cohort, is_required=True)
    make_survey(cohort, is_required=True, stopped_at=timezone.now())
    other = make_enrolment(make_cohort(cohort.organisation), enrolment.person)
    with django_assert_num_queries(2):
        assert answered_of([enrolment.pk, other.pk]) == {enrolment.pk: (0, 1), other.pk: (0, 0)}
    actions.send_answers(invitation=fill(make_invitation(needed, enrolment)))
    assert answered_of([enrolment.pk]) == {enrolment.pk: (1, 1)}


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


# --- Anonymity -----------------------------------------------------------------------------------------------


def test_nothing_leads_from_an_anonymous_answer_to_its_person(cohort, enrolment):
    survey = make_survey(cohort, is_anonymous=True)
    invitation = fill(make_invitation(survey, enrolment), scale="2", text="悄悄话")
    acts = AuditEntry.objects.count()
    actions.send_answers(invitation=invitation)
    response = SurveyResponse.objects.get()
    assert response.invitation is None and response.answered_on is None and response.pair is None
    invitation.refresh_from_db()
    assert invitation.draft == {} and invitation.pair is None
    assert AuditEntry.objects.count() == acts
    kept = {field.name for field in SurveyResponse._meta.get_fields()}
    assert kept == {"id", "survey", "invitation", "is_anonymous", "rater", "answers", "answered_on", "pair"}
    for field in SurveyInvitation._meta.get_fields():
        if field.name not in ("survey", "enrolment", "subject", "respondent"):
            value = getattr(invitation, field.name, None)
            assert not isinstance(value, datetime.datetime), f"{field.name} tells when it was answered"


def test_an_anonymous_answer_with_a_link_is_refused_by_the_database(cohort, enrolment):
    survey = make_survey(cohort, is_anonymous=True)
    invitation = make_invitation(survey, enrolment)
    for linked in ({"invitation": invitation}, {"answered_on": TODAY()}):
        with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
            SurveyResponse.objects.create(survey=survey, is_anonymous=True, rater="self", **linked)


def test_the_export_of_own_data_says_what_it_can(cohort, enrolment):
    register()
    named, hidden = make_survey(cohort), make_survey(cohort, is_anonymous=True)
    actions.send_answers(invitation=fill(make_invitation(named, enrolment), scale="3", text="有名字"))
    actions.send_answers(invitation=fill(make_invitation(hidden, enrolment), scale="1", text="悄悄话"))
    told = own_data(enrolment.person)["surveys"]
    assert "有名字" in str(told) and "悄悄话" not in str(told)
    assert any(row.get("state") == "answered" and row["note"] for row in told)


def test_anonymous_answers_are_written_anew_in_another_order(cohort, cast):
    survey = make_survey(cohort, is_anonymous=True)
    for number in range(1, 6):
        row = make_enrolment(cohort, make_user().person)
        actions.send_answers(invitation=fill(make_invitation(survey, row), scale=str(number)))
    before = set(SurveyResponse.objects.values_list("pk", flat=True))
    actions.run_surveys()
    after = set(SurveyResponse.objects.values_list("pk", flat=True))
    assert len(after) == 5 and not before & after
    assert sorted(row.answers["scale"] for row in SurveyResponse.objects.all()) == [1, 2, 3, 4, 5]
    actions.run_surveys()
    assert set(SurveyResponse.objects.values_list("pk", flat=True)) == after


def before_and_after(cohort, **fields):
    before = make_survey(cohort, "learning", **fields)
    return before, make_survey(
        cohort, "learning", version=before.version, before=before, opens_from="end", **fields
    )


def test_before_and_after_are_joined_by_a_number_that_is_forgotten_with_the_second_answer(cohort, enrolment):
    before, after = before_and_after(cohort, is_anonymous=True)
    actions.run_surveys()
    first = before.invitations.get()
    assert first.pair is not None
    actions.send_answers(invitation=fill(first, scale="2"))
    with later(30):
        actions.run_surveys()
        actions.send_answers(invitation=fill(after.invitations.get(), scale="5"))
    assert not SurveyInvitation.objects.filter(pair__isnull=False).exists()
    both = list(SurveyResponse.objects.values_list("pair", flat=True))
    assert len(both) == 2 and len(set(both)) == 1 and both[0] is not None


@pytest.mark.parametrize("is_answered", [True, False])
def test_the_number_is_forgotten_too_when_the_second_half_never_comes(cohort, enrolment, is_answered):
    before, _after = before_and_after(cohort, is_anonymous=True)
    actions.run_surveys()
    if is_answered:
        actions.send_answers(invitation=fill(before.invitations.get(), scale="2"))
    with later(30):
        actions.run_surveys()
        assert SurveyInvitation.objects.filter(pair__isnull=False).count() == 2
    with later(60):
        actions.run_surveys()
    assert not SurveyInvitation.objects.filter(pair__isnull=False).exists()


# --- Completion ----------------------------------------------------------------------------------------------


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
