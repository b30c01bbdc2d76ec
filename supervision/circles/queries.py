"""Reading circles: mine, those I may join, one of them as its reader may see it, and when people are busy."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.people.engagements import Engagement
from core.people.models import Person
from supervision.circles.document import Line, ListFacts
from supervision.circles.models import (
    FOUND,
    Circle,
    CircleMember,
    Gathering,
    GatheringContent,
    GatheringNote,
    Participation,
    ParticipationRemark,
)
from supervision.circles.policy import next_leader
from supervision.circles.states import (
    LIVE,
    SEEN_BY_PARTICIPANT,
    GatheringState,
    MemberState,
    PartState,
)
from supervision.pairings.models import Pairing
from supervision.supervisors.models import province_of

USUAL = timedelta(minutes=90)
MOST_CANDIDATES = 30


@dataclass(frozen=True)
class Busy:
    """Somebody's time that is taken by a gathering: by which circle, for that person to read."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    by: str


def in_gathering(person_ids: Collection[int], starts_at: datetime, ends_at: datetime) -> Iterable[Engagement]:
    """The recorded gatherings in which these people took part or which they led, without which. Two queries."""
    people = set(person_ids)
    rows = Gathering.objects.logged().filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    for row in rows.filter(leader__in=people):
        yield Engagement(row.leader_id, row.starts_at, row.ends_at, _("a group supervision"))
    parts = Participation.objects.live().filter(person__in=people, gathering__in=rows.order_by().values("pk"))
    for part in parts.select_related("gathering"):
        held, agreed = part.gathering, part.state == PartState.CONFIRMED
        yield Engagement(part.person_id, held.starts_at, held.ends_at, _("a group supervision"), agreed)


def gathering_at(
    people: Collection[int], starts_at: datetime, ends_at: datetime, *, besides: int | None = None
) -> Busy | None:
    """A recorded gathering at that time in which one of these people took part or which one led. Two queries at most."""
    rows = (
        Gathering.objects.logged()
        .filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
        .exclude(pk=besides or 0)
    )
    led = rows.filter(leader__in=list(people)).select_related("circle").order_by("starts_at").first()
    if led is not None:
        return Busy(led.leader_id, led.starts_at, led.ends_at, led.circle.name)
    part = (
        Participation.objects.live()
        .filter(person__in=list(people), gathering__in=rows.order_by().values("pk"))
        .select_related("gathering__circle")
        .order_by("gathering__starts_at")
        .first()
    )
    if part is None:
        return None
    held = part.gathering
    return Busy(part.person_id, held.starts_at, held.ends_at, held.circle.name)


