"""What the audit says of acts, facts and values, in the reader's words."""

from __future__ import annotations

from types import SimpleNamespace

from django.utils.translation import override

from core.audit.actions import record
from core.audit.models import AuditEntry
from core.audit.queries import details
from lms.admissions.actions import make_code, set_quota
from lms.admissions.states import Stage, StepState
from tests.factories import make_cohort, make_enrolment


def test_a_decision_at_a_stage_is_told_without_codes(cast: SimpleNamespace, tree: dict) -> None:
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person, state="applied")
    entry = record(
        action="lms.approve_step",
        target=enrolment,
        actor=cast.administrator,
        organisation=tree["district"],
        before={"state": "waiting"},
        after={"state": "approved", "stage": "organiser", "number": 3},
    )
    with override("en"):
        assert details(entry) == (
            f"state: {StepState.WAITING.label} → {StepState.APPROVED.label}; "
            f"stage: {Stage.ORGANISER.label}; which stage: 3"
        )


def test_a_quota_says_for_whom_and_a_code_its_note(cast: SimpleNamespace, tree: dict) -> None:
    cohort = make_cohort(tree["district"])
    set_quota(cohort=cohort, organisation=tree["agency"], places=2, actor=cast.administrator)
    make_code(cohort=cohort, uses_allowed=1, expires_at=None, note="街道推荐", actor=cast.administrator)
    told = {entry.action: details(entry) for entry in AuditEntry.objects.all()}
    assert f"预留给：{tree['agency'].name}" in told["lms.set_quota"]
    assert "备注：街道推荐" in told["lms.make_code"]


def test_stages_levels_ways_and_sources_are_told_in_words(cast: SimpleNamespace, tree: dict) -> None:
    facts = {
        "stages": ["employer", "organiser"],
        "level": "social_worker",
        "way": "phone",
        "tier": "senior",
        "source": "supervision.session:48",
        "act": "wagtail.publish",
    }
    target = cast.trainee.person
    entry = record(action="test.facts", target=target, actor=None, organisation=None, after=facts)
    with override("en"):
        words = details(entry)
    for code in ("employer,", "organiser,", "social_worker", " phone;", "supervision.session", "wagtail"):
        assert code not in words
    assert "session 48" in words
