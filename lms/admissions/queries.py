"""Reading admissions: what a cohort asks of one person, where they stand, who decides, what is kept free."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Prefetch
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.models import Kind as EmployerKind
from core.organisations.models import Organisation, Region, RoleAssignment
from core.organisations.queries import administrators_of
from core.people.models import Person, ServiceField
from core.templatetags.ui import day, day_time
from lms.admissions.blocks import choice_lines
from lms.admissions.models import AnswerFile, ApprovalStep, InvitationCode
from lms.admissions.policy import (
    Applicant,
    Asked,
    Condition,
    Finding,
    Kind,
    Question,
    Quota,
    Verdict,
    check,
    fits,
    is_admissible,
    kept_free,
    normalise_code,
)
from lms.admissions.states import Level, Stage
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled, words
from lms.courses.models import CoursePage

Holders = dict[int, dict[int, Any]]  # of an organisation: its administrators, by account
AskLevels = Callable[[list[int]], dict[int, set[str]]]
_ask: dict[str, AskLevels] = {}


def ask_levels_by(function: AskLevels | None) -> None:
    """Let an app above say who holds which national level, verified: person ids → {person id: levels (Level)}.

    A person who is missing, or has an empty set, is unknown. None takes the function back.
    """
    _ask.pop("levels", None)
    if function is not None:
        _ask["levels"] = function


def levels_of(person_ids: Iterable[int]) -> dict[int, set[str]]:
    """The verified national levels of these people, as far as anybody knows."""
    ids = list(person_ids)
    return _ask["levels"](ids) if "levels" in _ask and ids else {}


# --- What a plan asks ---------------------------------------------------------------------------------------


def questions_of(plan: Any) -> tuple[Question, ...]:
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


def conditions_of(plan: Any) -> tuple[Condition, ...]:
    """The conditions of a plan with the names that their sentences say. At most four queries."""
    return (
        tuple(_condition(child.block_type, child.value) for child in plan.conditions)
        if plan is not None
        else ()
    )


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
    return Condition(Kind(kind), wanted, names=_list(labels.get(each, each) for each in wanted))


def _region(value: Any) -> Condition:
    if value["organisation"]:
        row = Organisation.objects.filter(pk=value["organisation"]).first()
        # An organisation that is gone covers nobody: a path that no tree has.
        return Condition(Kind.REGION, paths=(row.path if row else "-",), names=row.name if row else "—")
    code = value["code"].strip()
    name = Region.objects.filter(pk=code).values_list("name", flat=True).first()
    return Condition(Kind.REGION, (code,), names=name or code)


def _list(names: Iterable[str]) -> str:
    return pgettext("between names", ", ").join(names)


def applicant_of(person: Person, conditions: Iterable[Condition]) -> Applicant:
    """What the conditions need to know of a person; only what they ask for is looked up."""
    kinds = {condition.kind for condition in conditions}
    employer = person.employer
    known = levels_of([person.pk]).get(person.pk) if Kind.LEVEL in kinds else None
    fields = person.fields.values_list("code", flat=True) if Kind.FIELD in kinds else ()
    done: Any = ()
    if Kind.PRIOR_COURSE in kinds:
        done = person.enrolments.filter(state="completed").values_list("version__code", flat=True)
    return Applicant(
        today=timezone.localdate(),
        levels=frozenset(known) if known else None,
        fields=frozenset(fields),
        employer_path=employer.path if employer else "",
        employer_name=employer.name if employer else "",
        employer_kind=employer.kind if employer else "",
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

    @property
    def is_admissible(self) -> bool:
        return is_admissible(self.findings)

    @property
    def failed(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.verdict is Verdict.FAIL]

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
    return Admission(
        findings=findings,
        questions=questions_of(plan),
        has_seat=fits(cohort.capacity, [row.quota for row in quotas], taken, path) if quotas else True,
        kept=kept_words(cohort, quotas, taken, path),
    )


# --- Places kept for organisations --------------------------------------------------------------------------


@dataclass(frozen=True)
class KeptPlaces:
    """A quota in force, with the name of its organisation and its end (None: nobody knows when)."""

    quota: Quota
    name: str
    until: Any


def quotas_of(cohort: Cohort) -> list[KeptPlaces]:
    """The quotas of a cohort that are in force. One query."""
    rows = cohort.quotas.in_force().select_related("organisation")
    return [
        KeptPlaces(
            Quota(row.organisation.path, row.places), row.organisation.name, row.until or cohort.closes_at
        )
        for row in rows
    ]


def seats_by_path(cohort: Any) -> dict[str, int]:
    """How many seats are taken, by the tree path of the employer as it was when the application was handed in."""
    path = Coalesce("record__employer__path", "person__employer__path")
    rows = cohort.enrolments.seated().order_by().values_list(path).annotate(number=Count("pk"))
    return {found or "": number for found, number in rows}


def may_take_seat(cohort: Cohort, person: Person) -> bool:
    """Whether the quotas leave this person one of the free places. Asked under the lock of the cohort."""
    quotas = quotas_of(cohort)
    if not quotas:
        return True
    path = person.employer.path if person.employer else ""
    return fits(cohort.capacity, [row.quota for row in quotas], seats_by_path(cohort), path)


def kept_words(cohort: Cohort, quotas: list[KeptPlaces], taken: dict[str, int], path: str) -> str:
    """For whom places are kept, as this person is told."""
    if not quotas:
        return ""
    free = kept_free([row.quota for row in quotas], taken)
    names = _list(
        _("%(name)s (%(places)s)") % {"name": row.name, "places": row.quota.places} for row in quotas
    )
    mine = [row.name for row in quotas if path.startswith(row.quota.path)]
    text = _("Places kept for organisations: %(names)s; of these %(free)s are free.") % {
        "names": names,
        "free": free,
    }
    if mine:
        return f"{text} " + _("You are employed in %(name)s, so they are for you too.") % {"name": mine[-1]}
    if not fits(cohort.capacity, [row.quota for row in quotas], taken, path):
        return f"{text} " + _("All other places are taken: you join the waiting list.")
    return text


# --- Who decides --------------------------------------------------------------------------------------------

_HIGHEST_OF_EMPLOYER = ("station", "street")


def stages_found(employer: Organisation | None, applicant_id: int) -> dict[str, Organisation | None]:
    """The organisation that decides at each tier above an employer: the nearest with an administrator who is not the
    applicant. The employer itself counts whatever its tier; above it the employer's stage ends at the street."""
    if employer is None:
        return {}
    above = Organisation.paths_above(employer.path)
    held = RoleAssignment.objects.standing(Role.ADMINISTRATOR).filter(organisation__path__in=above)
    ids = held.exclude(user_id=applicant_id).values("organisation_id")
    rows = list(Organisation.objects.filter(pk__in=ids).order_by("-path"))  # one line: the deepest first
    found: dict[str, Organisation | None] = {}
    for row in rows:
        if row.pk == employer.pk or row.tier in _HIGHEST_OF_EMPLOYER:
            found.setdefault(Stage.EMPLOYER, row)
        found.setdefault(row.tier, row)
    return found


