"""A gathering's way: planned, held, recorded by who led it; corrected or taken back while nobody has confirmed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
from core.states import IllegalMove, StaleState, move
from supervision.circles.actions.telling import keep, moment, require, tell_of
from supervision.circles.models import (
    Circle,
    CircleMember,
    Gathering,
    GatheringContent,
    GatheringNote,
    Participation,
)
from supervision.circles.policy import (
    Fault,
    GatheringFacts,
    Shared,
    faults_of_log,
    faults_of_plan,
)
from supervision.circles.queries import gathering_at, members_told, planned_at
from supervision.circles.states import (
    GATHERING_MOVES,
    LIVE,
    MOVES,
    GatheringState,
    PartState,
)
from supervision.functions.queries import not_in_force, wrong_words
from supervision.pairings.actions import NotPossible
from supervision.sessions.queries import days_to_record_at, session_at
from supervision.sessions.states import Mode

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


@transaction.atomic
def plan_gathering(
    *,
    circle: Circle,
    actor: Asker,
    starts_at: datetime,
    ends_at: datetime,
    key: UUID,
    leader: Person | None = None,
    setting: str = "on_site",
    subject: str = "",
    place: str = "",
    link: str = "",
) -> Gathering:
    """Plan the next gathering; of a peer circle `leader` is the member whose turn it is. The same key again gives the
    gathering that there is already.

    Raises NotPossible when the circle is closed or the actor does not lead it, and GatheringRefused when the time is
    not possible or whoever leads it is busy then. Side effects in order: the row, an audit entry, a notice to each member.
    """
    row = _locked_circle(circle.pk)
    require(row.leader, actor)
    if done := Gathering.objects.filter(key=key, circle=row).with_circle().first():
        return done
    if not row.is_open:
        raise NotPossible(_("This circle is closed."))
    leads = _may_lead(row, leader or row.leader)
    starts_at, ends_at = _plannable(leads, starts_at, ends_at)
    gathering = _created(
        row,
        key=key,
        leader=leads,
        starts_at=starts_at,
        ends_at=ends_at,
        setting=setting,
        subject=subject.strip(),
        place=place.strip(),
        link=link.strip(),
    )
    keep("supervision.plan_gathering", gathering, row, actor, after=_when(gathering))
    _tell_members(gathering, "planned", gettext_noop("“%(circle)s” meets on %(day)s, %(span)s"), actor)
    return gathering


@transaction.atomic
def change_plan(
    *,
    gathering: Gathering,
    actor: Asker,
    starts_at: datetime,
    ends_at: datetime,
    revision: int | None = None,
    leader: Person | None = None,
    **said: str,
) -> Gathering:
    """Change when, where or by whom a planned gathering is held. Raises as plan_gathering does, IllegalMove when it is
    recorded or cancelled, StaleState when it changed since `revision`.

    `said`: setting, subject, place, link. Side effects: the row, an audit entry, a notice to each member.
    """
    row = locked_gathering(gathering.pk)
    _require_planner(row, actor)
    _require_fresh(row, revision)
    if not row.is_planned:
        raise IllegalMove(row, row.state, GatheringState.PLANNED)
    leads = _may_lead(row.circle, leader or row.leader)
    before = _when(row)
    starts_at, ends_at = _plannable(leads, starts_at, ends_at, besides=row.pk)
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    values = {name: text.strip() for name, text in said.items()}
    changes: dict[str, Any] = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "minutes": minutes,
        "leader_id": leads.pk,
        **values,
    }
    move(row, GatheringState.PLANNED, GATHERING_MOVES, revision=row.revision + 1, **changes)
    row.leader = leads
    keep("supervision.change_plan", row, row.circle, actor, before=before, after=_when(row))
    title = gettext_noop("“%(circle)s” has changed: it meets on %(day)s, %(span)s")
    _tell_members(row, f"changed:{row.revision}", title, actor)
    return row


@transaction.atomic
def cancel_gathering(
    *, gathering: Gathering, actor: Asker, revision: int | None = None, by_closing: bool = False
) -> Gathering:
    """Call a planned gathering off, or take a record back that nobody has confirmed; it counts nowhere.

    Raises NotPossible when somebody has confirmed it, IllegalMove when it is cancelled already. Side effects: the
    state, the rows of those who took part, an audit entry, a notice to the members or to those who took part.
    """
    row = locked_gathering(gathering.pk)
    if not by_closing:
        _require_planner(row, actor)
    _require_fresh(row, revision)
    _require_unconfirmed(row)
    planned = row.is_planned
    parts = list(row.parts.filter(state__in=sorted(LIVE)).select_related("person__user__person"))
    for part in parts:
        move(part, PartState.REMOVED, MOVES, revision=part.revision + 1)
        settle_part(part)
    old = move(row, GatheringState.CANCELLED, GATHERING_MOVES, revision=row.revision + 1)
    keep(
        "supervision.cancel_gathering",
        row,
        row.circle,
        actor,
        before={"state": old},
        after={"state": row.state},
    )
    title = gettext_noop("The gathering of “%(circle)s” on %(day)s is cancelled")
    if planned:
        _tell_members(row, "cancelled", title, actor)
    else:
        for part in parts:
            tell_of(row, part.person, "cancelled", title)
    return row


@transaction.atomic
def log_gathering(
    *,
    circle: Circle,
    actor: Asker,
    facts: GatheringFacts,
    shared: Shared,
    came: Mapping[int, int],
    key: UUID,
    gathering: Gathering | None = None,
    note: str = "",
) -> Gathering:
    """Record a gathering that took place: planned before (`gathering`), or not. `came`: the minutes of each person.

    Sent twice it is recorded once. Raises NotPossible when the actor did not lead it or somebody who came does not
    belong to the circle, and GatheringRefused when the time is not possible or somebody was elsewhere. Side effects in
    order: the row, its content and note, a row for each who came; an audit entry; each is asked to confirm.
    """
    circle = _locked_circle(circle.pk)
    row = locked_gathering(gathering.pk) if gathering is not None else _known(circle, key)
    require(row.leader if row is not None else circle.leader, actor)
    if row is not None and row.is_logged:
        return row
    if row is not None and not row.is_planned:
        raise IllegalMove(row, row.state, GatheringState.LOGGED)
    leader = row.leader if row is not None else circle.leader
    facts = _of_kind(circle, facts.whole())
    people = _possible(circle, leader, facts, came, row)
    now = timezone.now()
    if row is None:
        row = _created(
            circle,
            key=key,
            leader=leader,
            starts_at=facts.starts_at,
            ends_at=facts.ends_at,
            mode=facts.mode,
            setting=facts.setting,
            functions=list(facts.functions),
            state=GatheringState.LOGGED,
            logged_at=now,
        )
    else:
        changes = _columns(facts) | {"logged_at": now, "revision": row.revision + 1}
        move(row, GatheringState.LOGGED, GATHERING_MOVES, **changes)
    settle(user=leader.user, source=f"supervision.gathering:{row.pk}:unrecorded")
    _write(row, shared)
    keep_gathering_note(gathering=row, actor=actor, text=note)
    for person in people:
        ask_part(row, person, came[person.pk])
    told = _when(row) | {"state": row.state, "came": len(people), "minutes": row.minutes}
    keep("supervision.log_gathering", row, circle, actor, after=told)
    return row


@transaction.atomic
def amend_gathering(
    *,
    gathering: Gathering,
    actor: Asker,
    facts: GatheringFacts,
    shared: Shared,
    came: Mapping[int, int],
    revision: int | None = None,
) -> Gathering:
    """Correct a record that nobody has confirmed, and ask everybody again. The earlier content stays beside the new one.

    Raises NotPossible when somebody has confirmed, IllegalMove when it is not recorded, StaleState when it changed
    since `revision`, and as log_gathering does. Side effects: content, the rows, an audit entry with both versions.
    """
    row = locked_gathering(gathering.pk)
    require(row.leader, actor)
    _require_fresh(row, revision)
    if not row.is_logged:
        raise IllegalMove(row, row.state, GatheringState.LOGGED)
    _require_unconfirmed(row)
    facts = facts.whole()
    people = _possible(row.circle, row.leader, facts, came, row)
    before = _when(row) | {"minutes": row.minutes}
    move(row, GatheringState.LOGGED, GATHERING_MOVES, revision=row.revision + 1, **_columns(facts))
    _write(row, shared)
    for part in row.parts.filter(state__in=sorted(LIVE)).exclude(person__in=list(came)):
        move(part, PartState.REMOVED, MOVES, revision=part.revision + 1)
        settle_part(part)
    for person in people:
        ask_part(row, person, came[person.pk])
    after = _when(row) | {"minutes": row.minutes, "came": len(people)}
    keep("supervision.amend_gathering", row, row.circle, actor, before=before, after=after)
    return row


@transaction.atomic
def keep_gathering_note(*, gathering: Gathering, actor: Asker, text: str) -> GatheringNote | None:
    """Keep the actor's own working note on a gathering; an empty text deletes it. It is not audited: it is private."""
    author = Person.objects.filter(user_id=actor.pk).first()  # type: ignore[misc]
    took_part = author is not None and (
        author.pk == gathering.leader_id or gathering.parts.filter(person=author).exists()
    )
    if author is None or not took_part:
        raise NotPossible(_("Only those who took part keep notes on it."))
    if not text.strip():
        GatheringNote.objects.filter(gathering=gathering, author=author).delete()
        return None
    return GatheringNote.objects.update_or_create(
        gathering=gathering, author=author, defaults={"text": text.strip()}
    )[0]


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


