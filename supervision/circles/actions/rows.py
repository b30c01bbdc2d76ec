"""What the verbs of gatherings share: the rows locked, whether people were free, and who is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
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
    CircleMember,
    Gathering,
    GatheringAction,
    GatheringContent,
    Participation,
)
from supervision.circles.policy import TEXTS, GatheringFacts, Problem, Shared, problems_of_log
from supervision.circles.queries import gathering_at
from supervision.circles.states import MOVES, PartState, Whose
from supervision.functions.queries import not_in_force, wrong_words
from supervision.pairings.actions import NotPossible
from supervision.sessions.policy import Agreed, kept_agreed, kept_cases
from supervision.sessions.queries import session_at
from supervision.sessions.states import Mode
from supervision.signals import ParticipationConfirmed

PROBLEM_WORDS = {
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
    "late": gettext_lazy(
        "This is recorded late. Write why: an administrator reads the reason, and decides whether it counts."
    ),
}


class GatheringRefused(NotPossible):
    """A gathering cannot be so. `field` says which field wants a change."""

    def __init__(self, problems: tuple[Problem, ...], sentence: str = "") -> None:
        self.field = problems[0].field
        super().__init__(sentence or " ".join(str(PROBLEM_WORDS[problem.code]) for problem in problems))


def confirmation_of(part: Participation) -> ParticipationConfirmed:
    """The event that tells the other apps of this confirmed participation."""
    held = part.gathering
    circle = held.circle
    return ParticipationConfirmed(
        participation_id=part.pk,
        gathering_id=held.pk,
        person_id=part.person_id,
        organisation_id=part.organisation_id,
        minutes=part.minutes,
        leader_person_id=held.leader_id,
        leader_organisation_id=circle.organisation_id,
        leader_supervises=not circle.is_peer,
        leader_counts=held.counted_at is not None,
        gathering_minutes=held.minutes,
        circle_name=circle.name,
        held_on=held.held_on,
        form=held.form,
        mode=held.mode,
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        amended=_amended(part),
    )


def _amended(part: Participation) -> int:
    """How often the gathering was corrected after a confirmation; asked once for all where `amended` was annotated."""
    known: int | None = getattr(part, "amended", None)
    return part.gathering.amendments.accepted().count() if known is None else known


def of_kind(circle: Circle, facts: GatheringFacts) -> GatheringFacts:
    """The facts with the mode that the circle's kind has: an open class is open to all, and nothing else is. By the mode
    the hours are counted, so it is not the leader's to choose."""
    if circle.mode:
        return replace(facts, mode=circle.mode)
    return replace(facts, mode=Mode.ACCOMPANYING) if facts.mode == Mode.UNIVERSAL else facts


def possible(
    circle: Circle, leader: Person, facts: GatheringFacts, came: Mapping[int, int], row: Gathering | None
) -> list[Person]:
    """Those who came, in the order of their names, if it can have been so; all of them and the leader stay locked."""
    problems = problems_of_log(facts, came, now=timezone.now())
    if problems:
        raise GatheringRefused(problems)
    held_on = timezone.localtime(facts.starts_at).date()
    if wrong := not_in_force(facts.functions, circle.place, held_on):
        raise GatheringRefused((Problem("function", "functions"),), wrong_words(wrong, held_on))
    if circle.closed_at is not None and facts.starts_at > circle.closed_at:
        raise GatheringRefused((Problem("closed", "day"),), _("The circle was closed by then."))
    if leader.pk in came:
        raise GatheringRefused((Problem("stranger", "came"),), _("Only members of the circle can be ticked."))
    rows = Person.objects.filter(pk__in=list(came)).select_related("user__person", "employer")
    people = {person.pk: person for person in rows.order_by("pinyin", "pk")}
    require_members(circle, people, facts.starts_at, facts.ends_at, row)
    everybody = people | {leader.pk: leader}
    require_free(everybody, leader.user, facts.starts_at, facts.ends_at, row.pk if row else None)
    return list(people.values())


