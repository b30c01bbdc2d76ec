"""A survey about a mentee's work after a course is there where the supervisor works."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.models import SurveyInvitation
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_invitation,
    make_pairing,
    make_supervisor,
    make_survey,
)


@pytest.fixture
def supervisor(tree, cast):
    supervisor = make_supervisor(cast.supervisor, tree["agency"])
    make_pairing(supervisor, cast.trainee.person)
    return supervisor


def test_what_is_asked_about_a_mentee_waits_on_the_supervisors_page(client, supervisor, tree, cast):
    cohort = make_cohort(tree["district"])
    invitation = make_invitation(make_survey(cohort), make_enrolment(cohort, cast.trainee.person))
    today = timezone.localdate()
    SurveyInvitation.objects.filter(pk=invitation.pk).update(
        respondent=cast.supervisor,
        subject=cast.trainee.person,
        rater="supervisor",
        opens_on=today,
        closes_on=today + timedelta(days=9),
    )
    address = reverse("lms:survey-answer", args=[invitation.pk])
    client.force_login(cast.supervisor)
    page = client.get(reverse("supervision:home"))
    assert address in page.text
    client.force_login(cast.trainee)
    assert address not in client.get(reverse("supervision:home")).text
