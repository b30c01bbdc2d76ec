"""Many pairings in one act."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from core.access.scope import Asker
from core.audit.actions import entry_of, record_all
from core.notices.actions import notify_each
from core.people.models import Person
from supervision.conflicts.queries import barred_pairs
from supervision.pairings.actions.basis import CREATED, KIND, NotPossible, notes_for_both
from supervision.pairings.actions.checking import barred_words, check, paired_words, refuse_own, why_no_place
from supervision.pairings.models import Pairing
from supervision.pairings.queries import leaders_of_each
from supervision.signals import PlacesChanged, places_changed
from supervision.supervisors.models import Supervisor


@transaction.atomic
def create_pairings(
    *,
    wanted: Sequence[tuple[Supervisor, Person]],
    actor: Asker | None,
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
) -> list[Pairing | NotPossible]:
    """Make many pairings as create_pairing makes one, each under the mentee's employer; of each, in this order, the
    pairing, or why there is none. The statements are the same for ten and for hundreds.

    The supervisors stay locked until the transaction ends, so no place and no pair is given twice. Side effects in order:
    the places, the rows, an audit entry for each, a notice to both of each, PlacesChanged of each supervisor.
    """
    rows = Supervisor.objects.select_for_update(of=("self",)).select_related("person__user").order_by("pk")
    locked = {row.pk: row for row in rows.filter(pk__in={by.pk for by, _mentee in wanted})}
    known = _Known.of(list(locked), [mentee for _by, mentee in wanted])
    made: list[Pairing | NotPossible] = []
    for given, mentee in wanted:
        supervisor = locked[given.pk]
        try:
            check(supervisor, mentee, mentee.employer, starts_on, ends_on, known.leaders_over(mentee))
            refuse_own(supervisor, mentee, actor)
            known.refuse(supervisor, mentee)
        except NotPossible as refused:
            made.append(refused)
            continue
        known.paired.add((supervisor.pk, mentee.pk))
        supervisor.load += 1
        facts = {"supervisor": supervisor, "mentee": mentee, "organisation": mentee.employer}
        days = {"starts_on": starts_on, "ends_on": ends_on}
        made.append(Pairing(**facts, **days, created_by_id=getattr(actor, "pk", None)))
    _save_all([each for each in made if isinstance(each, Pairing)], actor)
    return made


@dataclass(frozen=True)
class _Known:
    """What was read about all of them at once, after their supervisors were locked."""

    leaders: dict[int, set[int]]  # of an organisation
    barred: set[tuple[int, int]]  # mentee, supervisor
    paired: set[tuple[int, int]]  # supervisor, mentee

    @classmethod
    def of(cls, supervisors: list[int], mentees: list[Person]) -> _Known:
        people = {mentee.pk for mentee in mentees}
        rows = Pairing.objects.open().filter(mentee__in=people, supervisor__in=supervisors).order_by()
        return cls(
            leaders_of_each(mentee.employer for mentee in mentees if mentee.employer),
            barred_pairs(people),
            set(rows.values_list("supervisor", "mentee")),
        )

    def leaders_over(self, mentee: Person) -> set[int]:
        return self.leaders.get(mentee.employer_id or 0, set())

    def refuse(self, supervisor: Supervisor, mentee: Person) -> None:
        if (mentee.pk, supervisor.pk) in self.barred:
            raise NotPossible(barred_words())
        if (supervisor.pk, mentee.pk) in self.paired:
            raise NotPossible(paired_words(supervisor, mentee))
        if not supervisor.is_active or supervisor.places_free < 1:
            raise NotPossible(why_no_place(supervisor))


def _save_all(pairings: list[Pairing], actor: Asker | None) -> None:
    """Write down pairings for which the places are counted in their supervisors, who are locked."""
    touched = {each.supervisor_id: each.supervisor for each in pairings}
    Supervisor.objects.bulk_update(touched.values(), ["load"], batch_size=100)
    Pairing.objects.bulk_create(pairings, batch_size=200)
    record_all(
        entry_of(
            action="supervision.create_pairing",
            target=each,
            actor=actor,
            organisation=each.organisation,
            after={"state": each.state, "starts_on": each.starts_on},
        )
        for each in pairings
    )
    notes = [note for each in pairings for note in notes_for_both(each, "created", *CREATED)]
    notify_each(kind=KIND, notes=notes)
    for key in touched:
        places_changed.send(Pairing, event=PlacesChanged(key))