def planned_at(
    leader_id: int, starts_at: datetime, ends_at: datetime, *, besides: int | None = None
) -> Gathering | None:
    """Another gathering that this person leads and that is planned at that time."""
    rows = Gathering.objects.planned().filter(leader=leader_id, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return rows.exclude(pk=besides or 0).select_related("circle").order_by("starts_at").first()


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


def parts_counted(rows: QuerySet[Gathering]) -> QuerySet[Gathering]:
    """Gatherings with how many `came`, how many `confirmed` and `disputed`, and the `credited` minutes. One query."""
    return rows.annotate(
        came=Count("parts", filter=Q(parts__state__in=sorted(LIVE))),
        confirmed=Count("parts", filter=Q(parts__state=PartState.CONFIRMED)),
        disputed=Count("parts", filter=Q(parts__state=PartState.DISPUTED)),
        waiting=Count("parts", filter=Q(parts__state=PartState.WAITING)),
        credited=Sum("parts__minutes", filter=Q(parts__state=PartState.CONFIRMED), default=0),
    ).order_by("-starts_at", "-pk")


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
    """What waits for this person in circles, and the next gathering. Four queries."""
    if person is None:
        return Home([], [], [], None)
    parts = Participation.objects.filter(person=person).to_confirm()
    invited = CircleMember.objects.filter(person=person, state=MemberState.INVITED)
    over = Gathering.objects.planned().filter(leader=person, ends_at__lte=timezone.now())
    member = CircleMember.objects.joined().filter(person=person).values("circle")
    coming = Gathering.objects.planned().filter(
        Q(circle__in=member) | Q(leader=person), ends_at__gt=timezone.now()
    )
    return Home(
        to_confirm=list(parts.select_related("gathering__circle", "gathering__leader").order_by("pk")),
        to_record=list(over.select_related("circle").order_by("starts_at")),
        invitations=list(invited.select_related("circle__leader")),
        next=coming.select_related("circle").order_by("starts_at").first(),
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


@dataclass(frozen=True)
class GatheringPage:
    """One gathering as one reader may see it: for the desk, everything but the facts is empty."""

    gathering: Gathering
    is_leader: bool
    mine: Participation | None
    parts: list[Participation]
    may_see: bool  # what is planned: subject, place and link
    content: GatheringContent | None
    earlier: list[GatheringContent]
    remarks: list[ParticipationRemark]
    note: GatheringNote | None
    came: int
    confirmed: int

    @property
    def took_part(self) -> bool:
        return self.is_leader or (self.mine is not None and self.mine.state in LIVE)

    @property
    def is_locked(self) -> bool:
        return self.confirmed > 0

    @property
    def my_label(self) -> str:
        return str(SEEN_BY_PARTICIPANT[PartState(self.mine.state)]) if self.mine else ""


def gathering_page(gathering: Gathering, user: Asker) -> GatheringPage:
    """A gathering with what this reader may read of it; each sealed store is asked by its own `visible_to`."""
    person = getattr(user, "person", None)
    rows = list(gathering.parts.select_related("person__employer"))
    is_leader = gathering.leader.user_id == user.pk
    own = (row for row in rows if person is not None and row.person_id == person.pk)
    mine = next((row for row in own if row.state in LIVE), None)
    is_member = (
        person is not None
        and CircleMember.objects.joined().filter(circle=gathering.circle_id, person=person).exists()
    )
    of_circle = is_leader or is_member or mine is not None or gathering.circle.leader.user_id == user.pk
    live = [row for row in rows if row.state in LIVE]
    contents: list[GatheringContent] = []
    remarks: list[ParticipationRemark] = []
    note = None
    if of_circle:
        contents = list(GatheringContent.objects.visible_to(user).filter(gathering=gathering))
        said = ParticipationRemark.objects.visible_to(user).filter(part__gathering=gathering)
        remarks = list(said.select_related("author", "part__person"))
        note = GatheringNote.objects.visible_to(user).filter(gathering=gathering).first()
    return GatheringPage(
        gathering=gathering,
        is_leader=is_leader,
        mine=mine,
        parts=(rows if is_leader else live) if of_circle else [],
        may_see=of_circle,
        content=contents[0] if contents else None,
        earlier=contents[1:],
        remarks=remarks,
        note=note,
        came=len(live),
        confirmed=sum(row.state == PartState.CONFIRMED for row in live),
    )


def people_of(gathering: Gathering | None, circle: Circle, leader_id: int) -> list[Person]:
    """Whom the record can tick: the members, and whoever stands in it already; not the leader. One query."""
    known = Q(circles__circle=circle, circles__state=MemberState.JOINED)
    if gathering is not None:
        known |= Q(participations__gathering=gathering)
    rows = Person.objects.filter(known).exclude(pk=leader_id).select_related("employer")
    return list(rows.distinct().order_by("pinyin", "pk"))


def usual_plan(circle: Circle, now: datetime) -> tuple[datetime, datetime]:
    """When the next gathering most likely is: as the last one, so many days later; else tomorrow afternoon."""
    last = circle.gatherings.exclude(state=GatheringState.CANCELLED).order_by("-starts_at").first()
    if last is None:
        start = timezone.localtime(now).replace(hour=14, minute=0, second=0, microsecond=0) + timedelta(
            days=1
        )
        return start, start + USUAL
    step = timedelta(days=circle.every_days)
    start = last.starts_at + step
    while start <= now:
        start += step
    return timezone.localtime(start), timezone.localtime(start + (last.ends_at - last.starts_at))


def desk_gatherings(user: Asker, condition: Q) -> QuerySet[Gathering]:
    """The gatherings that this user reads from the desk, with counts and minutes. One query."""
    rows = Gathering.objects.visible_to(user).filter(condition).with_circle()
    return parts_counted(rows)


def members_told(gathering: Gathering) -> QuerySet[CircleMember]:
    """The members of a gathering's circle, to be told about it."""
    return (
        CircleMember.objects.joined()
        .filter(circle=gathering.circle_id)
        .select_related("person__user__person")
    )


def unanswered(before: datetime) -> QuerySet[Participation]:
    """Rows that wait for their participant since before this moment."""
    rows = Participation.objects.to_confirm().filter(asked_at__lt=before)
    return rows.select_related("person__user__person", "gathering__circle")


def unrecorded(before: datetime) -> QuerySet[Gathering]:
    """Planned gatherings that were over before this moment and are not recorded."""
    return (
        Gathering.objects.planned()
        .filter(ends_at__lt=before)
        .select_related("circle", "leader__user__person")
    )


def beginning(now: datetime, until: datetime) -> QuerySet[Gathering]:
    """Planned gatherings that begin within this time."""
    rows = Gathering.objects.planned().filter(starts_at__gt=now, starts_at__lte=until)
    return rows.select_related("circle", "leader__user__person")


def list_facts(gathering: Gathering) -> ListFacts:
    """What the printed list of a gathering says: who took part, or of a plan who the members are. Two queries."""
    circle = gathering.circle
    details = ""
    if gathering.is_logged:
        kinds = (gathering.get_form_display(), gathering.get_mode_display(), gathering.get_setting_display())
        details = " · ".join((*kinds, *gathering.function_labels))
        rows = gathering.parts.live().select_related("person__employer")
        lines = [
            Line(row.person.name, _employer(row.person), str(row.minutes), str(row.get_state_display()))
            for row in rows
        ]
    else:
        people = people_of(None, circle, gathering.leader_id)
        lines = [Line(person.name, _employer(person)) for person in people]
    return ListFacts(
        circle=circle.name,
        kind=str(circle.get_kind_display()),
        organisation=circle.organisation.name,
        leader=gathering.leader.name,
        starts_at=timezone.localtime(gathering.starts_at),
        ends_at=timezone.localtime(gathering.ends_at),
        details=details,
        lines=tuple(lines),
        watermark="样例" if gathering.leader.is_sample else None,
    )


def _employer(person: Person) -> str:
    return person.employer.name if person.employer else ""