def _of_kind(circle: Circle, facts: GatheringFacts) -> GatheringFacts:
    """The facts with the mode that the circle's kind has: an open class is open to all, and nothing else is. By the mode
    the hours are counted, so it is not the leader's to choose."""
    if circle.kind == "open":
        return replace(facts, mode=Mode.UNIVERSAL)
    return replace(facts, mode=Mode.ACCOMPANYING) if facts.mode == Mode.UNIVERSAL else facts


def _possible(
    circle: Circle, leader: Person, facts: GatheringFacts, came: Mapping[int, int], row: Gathering | None
) -> list[Person]:
    """Those who came, in the order of their names, if it can have been so; all of them and the leader stay locked."""
    faults = faults_of_log(facts, came, now=timezone.now())
    if faults:
        raise GatheringRefused(faults)
    _in_time(circle, facts, row)
    held_on = timezone.localtime(facts.starts_at).date()
    if wrong := not_in_force(facts.functions, circle.place, held_on):
        raise GatheringRefused((Fault("function", "functions"),), wrong_words(wrong, held_on))
    known = set(CircleMember.objects.joined().filter(circle=circle).values_list("person", flat=True))
    if row is not None:
        known |= set(row.parts.values_list("person", flat=True))
    if leader.pk in came or not came.keys() <= known:
        raise GatheringRefused((Fault("stranger", "came"),), _("Only members of the circle can be ticked."))
    rows = Person.objects.filter(pk__in=list(came)).select_related("user__person", "employer")
    people = {person.pk: person for person in rows.order_by("pinyin", "pk")}
    everybody = people | {leader.pk: leader}
    require_free(everybody, leader.user, facts.starts_at, facts.ends_at, row.pk if row else None)
    return list(people.values())


