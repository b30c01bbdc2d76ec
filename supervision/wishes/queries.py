"""Reading wishes of pairs: of one pair, at the desk, and for whom they were asked."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from core.access.scope import Asker
from core.people.models import Person
from supervision.handovers.models import Handover
from supervision.handovers.states import HandoverState
from supervision.pairings.models import Pairing, read_from_desk
from supervision.wishes.models import PairWish
from supervision.wishes.states import POSSIBLE, WishKind


def wishes_at(pairing: Pairing, user: Asker) -> list[PairWish]:
    """The wishes about a pairing that this user sees, the newest first. One query."""
    rows = PairWish.objects.visible_to(user).filter(pairing=pairing)
    return list(rows.select_related("asked_by")[:20])


def desk_wishes(user: Asker) -> QuerySet[PairWish]:
    """Those that this user reads from the desk, also where they are one of the pair. One query."""
    return PairWish.objects.visible_to(user).filter(read_from_desk(user, "pairing__")).with_people()


def kinds_for(pairing: Pairing) -> list[tuple[str, str]]:
    """What can be asked for as the pairing stands, as choices."""
    return [(kind, str(WishKind(kind).label)) for kind in POSSIBLE[pairing.state]]


def handover_to_pass_on(pairing: Pairing) -> Handover | None:
    """The handover that the supervisor has written and the mentee has not passed on yet. One query."""
    return Handover.objects.filter(pairing=pairing).exclude(state=HandoverState.RELEASED).first()


def wish_data_of(person: Person) -> list[dict[str, Any]]:
    """What a person has asked for themself, as they take it away. One query."""
    return [
        {
            "kind": row.kind,
            "reason": row.reason,
            "until": row.until,
            "asked_at": row.asked_at,
            "state": row.state,
            "answer": row.answer,
            "answered_at": row.answered_at,
        }
        for row in PairWish.objects.filter(asked_by=person)
    ]
