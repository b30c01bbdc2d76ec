"""Coming from another cohort of the course: whether the admission there counts here, and what stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from lms.admissions.models import InvitationUse
from lms.admissions.policy import BARS, Finding, Verdict, check, organiser_alone
from lms.admissions.queries.asking import applicant_of, conditions_of, finding_words, is_staged
from lms.admissions.queries.steps import stops_of
from lms.admissions.states import Stage, StepState
from lms.cohorts.models import Cohort
from lms.cohorts.policy import Standing
from lms.cohorts.queries import list_words

if TYPE_CHECKING:
    from lms.enrolments.models import Enrolment


def was_admitted(enrolment: Enrolment) -> bool:
    """Whether this person was admitted where they are, or where they were until the cohort was cancelled."""
    is_cancelled = enrolment.state == Standing.CANCELLED
    return enrolment.state == Standing.ENROLLED or (is_cancelled and enrolment.decided_at is not None)


def stays_admitted(enrolment: Enrolment, target: Cohort) -> bool:
    """Whether an admission counts in that cohort too, so that nobody decides again.

    Not where its plan has stages beyond the organiser, unless the plan is the same and every step is approved. After a
    cancellation nobody looks at the move, so only what the same organisation has decided counts.
    """
    if not was_admitted(enrolment):
        return False
    if enrolment.state == Standing.CANCELLED and enrolment.cohort.organisation_id != target.organisation_id:
        return False
    if not is_staged(target.plan):
        return True
    steps = list(enrolment.steps.all())
    is_approved = bool(steps) and all(step.state == StepState.APPROVED for step in steps)
    return enrolment.cohort.plan_id == target.plan_id and is_approved


def findings_there(enrolment: Enrolment, target: Cohort) -> tuple[Finding, ...]:
    """How the conditions of that cohort stand for this person now."""
    conditions = conditions_of(target.plan)
    return check(conditions, applicant_of(enrolment.person, conditions, target)) if conditions else ()


def stage_words(enrolment: Enrolment, target: Cohort) -> str:
    """Who decides there after the organiser has agreed to the move; "" where nobody does, or the organiser's agreement
    is the only step (see `agree_to_move`)."""
    if target.plan is None or not is_staged(target.plan) or stays_admitted(enrolment, target):
        return ""
    asked = [stop.organisation for stop in stops_of(target, enrolment.person)]
    if enrolment.state == Standing.ENROLLED and organiser_alone(asked, target.organisation_id):
        return ""
    return list_words(str(Stage(stage.value).label) for stage in target.plan.stages)


def moving_words(enrolment: Enrolment, target: Cohort, found: tuple[Finding, ...] | None = None) -> str:
    """What the admission of that cohort has against moving this person there, admitted or not; "" when nothing.

    A code is wanted as of everybody, and no condition may fail. Whoever is not admitted yet, and comes under another
    plan, must have handed in what is decided on: where that plan asks for more than this application says, one takes
    it back and applies there. Whoever has a place could not do so, and is decided on by the stages there as they are.
    `found` saves asking how the conditions stand.
    """
    invited = InvitationUse.objects.filter(code__cohort=target, person=enrolment.person_id)
    if target.by_invitation and not invited.exists():
        return _("That cohort is by invitation only: with a code of its organiser one applies there.")
    findings = findings_there(enrolment, target) if found is None else found
    failed = [each for each in findings if each.verdict in BARS]
    if failed:
        return " ".join(row["text"] for row in finding_words(failed))
    if wants_new_application(enrolment, target, findings):
        return _("That cohort asks for more than this application says: it takes a new application there.")
    return ""


def wants_new_application(enrolment: Enrolment, target: Cohort, findings: tuple[Finding, ...]) -> bool:
    """Whether whoever meets the conditions there would have to apply anew, because that plan asks for more than this
    application says. `findings` is how the conditions there stand."""
    plan = target.plan
    if plan is None or enrolment.cohort.plan_id == target.plan_id or was_admitted(enrolment):
        return False
    verdicts = {each.verdict for each in findings}
    return not verdicts & BARS and (bool(plan.questions) or bool(verdicts - {Verdict.PASS}))