def _in_time(circle: Circle, facts: GatheringFacts, row: Gathering | None) -> None:
    """A gathering is held while there is the circle, and recorded within the days that its place allows; a record that
    is corrected was in time before."""
    if circle.closed_at is not None and facts.starts_at > circle.closed_at:
        raise GatheringRefused((Fault("closed", "day"),), _("The circle was closed by then."))
    if row is not None and row.is_logged:
        return
    today = timezone.localdate()
    days, source = days_to_record_at(circle.organisation, today)
    if (today - timezone.localtime(facts.starts_at).date()).days > days:
        words = _(
            "It is recorded within %(days)s days (%(source)s). Later, each who came asks for the hours with a proof."
        )
        raise GatheringRefused((Fault("late", "day"),), words % {"days": days, "source": source})


def _plannable(
    leader: Person, starts_at: datetime, ends_at: datetime, besides: int | None = None
) -> tuple[datetime, datetime]:
    """The whole minutes of a plan, if it is possible and its leader is not to lead another one then."""
    starts_at, ends_at = (each.replace(second=0, microsecond=0) for each in (starts_at, ends_at))
    faults = faults_of_plan(starts_at, ends_at, now=timezone.now())
    if faults:
        raise GatheringRefused(faults)
    list(Person.objects.select_for_update(no_key=True).filter(pk=leader.pk).values_list("pk"))
    other = planned_at(leader.pk, starts_at, ends_at, besides=besides)
    if other is not None:
        local, until = timezone.localtime(other.starts_at), timezone.localtime(other.ends_at)
        values = {"name": leader.name, "circle": other.circle.name, "span": f"{local:%H:%M}–{until:%H:%M}"}
        words = _("%(name)s leads “%(circle)s” on that day, %(span)s. Two cannot overlap.") % values
        raise GatheringRefused((Fault("clash", "start"),), words)
    return starts_at, ends_at