def current_step(enrolment: Any) -> ApprovalStep | None:
    """The step on which this application waits now; None when none is to be decided. Cheap when steps are fetched."""
    if enrolment.state != "applied":
        return None
    return next((step for step in enrolment.steps.all() if step.state == "waiting"), None)


def may_decide_step(user: Asker, step: ApprovalStep, held: Holders | None = None) -> bool:
    """Whether this administrator decides at this step: each tier its own, the organiser's own tree for the organiser's.

    When nobody is an administrator there any more, the organiser decides in its place. One query for that, unless
    the holders of the roles are given.
    """
    if not user.is_authenticated or user.pk == step.applicant_id:
        return False
    if any(row.decided_by_id == user.pk for row in step.enrolment.steps.all()):
        return False
    scope = scope_of(user)
    if step.stage != Stage.ORGANISER:
        if (Role.ADMINISTRATOR, step.organisation.path) in scope.grants:
            return True
        there = holders([step.organisation_id]) if held is None else held
        if there.get(step.organisation_id, {}).keys() - {step.applicant_id}:
            return False
    return scope.covers(step.enrolment.cohort.organisation, Role.ADMINISTRATOR)


def with_steps() -> Any:
    """To fetch applications with their steps, and where these are decided, in one query more."""
    return Prefetch("steps", queryset=ApprovalStep.objects.select_related("organisation"))


def waits_elsewhere(enrolments: Iterable[Any], user: Asker) -> dict[int, str]:
    """Of these applications those whose step is not this user's to decide, with the name of who decides.

    One query when their steps are fetched.
    """
    steps = [step for row in enrolments if (step := current_step(row)) is not None]
    held = holders(step.organisation_id for step in steps)
    return {
        step.enrolment_id: step.organisation.name for step in steps if not may_decide_step(user, step, held)
    }


def holders(organisation_ids: Iterable[int]) -> Holders:
    """The administrators at the very organisations, by account, without those above. One query, none for none."""
    ids = set(organisation_ids)
    found: Holders = {}
    if not ids:
        return found
    rows = RoleAssignment.objects.standing(Role.ADMINISTRATOR).filter(organisation__in=ids)
    for row in rows.select_related("user__person"):
        found.setdefault(row.organisation_id, {})[row.user_id] = row.user
    return found


def deciders_of_step(step: ApprovalStep) -> list[Any]:
    """Whom to tell that this step waits: never the applicant, nor who has decided on the application before."""
    there = (
        {} if step.stage == Stage.ORGANISER else holders([step.organisation_id]).get(step.organisation_id, {})
    )
    out = {step.applicant_id, *(row.decided_by_id for row in step.enrolment.steps.all())}
    found = [user for user in there.values() if user.pk != step.applicant_id]
    found = found or administrators_of(step.enrolment.cohort.organisation)
    return [user for user in found if user.pk not in out]


def also_words(step: ApprovalStep) -> str:
    """Why a step stands for other stages too; "" when it stands for its own only."""
    if not step.also:
        return ""
    names = _list(str(Stage(stage).label) for stage in step.also)
    return _("Decides also in place of: %(stages)s.") % {"stages": names}


