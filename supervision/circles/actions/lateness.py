"""Whether a gathering was said late: then with a reason, and an administrator is asked about this very time and these
very minutes of everybody in it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.notices.actions import notify, settle
from core.organisations.queries import administrators_over
from core.people.models import User
from core.people.queries import deciders_at
from core.states import move
from supervision.circles.actions.rows import GatheringRefused
from supervision.circles.models import Gathering, GatheringAmendment, LateGathering
from supervision.circles.policy import GatheringFacts, Problem, Said, claims_more
from supervision.circles.queries import said_of
from supervision.circles.states import LATE_MOVES
from supervision.pairings.actions import NotPossible
from supervision.sessions.queries import HowLate, how_late
from supervision.sessions.states import AmendmentState, LateState


def said_as(gathering: Gathering, facts: GatheringFacts, minutes: Mapping[int, int]) -> Said:
    """What the record would say by a correction; `minutes` of those who are asked, the others within its length."""
    parts = gathering.parts.live().values_list("person", "minutes")
    came = {person: minutes.get(person, min(known, facts.minutes)) for person, known in parts}
    return Said(facts.starts_at, facts.ends_at, came)


def said_by(gathering: Gathering, amendment: GatheringAmendment) -> Said:
    """What the record would say by this correction, as it is asked by now."""
    asked = dict(amendment.answers.values_list("part__person", "minutes"))
    return said_as(gathering, amendment.facts, asked)


def newest_of(gathering: Gathering, amendment: GatheringAmendment | None = None) -> LateGathering | None:
    """The newest asking about the record as it stands, or about a correction of it."""
    rows = LateGathering.objects.filter(gathering=gathering)
    rows = rows.filter(amendment=amendment) if amendment else rows.of_record()
    return rows.order_by("-pk").first()


def said_at_of(gathering: Gathering, said: Said, former: Said) -> datetime.datetime:
    """When a corrected record counts as said: now, where it claims what was not claimed before; else when that was."""
    if claims_more(said, former):
        return timezone.now()
    asked = newest_of(gathering)
    known = asked.said_at if asked and not asked.is_void else gathering.logged_at
    return known or timezone.now()


def require_reason(late: HowLate, reason: str, gathering: Gathering | None = None) -> None:
    """Whoever records late says why; of a record that is late already, it was said. Raises GatheringRefused."""
    if reason.strip() or not late.days:
        return
    if gathering is None or not reason_said(gathering):
        raise GatheringRefused((Problem("late", "late_reason"),))


def reason_said(gathering: Gathering) -> str:
    """The reason that was given last for this gathering; "" for none."""
    rows = LateGathering.objects.filter(gathering=gathering).exclude(reason="")
    return rows.order_by("-pk").values_list("reason", flat=True).first() or ""


def keep_late(
    gathering: Gathering,
    said: Said,
    said_at: datetime.datetime,
    reason: str = "",
    amendment: GatheringAmendment | None = None,
) -> None:
    """Ask the administrators about what was said late. Another time or other minutes than those that they saw ask them
    again, whatever they had said; what is not late after all needs nobody. What was decided stays as it is.

    Side effects: a row of its own; notices.
    """
    late, asked = (
        how_late(gathering.circle.organisation, said.starts_at, said_at),
        newest_of(gathering, amendment),
    )
    reason = reason.strip()
    stands = asked is not None and asked.said == said and not asked.is_void
    if late.days and asked and stands and (asked.is_approved or reason in ("", asked.reason)):
        return
    drop_asking(asked)
    values = {
        "gathering": gathering,
        "amendment": amendment,
        "starts_at": said.starts_at,
        "ends_at": said.ends_at,
        "came": {str(person): minutes for person, minutes in said.came.items()},
        "said_at": said_at,
        "days": late.days,
        "allowed": late.allowed,
        "rule": late.rule,
        "asked_at": timezone.now(),
    }
    if late.days:
        reason = reason or reason_said(gathering)
        tell_late(LateGathering.objects.create(reason=reason, **values), gathering)
    elif asked and not asked.is_void:
        LateGathering.objects.create(state=LateState.VOID, **values)


def ask_late(gathering: Gathering, former: Said, reason: str = "") -> None:
    """The list of people or the minutes of one have changed: ask about the record, and about a correction that waits."""
    said = said_of(gathering)
    keep_late(gathering, said, said_at_of(gathering, said, former), reason)
    found = gathering.amendments.filter(state=AmendmentState.PROPOSED).first()
    asked = newest_of(gathering, found) if found else None
    if found is not None and asked is not None:
        said = said_by(gathering, found)
        said_at = timezone.now() if claims_more(said, asked.said) else asked.said_at
        keep_late(gathering, said, said_at, reason, found)


def require_approved(gathering: Gathering) -> None:
    """Raises NotPossible for a late record that nobody has approved as it is."""
    asked = newest_of(gathering)
    if asked is not None and not _allows(asked, said_of(gathering)):
        raise NotPossible(
            _("It was recorded late. You can confirm it once an administrator has approved that.")
        )


def require_approved_amendment(gathering: Gathering, amendment: GatheringAmendment) -> None:
    """Raises NotPossible for a correction that came late and that nobody has approved as it is."""
    asked = newest_of(gathering, amendment)
    if asked is not None and not _allows(asked, said_by(gathering, amendment)):
        raise NotPossible(_("It came late. You can accept it once an administrator has approved that."))


def _allows(asked: LateGathering, said: Said) -> bool:
    return asked.is_void or (asked.is_approved and asked.said == said)


def drop_asking(asked: LateGathering | None) -> None:
    """Nobody has to decide any more; the officers' notices are settled."""
    if asked is None or not asked.is_waiting:
        return
    move(asked, LateState.VOID, LATE_MOVES)
    settle_asking(asked)


def drop_all(gathering: Gathering) -> None:
    """The record was taken back: no administrator is waited for any more."""
    for asked in LateGathering.objects.filter(gathering=gathering, state=LateState.WAITING):
        asked.gathering = gathering
        drop_asking(asked)


def settle_asking(asked: LateGathering) -> None:
    settle(
        users=administrators_over(asked.gathering.circle.organisation),
        source=f"supervision.late_gathering:{asked.gathering_id}:{asked.pk}:",
    )


def people_there(gathering: Gathering) -> list[User]:
    """The accounts of the leader and of everybody in the record. One query."""
    parts = gathering.parts.live().select_related("person__user")
    return [gathering.leader.user, *(part.person.user for part in parts)]


def tell_late(row: LateGathering, gathering: Gathering) -> None:
    """Ask the administrators who can decide it; nothing of what was said is in it."""
    title = gettext_noop("A gathering of %(day)s was recorded %(days)s days late")
    if row.amendment_id:
        title = gettext_noop("A correction of the gathering of %(day)s came %(days)s days late")
    for officer in deciders_at(gathering.circle.organisation, people_there(gathering)):
        notify(
            user=officer,
            kind="supervision.late",
            title=title,
            body=gettext_noop("Read the reason, and approve or decline it."),
            url=reverse("late_gatherings:inspect", args=[row.pk]),
            source=f"supervision.late_gathering:{gathering.pk}:{row.pk}:asked",
            day=row.held_on,
            days=row.days,
        )
