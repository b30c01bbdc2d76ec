"""Who decides on an application, at which step it waits, and how its way is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, Prefetch, QuerySet, Value
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.models import Organisation, RoleAssignment
from core.organisations.queries import administrators_of
from core.people.models import Person, User
from core.templatetags.times import day_time
from lms.admissions.models import ApprovalStep
from lms.admissions.policy import Stop, is_of_stage, route
from lms.admissions.states import Stage, StepState
from lms.cohorts.models import Cohort
from lms.cohorts.policy import Standing
from lms.cohorts.queries import list_words

if TYPE_CHECKING:
    from lms.enrolments.models import Enrolment

Holders = dict[
    int, list[tuple[User, int | None]]
]  # of an organisation: its administrators, and who let them in
_HIGHEST_OF_EMPLOYER = ("station", "street")
_MOVED: dict[str, Callable[..., Any]] = {
    "here": lambda _enrolment, _cohort: Value(None, output_field=DateTimeField()),
    "all": lambda _enrolment: [],
}


@dataclass(frozen=True)
class Moved:
    """That somebody was moved from one cohort to another; the titles are in the reader's language."""

    at: datetime
    old: str
    new: str


def moved_by(here: Callable[[str, str], Any], moves: Callable[[Enrolment], list[Moved]]) -> None:
    """Ask `here(path to the enrolment, path to its cohort)` when an application was moved to the cohort that it is in: it
    answers with what a queryset is annotated with. `moves` are all moves of one. Whoever moves people (lms/transfers)
    stands above."""
    _MOVED["here"], _MOVED["all"] = here, moves


def moved_here() -> Any:
    """What enrolments are annotated with as `moved_at`, so that `reviews_of` asks for moves only where there were any."""
    return _MOVED["here"]("pk", "cohort")


def stages_found(employer: Organisation | None, applicant_id: int) -> dict[str, Organisation | None]:
    """The organisation that decides at each tier above an employer: the nearest with an administrator who is not the
    applicant. The employer itself counts whatever its tier; above it the employer's stage ends at the street."""
    if employer is None:
        return {}
    above = Organisation.paths_above(employer.path)
    held = RoleAssignment.objects.standing(Role.ADMINISTRATOR).filter(organisation__path__in=above)
    ids = _not_of(held, applicant_id).values("organisation_id")
    rows = list(Organisation.objects.filter(pk__in=ids).order_by("-path"))  # one line: the deepest first
    found: dict[str, Organisation | None] = {}
    for row in rows:
        if row.pk == employer.pk or row.tier in _HIGHEST_OF_EMPLOYER:
            found.setdefault(Stage.EMPLOYER, row)
        found.setdefault(row.tier, row)
    return found


def _not_of(held: QuerySet[RoleAssignment], applicant_id: int) -> QuerySet[RoleAssignment]:
    """Of these roles those by which somebody can decide on this applicant: not their own, nor what they have given."""
    return held.exclude(user_id=applicant_id).exclude(granted_by_id=applicant_id)


def stops_of(cohort: Cohort, person: Person) -> tuple[Stop, ...]:
    """The steps that an application of this person goes through in this cohort; none where no stage is named. At most
    two queries."""
    stages = [str(child.value) for child in cohort.plan.stages] if cohort.plan is not None else []
    if not stages:
        return ()
    found = stages_found(person.employer, person.user_id)
    ids = {stage: row.pk for stage, row in found.items() if row is not None}
    return route(stages, ids, cohort.organisation_id)


def waiting_at(enrolment: Enrolment) -> list[int]:
    """The organisations that are still to decide on this application, in order. Cheap when steps are fetched."""
    return [step.organisation_id for step in enrolment.steps.all() if step.state == StepState.WAITING]


def current_step(enrolment: Enrolment) -> ApprovalStep | None:
    """The step on which this application waits now; None when none is to be decided. Cheap when steps are fetched."""
    if enrolment.state != Standing.APPLIED:
        return None
    return next((step for step in enrolment.steps.all() if step.state == StepState.WAITING), None)


