"""One gathering as its reader may see it, its list to sign, and when the next one most likely is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from core.access.scope import Asker
from core.people.models import Person
from supervision.circles.document import Line, ListFacts
from supervision.circles.models import (
    Circle,
    CircleMember,
    Gathering,
    GatheringContent,
    GatheringNote,
    Participation,
    ParticipationRemark,
)
from supervision.circles.states import (
    LIVE,
    SEEN_BY_PARTICIPANT,
    GatheringState,
    MemberState,
    PartState,
)

USUAL = timedelta(minutes=90)


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
