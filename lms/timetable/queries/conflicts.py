"""What is in the way of a class."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access.scope import Asker, scope_of
from core.access.states import COURSE_READERS
from core.templatetags.times import day, day_time
from lms.cohorts.models import Cohort
from lms.cohorts.queries import titled
from lms.enrolments.models import Enrolment
from lms.enrolments.states import EnrolmentState
from lms.timetable.models import ClassSession
from lms.timetable.policy import (
    IMPOSSIBLE,
    Clash,
    Slot,
    clashes,
    fingerprint,
    out_of_run,
)
from lms.timetable.states import Mode


@dataclass(frozen=True)
class Conflict:
    """What is in the way of a class, in the officer's words; `url` leads to the other class, where they may see it."""

    kind: Clash
    slot: Slot
    other_id: int  # 0 where it is no other class
    text: str
    url: str

    @property
    def is_impossible(self) -> bool:
        return self.kind in IMPOSSIBLE


def key_of(conflicts: Collection[Conflict]) -> str:
    """What the tick "save anyway" carries: the name of exactly these warnings; "" where one is in the way for good."""
    if any(each.is_impossible for each in conflicts):
        return ""
    return fingerprint((each.kind, each.slot.starts_at, each.other_id) for each in conflicts)


def conflicts_of(slots: Sequence[Slot], user: Asker | None, cohort: Cohort) -> list[Conflict]:
    """Everything that is in the way of these slots of this cohort, by time: other classes, and that a day is none of the
    cohort's. One query, however many slots.

    What another organisation plans is told without its title: the officer learns that there is something, not what.
    """
    if not slots:
        return []
    others = _in_the_way(slots)
    found: list[Conflict] = []
    for slot in slots:
        found.extend(_out_of_run(slot, cohort))
        for row in others:
            kinds = clashes(slot, row.slot, row.shared or 0)
            found.extend(_conflict(kind, slot, row, user) for kind in kinds)
    return sorted(found, key=lambda each: (each.slot.starts_at, not each.is_impossible, each.other_id))


def _in_the_way(slots: Sequence[Slot]) -> list[Any]:
    """The classes at these times in the same cohort, with the same instructor, in the same room, with the same people.

    Each of another cohort knows as `shared` how many people learn in both. One query.
    """
    times = Q()
    for slot in slots:
        times |= Q(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at)
    cohort_id = slots[0].cohort_id
    wanted = Q(cohort_id=cohort_id) | Q(shared__gt=0)
    wanted |= Q(instructor_id__in={slot.instructor_id for slot in slots if slot.instructor_id is not None})
    for place, room in {(slot.place, slot.room) for slot in slots if slot.is_on_site and slot.room}:
        wanted |= ~Q(mode=Mode.ONLINE) & Q(place__iexact=place, room__iexact=room)
    rows = ClassSession.objects.standing().filter(times).annotate(shared=_shared_with(cohort_id))
    return list(rows.filter(wanted).select_related("cohort__organisation", "instructor"))


def _shared_with(cohort_id: int) -> models.Subquery:
    """How many learn in this cohort and in that of the class; nothing for its own classes."""
    mine = Enrolment.objects.filter(cohort_id=cohort_id, state=EnrolmentState.ENROLLED).order_by()
    both = Enrolment.objects.filter(
        cohort=models.OuterRef("cohort"), state=EnrolmentState.ENROLLED, person__in=mine.values("person")
    ).exclude(cohort_id=cohort_id)
    count = both.order_by().values("cohort").annotate(number=models.Count("pk")).values("number")
    return models.Subquery(count)


def _out_of_run(slot: Slot, cohort: Cohort) -> list[Conflict]:
    kind = out_of_run(timezone.localdate(slot.starts_at), cohort.starts_on, cohort.ends_on)
    if kind is Clash.BEFORE_COHORT:
        text = _("The class is before the first day of the cohort, %(day)s.") % {"day": day(cohort.starts_on)}
    elif kind is Clash.AFTER_COHORT:
        text = _("The class is after the last day of the cohort, %(day)s.") % {"day": day(cohort.ends_on)}
    else:
        return []
    return [Conflict(kind, slot, 0, text, "")]


def _conflict(kind: Clash, slot: Slot, other: Any, user: Asker | None) -> Conflict:
    seen = user is not None and scope_of(user).covers(other.cohort.organisation, *COURSE_READERS)
    what = (
        f"{other.title_here} · {titled(other.cohort.title, other.cohort.title_en)}"
        if seen
        else _("a class of another organisation")
    )
    values = {
        "what": what,
        "time": f"{day_time(other.starts_at)}–{timezone.localtime(other.ends_at):%H:%M}",
        "who": other.instructor or "",
        "n": other.shared or 0,
    }
    text = {
        Clash.COHORT: _("This cohort has another class then: %(what)s (%(time)s)."),
        Clash.TWO_PLACES: _("%(who)s teaches at another place then: %(what)s (%(time)s)."),
        Clash.INSTRUCTOR: _("%(who)s teaches another class then: %(what)s (%(time)s)."),
        Clash.ROOM: _("The room is taken: %(what)s (%(time)s)."),
        Clash.TRAINEES: ngettext(
            "%(n)s trainee of this cohort has another class then: %(what)s (%(time)s).",
            "%(n)s trainees of this cohort have another class then: %(what)s (%(time)s).",
            other.shared or 0,
        ),
    }[kind]
    url = f"{reverse('timetable:cohort', args=[other.cohort_id])}#class-{other.pk}" if seen else ""
    return Conflict(kind, slot, other.pk, text % values, url)
