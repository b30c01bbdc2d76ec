"""Making a plan, setting its targets, passing them on, putting it in force and closing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from core.access.scope import Asker
from core.audit.actions import record
from core.audit.models import AuditEntry
from core.notices.actions import notify
from core.organisations.models import Organisation
from core.organisations.queries import administrators_of
from core.people.models import User
from core.states import Refused, move
from credentials.plans.models import PlanTarget, TalentPlan
from credentials.plans.queries import Achieved, children_of, targets_of
from credentials.plans.states import MOVES, PlanState


class PlanRefused(Refused):
    """The plan or target cannot be kept so; the sentence says why."""


@transaction.atomic
def make_plan(
    *, organisation: Organisation, year: int, title: str, note: str = "", actor: Asker
) -> TalentPlan:
    """A plan of one's own for a year. Raises PlanRefused when there is one. Side effects: a row; an audit entry."""
    assert isinstance(actor, User)
    try:
        with transaction.atomic():
            plan = TalentPlan.objects.create(
                organisation=organisation, year=year, title=title.strip(), note=note.strip(), created_by=actor
            )
    except IntegrityError:
        raise PlanRefused(_("This organisation has a plan for this year already.")) from None
    _record("credentials.make_plan", plan, actor, after={"year": year, "title": plan.title})
    return plan


@transaction.atomic
def set_target(*, plan: TalentPlan, number: int, actor: Asker, **what: Any) -> PlanTarget:
    """Set a target of one's own, or another number for what the plan counts already. `what`: kind, course_id, level,
    route, sector. Raises PlanRefused for what was passed on from above, and when the plan is closed. Side effects: the
    plan's row is locked; a row; an audit entry."""
    _require_open(plan)
    target = PlanTarget(plan=plan, number=number, **what)
    had = PlanTarget.objects.filter(plan=plan, key=target.counted_key).first()
    if had and _is_from_above(had):
        raise PlanRefused(_("This target was passed on from above: its number is changed there."))
    if had:
        old, had.number, had.parent = had.number, number, None
        target = had
    else:
        old = None
    target.save()
    _record(
        "credentials.set_target",
        plan,
        actor,
        before={"number": old},
        after={"target": _counts(target), "number": number},
    )
    return target


@transaction.atomic
def remove_target(*, target: PlanTarget, actor: Asker) -> None:
    """Take a target out of a draft. Raises PlanRefused when it was passed on from above or to anybody below, or when
    the plan is no draft. Side effects: the row is gone; an audit entry."""
    plan = _require_open(target.plan)
    if plan.state != PlanState.DRAFT or _is_from_above(target) or target.shares.exists():
        raise PlanRefused(_("Only a target of one’s own, in a draft and passed on to nobody, is taken out."))
    _record(
        "credentials.remove_target", plan, actor, before={"target": _counts(target), "number": target.number}
    )
    target.delete()


@transaction.atomic
def divide_target(*, target: PlanTarget, numbers: Mapping[int, int | None], actor: Asker) -> int:
    """Pass a target on: so many to each of the organisations right below (by number; None: nothing given or changed).
    Returns how many shares are new or changed.

    Shares may add up to more or less than the target: that is named where they stand. Whoever has no plan yet gets a
    draft; what an organisation below had set for itself gives way, and the audit keeps its number. Raises PlanRefused for a
    closed plan, below too.
    Side effects: the plan is locked; rows; an audit entry and a notice at each organisation whose share is new or changed.
    """
    plan = _require_open(target.plan)
    changed = 0
    for child in children_of(plan.organisation):
        number = numbers.get(child.pk)
        if number is not None and _give(plan, target, child, number, actor):
            changed += 1
    return changed


