"""Surveys and their answers."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation

if TYPE_CHECKING:
    from lms.models import Cohort, CohortSurvey, Enrolment, SurveyDesign, SurveyInvitation, SurveyResponse


def ask(kind: str, key: str = "", **more: object) -> dict[str, object]:
    """One question of a survey as a version keeps it; `key` is the kind unless another one is given."""
    facts: dict[str, object] = {"key": key or kind, "kind": kind, "prompt": f"问题{kind}", "prompt_en": ""}
    if kind == "heading":
        return facts
    facts |= {"hint": "", "is_required": kind != "text"}
    if kind == "scale":
        facts |= {"low": "完全不同意", "high": "完全同意"}
    if kind in ("one", "several"):
        facts["choices"] = [{"key": f"{kind}-{letter}", "text": letter, "text_en": ""} for letter in "abc"]
        facts["correct"] = []
    return facts | more


def make_design(organisation: Organisation, level: str = "reaction", **fields: object) -> SurveyDesign:
    """A survey of this organisation with one rating and one free text."""
    from lms.models import SurveyDesign

    body = [
        ("heading", {"prompt": "课程"}),
        ("scale", {"prompt": "内容有用", "low": "完全不同意", "high": "完全同意", "is_required": True}),
        ("text", {"prompt": "还想说什么", "is_required": False}),
    ]
    defaults = {"title": "结业反馈", "title_en": "Feedback", "body": body}
    return SurveyDesign.objects.create(organisation=organisation, level=level, **defaults | fields)


def make_survey(
    cohort: Cohort,
    level: str = "reaction",
    questions: list[dict[str, object]] | None = None,
    **fields: object,
) -> CohortSurvey:
    """A survey of this cohort that has opened today for two weeks: with names, unless `is_anonymous`."""
    from lms.models import CohortSurvey, SurveyVersion

    version = fields.pop("version", None)
    if version is None:
        design = make_design(cohort.organisation, level)
        version = SurveyVersion.objects.create(
            design=design,
            number=1,
            title=design.title,
            title_en=design.title_en,
            level=level,
            questions=questions or [ask("heading"), ask("scale"), ask("text")],
            fingerprint=uuid.uuid4().hex,
        )
    raters = {
        "asks_self": level in ("reaction", "learning"),
        "asks_supervisor": level == "behaviour",
        "asks_employer": level == "results",
    }
    opens = {"opens_from": "completion" if level in ("behaviour", "results") else "start"}
    return CohortSurvey.objects.create(cohort=cohort, version=version, level=level, **raters | opens | fields)


def make_invitation(survey: CohortSurvey, enrolment: Enrolment, **fields: object) -> SurveyInvitation:
    """An invitation that has been told of, open from today; to the trainee unless `respondent` is another one."""
    from lms.models import SurveyInvitation

    today = timezone.localdate()
    defaults = {
        "respondent": enrolment.person.user,
        "rater": "self",
        "opens_on": today,
        "closes_on": today + timedelta(days=13),
        "told_on": today,
    }
    return SurveyInvitation.objects.create(
        survey=survey, enrolment=enrolment, subject=enrolment.person, **defaults | fields
    )


def make_response(invitation: SurveyInvitation, **answers: object) -> SurveyResponse:
    """The invitation answered: `scale=4` is the answer to the question with this key. Results count it at once."""
    from lms.models import SurveyInvitation, SurveyResponse

    survey = invitation.survey
    SurveyInvitation.objects.filter(pk=invitation.pk).update(state="answered")
    anonymous = survey.is_anonymous
    return SurveyResponse.objects.create(
        survey=survey,
        invitation=None if anonymous else invitation,
        is_anonymous=anonymous,
        is_shown=anonymous,
        rater=invitation.rater,
        answers=answers or {"scale": 4},
        answered_on=None if anonymous else timezone.localdate(),
        pair=invitation.pair,
    )
