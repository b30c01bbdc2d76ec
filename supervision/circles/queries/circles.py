"""My circles, those I may join, and one of them as its reader may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from core.access.scope import Asker
from core.people.models import Person
from supervision.circles.models import (
    FOUND,
    Circle,
    CircleMember,
    Gathering,
    Participation,
)
from supervision.circles.policy import next_leader
from supervision.circles.states import (
    GatheringState,
    MemberState,
    PartState,
)
from supervision.pairings.models import Pairing
from supervision.supervisors.models import province_of

MOST_CANDIDATES = 30


def with_counts(rows: QuerySet[Circle]) -> QuerySet[Circle]:
    """Circles with `held` gatherings, `next_at` and `last_at`. One query; minutes are counted apart."""
    logged = Q(gatherings__state=GatheringState.LOGGED)
    coming = Q(gatherings__state=GatheringState.PLANNED, gatherings__ends_at__gt=timezone.now())
    return rows.select_related("leader", "organisation", "supervisor").annotate(
        held=Count("gatherings", filter=logged),
        last_at=Max("gatherings__starts_at", filter=logged),
        next_at=Min("gatherings__starts_at", filter=coming),
    )


def minutes_by_circle(circles: Iterable[int]) -> dict[int, int]:
    """The confirmed minutes of all participants together, for each circle. One query."""
    rows = Participation.objects.confirmed().filter(gathering__circle__in=list(circles)).order_by()
    return dict(
        rows.values("gathering__circle").annotate(sum=Sum("minutes")).values_list("gathering__circle", "sum")
    )


@dataclass(frozen=True)
class Mine:
    """A person's circles on one page, from both sides."""

    to_confirm: list[Participation]
    invitations: list[CircleMember]
    member: list[Circle]
    asked: list[CircleMember]
    led: list[Circle]
    to_record: list[Gathering]
    objections: list[Participation]
    requests: int
    minutes: int

    @property
    def has_anything(self) -> bool:
        return bool(self.to_confirm or self.invitations or self.member or self.asked or self.led)


def mine_of(person: Person | None) -> Mine:
    """What the circles page shows this person. Seven queries, however many circles there are."""
    if person is None:
        return Mine([], [], [], [], [], [], [], 0, 0)
    rows = list(
        CircleMember.objects.live()
        .filter(person=person)
        .select_related("circle__leader", "circle__organisation")
    )
    joined = [row.circle_id for row in rows if row.state == MemberState.JOINED]
    circles = list(
        with_counts(Circle.objects.filter(Q(pk__in=joined) | Q(leader=person)).running()).order_by("name")
    )
    parts = Participation.objects.filter(person=person)
    led = Participation.objects.filter(gathering__leader=person, state=PartState.DISPUTED)
    over = Gathering.objects.planned().filter(leader=person, ends_at__lte=timezone.now())
    return Mine(
        to_confirm=list(
            parts.to_confirm().select_related("gathering__circle", "gathering__leader").order_by("pk")
        ),
        invitations=[row for row in rows if row.state == MemberState.INVITED],
        member=[row for row in circles if row.leader_id != person.pk],
        asked=[row for row in rows if row.state == MemberState.ASKED],
        led=[row for row in circles if row.leader_id == person.pk],
        to_record=list(over.select_related("circle").order_by("starts_at")),
        objections=list(led.select_related("gathering__circle", "person").order_by("pk")),
        requests=CircleMember.objects.filter(circle__leader=person, state=MemberState.ASKED).count(),
        minutes=parts.confirmed().aggregate(sum=Sum("minutes", default=0))["sum"],
    )


@dataclass(frozen=True)
class Home:
    """What the supervision home page says of circles."""

    to_confirm: list[Participation]
    to_record: list[Gathering]
    invitations: list[CircleMember]
    next: Gathering | None


def home_of(person: Person | None) -> Home:
    """What waits for this person in circles, and the next gathering. Three queries."""
    if person is None:
        return Home([], [], [], None)
    now = timezone.now()
    parts = Participation.objects.filter(person=person).to_confirm()
    invited = CircleMember.objects.filter(person=person, state=MemberState.INVITED)
    member = CircleMember.objects.joined().filter(person=person).values("circle")
    planned = Gathering.objects.planned().filter(Q(leader=person) | Q(circle__in=member, ends_at__gt=now))
    gatherings = list(planned.select_related("circle").order_by("starts_at"))
    return Home(
        to_confirm=list(parts.select_related("gathering__circle", "gathering__leader").order_by("pk")),
        to_record=[row for row in gatherings if row.ends_at <= now],
        invitations=list(invited.select_related("circle__leader")),
        next=next((row for row in gatherings if row.ends_at > now), None),
    )


