"""Reading transfers: where somebody can go, what is asked, and what the desk decides on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.people.models import Person
from lms.admissions.queries import (
    Moved,
    admission_of,
    finding_words,
    moving_words,
    seats_for,
    stage_words,
    wants_new_application,
)
from lms.cohorts.models import Cohort
from lms.cohorts.policy import OVER, RunState
from lms.cohorts.queries import elsewhere, facts_of, state_of, titled, words
from lms.enrolments.models import Enrolment
from lms.enrolments.states import PENDING, EnrolmentState
from lms.transfers.models import Transfer
from lms.transfers.policy import Move, obstacle


@dataclass(frozen=True)
class Place:
    """A cohort that somebody could move to, in the language of the request."""

    id: int
    title: str
    place: str
    organisation: str
    starts_on: date | None
    ends_on: date | None
    seats_free: int  # without those that are kept for others
    kept: str  # for whom places are kept
    findings: list[dict[str, str]]  # how the conditions there stand for this person (finding_words)
    stages: str  # who decides there besides the organiser
    obstacle: str  # why it cannot be chosen; "" when it can
    apply_url: str = ""  # where to apply instead, when that is what stands in the way

    @property
    def asks(self) -> bool:
        """Whether there is anything to know of it beside its days and places."""
        return bool(self.obstacle or self.kept or self.stages or self.findings)


def places_elsewhere(enrolment: Enrolment) -> list[Place]:
    """The cohorts of the same course that take people now and have a free place, without those the person is in: each
    with what it asks for, and whether this person can be moved there. Some queries for each that has a plan or quotas."""
    mine = set(
        Enrolment.objects.active().filter(person=enrolment.person_id).values_list("cohort_id", flat=True)
    )
    return [_place(cohort, enrolment) for cohort in elsewhere(enrolment.cohort) if cohort.pk not in mine]


def _place(cohort: Cohort, enrolment: Enrolment) -> Place:
    admission = admission_of(cohort, enrolment.person)
    obstacle = moving_words(enrolment, cohort, admission.findings)
    applies = admission.has_seat and wants_new_application(enrolment, cohort, admission.findings)
    if not admission.has_seat:
        obstacle = obstacle or gettext("The places that are left there are kept for other organisations.")
    return Place(
        id=cohort.pk,
        title=titled(cohort.title, cohort.title_en),
        place=cohort.place,
        organisation=cohort.organisation.name,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        seats_free=max(0, cohort.seats_free - admission.seats_kept),
        kept=admission.kept if admission.has_seat else "",
        findings=finding_words(admission.findings),
        stages=stage_words(enrolment, cohort),
        obstacle=obstacle,
        apply_url=reverse("lms:enrolment-apply", args=[cohort.pk]) if applies else "",
    )


def targets_of_officer(enrolment: Enrolment, user: Asker) -> list[tuple[Cohort, int]]:
    """The cohorts of the same course that this officer runs and that have a free place for this person, announced or
    not; each with how many these are. Some queries for each that has quotas."""
    run_by_user = scope_of(user).q("organisation", Role.ADMINISTRATOR)
    rows = Cohort.objects.filter(run_by_user, course_id=enrolment.cohort.course_id)
    rows = rows.in_state(*set(RunState) - OVER).filter(seats_taken__lt=F("capacity"))
    rows = rows.exclude(pk=enrolment.cohort_id).with_waiting()
    rows = rows.select_related("organisation", "version", "plan")
    found = [row for row in rows.order_by("starts_on", "pk") if not row.waiting]
    free = [(row, seats_for(row, enrolment.person)) for row in found]
    return [(row, number) for row, number in free if number]


def obstacle_for(enrolment: Enrolment, target: Cohort) -> str:
    """What keeps this enrolment out of that cohort now, in words; "" when nothing does. Its admission is asked last."""
    there = Enrolment.objects.active().filter(cohort=target, person=enrolment.person_id)
    move = Move(
        standing=enrolment.state,
        is_same_course=enrolment.cohort.course_id == target.course_id,
        is_same_cohort=enrolment.cohort_id == target.pk,
        is_there_already=there.exclude(pk=enrolment.pk).exists(),
    )
    found = obstacle(move, facts_of(target), RunState(state_of(target)))
    return words(found) if found else moving_words(enrolment, target)


def pending_of(enrolment: Enrolment) -> Transfer | None:
    """The transfer that waits for a decision, if there is one."""
    rows = Transfer.objects.pending().filter(enrolment=enrolment)
    return rows.select_related("to_cohort__organisation").first()


def moved_out_of(person: Person) -> list[tuple[int, int, datetime]]:
    """The cohorts that a person was moved out of after they had been given the place, whereto and when. One query."""
    had_place = Q(enrolment__decided_at=None) | Q(enrolment__decided_at__lte=F("decided_at"))
    rows = Transfer.objects.granted().filter(had_place, enrolment__person=person)
    rows = rows.exclude(enrolment__state__in=PENDING, enrolment__decided_at=None)
    return list(rows.order_by().values_list("from_cohort", "to_cohort", "decided_at"))  # type: ignore[arg-type]


def moved_into(cohort_id: int, *, since: datetime) -> QuerySet[Transfer]:
    """The transfers by which somebody was moved into a cohort at this moment or after it."""
    return Transfer.objects.granted().filter(to_cohort=cohort_id, decided_at__gte=since)


def moved_here_at(enrolment: str = "pk", cohort: str = "cohort") -> Subquery:
    """When an enrolment was last moved to the cohort that it is in; none if never. It is what enrolments are annotated
    with, or with other paths whatever belongs to one."""
    rows = Transfer.objects.granted().filter(enrolment=OuterRef(enrolment), to_cohort=OuterRef(cohort))
    return Subquery(rows.order_by().values("enrolment").annotate(at=Max("decided_at")).values("at"))


def moves_of(enrolment: Enrolment) -> list[Moved]:
    """The moves of this enrolment, the first one first. One query."""
    rows = Transfer.objects.granted().filter(enrolment=enrolment).order_by("decided_at", "pk")
    titles = ("from_cohort__title", "from_cohort__title_en", "to_cohort__title", "to_cohort__title_en")
    return [
        Moved(at, titled(old, old_en), titled(new, new_en))
        for at, old, old_en, new, new_en in rows.values_list("decided_at", *titles)
        if at is not None
    ]


def waiting_among(transfers: Iterable[Transfer]) -> set[int]:
    """Which of these wait for a decision that can still be taken. One query."""
    rows = Transfer.objects.pending().filter(pk__in=[row.pk for row in transfers])
    return set(rows.values_list("pk", flat=True))


def can_ask(enrolment: Enrolment) -> bool:
    """Whether a trainee may ask to be moved: with a place in a cohort that goes on."""
    return enrolment.state == EnrolmentState.ENROLLED and enrolment.cohort.cancelled_at is None


def desk_transfers(user: Asker, cohort: Cohort) -> QuerySet[Transfer]:
    """The transfers from and to one cohort: what waits for a decision first, then the newest."""
    rows = Transfer.objects.visible_to(user).filter(Q(from_cohort=cohort) | Q(to_cohort=cohort))
    rows = rows.select_related(
        "enrolment__person__user",
        "from_cohort__organisation",
        "to_cohort__organisation",
        "decided_by__person",
    )
    # "asked" stands first in the alphabet of the states.
    return rows.order_by("state", "-asked_at", "-pk")