def require_members(
    circle: Circle,
    people: Mapping[int, Person],
    starts_at: datetime,
    ends_at: datetime,
    row: Gathering | None = None,
) -> None:
    """Raises GatheringRefused unless each was a member while it was held; who stands in the record already may stay."""
    belonging = CircleMember.objects.belonging(starts_at, ends_at).filter(circle=circle)
    known = set(belonging.values_list("person", flat=True))
    if row is not None:
        known |= set(row.parts.values_list("person", flat=True))
    for person in (person for key, person in people.items() if key not in known):
        ever = circle.members.filter(person=person, joined_at__isnull=False).exists()
        words = _("%(name)s was no member while it was held: joined later, or had left before.")
        sentence = words % {"name": person.name} if ever else _("Only members of the circle can be ticked.")
        raise GatheringRefused((Problem("stranger", f"came_{person.pk}"),), sentence)


def write_content(gathering: Gathering, shared: Shared) -> None:
    """A version of the content, and the agreed actions as it says them: what it no longer says is closed."""
    GatheringContent.objects.create(
        gathering=gathering,
        number=gathering.revision,
        cases=kept_cases(shared.cases),
        agreed=kept_agreed(shared.agreed),
        **{name: getattr(shared, name).strip() for name in TEXTS},
    )
    rows: Any = gathering.actions.select_related("person")
    known = {Agreed(row.code, row.what, row.due_on): row for row in rows}
    gone = [row.pk for said, row in known.items() if said not in shared.agreed and row.closed_at is None]
    GatheringAction.objects.filter(pk__in=gone).update(closed_at=timezone.now())
    for said in dict.fromkeys(shared.agreed):
        if said in known:
            continue
        is_member = said.who not in (Whose.ALL, Whose.LEADER)
        GatheringAction.objects.create(
            gathering=gathering,
            who=Whose.MEMBER if is_member else said.who,
            person_id=int(said.who) if is_member else None,
            what=said.what,
            due_on=said.due,
        )


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
        back_to_waiting(part, minutes)
    tell_asked(gathering, person, part)
    return part


def back_to_waiting(part: Participation, minutes: int) -> None:
    """These minutes wait for the participant, whatever was asked or answered before. Raises IllegalMove."""
    changes: dict[str, Any] = {"minutes": minutes, "asked_at": timezone.now(), "revision": part.revision + 1}
    move(part, PartState.WAITING, MOVES, **changes)
    settle_part(part)


def tell_asked(gathering: Gathering, person: Person, part: Participation) -> None:
    """The notice that asks a participant to confirm, once for each time that they are asked."""
    title = gettext_noop("Please confirm “%(circle)s” of %(day)s")
    body = gettext_noop("%(minutes)s minutes of yours, %(span)s. They count once you confirm.")
    tell_of(gathering, person, f"asked:{part.pk}:{part.revision}", title, body, minutes=part.minutes)


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
        raise GatheringRefused((Problem("clash", "start"),), words)
    busy = gathering_at(keys, starts_at, ends_at, besides=besides)
    if busy is not None:
        words = busy_words(people[busy.person_id], actor, busy.starts_at, busy.ends_at, busy.by)
        raise GatheringRefused((Problem("clash", "start"),), words)
    for each in engagements_of(keys, starts_at, ends_at, besides="supervision.circles"):
        words = busy_words(people[each.person_id], actor, each.starts_at, each.ends_at, each.what)
        raise GatheringRefused((Problem("clash", "start"),), words)


def created(circle: Circle, **fields: Any) -> Gathering:
    span = fields["ends_at"] - fields["starts_at"]
    minutes = int(span.total_seconds() // 60)
    known = {"mode": circle.mode} if circle.mode else {}
    try:
        with transaction.atomic():
            return Gathering.objects.create(
                circle=circle, form=circle.form, **({"minutes": minutes} | known | fields)
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
        "shares": dict(facts.shares) if facts.shares else None,
        "changed_at": timezone.now(),
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