def _give(plan: TalentPlan, target: PlanTarget, child: Organisation, number: int, actor: Asker) -> bool:
    assert isinstance(actor, User)
    theirs = TalentPlan.objects.get_or_create(
        organisation=child,
        year=plan.year,
        defaults={"title": plan.title, "parent": plan, "created_by": actor},
    )[0]
    theirs = (
        TalentPlan.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=theirs.pk)
    )
    share = PlanTarget.objects.filter(plan=theirs, key=target.key).first()
    if share is not None and share.number == number and share.parent_id == target.pk:
        return False
    if theirs.is_closed:
        words = _("%(organisation)s has closed its plan: its share can no longer be changed.")
        raise PlanRefused(words % {"organisation": child.name})
    old = share.number if share else None
    if share is None:
        names = ("kind", "course_id", "level_id", "route", "sector_id")
        share = PlanTarget(plan=theirs, **{name: getattr(target, name) for name in names})
    share.number, share.parent = number, target
    share.save()
    if theirs.parent_id != plan.pk:  # the place may have been moved here from below another
        TalentPlan.objects.filter(pk=theirs.pk).update(parent=plan)
    entry = _record(
        "credentials.divide_target",
        theirs,
        actor,
        before={"number": old},
        after={"target": _counts(target), "number": number},
    )
    _tell(theirs, entry, actor)
    return True


def _is_from_above(target: PlanTarget) -> bool:
    """Whether whoever passed it on stands above still: of a place that was moved since nobody else could change it."""
    if target.parent is None:
        return False
    return target.plan.organisation.path.startswith(target.parent.plan.organisation.path)


def _tell(plan: TalentPlan, entry: AuditEntry, actor: Asker) -> None:
    """Each change is news, one back to an earlier number too: `entry` is the change."""
    for officer in administrators_of(plan.organisation):
        if officer.pk != actor.pk and officer.roles.filter(organisation=plan.organisation).exists():
            notify(
                user=officer,
                kind="plan",
                title=gettext_noop("A target was passed on to %(organisation)s for %(year)s"),
                body=gettext_noop("Look at it in your plan, and pass it on to those below you."),
                url=reverse("plans:inspect", args=[plan.pk]),
                source=f"credentials.divide_target:{entry.pk}",
                organisation=plan.organisation.name,
                year=plan.year,
            )


@transaction.atomic
def start_plan(*, plan: TalentPlan, actor: Asker) -> TalentPlan:
    """Put a draft in force. Raises PlanRefused without a target, StaleState or IllegalMove. Side effects: the plan's row is
    locked, so that its last target is not taken out at the same moment; the state; an audit entry."""
    _locked(plan)
    if not plan.targets.exists():
        raise PlanRefused(_("Set at least one target first."))
    move(plan, PlanState.IN_FORCE, MOVES, started_at=timezone.now())
    _record("credentials.start_plan", plan, actor, before={"state": "draft"}, after={"state": "in_force"})
    return plan


@transaction.atomic
def close_plan(*, plan: TalentPlan, actor: Asker) -> TalentPlan:
    """Close a plan: what each target has reached is frozen. Raises StaleState or IllegalMove. Side effects: the plan's row
    is locked, so that no target is set at the same moment and left without its figure; the state and the figures; an
    audit entry."""
    _locked(plan)
    achieved = Achieved(plan.organisation.path, plan.year)
    targets = targets_of([plan])
    figures = {str(each.pk): achieved.done(each, plan.organisation.path) for each in targets}
    move(plan, PlanState.CLOSED, MOVES, closed_at=timezone.now(), figures=figures)
    _record("credentials.close_plan", plan, actor, before={"state": "in_force"}, after={"state": "closed"})
    return plan


def _require_open(plan: TalentPlan) -> TalentPlan:
    """The plan, locked and read anew, if it is not closed."""
    found = _locked(plan)
    if found.is_closed:
        raise PlanRefused(_("This plan is closed: nothing is changed in it any more."))
    return found


def _locked(plan: TalentPlan) -> TalentPlan:
    """The plan as it is now, locked until the transaction ends."""
    rows = TalentPlan.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=plan.pk)


def _record(action: str, plan: TalentPlan, actor: Asker, **facts: Any) -> AuditEntry:
    return record(action=action, target=plan, actor=actor, organisation=plan.organisation, **facts)


def _counts(target: PlanTarget) -> str:
    """What a target counts, as the audit keeps it: in the language of the place."""
    with override("zh-hans"):
        return target.label
