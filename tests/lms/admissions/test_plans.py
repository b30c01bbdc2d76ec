"""Keeping a plan."""

from core.models import AuditEntry
from lms.admissions import actions as admissions
from tests.factories import make_plan
from tests.lms.admissions.steps import THREE


def test_a_plan_is_kept_with_an_audit_entry(tree, cast):
    plan = make_plan(tree["city"], stages=THREE)
    plan.name = "骨干报名方案"
    admissions.save_plan(plan=plan, actor=cast.city_administrator)
    assert AuditEntry.objects.get(action="lms.save_plan").data["after"]["stages"] == list(THREE)