def joinable_by(person: Person, *, name: str = "", kind: str = "") -> QuerySet[Any]:
    """The running circles of the person's province that take members by request or openly, and are not theirs yet;
    those with a place first."""
    province = province_of(person.employer)
    if not province:
        return Circle.objects.none()
    belongs = CircleMember.objects.live().filter(person=person).values("circle")
    rows = Circle.objects.running().filter(admission__in=FOUND, organisation__path__startswith=province)
    rows = rows.exclude(pk__in=belongs).exclude(leader=person)
    if kind:
        rows = rows.filter(kind=kind)
    if name:
        rows = rows.filter(Q(name__icontains=name) | Q(leader__name__icontains=name))
    return with_counts(rows).prefetch_related("fields").order_by("name", "pk")


@dataclass(frozen=True)
class CirclePage:
    """One circle as one reader may see it."""

    circle: Circle
    is_leader: bool
    membership: CircleMember | None
    members: list[CircleMember]
    invited: list[CircleMember]
    asked: list[CircleMember]
    planned: list[Gathering]
    minutes: int
    turn: Person | None

    @property
    def is_member(self) -> bool:
        return self.membership is not None and self.membership.state == MemberState.JOINED

    @property
    def is_invited(self) -> bool:
        return self.membership is not None and self.membership.state == MemberState.INVITED

    @property
    def has_asked(self) -> bool:
        return self.membership is not None and self.membership.state == MemberState.ASKED

    @property
    def of_circle(self) -> bool:
        return self.is_leader or self.is_member


def page_of(circle: Circle, user: Asker) -> CirclePage:
    """A circle with what this reader may read of it: who belongs to it is for the circle itself. Five queries at most."""
    person = getattr(user, "person", None)
    is_leader = circle.leader.user_id == user.pk
    rows = list(
        CircleMember.objects.live()
        .filter(circle=circle)
        .select_related("person__employer")
        .order_by("joined_at")
    )
    own = next((row for row in rows if person is not None and row.person_id == person.pk), None)
    of_circle = is_leader or (own is not None and own.state == MemberState.JOINED)
    members = [row for row in rows if row.state == MemberState.JOINED]
    planned = Gathering.objects.planned().filter(circle=circle).select_related("leader", "circle")
    parts = Participation.objects.confirmed().filter(gathering__circle=circle)
    mine = parts if is_leader else parts.filter(person=person)
    return CirclePage(
        circle=circle,
        is_leader=is_leader,
        membership=own,
        members=members if of_circle else [],
        invited=[row for row in rows if row.state == MemberState.INVITED] if is_leader else [],
        asked=[row for row in rows if row.state == MemberState.ASKED] if is_leader else [],
        planned=list(planned.order_by("starts_at")) if of_circle else [],
        minutes=mine.aggregate(sum=Sum("minutes", default=0))["sum"] if of_circle else 0,
        turn=turn_of(circle, members) if circle.is_peer and of_circle else None,
    )


def turn_of(circle: Circle, members: Iterable[CircleMember] | None = None) -> Person | None:
    """Whose turn it is to lead a peer circle next. One query, and one more where the members are not given."""
    rows = members
    if rows is None:
        rows = (
            CircleMember.objects.joined().filter(circle=circle).select_related("person").order_by("joined_at")
        )
    known = {row.person_id: row.person for row in rows}
    held = circle.gatherings.exclude(state=GatheringState.CANCELLED).order_by()
    led = dict(held.values("leader").annotate(last=Max("starts_at")).values_list("leader", "last"))
    found = next_leader(list(known), led)
    return known[found] if found is not None else None


def candidates_for(circle: Circle, leader: Person, name: str = "") -> list[Person]:
    """Whom the leader may invite: their mentees, colleagues of the same employer, and who was with them in a circle, in
    the same province; nobody who belongs to the circle already. One query, at most thirty people."""
    province = province_of(circle.organisation)
    mentees = Pairing.objects.open().filter(supervisor=leader.pk).values("mentee")
    together = CircleMember.objects.joined().filter(
        Q(circle__leader=leader)
        | Q(circle__in=CircleMember.objects.joined().filter(person=leader).values("circle"))
    )
    near = Q(pk__in=mentees) | Q(pk__in=together.values("person"))
    if leader.employer_id:
        near |= Q(employer=leader.employer_id)
    rows = Person.objects.filter(near, employer__path__startswith=province, user__is_active=True)
    belongs = CircleMember.objects.live().filter(circle=circle).values("person")
    rows = rows.exclude(pk__in=belongs).exclude(pk=circle.leader_id)
    if name:
        rows = rows.filter(Q(name__icontains=name) | Q(name_search__contains=name.lower()))
    return list(rows.select_related("employer", "user").order_by("pinyin", "pk")[:MOST_CANDIDATES])
