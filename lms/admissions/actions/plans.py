"""Keeping a plan."""

from __future__ import annotations

from django.db import transaction

from core.access.scope import Asker
from core.audit.actions import record
from lms.admissions.models import (
    AdmissionPlan,
)


@transaction.atomic
def save_plan(*, plan: AdmissionPlan, actor: Asker | None) -> AdmissionPlan:
    """Keep a new or changed plan. Applications handed in before keep what they were asked. Side effect: audit entry."""
    plan.full_clean(exclude=["questions", "conditions", "stages"])  # cleaned as blocks by the form
    plan.save()
    after = {
        "name": plan.name,
        "questions": len(plan.questions),
        "conditions": len(plan.conditions),
        "stages": [str(child.value) for child in plan.stages],
        "is_active": plan.is_active,
    }
    record(action="lms.save_plan", target=plan, actor=actor, organisation=plan.organisation, after=after)
    return plan
