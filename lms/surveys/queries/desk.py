"""Surveys at the desk: those of a cohort, and those that can be put to it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from core.access.scope import Asker
from lms.cohorts.models import Cohort
from lms.surveys.models import CohortSurvey, SurveyDesign
from lms.surveys.states import InvitationState


def surveys_in(cohort: Cohort) -> list[Any]:
    """The surveys of one cohort with how many were asked and have answered, and how many wait for a rater. One query."""
    answered = Count("invitations", filter=Q(invitations__state=InvitationState.ANSWERED))
    lost = Count(
        "invitations", filter=Q(invitations__state=InvitationState.OPEN, invitations__respondent=None)
    )
    rows = CohortSurvey.objects.filter(cohort=cohort).select_related("version", "class_session", "before")
    return list(rows.annotate(asked=Count("invitations"), answered=answered, without_rater=lost))


def usable_designs(user: Asker) -> QuerySet[SurveyDesign]:
    """The surveys that this officer can put to a cohort."""
    return SurveyDesign.objects.visible_to(user).active().select_related("organisation")


def design_uses(user: Asker) -> QuerySet[Any]:
    """For the list at the desk: each survey with how often it was used. One query."""
    uses = Count("versions__uses", distinct=True)
    rows = SurveyDesign.objects.visible_to(user).select_related("organisation")
    return rows.annotate(uses=uses, newest=Count("versions", distinct=True))
