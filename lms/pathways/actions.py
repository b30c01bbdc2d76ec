"""Making pathways, joining and leaving them, completing and running out. A round is locked before it is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.organisations.models import Organisation
from core.people.models import Person
from core.states import Refused, StaleState, move
from lms.pathways.models import Pathway, PathwayCourse, PathwayEnrolment
from lms.pathways.policy import last_day, reminder_due
from lms.pathways.queries import joining, plan_of, progress_in, progress_of_all
from lms.pathways.states import ELECTIVE, MOVES, PathwayState

FIELDS = (
    "title",
    "title_en",
    "description",
    "is_public",
    "valid_months",
    "at_least_a",
    "at_least_b",
    "at_least_c",
)


class PathwayRefused(Refused):
    """It cannot be done; the message says why."""


@dataclass(frozen=True)
class Wanted:
    """One course as the officer's form names it."""

    course: Any
    group: str = ""
    days: int | None = None


@transaction.atomic
def make_pathway(
    *, organisation: Organisation, courses: Sequence[Wanted], actor: Asker | None, **fields: Any
) -> Pathway:
    """Make a pathway of these courses, in this order. Raises PathwayRefused without any. Side effect: an audit entry."""
    pathway = Pathway(organisation=organisation, **{name: fields[name] for name in FIELDS if name in fields})
    _refuse_nonsense(pathway, courses)
    pathway.full_clean()
    pathway.save()
    _keep_courses(pathway, courses)
    _record("lms.make_pathway", pathway, actor, after={"title": pathway.title, "courses": _codes(courses)})
    return pathway


@transaction.atomic
def change_pathway(
    *, pathway: Pathway, courses: Sequence[Wanted], actor: Asker | None, **fields: Any
) -> Pathway:
    """Change a pathway for those who join from now on. Side effect: an audit entry with what changed."""
    kept = Pathway.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pathway.pk)
    changed = {
        name: fields[name] for name in FIELDS if name in fields and getattr(kept, name) != fields[name]
    }
    before: dict[str, Any] = {name: getattr(kept, name) for name in changed}
    old = list(kept.courses.values_list("course_id", "group", "days"))
    new = [(each.course.pk, each.group, each.days) for each in courses]
    for name, value in changed.items():
        setattr(kept, name, value)
    _refuse_nonsense(kept, courses)
    kept.full_clean()
    if changed:
        kept.save(update_fields=list(changed))
    if old != new:
        codes = kept.courses.values_list("course__code", flat=True)
        before["courses"], changed["courses"] = ", ".join(codes), _codes(courses)
        kept.courses.all().delete()
        _keep_courses(kept, courses)
    if changed:
        _record("lms.change_pathway", kept, actor, before=before, after=changed)
    return kept


@transaction.atomic
def close_pathway(*, pathway: Pathway, actor: Asker | None) -> bool:
    """Nobody joins any more; who is on it goes on. False when that was said before. Side effect: an audit entry."""
    if not Pathway.objects.filter(pk=pathway.pk, closed_at=None).update(closed_at=timezone.now()):
        return False
    _record("lms.close_pathway", pathway, actor)
    return True


@transaction.atomic
def join_pathway(*, pathway: Pathway, person: Person, actor: Asker) -> PathwayEnrolment:
    """Begin a pathway, or its next round; what it asks for is frozen now.

    In the first round whatever was completed before counts; in a later one only what is completed in it. Raises
    PathwayRefused when it is closed, or this round cannot begin. Side effects: an audit entry; completed at once when
    everything is done; a notice when somebody else put the person on it.
    """
    kept = Pathway.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pathway.pk)
    if kept.closed_at is not None:
        raise PathwayRefused(_("This pathway is closed. Nobody can join any more."))
    can = joining(kept, person)
    if not can.may:
        raise PathwayRefused(can.sentence)
    plan, today = plan_of(kept), timezone.localdate()
    if not plan.steps:
        raise PathwayRefused(_("This pathway has no courses yet."))
    try:
        with transaction.atomic():
            enrolment = PathwayEnrolment.objects.create(
                pathway=kept,
                person=person,
                round=can.round,
                joined_on=today,
                counts_from=_counts_from(can.own, today) if can.own else None,
                plan=plan.as_json(),
            )
    except IntegrityError:
        raise PathwayRefused(_("This round is under way."))
    _record("lms.join_pathway", enrolment, actor, after={"round": can.round})
    if actor.pk != person.user_id:
        _tell(
            enrolment,
            "joined",
            gettext_noop("You are on a pathway: %(pathway)s"),
            gettext_noop("Your organisation put you on it. See which courses it asks for, and until when."),
        )
    complete_pathway(enrolment=enrolment)
    return enrolment


def _counts_from(last: PathwayEnrolment, today: date) -> date | None:
    """After a round that was left, the same things count as in it; after a completed one only what comes from now on,
    and never again what completed that one."""
    if last.completed_on is None:
        return last.counts_from
    return max(today, last.completed_on + timedelta(days=1))


@transaction.atomic
def leave_pathway(*, enrolment: PathwayEnrolment, actor: Asker) -> None:
    """Leave a pathway; what was learned stays. Side effect: an audit entry.

    Raises PathwayRefused for everybody but the person, and IllegalMove when it is not running.
    """
    if actor.pk is None or actor.pk != enrolment.person.user_id:
        raise PathwayRefused(_("Only the person themself can do this."))
    move(enrolment, PathwayState.LEFT, MOVES)
    _record("lms.leave_pathway", enrolment, actor)


