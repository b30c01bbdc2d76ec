"""What the verbs of gatherings share: the rows locked, whether people were free, and who is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.access.scope import Asker
from core.notices.actions import settle
from core.people.engagements import engagements_of
from core.people.models import Person
from core.states import StaleState, move
from supervision.circles.actions.telling import tell_of
from supervision.circles.models import (
    Circle,
    Gathering,
    Participation,
)
from supervision.circles.policy import (
    Fault,
    GatheringFacts,
)
from supervision.circles.queries import gathering_at
from supervision.circles.states import (
    MOVES,
    PartState,
)
from supervision.pairings.actions import NotPossible
from supervision.sessions.queries import session_at

FAULT_WORDS = {
    "ends_before_start": gettext_lazy("The end must come after the start."),
    "too_long": gettext_lazy("One gathering is at most 8 hours. Record a longer day as several gatherings."),
    "in_past": gettext_lazy("This time has passed. Record the gathering instead of planning it."),
    "too_far": gettext_lazy("A gathering is planned at most one year ahead."),
    "in_future": gettext_lazy("This time has not passed yet. Record the gathering after it has taken place."),
    "no_function": gettext_lazy("Tick at least one function of the gathering."),
    "nobody": gettext_lazy("Tick who came. If nobody came, cancel the gathering instead."),
    "minutes": gettext_lazy(
        "Nobody takes part longer than the gathering lasts, and whoever came at least 1 minute."
    ),
}


class GatheringRefused(NotPossible):
    """A gathering cannot be so. `field` says which field wants a change."""

    def __init__(self, faults: tuple[Fault, ...], sentence: str = "") -> None:
        self.field = faults[0].field
        super().__init__(sentence or " ".join(str(FAULT_WORDS[fault.code]) for fault in faults))


def ask_part(gathering: Gathering, person: Person, minutes: int) -> Participation:
    """Put somebody into the record, or ask them again; the gathering and the person are locked. Side effect: a notice."""
    part = gathering.parts.filter(person=person).first()
    if part is None:
        part = Participation.objects.create(
            gathering=gathering,
            person=person,
            organisation=person.employer or gathering.circle.organisation,
            minutes=minutes,
        )
    else:
        changes: dict[str, Any] = {
            "minutes": minutes,
            "asked_at": timezone.now(),
            "revision": part.revision + 1,
        }
        move(part, PartState.WAITING, MOVES, **changes)
        settle_part(part)
    title = gettext_noop("Please confirm “%(circle)s” of %(day)s")
    body = gettext_noop("%(minutes)s minutes of yours, %(span)s. They count once you confirm.")
    tell_of(gathering, person, f"asked:{part.pk}:{part.revision}", title, body, minutes=minutes)
    return part


def busy_words(person: Person, actor: Asker, starts_at: datetime, ends_at: datetime, by: str) -> str:
    """Who was where at that time. What somebody else did is not told."""
    local, until = timezone.localtime(starts_at), timezone.localtime(ends_at)
    values = {"day": date_format(local.date()), "span": f"{local:%H:%M}–{until:%H:%M}", "by": by}
    if person.user_id == actor.pk:
        return _("You were in “%(by)s” on %(day)s, %(span)s. Two cannot overlap.") % values
    values["mentee"] = person.name
    return _("%(mentee)s was in another supervision on %(day)s, %(span)s. Two cannot overlap.") % values


def require_free(
    people: Mapping[int, Person], actor: Asker, starts_at: datetime, ends_at: datetime, besides: int | None
) -> None:
    """Lock these people until the transaction ends; raises GatheringRefused, naming the clash, when one was elsewhere."""
    keys = sorted(people)
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))
    session = session_at(keys, starts_at, ends_at)
    if session is not None:
        sides = (session.pairing.supervisor_id, session.pairing.mentee_id)
        person = next(people[key] for key in sides if key in people)
        other = session.pairing.mentee if person.pk == sides[0] else session.pairing.supervisor.person
        words = busy_words(person, actor, session.starts_at, session.ends_at, other.name)
        raise GatheringRefused((Fault("clash", "start"),), words)
    busy = gathering_at(keys, starts_at, ends_at, besides=besides)
    if busy is not None:
        words = busy_words(people[busy.person_id], actor, busy.starts_at, busy.ends_at, busy.by)
        raise GatheringRefused((Fault("clash", "start"),), words)
    for each in engagements_of(keys, starts_at, ends_at, besides="supervision.circles"):
        words = busy_words(people[each.person_id], actor, each.starts_at, each.ends_at, each.what)
        raise GatheringRefused((Fault("clash", "start"),), words)


def created(circle: Circle, **fields: Any) -> Gathering:
    span = fields["ends_at"] - fields["starts_at"]
    minutes = int(span.total_seconds() // 60)
    known = {"mode": "universal"} if circle.kind == "open" else {}
    try:
        with transaction.atomic():
            return Gathering.objects.create(
                circle=circle, form=circle.form, minutes=minutes, **(known | fields)
            )
    except IntegrityError:  # the same key at the same moment for another circle
        raise NotPossible(_("This form was sent before, for another circle. Open it again."))


def gathering_by_key(circle: Circle, key: UUID) -> Gathering | None:
    found = Gathering.objects.filter(key=key).first()
    if found is None:
        return None
    if found.circle_id != circle.pk:
        raise NotPossible(_("This form was sent before, for another circle. Open it again."))
    return locked_gathering(found.pk)


def columns_of(facts: GatheringFacts) -> dict[str, Any]:
    return {
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "minutes": facts.minutes,
        "mode": facts.mode,
        "setting": facts.setting,
        "functions": list(facts.functions),
    }


def when_of(gathering: Gathering) -> dict[str, Any]:
    """The facts as the audit keeps them."""
    return {"starts_at": gathering.starts_at.isoformat(), "ends_at": gathering.ends_at.isoformat()}


def locked_circle(pk: int) -> Circle:
    rows = Circle.objects.select_for_update(of=("self",)).select_related("leader__user", "organisation")
    return rows.get(pk=pk)


def locked_gathering(pk: int) -> Gathering:
    """The gathering as it is now, locked until the transaction ends."""
    return Gathering.objects.select_for_update(of=("self",)).with_circle().get(pk=pk)


def require_planner(gathering: Gathering, actor: Asker) -> None:
    if actor.pk not in (gathering.leader.user_id, gathering.circle.leader.user_id):
        raise NotPossible(_("This is for somebody else of the circle to do."))


def require_fresh(gathering: Gathering, revision: int | None) -> None:
    if revision is not None and revision != gathering.revision:
        raise StaleState(gathering, gathering.state, gathering.state)


def require_unconfirmed(gathering: Gathering) -> None:
    if gathering.parts.confirmed().exists():
        raise NotPossible(
            _(
                "A participant has confirmed this gathering, so its facts stay. Correct single participants instead."
            )
        )


def settle_part(part: Participation) -> None:
    """Nobody waits for this participant any more: the notices that asked are settled."""
    settle(user=part.person.user, source=f"supervision.gathering:{part.gathering_id}:asked:{part.pk}:")
