"""Making a circle, and who belongs to it: one row for each place, never more than there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import settle
from core.organisations.models import Organisation
from core.people.models import Person, ServiceField
from core.states import move
from supervision.circles.actions.planning import cancel_gathering
from supervision.circles.actions.telling import keep, moment, require, tell
from supervision.circles.models import Circle, CircleMember
from supervision.circles.states import (
    CIRCLE_MOVES,
    MEMBER_MOVES,
    Admission,
    CircleState,
    Kind,
    MemberState,
)
from supervision.pairings.actions import NotPossible
from supervision.supervisors.models import Supervisor, province_of


@transaction.atomic
def create_circle(
    *,
    kind: str,
    name: str,
    organisation: Organisation,
    leader: Person,
    admission: str,
    capacity: int,
    purpose: str,
    every_days: int,
    actor: Asker | None,
    fields: Iterable[ServiceField] = (),
) -> Circle:
    """Make a circle. A group and an open class are led by a supervisor of the registry; a peer circle by a member, who
    takes its first place.

    Raises NotPossible for anybody else as its leader, and for fewer than two places. Side effects in order: the row,
    an audit entry, a notice to the leader unless they made it.
    """
    supervisor = Supervisor.objects.filter(pk=leader.pk).first()
    if kind != Kind.PEER and supervisor is None:
        raise NotPossible(_("A group and an open class are led by a supervisor of the registry."))
    if capacity < 2:
        raise NotPossible(_("A circle has at least two places."))
    circle = Circle.objects.create(
        kind=kind,
        name=name.strip(),
        organisation=organisation,
        leader=leader,
        supervisor=supervisor if kind != Kind.PEER else None,
        admission=admission,
        capacity=capacity,
        purpose=purpose.strip(),
        every_days=every_days,
        created_by_id=getattr(actor, "pk", None),
    )
    circle.fields.set(fields)
    keep("supervision.create_circle", circle, circle, actor, after={"kind": kind, "places": capacity})
    if circle.is_peer:
        _belongs(circle, leader)
        circle.taken = 1
    if actor is None or actor.pk != leader.user_id:
        title = gettext_noop("You lead the circle “%(circle)s” from now on")
        tell(circle, leader, "leads", title, gettext_noop("Invite members and plan the first gathering."))
    return circle


@transaction.atomic
def change_circle(
    *,
    circle: Circle,
    actor: Asker,
    name: str,
    admission: str,
    capacity: int,
    purpose: str,
    every_days: int,
    fields: Iterable[ServiceField] = (),
) -> Circle:
    """Change what a running circle is. Raises NotPossible when it is closed or has more members than places.

    Side effects: the row, an audit entry.
    """
    row = _locked(circle.pk)
    if not row.is_open:
        raise NotPossible(_("This circle is closed."))
    if capacity < max(row.taken, 2):
        raise NotPossible(
            _("There must be a place for each of the %(n)s members.") % {"n": max(row.taken, 2)}
        )
    before = {"places": row.capacity, "admission": row.admission}
    row.name, row.purpose, row.admission = name.strip(), purpose.strip(), admission
    row.capacity, row.every_days = capacity, every_days
    row.save(update_fields=["name", "purpose", "admission", "capacity", "every_days"])
    row.fields.set(fields)
    after = {"places": capacity, "admission": admission}
    keep("supervision.change_circle", row, row, actor, before=before, after=after)
    return row


@transaction.atomic
def invite_members(*, circle: Circle, people: Iterable[Person], actor: Asker) -> int:
    """Invite people to a running circle; who belongs to it or is asked already is left out. Returns how many.

    An invitation keeps no place: whoever answers first has it. Side effects for each: the row, audit, a notice.
    """
    row = _locked(circle.pk)
    _require_running(row)
    live = set(CircleMember.objects.live().filter(circle=row).values_list("person", flat=True))
    new = [person for person in people if person.pk not in live and person.pk != row.leader_id]
    for person in new:
        member = CircleMember.objects.create(circle=row, person=person, state=MemberState.INVITED)
        keep("supervision.invite_members", member, row, actor, after={"state": member.state})
        title = gettext_noop("%(leader)s invites you to the circle “%(circle)s”")
        body = gettext_noop("Read what it is for, and join it or not. Places go to whoever answers first.")
        tell(row, person, f"invited:{member.pk}", title, body)
    return len(new)


@transaction.atomic
def join_circle(*, circle: Circle, person: Person, actor: Asker) -> CircleMember:
    """Join: with an invitation or where it is open at once, else by asking the leader. Again it changes nothing.

    Raises NotPossible when it is closed, full, by invitation only, or of another province. Side effects in order: a
    place is taken, the row, an audit entry, a notice to the leader.
    """
    row = _locked(circle.pk)
    _require_running(row)
    require(person, actor)
    own = CircleMember.objects.live().filter(circle=row, person=person).first()
    if own is not None and own.state != MemberState.INVITED:
        return own
    if own is not None:
        return _let_in(own, row, actor)
    _require_reach(row, person)
    if row.admission == Admission.OPEN:
        member = _belongs(row, person)
        keep("supervision.join_circle", member, row, actor, after={"state": member.state})
        _tell_leader(member, row, gettext_noop("%(member)s has joined “%(circle)s”"))
        return member
    if not row.places_free:
        raise NotPossible(_full())
    try:
        with transaction.atomic():
            member = CircleMember.objects.create(circle=row, person=person, state=MemberState.ASKED)
    except IntegrityError:
        raise NotPossible(_("You have asked already."))
    keep("supervision.join_circle", member, row, actor, after={"state": member.state})
    _tell_leader(member, row, gettext_noop("%(member)s asks to join “%(circle)s”"))
    return member


@transaction.atomic
def accept_member(*, member: CircleMember, actor: Asker) -> CircleMember:
    """Let somebody in who has asked. Raises NotPossible when it is full, IllegalMove when it is settled already.

    Side effects in order: a place is taken, the state, an audit entry, a notice.
    """
    circle = _locked(member.circle_id)
    _require_running(circle)
    require(circle.leader, actor)
    row = CircleMember.objects.select_related("person__user").get(pk=member.pk)
    if row.state == MemberState.INVITED:
        raise NotPossible(_("An invitation is answered by whoever was invited."))
    return _let_in(row, circle, actor)


@transaction.atomic
def decline_member(*, member: CircleMember, actor: Asker) -> CircleMember:
    """Say no: the invited person or the one who asked, or the leader to either. Raises IllegalMove when it is settled.

    Side effects: the state, an audit entry, a notice to the other side.
    """
    circle = _locked(member.circle_id)
    row = CircleMember.objects.select_related("person__user").get(pk=member.pk)
    by_leader = circle.leader.user_id == actor.pk
    if not by_leader:
        require(row.person, actor)
    old = move(row, MemberState.DECLINED, MEMBER_MOVES, ended_at=timezone.now())
    keep("supervision.decline_member", row, circle, actor, before={"state": old}, after={"state": row.state})
    settle(user=row.person.user, source=f"supervision.circle:{circle.pk}:invited:{row.pk}")
    settle(user=circle.leader.user, source=f"supervision.circle:{circle.pk}:member:{row.pk}")
    if by_leader:
        title = gettext_noop("There is no place for you in “%(circle)s” at present")
        tell(circle, row.person, f"declined:{row.pk}", title)
    else:
        title = gettext_noop("%(member)s does not join “%(circle)s”")
        tell(circle, circle.leader, f"declined:{row.pk}", title, member=row.person.name)
    return row


@transaction.atomic
def leave_circle(*, member: CircleMember, actor: Asker) -> CircleMember:
    """Leave a circle, or be taken out by its leader; what was confirmed stays. Raises IllegalMove when it is settled.

    Whoever leads a peer circle hands it over first. Side effects: the place is free, the state, audit, a notice.
    """
    circle = _locked(member.circle_id)
    row = CircleMember.objects.select_related("person__user").get(pk=member.pk)
    by_leader = circle.leader.user_id == actor.pk and row.person.user_id != actor.pk
    if not by_leader:
        require(row.person, actor)
    if row.person_id == circle.leader_id and circle.is_open:
        raise NotPossible(_("Hand the circle over to another member first, or close it."))
    old = move(row, MemberState.LEFT, MEMBER_MOVES, ended_at=timezone.now())
    Circle.objects.filter(pk=circle.pk, taken__gt=0).update(taken=F("taken") - 1)
    keep("supervision.leave_circle", row, circle, actor, before={"state": old}, after={"state": row.state})
    if by_leader:
        title = gettext_noop("You do not belong to “%(circle)s” any more")
        tell(circle, row.person, f"left:{row.pk}", title, gettext_noop("Your confirmed minutes stay."))
    else:
        title = gettext_noop("%(member)s has left “%(circle)s”")
        tell(circle, circle.leader, f"left:{row.pk}", title, member=row.person.name)
    return row


@transaction.atomic
def hand_over_circle(*, circle: Circle, person: Person, actor: Asker) -> Circle:
    """Let another member lead a peer circle from now on. Raises NotPossible for any other kind or for no member.

    Side effects: the row, an audit entry, a notice. Gatherings that are planned keep who leads them.
    """
    row = _locked(circle.pk)
    _require_running(row)
    require(row.leader, actor)
    if not row.is_peer:
        raise NotPossible(_("Only a peer circle is led by its members in turn."))
    if not CircleMember.objects.joined().filter(circle=row, person=person).exists():
        raise NotPossible(_("Only a member can lead a peer circle."))
    before = row.leader_id
    Circle.objects.filter(pk=row.pk).update(leader=person)
    row.leader = person
    facts = {"before": {"leader": before}, "after": {"leader": person.pk}}
    keep("supervision.hand_over_circle", row, row, actor, **facts)
    title = gettext_noop("You lead the circle “%(circle)s” from now on")
    tell(row, person, f"leads:{moment()}", title)
    return row


@transaction.atomic
def close_circle(*, circle: Circle, actor: Asker, reason: str) -> Circle:
    """End a circle: its planned gatherings are cancelled, invitations and questions end; what was recorded stays.

    Raises NotPossible without a reason, IllegalMove when it is closed already. Side effects: audit, notices.
    """
    if not reason.strip():
        raise NotPossible(_("Write the reason: the members will read it."))
    row = _locked(circle.pk)
    for gathering in row.gatherings.planned().with_circle():
        cancel_gathering(gathering=gathering, actor=actor, by_closing=True)
    now, why = timezone.now(), reason.strip()
    old = move(row, CircleState.CLOSED, CIRCLE_MOVES, closed_at=now, reason=why)
    keep("supervision.close_circle", row, row, actor, before={"state": old}, after={"state": row.state})
    people = list(row.members.live().select_related("person__user__person"))
    for each in people:
        if each.state != MemberState.JOINED:
            move(each, MemberState.DECLINED, MEMBER_MOVES, ended_at=now)
    told = {each.person_id: each.person for each in people} | {row.leader_id: row.leader}
    for person in told.values():
        settle(user=person.user, source=f"supervision.circle:{row.pk}:")
        if person.user_id != actor.pk:
            title = gettext_noop("The circle “%(circle)s” has ended")
            tell(row, person, "closed", title, gettext_noop("What you have confirmed stays in your hours."))
    return row


def _locked(pk: int) -> Circle:
    rows = Circle.objects.select_for_update(of=("self",)).select_related("leader__user", "organisation")
    return rows.get(pk=pk)


def _full() -> str:
    return _("All places are taken. Ask again when somebody has left.")


def _require_running(circle: Circle) -> None:
    if not circle.is_open:
        raise NotPossible(_("This circle is closed."))


def _require_reach(circle: Circle, person: Person) -> None:
    if person.pk == circle.leader_id:
        raise NotPossible(_("You lead this circle yourself."))
    if not circle.is_found:
        raise NotPossible(_("One joins this circle by invitation only."))
    province = province_of(person.employer)
    if not province or not circle.organisation.path.startswith(province):
        raise NotPossible(_("This circle is for those who are employed in its province."))


def _take_place(circle: Circle) -> None:
    """One of the places by compare-and-set, in the transaction of whoever joins."""
    free = Circle.objects.filter(pk=circle.pk, state=CircleState.OPEN, taken__lt=F("capacity"))
    if not free.update(taken=F("taken") + 1):
        raise NotPossible(_full())


def _belongs(circle: Circle, person: Person) -> CircleMember:
    _take_place(circle)
    now = timezone.now()
    try:
        with transaction.atomic():
            return CircleMember.objects.create(
                circle=circle, person=person, state=MemberState.JOINED, since=now, joined_at=now
            )
    except IntegrityError:
        raise NotPossible(_("You belong to this circle already."))


def _let_in(member: CircleMember, circle: Circle, actor: Asker) -> CircleMember:
    """An invited person or one who asked becomes a member."""
    invited = member.state == MemberState.INVITED
    _take_place(circle)
    facts: dict[str, Any] = {"joined_at": timezone.now()}
    old = move(member, MemberState.JOINED, MEMBER_MOVES, **facts)
    told = {"before": {"state": old}, "after": {"state": member.state}}
    if invited:
        keep("supervision.join_circle", member, circle, actor, **told)
    else:
        keep("supervision.accept_member", member, circle, actor, **told)
    settle(user=member.person.user, source=f"supervision.circle:{circle.pk}:invited:{member.pk}")
    settle(user=circle.leader.user, source=f"supervision.circle:{circle.pk}:member:{member.pk}")
    if invited:
        _tell_leader(member, circle, gettext_noop("%(member)s has joined “%(circle)s”"), "joined")
    else:
        title = gettext_noop("You belong to the circle “%(circle)s” now")
        tell(circle, member.person, f"accepted:{member.pk}", title)
    return member


def _tell_leader(member: CircleMember, circle: Circle, title: str, what: str = "member") -> None:
    tell(circle, circle.leader, f"{what}:{member.pk}", title, member=member.person.name)