def has_decided(user: Asker, enrolment: Enrolment) -> bool:
    """Whether this user has decided on a step of this application: nobody decides twice. Cheap when steps are fetched."""
    return any(row.decided_by_id == user.pk for row in enrolment.steps.all())


def may_decide_step(user: Asker, step: ApprovalStep, held: Holders | None = None) -> bool:
    """Whether this administrator decides at this step: each tier its own, the organiser's own tree for the organiser's.

    When nobody is an administrator there any more but the applicant and those whom the applicant has let in, the
    organiser decides in its place. One query for that, unless the holders of the roles are given.
    """
    if not user.is_authenticated or user.pk == step.applicant_id:
        return False
    if has_decided(user, step.enrolment):
        return False
    scope = scope_of(user)
    if step.stage != Stage.ORGANISER:
        if (Role.ADMINISTRATOR, step.organisation.path) in scope.grants:
            return True
        there = holders([step.organisation_id]) if held is None else held
        if _others(there, step):
            return False
    return scope.covers(step.enrolment.cohort.organisation, Role.ADMINISTRATOR)


def with_steps() -> Prefetch[str, QuerySet[ApprovalStep], str]:
    """To fetch applications with their steps, and where these are decided, in one query more."""
    return Prefetch("steps", queryset=ApprovalStep.objects.select_related("organisation"))


def waits_elsewhere(enrolments: Iterable[Enrolment], user: Asker) -> dict[int, str]:
    """Of these applications those whose step is not this user's to decide, with the name of who decides.

    One query when their steps are fetched.
    """
    steps = [step for row in enrolments if (step := current_step(row)) is not None]
    held = holders(step.organisation_id for step in steps)
    return {
        step.enrolment_id: step.organisation.name for step in steps if not may_decide_step(user, step, held)
    }


def holders(organisation_ids: Iterable[int]) -> Holders:
    """The administrators at the very organisations, by account and who let them in, without those above. One query,
    none for none."""
    ids = set(organisation_ids)
    found: Holders = {}
    if not ids:
        return found
    rows = RoleAssignment.objects.standing(Role.ADMINISTRATOR).filter(organisation__in=ids)
    for row in rows.select_related("user__person"):
        found.setdefault(row.organisation_id, []).append((row.user, row.granted_by_id))
    return found


def _others(held: Holders, step: ApprovalStep) -> list[User]:
    """The administrators at the organisation of a step, without the applicant and those whom the applicant has let in."""
    there = {
        user.pk: user for user, giver in held.get(step.organisation_id, ()) if giver != step.applicant_id
    }
    return [user for pk, user in there.items() if pk != step.applicant_id]


def deciders_of_step(step: ApprovalStep) -> list[User]:
    """Whom to tell that this step waits: never the applicant, nor who has decided on the application before."""
    found = [] if step.stage == Stage.ORGANISER else _others(holders([step.organisation_id]), step)
    out = {step.applicant_id, *(row.decided_by_id for row in step.enrolment.steps.all())}
    found = found or administrators_of(step.enrolment.cohort.organisation)
    return [user for user in found if user.pk not in out]


def also_words(step: ApprovalStep) -> str:
    """For which stages a step stands too, and why: it is of these itself, or nobody can decide at them; "" when it
    stands for its own only. A query or two for the employer of the time."""
    if not step.also:
        return ""
    record = getattr(step.enrolment, "record", None)
    employer, at = (
        record.employer if record is not None else step.enrolment.person.employer,
        step.organisation,
    )
    own = [
        stage
        for stage in step.also
        if is_of_stage(
            stage,
            path=at.path,
            tier=at.tier,
            employer=employer.path if employer else "",
            is_employer=employer == at or at.tier in _HIGHEST_OF_EMPLOYER,
        )
    ]
    said = []
    if own:
        said.append(_("This organisation is also that of the stage: %(stages)s.") % {"stages": _labels(own)})
    if fallen := [stage for stage in step.also if stage not in own]:
        words = _("Decides also in place of: %(stages)s, where nobody can decide.")
        said.append(words % {"stages": _labels(fallen)})
    return " ".join(said)


