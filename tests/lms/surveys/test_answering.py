import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.models import AuditEntry
from lms.models import SurveyInvitation, SurveyResponse
from lms.surveys import actions
from tests.factories import (
    ask,
    make_invitation,
    make_survey,
)
from tests.lms.surveys.steps import TODAY, fill


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
    assert kept == {
        "id",
        "survey",
        "invitation",
        "is_anonymous",
        "rater",
        "answers",
        "answered_on",
        "pair",
        "is_shown",
    }
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
