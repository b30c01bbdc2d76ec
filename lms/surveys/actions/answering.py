"""Answering: drafts, and the answers sent once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.actions import record
from core.notices.actions import settle
from core.states import StaleState, move
from lms.enrolments.actions import complete_if_done
from lms.enrolments.models import Enrolment
from lms.enrolments.states import EnrolmentState
from lms.surveys import policy
from lms.surveys.actions.putting import SurveyRefused
from lms.surveys.models import (
    CohortSurvey,
    SurveyInvitation,
    SurveyResponse,
    SurveyVersion,
)
from lms.surveys.policy import Raw
from lms.surveys.states import MOVES, InvitationState, Rater

KEPT_TEXT = (
    4000  # of one answer in a draft: more than can be sent, so that nothing typed is cut before it is checked
)


class Incomplete(SurveyRefused):
    """Something must still be answered, or answered differently."""


def kept_raw(*, version: SurveyVersion, raw: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What a draft keeps of a form: the texts under the names of the questions, as they were typed."""
    found = {}
    for part in version.asked:
        given = [text.replace("\0", "")[:KEPT_TEXT] for text in raw.get(part.key, ())][
            : len(part.choices) or 1
        ]
        if any(text.strip() for text in given):
            found[part.key] = given
    return found


@transaction.atomic
def keep_draft(*, invitation: SurveyInvitation, raw: Raw) -> dict[str, list[str]]:
    """Keep what was typed so far; answers with what is kept. Raises SurveyRefused when nothing is taken any more."""
    refuse_closed(invitation=invitation)
    draft = kept_raw(version=invitation.survey.version, raw=raw)
    if not SurveyInvitation.objects.open().filter(pk=invitation.pk).update(draft=draft):
        raise SurveyRefused(_("This survey has been answered already. Thank you."))
    invitation.draft = draft
    return draft


def refuse_closed(*, invitation: SurveyInvitation) -> None:
    """Raise SurveyRefused when no answer is taken, saying why."""
    if invitation.state == InvitationState.ANSWERED:
        raise SurveyRefused(_("This survey has been answered already. Thank you."))
    today = timezone.localdate()
    if invitation.is_closed(today):
        raise SurveyRefused(_("This survey has closed. Nothing was sent."))
    if not invitation.window.has_opened(today):
        raise SurveyRefused(_("This survey has not opened yet."))


@transaction.atomic
def send_answers(*, invitation: SurveyInvitation) -> bool:
    """Send what the draft says, exactly once; False when it was sent before (a second click, another tab).

    Raises Incomplete when something must still be answered, and SurveyRefused when the survey has closed.
    Side effects, in order: the answers, of an anonymous survey without any link; the draft is emptied; of a named one an
    audit entry; the notices that asked for it are settled; when completion waits for it, `complete_if_done`.
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=invitation.enrolment_id)
    rows = SurveyInvitation.objects.select_for_update(of=("self",)).select_related(
        "survey__version", "survey__cohort__organisation", "respondent"
    )
    row = rows.get(pk=invitation.pk)
    if row.state == InvitationState.ANSWERED:
        return False
    refuse_closed(invitation=row)
    checked = policy.check(row.survey.version.parts, row.draft)
    if checked.faults:
        raise Incomplete(_("Some questions still need an answer."))
    try:
        move(row, InvitationState.ANSWERED, MOVES, draft={})
    except StaleState:
        return False
    _keep_response(row, checked.values)
    if not row.survey.is_anonymous:
        record(
            action="lms.send_answers",
            target=row,
            actor=row.respondent,
            organisation=row.survey.cohort.organisation,
            after={"version": row.survey.version.number},
        )
    _settle(row)
    if row.survey.is_required and row.rater == Rater.SELF and enrolment.state == EnrolmentState.ENROLLED:
        complete_if_done(enrolment=enrolment)
    return True


def _keep_response(row: SurveyInvitation, values: dict[str, policy.Value]) -> None:
    anonymous = row.survey.is_anonymous
    SurveyResponse.objects.create(
        survey=row.survey,
        invitation=None if anonymous else row,
        is_anonymous=anonymous,
        rater=row.rater,
        answers=values,
        answered_on=None if anonymous else timezone.localdate(),
        pair=row.pair,
    )
    if anonymous:
        CohortSurvey.objects.filter(pk=row.survey_id).update(is_mixed=False)
        if row.survey.before_id is not None and row.pair is not None:
            SurveyInvitation.objects.filter(pair=row.pair).update(pair=None)


def _settle(row: SurveyInvitation) -> None:
    """The notices about this survey are done with once nothing of it waits for this person."""
    others = row.survey.invitations.open().filter(respondent=row.respondent_id)
    if row.respondent is not None and not others.exists():
        settle(user=row.respondent, source=f"lms.survey:{row.survey_id}:")
