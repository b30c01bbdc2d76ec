import datetime
import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry, Notice
from lms.models import Enrolment, SurveyInvitation, SurveyResponse
from lms.surveys import actions
from tests.factories import (
    give_role,
    make_class,
    make_cohort,
    make_enrolment,
    make_invitation,
    make_pairing,
    make_response,
    make_supervisor,
    make_survey,
    make_user,
)
from tests.lms.surveys.steps import TODAY, fill, later


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


def test_what_results_showed_before_they_waited_for_the_end_stays_shown(cohort):
    for number in (5, 4):
        survey = make_survey(cohort, is_anonymous=True)
        for _ in range(number):
            make_response(make_invitation(survey, make_enrolment(cohort, make_user().person)))
    SurveyResponse.objects.update(is_shown=False)
    importlib.import_module("lms.migrations.0026_shown_answers").keep_what_is_shown(apps, None)
    assert SurveyResponse.objects.filter(is_shown=True).count() == 5
