"""Reading pathways: where people stand, what they can do next, what a pathway asks for now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from core.access.scope import Asker
from core.people.models import Person
from core.templatetags.times import day
from lms.cohorts.policy import OfferKind
from lms.cohorts.queries import CohortOffer, offers_for, titled
from lms.enrolments.models import Enrolment
from lms.enrolments.queries import EnrolmentCard
from lms.enrolments.states import EnrolmentState
from lms.pathways.models import Pathway, PathwayEnrolment
from lms.pathways.policy import (
    Item,
    Plan,
    Progress,
    Standing,
    Step,
    Validity,
    counted,
    progress_of,
    reopens_on,
    validity,
)
from lms.pathways.states import PathwayState

Completions = dict[tuple[int, int], list[date]]
TONES = {
    PathwayState.RUNNING: "info",
    PathwayState.COMPLETED: "good",
    PathwayState.EXPIRED: "warn",
    PathwayState.LEFT: "plain",
}


def plan_of(pathway: Pathway) -> Plan:
    """What the pathway asks of whoever joins now. One query."""
    rows = pathway.courses.select_related("course").order_by("position", "pk")
    steps = tuple(
        Step(row.course_id, row.course.code, row.course.title, row.course.title_en, row.group, row.days)
        for row in rows
    )
    return Plan(steps, pathway.at_least, pathway.valid_months)


def completions(person_ids: Iterable[int], course_ids: Iterable[int]) -> Completions:
    """On which days these people completed these courses, in whatever cohort. One query."""
    rows = Enrolment.objects.filter(
        state=EnrolmentState.COMPLETED,
        person__in=list(person_ids),
        cohort__course__in=list(course_ids),
        completed_at__isnull=False,
    )
    found: Completions = {}
    for person_id, course_id, moment in rows.order_by().values_list(
        "person_id", "cohort__course_id", "completed_at"
    ):
        if moment is not None:
            found.setdefault((person_id, course_id), []).append(timezone.localtime(moment).date())
    return found


def progress_in(enrolment: PathwayEnrolment, known: Completions | None = None) -> Progress:
    """Where this round stands today. One query, unless the completions are known."""
    plan = enrolment.frozen
    if known is None:
        known = completions([enrolment.person_id], (step.course_id for step in plan.steps))
    done = {
        step.course_id: counted(known.get((enrolment.person_id, step.course_id), []), enrolment.counts_from)
        for step in plan.steps
    }
    return progress_of(plan, done, joined_on=enrolment.joined_on, today=timezone.localdate())


def progress_of_all(rows: Sequence[PathwayEnrolment]) -> list[tuple[PathwayEnrolment, Progress]]:
    """The same for many, with one query."""
    courses = {step["course_id"] for row in rows for step in row.plan["steps"]}
    known = completions({row.person_id for row in rows}, courses)
    return [(row, progress_in(row, known)) for row in rows]


def group_words(plan: Plan, group: str) -> str:
    """How a group of courses is headed."""
    if not group:
        return _("Required")
    needed = plan.needed(group)
    text = ngettext("At least %(n)s of these", "At least %(n)s of these", needed)
    return text % {"n": needed}


def step_title(step: Step) -> str:
    return titled(step.title, step.title_en)


@dataclass(frozen=True)
class Row:
    """One course on the checklist of a trainee: what it waits for, and where to go."""

    title: str
    standing: str
    label: str
    tone: str
    note: str
    done_on: date | None
    due_on: date | None
    offers: list[CohortOffer]

    @property
    def is_open(self) -> bool:
        return self.standing in (Standing.OVERDUE, Standing.SOON, Standing.TO_DO)


STANDING_TONES = {Standing.DONE: "good", Standing.OVERDUE: "bad", Standing.SOON: "warn"}


def standing_words(standing: str) -> str:
    return {
        Standing.DONE: pgettext("pathway", "Done"),
        Standing.OVERDUE: _("Overdue"),
        Standing.SOON: _("Due soon"),
        Standing.TO_DO: pgettext("pathway", "To do"),
        Standing.NOT_NEEDED: _("Not needed any more"),
    }[Standing(standing)]


def checklist(enrolment: PathwayEnrolment, progress: Progress, user: Asker) -> list[tuple[str, list[Row]]]:
    """The courses under the headings of their groups, with the cohorts that lead to those missing. Three queries."""
    running = enrolment.state == PathwayState.RUNNING
    wanted = [item.step.course_id for item in progress.missing] if running else []
    offers = offers_for(wanted, user) if wanted else {}
    plan = enrolment.frozen
    return [
        (
            group_words(plan, group),
            [
                _row(item, offers.get(item.step.course_id, []))
                for item in progress.items
                if item.step.group == group
            ],
        )
        for group in plan.groups
    ]


def _row(item: Item, offers: list[CohortOffer]) -> Row:
    reach = [offer for offer in offers if offer.is_within_reach and offer.kind != OfferKind.COMPLETED]
    learning = [offer for offer in reach if offer.kind == OfferKind.CONTINUE]
    reach = learning or reach  # whoever learns it already needs no second place
    label, tone = standing_words(item.standing), STANDING_TONES.get(item.standing, "plain")
    if learning and item.standing == Standing.TO_DO:
        label, tone = pgettext("pathway", "Under way"), "info"
    note = ""
    if item.standing in (Standing.OVERDUE, Standing.SOON, Standing.TO_DO) and not reach:
        note = _("No cohort takes applications now. When one opens it stands here.")
    return Row(
        title=step_title(item.step),
        standing=item.standing,
        label=label,
        tone=tone,
        note=note,
        done_on=item.done_on,
        due_on=item.due_on,
        offers=reach[:3],
    )


@dataclass(frozen=True)
class Card:
    """A person's round on a pathway, for lists; words in the reader's language."""

    id: int
    title: str
    organisation: str
    round: int
    state: str
    state_label: str
    tone: str
    done: int
    total: int
    next_due: date | None
    expires_on: date | None
    url: str


def pathways_of(person: Person | None) -> list[Card]:
    """The latest round of each pathway somebody is or was on. Two queries."""
    if person is None:
        return []
    rows = PathwayEnrolment.objects.filter(person=person).select_related("pathway__organisation")
    latest: dict[int, PathwayEnrolment] = {}
    for row in rows.order_by("round"):
        latest[row.pathway_id] = row
    return [_card(row, progress) for row, progress in progress_of_all(list(latest.values()))]


def deadlines_of(person: Person, cards: Iterable[EnrolmentCard]) -> dict[int, date]:
    """Until when this person is to have completed what their pathways still miss: {course id: day}, the nearest of several
    pathways. `cards` are all enrolments of the person (`enrolments_of`), which know what is completed. One query."""
    known: Completions = {}
    for card in cards:
        if card.completed_at is not None:
            day = timezone.localtime(card.completed_at).date()
            known.setdefault((person.pk, card.course_id), []).append(day)
    found: dict[int, date] = {}
    for row in PathwayEnrolment.objects.filter(person=person, state=PathwayState.RUNNING):
        for item in progress_in(row, known).missing:
            if item.due_on is not None:
                course_id = item.step.course_id
                found[course_id] = min(item.due_on, found.get(course_id, item.due_on))
    return found


def _card(row: PathwayEnrolment, progress: Progress) -> Card:
    return Card(
        id=row.pk,
        title=row.pathway.title_here,
        organisation=row.pathway.organisation.name,
        round=row.round,
        state=row.state,
        state_label=str(row.get_state_display()),
        tone=TONES[PathwayState(row.state)],
        done=progress.done,
        total=progress.total,
        next_due=progress.next_due if row.state == PathwayState.RUNNING else None,
        expires_on=row.expires_on,
        url=reverse("lms:pathway-mine", args=[row.pk]),
    )


@dataclass(frozen=True)
class Joining:
    """What a person can do about a pathway: `may` join now, or the sentence why not; `own` leads to their round."""

    may: bool
    sentence: str
    own: PathwayEnrolment | None
    round: int


def joining(pathway: Pathway, person: Person | None) -> Joining:
    """Whether the next round can begin. One query.

    The first may at any time; the next one from 90 days before the result runs out, or after leaving.
    """
    if person is None:
        return Joining(False, "", None, 1)
    last = PathwayEnrolment.objects.filter(pathway=pathway, person=person).order_by("-round").first()
    if last is None:
        return Joining(True, "", None, 1)
    if last.state == PathwayState.RUNNING:
        return Joining(False, _("This round is under way."), last, last.round)
    if last.state == PathwayState.COMPLETED:
        worth = validity(last.expires_on, today=timezone.localdate())
        if worth == Validity.NO_END:
            return Joining(False, _("The pathway is completed, and that has no end."), last, last.round)
        if worth == Validity.VALID and last.expires_on is not None:
            text = _("The pathway is completed. The next round can begin on %(day)s.")
            return Joining(False, text % {"day": day(reopens_on(last.expires_on))}, last, last.round)
    return Joining(True, "", last, last.round + 1)


def desk_pathways(user: Asker) -> QuerySet[Any]:
    """The pathways of the user's tree, with how many stand in each state, counted as on their own pages. One query."""
    rows = Pathway.objects.visible_to(user).select_related("organisation")
    return rows.annotate(
        on_it=Count("enrolments", filter=Q(enrolments__state=PathwayState.RUNNING)),
        completed=Count("enrolments", filter=Q(enrolments__state=PathwayState.COMPLETED)),
        expired=Count("enrolments", filter=Q(enrolments__state=PathwayState.EXPIRED)),
    )


def pathway_data_of(person: Person) -> list[dict[str, Any]]:
    """Every round of this person on a pathway, with what it asked for. One query."""
    rows = PathwayEnrolment.objects.filter(person=person).select_related("pathway")
    return [
        {
            "pathway": row.pathway.title,
            "round": row.round,
            "state": row.state,
            "joined_on": row.joined_on,
            "courses": [step.title for step in row.frozen.steps],
            "completed_on": row.completed_on,
            "valid_until": row.expires_on,
        }
        for row in rows
    ]