@dataclass(frozen=True)
class Review:
    """One step of an application as its page shows it."""

    label: str
    who: str
    state: str  # done | now | todo | stopped
    hint: str
    comment: str = ""
    by: str = ""

    @property
    def words(self) -> str:
        """What it waits for or when it was decided, with what was said."""
        return f"{self.hint} {self.comment}".strip()


def reviews_of(enrolment: Any) -> list[Review]:
    """The approval steps of an application, with what each waits for. Steps and their people are fetched in one query."""
    steps = enrolment.steps.select_related("organisation", "decided_by__person")
    found, since, is_open = [], enrolment.applied_at, enrolment.state == "applied"
    for step in steps:
        state, hint = _stands(step, since, is_open)
        is_open = is_open and state != "now"
        by = str(step.decided_by) if step.decided_by else ""
        found.append(
            Review(str(Stage(step.stage).label), step.organisation.name, state, hint, step.comment, by)
        )
        since = step.decided_at or since
    return found


def _stands(step: ApprovalStep, since: datetime, is_open: bool) -> tuple[str, str]:
    also = f" {also_words(step)}" if step.also else ""
    if step.decided_at:
        word = _("Approved on %(time)s.") if step.state == "approved" else _("Refused on %(time)s.")
        return ("done" if step.state == "approved" else "stopped"), word % {
            "time": day_time(step.decided_at)
        } + also
    if is_open:
        values = {"who": step.organisation.name, "time": day_time(since)}
        return "now", _("Waits for %(who)s since %(time)s.") % values + also
    return "todo", also.strip()


# --- Invitation codes ---------------------------------------------------------------------------------------


def code_found(cohort: Cohort, typed: str, person: Person) -> InvitationCode | None:
    """The code that was typed, when it opens this cohort for this person: valid, and with a use left or used by them."""
    code = normalise_code(typed)
    row = cohort.invitation_codes.valid().filter(code=code).first() if code else None
    if row is None or (not row.left and not row.used_by.filter(person=person).exists()):
        return None
    return row


def answer_label(answer: dict[str, Any]) -> str:
    """The question of a frozen answer in the language of the reader."""
    return titled(answer["label"], answer.get("label_en", ""))


@dataclass(frozen=True)
class Answered:
    """One answer of an application as its page shows it; of a document the key under which it is opened."""

    label: str
    text: str
    file: Any = None


def answered(enrolment: Any) -> list[Answered]:
    """The answers of an application in the language of the reader, as they were asked. Two queries at most."""
    record = getattr(enrolment, "record", None)
    if record is None:
        return []
    files = {row.key: row for row in record.files.select_related("attachment")}
    return [Answered(answer_label(row), _said(row), files.get(row["key"])) for row in record.answers]


def _said(answer: dict[str, Any]) -> str:
    value = answer["value"]
    if value is None or value == []:
        return "—"
    if isinstance(value, bool):
        return pgettext("answer", "Yes") if value else pgettext("answer", "No")
    if isinstance(value, list):
        return _list(value)
    return day(date.fromisoformat(value)) if answer["kind"] == Asked.DATE else str(value)


def handed_in_by(person: Any) -> list[dict[str, Any]]:
    """What a person has handed in with applications, ready for the export of their own data. Two queries."""
    rows = person.enrolments.filter(record__isnull=False).select_related("record", "cohort")
    files: dict[int, list[str]] = {row.pk: [] for row in rows}
    kept = AnswerFile.objects.filter(record__enrolment__in=list(files)).select_related("attachment", "record")
    for file in kept:
        files[file.record.enrolment_id].append(file.attachment.name)
    return [
        {
            "cohort": row.cohort.title,
            "applied_at": row.applied_at,
            "level_declared": row.record.level,
            "answers": [{"question": each["label"], "answer": each["value"]} for each in row.record.answers],
            "conditions": [each["text"] for each in row.record.findings],
            "files": files[row.pk],
        }
        for row in rows
    ]


def level_words(enrolment: Any) -> str:
    """The national level that was declared with an application; "" where none was asked."""
    record = getattr(enrolment, "record", None)
    return str(Level(record.level).label) if record is not None and record.level in Level.values else ""


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


def next_in_line(cohort: Any) -> list[Any]:
    """Those on the waiting list who may move up now, in their order: never more than are free, and with quotas only
    whom a free place is not kept from. Asked under the lock of the cohort."""
    rows = cohort.enrolments.waiting().select_related("person__user", "person__employer")
    quotas = [row.quota for row in quotas_of(cohort)]
    if not quotas:
        return list(rows[: cohort.seats_free])
    taken, chosen = seats_by_path(cohort), []
    for row in rows.select_related("record__employer"):
        record = getattr(row, "record", None)
        employer = (record.employer if record else None) or row.person.employer
        path = employer.path if employer else ""
        if fits(cohort.capacity, quotas, taken, path):
            taken[path] = taken.get(path, 0) + 1
            chosen.append(row)
        if len(chosen) >= cohort.seats_free:
            break
    return chosen[: cohort.seats_free]