def _may_lead(circle: Circle, leader: Person) -> Person:
    if leader.pk == circle.leader_id:
        return leader
    if not circle.is_peer:
        raise NotPossible(_("Only a peer circle is led by its members in turn."))
    if not CircleMember.objects.joined().filter(circle=circle, person=leader).exists():
        raise NotPossible(_("Only a member can lead a peer circle."))
    return leader


def _created(circle: Circle, **fields: Any) -> Gathering:
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


def _known(circle: Circle, key: UUID) -> Gathering | None:
    found = Gathering.objects.filter(key=key).first()
    if found is None:
        return None
    if found.circle_id != circle.pk:
        raise NotPossible(_("This form was sent before, for another circle. Open it again."))
    return locked_gathering(found.pk)


def _columns(facts: GatheringFacts) -> dict[str, Any]:
    return {
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "minutes": facts.minutes,
        "mode": facts.mode,
        "setting": facts.setting,
        "functions": list(facts.functions),
    }


def _when(gathering: Gathering) -> dict[str, Any]:
    """The facts as the audit keeps them."""
    return {"starts_at": gathering.starts_at.isoformat(), "ends_at": gathering.ends_at.isoformat()}


def _write(gathering: Gathering, shared: Shared) -> None:
    GatheringContent.objects.create(
        gathering=gathering,
        number=gathering.revision,
        topics=shared.topics.strip(),
        agreements=shared.agreements.strip(),
        follow_up=shared.follow_up.strip(),
    )


def _locked_circle(pk: int) -> Circle:
    rows = Circle.objects.select_for_update(of=("self",)).select_related("leader__user", "organisation")
    return rows.get(pk=pk)


def locked_gathering(pk: int) -> Gathering:
    """The gathering as it is now, locked until the transaction ends."""
    return Gathering.objects.select_for_update(of=("self",)).with_circle().get(pk=pk)


def _require_planner(gathering: Gathering, actor: Asker) -> None:
    if actor.pk not in (gathering.leader.user_id, gathering.circle.leader.user_id):
        raise NotPossible(_("This is for somebody else of the circle to do."))


def _require_fresh(gathering: Gathering, revision: int | None) -> None:
    if revision is not None and revision != gathering.revision:
        raise StaleState(gathering, gathering.state, gathering.state)


def _require_unconfirmed(gathering: Gathering) -> None:
    if gathering.parts.confirmed().exists():
        raise NotPossible(
            _(
                "A participant has confirmed this gathering, so its facts stay. Correct single participants instead."
            )
        )


def settle_part(part: Participation) -> None:
    """Nobody waits for this participant any more: the notices that asked are settled."""
    settle(user=part.person.user, source=f"supervision.gathering:{part.gathering_id}:asked:{part.pk}:")


def _tell_members(gathering: Gathering, what: str, title: str, actor: Asker) -> None:
    people: Collection[Person] = [row.person for row in members_told(gathering)]
    for person in {each.pk: each for each in (*people, gathering.leader)}.values():
        if person.user_id != actor.pk:
            tell_of(gathering, person, what if what != "changed" else f"changed:{moment()}", title)
