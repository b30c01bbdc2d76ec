"""Cohorts, who is enrolled in them, and how they came in."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Organisation, Person
from tests.factories.courses import make_version
from tests.factories.numbers import numbers

if TYPE_CHECKING:
    from lms.models import AdmissionPlan, ApprovalStep, Cohort, CourseVersion, Enrolment, Transfer


def make_cohort(organisation: Organisation, version: CourseVersion | None = None, **fields: object) -> Cohort:
    """A cohort that takes applications now and begins in a month."""
    from lms.models import Cohort

    now, today = timezone.now(), timezone.localdate()
    version = version or make_version()
    defaults = {
        "title": "春季班",
        "capacity": 20,
        "opens_at": now - timedelta(days=7),
        "closes_at": now + timedelta(days=7),
        "starts_on": today + timedelta(days=30),
        "ends_on": today + timedelta(days=90),
    }
    return Cohort.objects.create(
        course_id=version.course_id, version=version, organisation=organisation, **defaults | fields
    )


def make_enrolment(cohort: Cohort, person: Person, state: str = "enrolled", **fields: object) -> Enrolment:
    """An enrolment in this state, with its seat counted."""
    from django.db.models import F

    from lms.enrolments.states import SEATED
    from lms.models import Cohort, Enrolment

    if state in SEATED:
        Cohort.objects.filter(pk=cohort.pk).update(seats_taken=F("seats_taken") + 1)
    if state == "completed":
        fields.setdefault("completed_at", timezone.now())
        items = [item for section in cohort.version.outline for item in section["items"]]
        lessons = {item["key"]: item["minutes"] for item in items if item["kind"] == "lesson"}
        fields.setdefault("learned", lessons)
    if state == "offered":
        fields.setdefault("offer_expires_at", timezone.now() + timedelta(hours=24))
    return Enrolment.objects.create(
        cohort=cohort, person=person, version=cohort.version, state=state, **fields
    )


def make_transfer(enrolment: Enrolment, to: Cohort, state: str = "asked", **fields: object) -> Transfer:
    """A wish to move to another cohort of the same course."""
    from lms.models import Transfer

    if state != "asked":
        fields.setdefault("decided_at", timezone.now())
    fields.setdefault("reason", "上班时间变了")
    return Transfer.objects.create(
        enrolment=enrolment, from_cohort=enrolment.cohort, to_cohort=to, state=state, **fields
    )


def make_learned(enrolment: Enrolment) -> Enrolment:
    """The same enrolment with every lesson read and every quiz passed, and nobody told yet."""
    from lms.models import Attempt, LessonProgress

    for lesson in enrolment.version.lessons.all():
        LessonProgress.objects.create(enrolment=enrolment, lesson=lesson, completed_at=timezone.now())
    for paper in enrolment.version.papers.all():
        fields = {"state": "submitted", "percent": 100, "passed": True, "finished_at": timezone.now()}
        fields["marked_at"] = fields["finished_at"]
        Attempt.objects.create(enrolment=enrolment, paper=paper, number=1, **fields)
    return enrolment


def make_plan(
    organisation: Organisation,
    *,
    stages: tuple[str, ...] = (),
    conditions: tuple[tuple[str, object], ...] = (),
    questions: tuple[dict[str, object], ...] = (),
    **fields: object,
) -> AdmissionPlan:
    """An application plan; a question is {"kind", "label", …}, a condition (kind, value)."""
    from lms.models import AdmissionPlan

    plan = AdmissionPlan(organisation=organisation, **{"name": f"报名方案{next(numbers)}"} | fields)
    plan.stages = [("stage", stage) for stage in stages]
    plan.conditions = list(conditions)
    usual = {"label": "", "label_en": "", "help": "", "required": True}
    plan.questions = json.dumps(
        [
            {
                "type": asked["kind"],
                "value": usual | {name: value for name, value in asked.items() if name != "kind"},
                "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"question-{place}")),
            }
            for place, asked in enumerate(questions, start=1)
        ]
    )
    plan.save()
    return AdmissionPlan.objects.get(pk=plan.pk)


def make_step(
    enrolment: Enrolment, organisation: Organisation, number: int = 1, **fields: object
) -> ApprovalStep:
    """A step of this application that waits at an organisation."""
    from lms.models import ApprovalStep

    defaults = {"stage": "county", "applicant_id": enrolment.person.user_id}
    return ApprovalStep.objects.create(
        enrolment=enrolment, organisation=organisation, number=number, **defaults | fields
    )
