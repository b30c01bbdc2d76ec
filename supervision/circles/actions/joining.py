"""Who belongs to a circle: one row for each place, never more than there are."""

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
from core.people.models import Person
from core.states import move
from supervision.circles.actions.rows import locked_circle
from supervision.circles.actions.telling import audit, require, tell
from supervision.circles.models import Circle, CircleMember
from supervision.circles.states import (
    MEMBER_MOVES,
    Admission,
    CircleState,
    MemberState,
)
from supervision.pairings.actions import NotPossible
from supervision.supervisors.models import province_of


@transaction.atomic
def invite_members(*, circle: Circle, people: Iterable[Person], actor: Asker) -> int:
    """Invite people to a running circle; who belongs to it or is asked already is left out. Returns how many.

    An invitation keeps no place: whoever answers first has it. Raises NotPossible when it is closed, and for anybody but
    its leader. Side effects for each: the row, audit, a notice.
    """
    row = locked_circle(circle.pk)
    require_running(row)
    require(row.leader, actor)
    live = set(CircleMember.objects.live().filter(circle=row).values_list("person", flat=True))
    new = [person for person in people if person.pk not in live and person.pk != row.leader_id]
    for person in new:
        member = CircleMember.objects.create(circle=row, person=person, state=MemberState.INVITED)
        audit("supervision.invite_members", member, row, actor, after={"state": member.state})
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
    row = locked_circle(circle.pk)
    require_running(row)
    require(person, actor)
    own = CircleMember.objects.live().filter(circle=row, person=person).first()
    if own is not None and own.state != MemberState.INVITED:
        return own
    if own is not None:
        return _let_in(own, row, actor)
    _require_reach(row, person)
    if row.admission == Admission.OPEN:
        member = belongs(row, person)
        audit("supervision.join_circle", member, row, actor, after={"state": member.state})
        _tell_leader(member, row, gettext_noop("%(member)s has joined “%(circle)s”"))
        return member
    if not row.places_free:
        raise NotPossible(_full())
    try:
        with transaction.atomic():
            member = CircleMember.objects.create(circle=row, person=person, state=MemberState.ASKED)
    except IntegrityError:
        raise NotPossible(_("You have asked already."))
    audit("supervision.join_circle", member, row, actor, after={"state": member.state})
    _tell_leader(member, row, gettext_noop("%(member)s asks to join “%(circle)s”"))
    return member


@transaction.atomic
def accept_member(*, member: CircleMember, actor: Asker) -> CircleMember:
    """Let somebody in who has asked. Raises NotPossible when it is full, IllegalMove when it is settled already.

    Side effects in order: a place is taken, the state, an audit entry, a notice.
    """
    circle = locked_circle(member.circle_id)
    require_running(circle)
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
    circle = locked_circle(member.circle_id)
    row = CircleMember.objects.select_related("person__user").get(pk=member.pk)
    by_leader = circle.leader.user_id == actor.pk
    if not by_leader:
        require(row.person, actor)
    old = move(row, MemberState.DECLINED, MEMBER_MOVES, ended_at=timezone.now())
    audit("supervision.decline_member", row, circle, actor, before={"state": old}, after={"state": row.state})
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
    circle = locked_circle(member.circle_id)
    row = CircleMember.objects.select_related("person__user").get(pk=member.pk)
    by_leader = circle.leader.user_id == actor.pk and row.person.user_id != actor.pk
    if not by_leader:
        require(row.person, actor)
    if row.person_id == circle.leader_id and circle.is_open:
        raise NotPossible(_("Hand the circle over to another member first, or close it."))
    old = move(row, MemberState.LEFT, MEMBER_MOVES, ended_at=timezone.now())
    Circle.objects.filter(pk=circle.pk, taken__gt=0).update(taken=F("taken") - 1)
    audit("supervision.leave_circle", row, circle, actor, before={"state": old}, after={"state": row.state})
    if by_leader:
        title = gettext_noop("You do not belong to “%(circle)s” any more")
        tell(circle, row.person, f"left:{row.pk}", title, gettext_noop("Your confirmed minutes stay."))
    else:
        title = gettext_noop("%(member)s has left “%(circle)s”")
        tell(circle, circle.leader, f"left:{row.pk}", title, member=row.person.name)
    return row


def require_running(circle: Circle) -> None:
    """Raises NotPossible for a circle that is closed."""
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


def _full() -> str:
    return _("All places are taken. Ask again when somebody has left.")


def _take_place(circle: Circle) -> None:
    """One of the places by compare-and-set, in the transaction of whoever joins."""
    free = Circle.objects.filter(pk=circle.pk, state=CircleState.OPEN, taken__lt=F("capacity"))
    if not free.update(taken=F("taken") + 1):
        raise NotPossible(_full())


def belongs(circle: Circle, person: Person) -> CircleMember:
    """Make somebody a member who was neither invited nor has asked. Raises NotPossible when it is full, or again."""
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
        audit("supervision.join_circle", member, circle, actor, **told)
    else:
        audit("supervision.accept_member", member, circle, actor, **told)
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
