"""One gathering as its reader may see it: each sealed store is asked by its own `visible_to`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import capfirst

from core.access.scope import Asker
from core.people.models import Person
from core.ui.lists import listed
from supervision.circles.models import (
    CircleMember,
    Gathering,
    GatheringAction,
    GatheringAmendment,
    GatheringAmendmentText,
    GatheringContent,
    GatheringFile,
    GatheringNote,
    LateGathering,
    PartAmendment,
    Participation,
    ParticipationRemark,
)
from supervision.circles.policy import TEXTS, Shared
from supervision.circles.states import LIVE, SEEN_BY_PARTICIPANT, PartState, Whose
from supervision.sessions.states import AmendmentState, LateState, Risk


@dataclass(frozen=True)
class AmendedGathering:
    """An amendment with its text and the answers that the reader may read: the leader all, a participant their own."""

    row: GatheringAmendment
    text: GatheringAmendmentText | None
    answers: list[PartAmendment]
    late: LateGathering | None = None

    @property
    def is_held_up(self) -> bool:
        """It came late, and nobody has approved that."""
        return self.late is not None and self.late.state in (LateState.WAITING, LateState.DECLINED)

    @property
    def said(self) -> list[tuple[str, str]]:
        """What the record would say, by the name of each field."""
        return shared_rows(self.text.said) if self.text else []


def shared_rows(shared: Shared, people: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """The content of a gathering, by the name of each field that says something."""
    rows = [(name, getattr(shared, name)) for name in TEXTS]
    rows.append(("cases", listed(f"{case.code} · {Risk(case.risk).label}" for case in shared.cases)))
    rows.append(("agreed", "\n".join(f"{who} · {what}" for who, what, _due in agreed_rows(shared, people))))
    return [(capfirst(_label(name)), text) for name, text in rows if text]


def agreed_rows(
    shared: Shared, people: Mapping[str, str] | None = None
) -> list[tuple[str, str, date | None]]:
    """(who, what, until when) of each agreed action; `people` are the names by number, else they are looked up."""
    names = dict(Whose.choices)
    wanted = [row.who for row in shared.agreed if row.who.isdecimal()]
    if people is None:
        rows = Person.objects.filter(pk__in=wanted).values_list("pk", "name") if wanted else ()
        people = {str(pk): name for pk, name in rows}
    return [(str(names.get(row.who) or people.get(row.who, "")), row.what, row.due) for row in shared.agreed]


def _label(name: str) -> str:
    known: Any = GatheringContent._meta.get_field(name)
    return str(known.verbose_name)


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
    files: list[GatheringFile] = field(default_factory=list)
    actions: list[GatheringAction] = field(default_factory=list)
    amendments: list[AmendedGathering] = field(default_factory=list)
    late: LateGathering | None = None
    late_before: list[LateGathering] = field(default_factory=list)  # decided before, the newest first

    @property
    def is_held_up(self) -> bool:
        """It was recorded late, and nobody has approved that."""
        return self.late is not None and not self.late.is_approved

    @property
    def to_explain(self) -> LateGathering | None:
        """What was declined, of the record or of the correction that waits."""
        if self.late is not None and self.late.is_declined:
            return self.late
        found = self.open_amendment
        return found.late if found is not None and found.late is not None and found.late.is_declined else None

    @property
    def open_amendment(self) -> AmendedGathering | None:
        return next((each for each in self.amendments if each.row.is_open), None)

    @property
    def my_answer(self) -> PartAmendment | None:
        """What this reader is asked about the correction that waits."""
        found = self.open_amendment
        rows = found.answers if found and self.mine else []
        return next((row for row in rows if row.part_id == self.mine.pk and row.is_waiting), None)  # type: ignore[union-attr]

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
        contents = list[Any](GatheringContent.objects.visible_to(user).filter(gathering=gathering))
        said = ParticipationRemark.objects.visible_to(user).filter(part__gathering=gathering)
        remarks = list(said.select_related("author", "part__person"))
        note = GatheringNote.objects.visible_to(user).filter(gathering=gathering).first()
    may_see = of_circle
    return GatheringPage(
        gathering=gathering,
        is_leader=is_leader,
        mine=mine,
        parts=(rows if is_leader else live) if of_circle else [],
        may_see=may_see,
        content=contents[0] if contents else None,
        earlier=contents[1:],
        remarks=remarks,
        note=note,
        came=len(live),
        confirmed=sum(row.state == PartState.CONFIRMED for row in live),
        **_around(gathering, user),
    )


def _around(gathering: Gathering, user: Asker) -> dict[str, Any]:
    """What hangs on a recorded gathering, each store asked by its own `visible_to`. Four queries, three more for one that
    was amended."""
    if not gathering.is_logged:
        return {}
    files: Any = GatheringFile.objects.visible_to(user).filter(gathering=gathering)
    actions: Any = GatheringAction.objects.visible_to(user).filter(gathering=gathering)
    askings = list(LateGathering.objects.visible_to(user).filter(gathering=gathering).order_by("-pk"))
    amended = _amended(gathering, user, askings)
    is_record = {None, *(each.row.pk for each in amended if each.row.state == AmendmentState.ACCEPTED)}
    late = next((row for row in askings if row.amendment_id in is_record), None)
    return {
        "files": list(files.select_related("file", "author")),
        "actions": list(actions.select_related("person")),
        "amendments": amended,
        "late": late if late is not None and not late.is_void else None,
        "late_before": [row for row in askings if row.decided_at and row != late],
    }


def _amended(gathering: Gathering, user: Asker, askings: list[LateGathering]) -> list[AmendedGathering]:
    rows = list(GatheringAmendment.objects.visible_to(user).filter(gathering=gathering))
    if not rows:
        return []
    keys = [row.pk for row in rows]
    texts = {
        text.pk: text for text in GatheringAmendmentText.objects.visible_to(user).filter(amendment__in=keys)
    }
    answers = PartAmendment.objects.visible_to(user).filter(amendment__in=keys).select_related("part__person")
    found = list(answers)
    for row in rows:
        row.gathering = gathering
    late = {asked.amendment_id: asked for asked in reversed(askings)}  # of each the newest
    return [
        AmendedGathering(
            row,
            texts.get(row.pk),
            [each for each in found if each.amendment_id == row.pk],
            late.get(row.pk),
        )
        for row in rows
    ]