def _labels(stages: Iterable[str]) -> str:
    return list_words(str(Stage(stage).label) for stage in stages)


@dataclass(frozen=True)
class Review:
    """One step of an application, or a move to another cohort, as its page shows it."""

    label: str
    who: str
    state: str  # done | now | todo | stopped
    hint: str
    comment: str = ""
    by: str = ""
    at: datetime | None = None  # when it was decided
    is_of_former: bool = False  # a step of a cohort that the application has left
    is_move: bool = False

    @property
    def words(self) -> str:
        """What it waits for or when it was decided, with what was said."""
        return f"{self.hint} {self.comment}".strip()

    @property
    def is_step_here(self) -> bool:
        """Whether it is a step of the cohort where the application is."""
        return not (self.is_move or self.is_of_former)


def reviews_of(enrolment: Enrolment) -> list[Review]:
    """The way of an application in the order it went: the approval steps with what each waits for, those that were
    decided for a cohort it has left, and the moves. Steps and their people are fetched in one query, moves in another
    where there were any (see `moved_here`).

    Whoever was moved here has waited since then: before, nobody here could decide.
    """
    kept = enrolment.steps(manager="archive").select_related("organisation", "decided_by__person")
    steps: list[Any] = list(kept.annotate(moved_at=_MOVED["here"]("enrolment", "enrolment__cohort")))
    was_moved = steps[0].moved_at if steps else getattr(enrolment, "moved_at", True)
    found = [_review_of_move(move) for move in (_MOVED["all"](enrolment) if was_moved else ())]
    former = [step for step in steps if step.archived_at and step.decided_at]
    found += [_review(step, *_stands(step, step.decided_at, False), is_of_former=True) for step in former]
    since, is_open = steps[0].moved_at if steps else None, enrolment.state == Standing.APPLIED
    since = since or enrolment.applied_at
    for step in steps:
        if step.archived_at:
            continue
        state, hint = _stands(step, since, is_open)
        is_open = is_open and state != "now"
        found.append(_review(step, state, hint))
        since = step.decided_at or since
    # What is decided by a move is decided at its moment, and follows it.
    return sorted(
        found, key=lambda each: (each.at is None, each.at and each.at.timestamp(), not each.is_move)
    )


def _review(step: ApprovalStep, state: str, hint: str, *, is_of_former: bool = False) -> Review:
    return Review(
        label=str(Stage(step.stage).label),
        who=step.organisation.name,
        state=state,
        hint=hint,
        comment=step.comment,
        by=str(step.decided_by) if step.decided_by else "",
        at=step.decided_at,
        is_of_former=is_of_former,
    )


def _review_of_move(move: Moved) -> Review:
    values = {"time": day_time(move.at), "old": move.old, "new": move.new}
    words = _("%(time)s: from %(old)s to %(new)s.") % values
    return Review("", pgettext("transfer", "Moved"), "done", words, at=move.at, is_move=True)


def _stands(step: ApprovalStep, since: datetime, is_open: bool) -> tuple[str, str]:
    also = f" {also_words(step)}" if step.also else ""
    if step.decided_at:
        word = _("Approved on %(time)s.") if step.state == StepState.APPROVED else _("Refused on %(time)s.")
        return ("done" if step.state == StepState.APPROVED else "stopped"), word % {
            "time": day_time(step.decided_at)
        } + also
    if is_open:
        values = {"who": step.organisation.name, "time": day_time(since)}
        return "now", _("Waits for %(who)s since %(time)s.") % values + also
    return "todo", also.strip()