@transaction.atomic
def complete_pathway(*, enrolment: PathwayEnrolment) -> bool:
    """Complete the round when everything is done, once however many ask; False when something is missing.

    Side effects: the state with its days; an audit entry; a notice.
    """
    row = PathwayEnrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    progress = progress_in(row)
    if row.state != PathwayState.RUNNING or progress.completed_on is None:
        return False
    until = last_day(progress.completed_on, row.frozen.months)
    try:
        move(row, PathwayState.COMPLETED, MOVES, completed_on=progress.completed_on, expires_on=until)
    except StaleState:
        return False
    enrolment.state, enrolment.completed_on, enrolment.expires_on = row.state, row.completed_on, until
    _record("lms.complete_pathway", row, None, after={"round": row.round, "expires_on": until})
    _tell(
        row,
        "completed",
        gettext_noop("Pathway completed: %(pathway)s"),
        gettext_noop("You have completed every course that it asks for. Well done."),
    )
    return True


def complete_reached(*, person_id: int) -> int:
    """Complete every round of this person that is reached now; returns how many. Two queries where there is none."""
    rows = PathwayEnrolment.objects.running().filter(person_id=person_id)
    return sum(complete_pathway(enrolment=row) for row in rows)


def reconcile() -> list[str]:
    """Complete what is reached and was not noticed (joined while the last course was being completed); a line for each."""
    found, rows = [], list(PathwayEnrolment.objects.running().order_by("pk"))
    for start in range(0, len(rows), 200):
        for row, progress in progress_of_all(rows[start : start + 200]):
            if progress.is_complete and complete_pathway(enrolment=row):
                found.append(f"pathway of a trainee {row.pk}: completed")
    return found


def expire_pathways() -> tuple[int, int]:
    """Once a day: what has run out is said to have; who is near the end is reminded. Returns both numbers.

    Safe to call at any time, and days that were missed are made up for. Side effects: states, audit entries, notices.
    """
    today = timezone.localdate()
    over = PathwayEnrolment.objects.filter(state=PathwayState.COMPLETED, expires_on__lt=today)
    expired = sum(expire_pathway(enrolment=row) for row in over.select_related("pathway__organisation"))
    valid = PathwayEnrolment.objects.filter(
        state=PathwayState.COMPLETED, expires_on__gte=today, person__user__is_active=True
    )
    reminded = 0
    for row in valid.select_related("pathway", "person__user"):
        days = reminder_due(row.expires_on, today=today) if row.expires_on else None
        if days is not None and not _is_renewed(row):
            reminded += _remind(row, days)
    return expired, reminded


@transaction.atomic
def expire_pathway(*, enrolment: PathwayEnrolment) -> bool:
    """Say that a completed round has run out; False when that was said before. Side effects: audit entry, notice."""
    try:
        move(enrolment, PathwayState.EXPIRED, MOVES)
    except StaleState:
        return False
    _record("lms.expire_pathway", enrolment, None, after={"round": enrolment.round})
    if not _is_renewed(enrolment):
        _tell(
            enrolment,
            "expired",
            gettext_noop("Your result has run out: %(pathway)s"),
            gettext_noop("You can begin the next round at any time. Your former rounds stay on record."),
        )
    return True


def _is_renewed(row: PathwayEnrolment) -> bool:
    """Whether a later round has been completed already."""
    later = PathwayEnrolment.objects.filter(pathway=row.pathway_id, person=row.person_id)
    return later.filter(round__gt=row.round, completed_on__isnull=False).exists()


def _remind(row: PathwayEnrolment, days: int) -> bool:
    return _tell(
        row,
        f"ends-{days}",
        gettext_noop("Valid until %(day)s: %(pathway)s"),
        gettext_noop("Renew it in time: begin the next round, and see which courses it asks for."),
        day=row.expires_on,
    )


def _refuse_nonsense(pathway: Pathway, courses: Sequence[Wanted]) -> None:
    if not courses:
        raise PathwayRefused(_("Name at least one course."))
    if len({each.course.pk for each in courses}) < len(courses):
        raise PathwayRefused(_("A course stands in a pathway once."))
    for group in ELECTIVE:
        number = sum(each.group == group for each in courses)
        if number and not 1 <= pathway.at_least[group] <= number:
            text = _(
                "Group %(group)s has %(number)s courses: ask for at least one, and for no more than those."
            )
            raise PathwayRefused(text % {"group": group.upper(), "number": number})


def _keep_courses(pathway: Pathway, courses: Sequence[Wanted]) -> None:
    PathwayCourse.objects.bulk_create(
        PathwayCourse(pathway=pathway, course=each.course, group=each.group, days=each.days, position=number)
        for number, each in enumerate(courses, start=1)
    )


def _codes(courses: Sequence[Wanted]) -> str:
    return ", ".join(each.course.code for each in courses)


def _record(action: str, target: Pathway | PathwayEnrolment, actor: Asker | None, **facts: Any) -> None:
    pathway = target if isinstance(target, Pathway) else target.pathway
    record(action=action, target=target, actor=actor, organisation=pathway.organisation, **facts)


def _tell(enrolment: PathwayEnrolment, what: str, title: str, body: str, **values: Any) -> bool:
    told = notify(
        user=enrolment.person.user,
        kind=f"lms.pathway_{what.partition('-')[0]}",
        title=title,
        body=body,
        url=reverse("lms:pathway-mine", args=[enrolment.pk]),
        source=f"lms.pathway:{enrolment.pk}:{what}",
        pathway=enrolment.pathway.title,
        **values,
    )
    return told is not None
