"""Writing a survey, putting it to a cohort, stopping it, and naming who answers where nobody is found."""

from __future__ import annotations

import hashlib
import json

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.blocks.surveys import survey_facts
from core.people.models import User
from core.states import Refused
from lms.cohorts.models import Cohort
from lms.cohorts.queries import words
from lms.enrolments.actions import complete_those_done
from lms.enrolments.policy import rule_of
from lms.enrolments.states import EnrolmentState
from lms.surveys import policy
from lms.surveys.actions.clock import expire, show_answers, tell_invited
from lms.surveys.models import (
    CohortSurvey,
    SurveyDesign,
    SurveyInvitation,
    SurveyVersion,
)
from lms.surveys.policy import Plan
from lms.surveys.states import Level, Opens, Rater
from lms.timetable.models import ClassSession


class SurveyRefused(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


@transaction.atomic
def save_design(*, design: SurveyDesign, actor: Asker) -> SurveyDesign:
    """Keep a survey as it was written. Cohorts that have it already keep their version. Side effect: an audit entry.

    Raises SurveyRefused when it asks nothing, or when the level of a survey in use was changed.
    """
    if all(block.block_type == "heading" for block in design.body):
        raise SurveyRefused(_("Add at least one question."))
    old = SurveyDesign.objects.filter(pk=design.pk).first() if design.pk else None
    if old and old.level != design.level and old.versions.exists():
        raise SurveyRefused(
            _("This survey is in use, so its level stays. Write a new survey for another level.")
        )
    if old is None:
        design.created_by_id = actor.pk
    design.save()
    record(
        action="lms.save_design",
        target=design,
        actor=actor,
        organisation=design.organisation,
        after={"title": design.title, "level": design.level, "number": len(design.body)},
    )
    return design


def version_for(*, design: SurveyDesign) -> SurveyVersion:
    """The version that says what the design says now; made when there is none. Call it inside a transaction."""
    design = SurveyDesign.objects.select_for_update(of=("self",)).get(pk=design.pk)
    content = {
        "title": design.title,
        "title_en": design.title_en,
        "level": design.level,
        "introduction": design.introduction,
        "introduction_en": design.introduction_en,
        "questions": survey_facts(design.body),
    }
    told = json.dumps(content, ensure_ascii=False, sort_keys=True)
    fingerprint = hashlib.sha256(told.encode()).hexdigest()
    known = design.versions.filter(fingerprint=fingerprint).first()
    if known is not None:
        return known
    newest = design.versions.order_by("-number").first()
    number = newest.number + 1 if newest else 1
    return SurveyVersion.objects.create(design=design, number=number, fingerprint=fingerprint, **content)


@transaction.atomic
def assign_survey(
    *,
    cohort: Cohort,
    design: SurveyDesign,
    plan: Plan,
    actor: Asker,
    class_session: ClassSession | None = None,
) -> CohortSurvey:
    """Put a survey to a cohort, as it stands now. One about learning is put twice: from the first day, and at the end.

    Raises SurveyRefused when the plan, the dates of the cohort or an equal survey speak against it.
    Side effect: an audit entry. Invitations follow by the clock (run_surveys).
    """
    _refuse_plan(cohort, design, plan, class_session)
    version = version_for(design=design)
    common = {
        "cohort": cohort,
        "version": version,
        "level": plan.level,
        "lasts_days": plan.lasts,
        "asks_self": Rater.SELF in plan.raters,
        "asks_supervisor": Rater.SUPERVISOR in plan.raters,
        "asks_employer": Rater.EMPLOYER in plan.raters,
        "is_anonymous": plan.is_anonymous,
        "is_required": plan.is_required,
        "created_by_id": actor.pk,
    }
    survey = CohortSurvey(
        **common, opens_from=plan.opens_from, after_days=plan.after, class_session=class_session
    )
    fixed = survey.fixed_window
    if plan.opens_from != Opens.COMPLETION and (fixed is None or fixed.is_over(timezone.localdate())):
        raise SurveyRefused(
            _("On this day the survey could not open any more, or the cohort has no such day yet.")
        )
    try:
        with transaction.atomic():
            if plan.level == Level.LEARNING:
                survey.before = CohortSurvey.objects.create(**common, opens_from=Opens.START, after_days=0)
            survey.save()
    except IntegrityError:
        raise SurveyRefused(_("This cohort has this survey for that day already."))
    kept = ("level", "opens_from", "after_days", "lasts_days", "is_anonymous", "is_required")
    facts = {"title": version.title, "version": version.number} | {
        name: getattr(survey, name) for name in kept
    }
    record(
        action="lms.assign_survey", target=survey, actor=actor, organisation=cohort.organisation, after=facts
    )
    return survey


def _refuse_plan(
    cohort: Cohort, design: SurveyDesign, plan: Plan, class_session: ClassSession | None
) -> None:
    faults = policy.faults_of(plan)
    if faults:
        raise SurveyRefused(words(faults[0]))
    if cohort.cancelled_at is not None:
        raise SurveyRefused(_("This cohort does not take place."))
    if plan.is_required and not rule_of(cohort.version.rule).require_surveys:
        raise SurveyRefused(_("The completion rule of this course asks for no surveys."))
    if plan.level != design.level or not design.is_active:
        raise SurveyRefused(_("This survey can no longer be used. Choose another one."))
    if (class_session is not None) != (plan.opens_from == Opens.CLASS):
        raise SurveyRefused(_("Choose the class after which it opens."))
    if class_session is not None and class_session.cohort_id != cohort.pk:
        raise SurveyRefused(_("This class belongs to another cohort."))
    if plan.level == Level.LEARNING and cohort.starts_on is None:
        raise SurveyRefused(_("Asking before and after needs the first day of the cohort. Set it first."))


@transaction.atomic
def stop_survey(*, survey: CohortSurvey, actor: Asker, reason: str) -> bool:
    """Ask nobody any more; what was answered stays. False when that was done before.

    Raises SurveyRefused without a reason. Side effects: open invitations close; anonymous answers join the results, if
    there are enough; an audit entry; once that is committed, who only missed this for completion completes (and if that
    is cut short, by the nightly reconcile).
    """
    if not reason.strip():
        raise SurveyRefused(_("Write why the survey is stopped."))
    if not CohortSurvey.objects.filter(pk=survey.pk, stopped_at=None).update(stopped_at=timezone.now()):
        return False
    expire(rows=survey.invitations.open())
    if survey.is_anonymous:
        show_answers(survey=survey, today=timezone.localdate())
    record(
        action="lms.stop_survey",
        target=survey,
        actor=actor,
        organisation=survey.cohort.organisation,
        reason=reason.strip(),
    )
    if survey.is_required:
        missed = survey.cohort.enrolments.filter(state=EnrolmentState.ENROLLED)
        ids = list(missed.values_list("pk", flat=True))
        transaction.on_commit(lambda: complete_those_done(enrolment_ids=ids))
    return True


def export_survey(*, survey: CohortSurvey, actor: Asker, answers: int) -> None:
    """Note in the audit that the results of a survey were taken out as a file."""
    record(
        action="lms.export_survey",
        target=survey,
        actor=actor,
        organisation=survey.cohort.organisation,
        after={"answers": answers},
    )


@transaction.atomic
def name_rater(*, invitation: SurveyInvitation, respondent: User, actor: Asker) -> None:
    """Let this person answer an invitation that had nobody. Raises SurveyRefused when somebody was named meanwhile.

    Side effects: an audit entry; the person is told the next time the clock runs.
    """
    if respondent.pk == invitation.subject.user_id:
        raise SurveyRefused(_("Nobody rates themselves here. Choose somebody else."))
    try:
        with transaction.atomic():
            free = SurveyInvitation.objects.without_rater().filter(pk=invitation.pk)
            done = free.update(respondent=respondent)
    except IntegrityError:
        raise SurveyRefused(_("This person is asked about this trainee already."))
    if not done:
        raise SurveyRefused(_("Somebody has been named already, or the survey has closed."))
    invitation.respondent = respondent
    record(
        action="lms.name_rater",
        target=invitation,
        actor=actor,
        organisation=invitation.survey.cohort.organisation,
        after={"user": str(respondent)},
    )
    tell_invited(survey=invitation.survey, today=timezone.localdate())
