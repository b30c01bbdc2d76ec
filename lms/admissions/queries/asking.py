"""What a cohort asks of one person: questions, conditions, and where they stand with each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core.organisations.models import Kind as EmployerKind
from core.organisations.models import Organisation, Region
from core.people.models import Person, ServiceField
from lms.admissions.blocks import choice_lines
from lms.admissions.models import AdmissionPlan
from lms.admissions.policy import (
    BARS,
    Applicant,
    Asked,
    Condition,
    Finding,
    Kind,
    Question,
    Verdict,
    check,
    fits,
    is_admissible,
    kept_free,
)
from lms.admissions.queries.levels import levels_of
from lms.admissions.queries.quotas import kept_words, quotas_of, seats_by_path
from lms.admissions.states import Level, Stage
from lms.cohorts.models import Cohort
from lms.cohorts.policy import Standing
from lms.cohorts.queries import list_words, words
from lms.courses.models import CoursePage


def questions_of(plan: AdmissionPlan | None) -> tuple[Question, ...]:
    """The questions of a plan, in order; none without a plan."""
    return tuple(_question(child) for child in plan.questions) if plan is not None else ()


def _question(child: Any) -> Question:
    value = child.value
    return Question(
        key=str(child.id),
        kind=Asked(child.block_type),
        label=value["label"],
        label_en=value["label_en"] or "",
        help=value["help"] or "",
        required=bool(value["required"]),
        choices=choice_lines(value["choices"]) if "choices" in value else (),
    )


def is_staged(plan: AdmissionPlan | None) -> bool:
    """Whether others than the organiser of the cohort decide under this plan."""
    return plan is not None and any(stage.value != Stage.ORGANISER for stage in plan.stages)


def conditions_of(plan: AdmissionPlan | None) -> tuple[Condition, ...]:
    """The conditions of a plan with the names that their sentences say, last what its stages ask. At most four
    queries."""
    if plan is None:
        return ()
    written = [_condition(child.block_type, child.value) for child in plan.conditions]
    return (*written, Condition(Kind.EMPLOYED)) if is_staged(plan) else tuple(written)


def _condition(kind: str, value: Any) -> Condition:
    if kind == Kind.YEARS:
        return Condition(Kind.YEARS, years=int(value))
    if kind == Kind.REGION:
        return _region(value)
    wanted = tuple(str(each) for each in value)
    labels: dict[str, str] = {
        Kind.LEVEL: lambda: {each.value: str(each.label) for each in Level},
        Kind.FIELD: lambda: dict(ServiceField.objects.filter(code__in=wanted).values_list("code", "name")),
        Kind.PRIOR_COURSE: lambda: dict(
            CoursePage.objects.filter(code__in=wanted).values_list("code", "title")
        ),
        Kind.EMPLOYER_KIND: lambda: {each.value: str(each.label) for each in EmployerKind},
    }[Kind(kind)]()
    return Condition(Kind(kind), wanted, names=list_words(labels.get(each, each) for each in wanted))


def _region(value: Any) -> Condition:
    if value["organisation"]:
        row = Organisation.objects.filter(pk=value["organisation"]).first()
        # An organisation that is gone covers nobody: a path that no tree has.
        return Condition(Kind.REGION, paths=(row.path if row else "-",), names=row.name if row else "—")
    code = value["code"].strip()
    name = Region.objects.filter(pk=code).values_list("name", flat=True).first()
    return Condition(Kind.REGION, (code,), names=name or code)


def applicant_of(person: Person, conditions: Iterable[Condition]) -> Applicant:
    """What the conditions need to know of a person; only what they ask for is looked up."""
    kinds = {condition.kind for condition in conditions}
    employer, declared = person.employer, person.declared_employer
    known = levels_of([person.pk]).get(person.pk) if Kind.LEVEL in kinds else None
    fields = person.fields.values_list("code", flat=True) if Kind.FIELD in kinds else ()
    done: Iterable[str] = ()
    if Kind.PRIOR_COURSE in kinds:
        done = person.enrolments.filter(state=Standing.COMPLETED).values_list("version__code", flat=True)
    return Applicant(
        today=timezone.localdate(),
        levels=frozenset(known) if known else None,
        fields=frozenset(fields),
        employer_path=employer.path if employer else "",
        employer_name=employer.name if employer else "",
        employer_kind=employer.kind if employer else "",
        declared_name=declared.name if declared else "",
        declared_path=declared.path if declared else "",
        declared_kind=declared.kind if declared else "",
        declared_region=(declared.region_id or "") if declared else "",
        declared_on=timezone.localdate(person.declared_at) if person.declared_at else None,
        region=(employer.region_id or "") if employer else "",
        practice_started_on=person.practice_started_on,
        courses=frozenset(done),
    )


@dataclass(frozen=True)
class Admission:
    """What a cohort asks of one person now: where they stand with each condition, and what the form asks."""

    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    has_seat: bool  # whether a free place could be theirs
    kept: str  # for whom places are kept, in words; "" when none are
    seats_kept: int = 0  # how many of the free places are kept for others

    @property
    def is_admissible(self) -> bool:
        return is_admissible(self.findings)

    @property
    def failed(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.verdict in BARS]

    @property
    def only_waits(self) -> bool:
        """Whether nothing is left to do for the applicant but to wait until the employer has confirmed them."""
        return all(finding.verdict is Verdict.WAITS for finding in self.failed)

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of which one is to be declared, since nobody knows the applicant's."""
        open_ = [each for each in self.findings if each.verdict is Verdict.UNKNOWN]
        return next((each.condition.wanted for each in open_ if each.condition.kind is Kind.LEVEL), ())


def admission_of(cohort: Cohort, person: Person) -> Admission:
    """What this cohort asks of this person. One query without a plan; the conditions ask for more."""
    plan = cohort.plan
    conditions = conditions_of(plan)
    findings = check(conditions, applicant_of(person, conditions)) if conditions else ()
    quotas, taken = quotas_of(cohort), {}
    if quotas:
        taken = seats_by_path(cohort)
    path = person.employer.path if person.employer else ""
    in_force = [row.quota for row in quotas]
    is_for_them = any(path.startswith(quota.path) for quota in in_force)
    return Admission(
        findings=findings,
        questions=questions_of(plan),
        has_seat=fits(cohort.capacity, in_force, taken, path) if quotas else True,
        kept=kept_words(cohort, quotas, taken, path),
        seats_kept=0 if is_for_them else kept_free(in_force, taken),
    )


def finding_words(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Findings as a page shows them and as they are frozen: verdict, sentence and cure in words."""
    return [
        {
            "kind": each.condition.kind.value,
            "verdict": each.verdict.value,
            "text": words(each.sentence),
            "cure": words(each.cure) if each.cure else "",
        }
        for each in findings
    ]
