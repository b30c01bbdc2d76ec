"""The permission table of surveys agrees with what each role's queries find."""

import pytest

from lms.models import CohortSurvey, SurveyDesign, SurveyInvitation, SurveyResponse
from tests.cast import CAST
from tests.factories import (
    make_cohort,
    make_design,
    make_enrolment,
    make_invitation,
    make_response,
    make_survey,
)

MODELS = [CohortSurvey, SurveyDesign, SurveyInvitation, SurveyResponse]
VERBS = {
    SurveyDesign: ["change_surveydesign"],
    CohortSurvey: ["stop_survey"],
    SurveyInvitation: ["name_rater", "answer_survey"],
    SurveyResponse: [],
}


@pytest.fixture
def rows(tree, cast):
    """Surveys of the district and of another one, named and anonymous, with a supervisor and with nobody to rate."""
    cohort = make_cohort(tree["district"])
    other = make_cohort(tree["other_district"], cohort.version)
    here, foreign, there = (
        make_enrolment(cohort, cast.trainee.person),
        make_enrolment(cohort, cast.outside_trainee.person),
        make_enrolment(other, cast.other_trainee.person),
    )
    surveys = [make_survey(cohort), make_survey(other, is_anonymous=True), make_survey(other, "behaviour")]
    invitations = [
        make_invitation(surveys[0], here),
        make_invitation(surveys[0], foreign),
        make_invitation(surveys[1], there),
        make_invitation(surveys[2], there, respondent=cast.supervisor, rater="supervisor"),
        make_invitation(surveys[2], there, respondent=None, rater="supervisor"),
    ]
    places = ("city", "district", "other_district", "station")
    return {
        SurveyDesign: [make_design(tree[place]) for place in places],
        CohortSurvey: surveys,
        SurveyInvitation: invitations,
        SurveyResponse: [make_response(row) for row in invitations[:4]],
    }


@pytest.mark.parametrize("part", CAST)
@pytest.mark.parametrize("model", MODELS)
def test_who_may_view_a_row_finds_it_and_nobody_else(cast, rows, part, model):
    user = getattr(cast, part)
    found = set(model.objects.visible_to(user))
    for row in rows[model]:
        assert user.has_perm(f"lms.view_{model._meta.model_name}", row) == (row in found), (part, row)


@pytest.mark.parametrize("part", CAST)
@pytest.mark.parametrize("model", MODELS)
def test_what_may_be_changed_may_be_seen(cast, rows, part, model):
    user = getattr(cast, part)
    found = set(model.objects.visible_to(user))
    for row in rows[model]:
        assert not any(user.has_perm(f"lms.{name}", row) for name in VERBS[model]) or row in found
