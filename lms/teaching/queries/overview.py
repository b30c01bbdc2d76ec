"""The first page of the desk: the cohorts of a teacher with what needs them, and what waits for marking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from lms.cohorts.models import Cohort
from lms.cohorts.queries import state_of, state_words, titled, tone_of
from lms.enrolments.models import Enrolment
from lms.enrolments.states import EnrolmentState
from lms.teaching.queries.paces import at_risk_in
from lms.teaching.queries.sources import COUNTERS, MARKING, ToMark
from lms.timetable.models import ClassSession

QUEUE = "queue:"  # before the names of counters of what is to be marked
LINGERS = timedelta(days=30)  # how long a cohort stays on the desk after its last day


def taught_by(user: Asker, *, everything: bool = False) -> QuerySet[Cohort]:
    """The cohorts on this person's desk: those that run and have learners, those that begin, those without anybody, those
    that are over; with `everything` also those long over and cancelled."""
    today = timezone.localdate()
    rows = Cohort.objects.visible_to(user).with_waiting().select_related("organisation", "version")
    if not everything:
        rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=today - LINGERS), cancelled_at=None)
    coming = ClassSession.objects.standing().filter(cohort=OuterRef("pk"), ends_at__gt=timezone.now())
    coming = coming.order_by("starts_at", "pk")
    rows = rows.annotate(
        learners=_people_who_are(EnrolmentState.ENROLLED),
        finished=_people_who_are(EnrolmentState.COMPLETED),
        applications=_people_who_are(EnrolmentState.APPLIED),
        next_title=Subquery(coming.values("title")[:1]),
        next_title_en=Subquery(coming.values("title_en")[:1]),
        next_at=Subquery(coming.values("starts_at")[:1]),
        next_id=Subquery(coming.values("pk")[:1]),
    )
    is_over = When(Q(ends_on__lt=today) | Q(cancelled_at__isnull=False), then=Value(3))
    runs = When(starts_on__lte=today, learners__gt=0, then=Value(0))
    rank = Case(is_over, When(learners=0, applications=0, then=Value(2)), runs, default=Value(1))
    return rows.annotate(rank=rank).order_by("rank", "-starts_on", "-pk")


def _people_who_are(state: EnrolmentState) -> Coalesce:
    """How many of a cohort are in this state. Each is counted by itself: over a join, what else is asked of the cohort
    would be asked anew for every one of its people."""
    rows = Enrolment.objects.filter(cohort=OuterRef("pk"), state=state).order_by().values("cohort")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


@dataclass(frozen=True)
class Number:
    """So many of something, and the list behind it."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class CohortAtDesk:
    """One cohort on the overview."""

    cohort: Cohort
    title: str
    course: str
    state_label: str
    tone: str
    learners: int
    finished: int
    numbers: tuple[Number, ...]
    next_class: str
    next_at: datetime | None
    register: (
        str  # the address of the next class's register, from which its check-in code is put on the screen
    )

    @property
    def needs(self) -> int:
        return sum(number.count for number in self.numbers)


@dataclass(frozen=True)
class Desk:
    """The first page: cohorts, and how much waits for a mark in all that this person teaches in."""

    cohorts: list[CohortAtDesk]
    to_mark: int


def overview(cohorts: Sequence[Cohort], everywhere: QuerySet[Cohort]) -> Desk:
    """These cohorts (of `taught_by`) with their numbers, and the number of the queue, which is for the cohorts
    `everywhere`. Five queries, however many counters are registered."""
    at_risk = at_risk_in(cohorts)
    counted, marking = _counted([cohort.pk for cohort in cohorts], everywhere)
    found = []
    for cohort in cohorts:
        row: Any = cohort  # with what `taught_by` counted
        numbers = [  # nought is left out on the page
            Number(_("at risk"), len(at_risk[cohort.pk]), reverse("teaching:risk", args=[cohort.pk])),
            Number(
                _("to mark"), marking.get(cohort.pk, 0), reverse("teaching:marking") + f"?cohort={cohort.pk}"
            ),
            *(
                Number(
                    str(counter.label),
                    counted.get((name, cohort.pk), 0),
                    reverse(counter.page, args=[cohort.pk]),
                )
                for name, counter in COUNTERS.items()
            ),
            Number(
                _("applications"),
                row.applications,
                reverse("applications:cohort", args=[cohort.pk]) + f"?state={EnrolmentState.APPLIED}",
            ),
        ]
        state = state_of(cohort)
        found.append(
            CohortAtDesk(
                cohort=cohort,
                title=titled(cohort.title, cohort.title_en),
                course=titled(cohort.version.title, cohort.version.title_en),
                state_label=state_words(state),
                tone=tone_of(state),
                learners=row.learners,
                finished=row.finished,
                numbers=tuple(numbers),
                next_class=titled(row.next_title or "", row.next_title_en or ""),
                next_at=row.next_at,
                register=reverse("attendance:register", args=[row.next_id]) if row.next_id else "",
            )
        )
    places = {cohort.pk: getattr(cohort, "rank", 0) for cohort in cohorts}
    found.sort(key=lambda row: (places[row.cohort.pk], -row.needs))
    return Desk(found, sum(marking.values()))


def _counted(
    cohort_ids: Sequence[int], everywhere: QuerySet[Cohort]
) -> tuple[dict[tuple[str, int], int], Counter[int]]:
    """The numbers of all counters, by counter and cohort; and how much waits for a mark, by cohort. One query."""
    counts = {name: counter.count(cohort_ids) for name, counter in COUNTERS.items() if cohort_ids}
    cohorts = everywhere.order_by().values("pk")
    counts |= {f"{QUEUE}{name}": marking.count(cohorts) for name, marking in MARKING.items()}
    parts = [rows.annotate(counter=Value(name, output_field=CharField())) for name, rows in counts.items()]
    found: dict[tuple[str, int], int] = {}
    marking: Counter[int] = Counter()
    for cohort, number, name in parts[0].union(*parts[1:], all=True) if parts else ():
        if name.startswith(QUEUE):
            marking[cohort] += number
        else:
            found[name, cohort] = number
    return found, marking


def to_mark(cohort_ids: Sequence[int]) -> list[ToMark]:
    """What waits for marking in these cohorts, the oldest first; as many queries as features register."""
    items = [item for marking in MARKING.values() for item in marking.items(cohort_ids)]
    return sorted(items, key=lambda item: item.waiting_since)
