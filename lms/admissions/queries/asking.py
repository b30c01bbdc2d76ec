"""What a cohort asks of one person: questions, conditions, and where they stand with each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

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
    asked,
    check,
    fits,
    is_admissible,
    kept_from,
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
    return conditions_in([plan])[plan.pk] if plan is not None else ()


def conditions_in(plans: Sequence[AdmissionPlan]) -> dict[int, tuple[Condition, ...]]:
    """The conditions of several plans, by plan (see `conditions_of`). At most four queries, however many they are."""
    # As they are stored: the blocks themselves would look their choices up, once for each.
    written = {plan.pk: [(row["type"], row["value"]) for row in plan.conditions.raw_data] for plan in plans}
    names = _names(row for rows in written.values() for row in rows)
    return {
        plan.pk: (
            *(_condition(kind, value, names) for kind, value in written[plan.pk]),
            *([Condition(Kind.EMPLOYED)] if is_staged(plan) else []),
        )
        for plan in plans
    }


@dataclass(frozen=True)
class _Names:
    """What the codes and keys in conditions are called."""

    labels: dict[str, dict[str, str]]
    regions: dict[str, str]
    places: dict[int, Organisation]


def _names(written: Iterable[tuple[str, Any]]) -> _Names:
    """The names for these conditions, a query for each kind of things that is named and none for the others."""
    codes: dict[str, set[str]] = {}
    regions, places = set(), set()
    for kind, value in written:
        if kind == Kind.REGION and value["organisation"]:
            places.add(int(value["organisation"]))
        elif kind == Kind.REGION:
            regions.add(value["code"].strip())
        elif kind != Kind.YEARS:
            codes.setdefault(kind, set()).update(str(each) for each in value)
    fields, courses = codes.get(Kind.FIELD), codes.get(Kind.PRIOR_COURSE)
    labels: dict[str, dict[str, str]] = {
        Kind.LEVEL: {each.value: str(each.label) for each in Level},
        Kind.EMPLOYER_KIND: {each.value: str(each.label) for each in EmployerKind},
    }
    if fields:
        labels[Kind.FIELD] = dict(ServiceField.objects.filter(code__in=fields).values_list("code", "name"))
    if courses:
        labels[Kind.PRIOR_COURSE] = dict(
            CoursePage.objects.filter(code__in=courses).values_list("code", "title")
        )
    return _Names(
        labels=labels,
        regions=dict(Region.objects.filter(pk__in=regions).values_list("pk", "name")) if regions else {},
        places=Organisation.objects.in_bulk(places) if places else {},
    )


def _condition(kind: str, value: Any, names: _Names) -> Condition:
    if kind == Kind.YEARS:
        return Condition(Kind.YEARS, years=int(value))
    if kind == Kind.REGION:
        return _region(value, names)
    wanted = tuple(str(each) for each in value)
    labels = names.labels.get(kind, {})
    return Condition(Kind(kind), wanted, names=list_words(labels.get(each, each) for each in wanted))


def _region(value: Any, names: _Names) -> Condition:
    if value["organisation"]:
        row = names.places.get(int(value["organisation"]))
        # An organisation that is gone covers nobody: a path that no tree has.
        return Condition(Kind.REGION, paths=(row.path if row else "-",), names=row.name if row else "—")
    code = value["code"].strip()
    return Condition(Kind.REGION, (code,), names=names.regions.get(code) or code)


@dataclass(frozen=True)
class AskedOfAll:
    """What a plan asks of everybody, in words: its conditions, and who decides one after the other."""

    conditions: tuple[str, ...]
    stages: str


def asked_of_all(plans: Iterable[AdmissionPlan]) -> dict[int, AskedOfAll]:
    """What these plans ask, as anybody may read it before they sign in; by plan. At most four queries, none for none."""
    plans = list({plan.pk: plan for plan in plans}.values())
    found = conditions_in(plans)
    return {
        plan.pk: AskedOfAll(tuple(words(asked(each)) for each in found[plan.pk]), stages_in_order(plan))
        for plan in plans
    }


def stages_in_order(plan: AdmissionPlan) -> str:
    """The tiers that decide under a plan, one after the other; the organiser where it names none."""
    labels = dict(Stage.choices)
    return " → ".join(str(labels.get(child.value, child.value)) for child in plan.stages) or gettext(
        "the organiser"
    )


def applicant_of(person: Person, conditions: Iterable[Condition], cohort: Cohort) -> Applicant:
    """What the conditions need to know of a person who wants to join this cohort; only what they ask for is looked up."""
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
        last_day=_last_day(cohort),
    )


def _last_day(cohort: Cohort) -> date | None:
    """The last day on which one can apply: of a window that closes at midnight the day before."""
    if cohort.closes_at is None:
        return cohort.ends_on
    return timezone.localdate(cohort.closes_at - timedelta(microseconds=1))


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
    findings = check(conditions, applicant_of(person, conditions, cohort)) if conditions else ()
    quotas, taken = quotas_of(cohort), {}
    if quotas:
        taken = seats_by_path(cohort)
    path = person.employer.path if person.employer else ""
    in_force = [row.quota for row in quotas]
    return Admission(
        findings=findings,
        questions=questions_of(plan),
        has_seat=fits(cohort.capacity, in_force, taken, path) if quotas else True,
        kept=kept_words(cohort, quotas, taken, path),
        seats_kept=kept_from(cohort.capacity, in_force, taken, path),
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
