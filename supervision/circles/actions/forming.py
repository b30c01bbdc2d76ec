"""A circle itself: making and changing it, who leads it, and its end."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import settle
from core.organisations.models import Organisation
from core.people.models import Person, ServiceField
from core.states import move
from supervision.circles.actions.cancelling import cancel_gathering
from supervision.circles.actions.joining import belongs, require_running
from supervision.circles.actions.rows import locked_circle
from supervision.circles.actions.telling import audit, moment, require, tell
from supervision.circles.models import Circle, CircleMember
from supervision.circles.states import (
    CIRCLE_MOVES,
    MEMBER_MOVES,
    CircleState,
    Kind,
    MemberState,
)
from supervision.pairings.actions import SECOND_CLICK, NotPossible
from supervision.supervisors.models import Supervisor


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
    takes its first place. Sent twice at once there is one.

    Raises NotPossible for anybody else as its leader, and for fewer than two places. Side effects in order: the row,
    an audit entry, a notice to the leader unless they made it.
    """
    supervisor = Supervisor.objects.filter(pk=leader.pk).first()
    if kind != Kind.PEER and supervisor is None:
        raise NotPossible(_("A group and an open class are led by a supervisor of the registry."))
    if capacity < 2:
        raise NotPossible(_("A circle has at least two places."))
    if (made := _just_made(leader, kind=kind, name=name.strip(), purpose=purpose.strip())) is not None:
        return made
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
    audit("supervision.create_circle", circle, circle, actor, after={"kind": kind, "places": capacity})
    if circle.is_peer:
        belongs(circle, leader)
        circle.taken = 1
    if actor is None or actor.pk != leader.user_id:
        title = gettext_noop("You lead the circle “%(circle)s” from now on")
        tell(circle, leader, "leads", title, gettext_noop("Invite members and plan the first gathering."))
    return circle


def _just_made(leader: Person, **words: str) -> Circle | None:
    """The circle that a second click has asked for again; its leader stays locked, so that of two the second waits here."""
    Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=leader.pk)
    rows = Circle.objects.running().filter(leader=leader, created_at__gt=timezone.now() - SECOND_CLICK)
    return rows.filter(**words).first()


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
    """Change what a running circle is, as who leads it. Raises NotPossible when it is closed or has more members than
    places, and for anybody else.

    Side effects: the row, an audit entry.
    """
    row = locked_circle(circle.pk)
    require_running(row)
    require(row.leader, actor)
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
    audit("supervision.change_circle", row, row, actor, before=before, after=after)
    return row


@transaction.atomic
def hand_over_circle(*, circle: Circle, person: Person, actor: Asker) -> Circle:
    """Let another member lead a peer circle from now on. Raises NotPossible for any other kind or for no member.

    Side effects: the row, an audit entry, a notice. Gatherings that are planned keep who leads them.
    """
    row = locked_circle(circle.pk)
    require_running(row)
    require(row.leader, actor)
    if not row.is_peer:
        raise NotPossible(_("Only a peer circle is led by its members in turn."))
    if not CircleMember.objects.joined().filter(circle=row, person=person).exists():
        raise NotPossible(_("Only a member can lead a peer circle."))
    before = row.leader_id
    Circle.objects.filter(pk=row.pk).update(leader=person)
    row.leader = person
    facts = {"before": {"leader": before}, "after": {"leader": person.pk}}
    audit("supervision.hand_over_circle", row, row, actor, **facts)
    title = gettext_noop("You lead the circle “%(circle)s” from now on")
    tell(row, person, f"leads:{moment()}", title)
    return row


@transaction.atomic
def close_circle(*, circle: Circle, actor: Asker, reason: str) -> Circle:
    """End a circle: its planned gatherings are cancelled, invitations and questions end; what was recorded stays.

    Raises NotPossible without a reason and for whoever neither leads it nor administers its organisation, IllegalMove
    when it is closed already. Side effects: audit, notices.
    """
    if not reason.strip():
        raise NotPossible(_("Write the reason: the members will read it."))
    row = locked_circle(circle.pk)
    if not actor.has_perm("supervision.close_circle", row):
        raise NotPossible(_("This is for somebody else of the circle to do."))
    for gathering in row.gatherings.planned().with_circle():
        cancel_gathering(gathering=gathering, actor=actor, by_closing=True)
    now, why = timezone.now(), reason.strip()
    old = move(row, CircleState.CLOSED, CIRCLE_MOVES, closed_at=now, reason=why)
    audit("supervision.close_circle", row, row, actor, before={"state": old}, after={"state": row.state})
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
