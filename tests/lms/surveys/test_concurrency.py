import pytest

from core.models import User
from lms.models import SurveyInvitation, SurveyResponse
from lms.surveys import actions
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_invitation,
    make_organisation,
    make_response,
    make_survey,
    make_user,
)
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cohort():
    from django.utils import timezone

    return make_cohort(
        make_organisation("示例机构"), starts_on=timezone.localdate(), opens_at=None, closes_at=None
    )


@pytest.mark.parametrize("is_anonymous", [True, False])
def test_twenty_clicks_in_twenty_tabs_send_one_answer(cohort, is_anonymous):
    survey = make_survey(cohort, is_anonymous=is_anonymous, is_required=True)
    invitation = make_invitation(survey, make_enrolment(cohort, make_user().person))
    actions.keep_draft(invitation=invitation, raw={"scale": ["4"]})
    sent = at_once(lambda _: actions.send_answers(invitation=SurveyInvitation.objects.get()), range(20))
    assert sum(sent) == SurveyResponse.objects.count() == 1


def test_clocks_that_run_at_the_same_time_invite_once(cohort):
    make_survey(cohort)
    for _ in range(5):
        make_enrolment(cohort, make_user().person)
    at_once(lambda _: actions.run_surveys(), range(6))
    assert SurveyInvitation.objects.count() == 5
    assert all(user.notices.count() == 1 for user in User.objects.filter(survey_invitations__isnull=False))


def test_clocks_that_run_at_the_same_time_let_answers_join_once(cohort):
    from django.utils import timezone

    survey = make_survey(cohort, is_anonymous=True, stopped_at=timezone.now())
    for _ in range(7):
        make_response(make_invitation(survey, make_enrolment(cohort, make_user().person)))
    SurveyResponse.objects.update(is_shown=False)
    today = timezone.localdate()
    assert sorted(at_once(lambda _: actions.show_answers(survey=survey, today=today), range(6))) == [
        0
    ] * 5 + [7]
