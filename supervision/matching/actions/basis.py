"""What every act on a round needs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.queries import Place
from core.notices.actions import notify_many
from core.people.models import Person, User
from core.states import Refused
from supervision.matching.models import MatchingRound
from supervision.matching.queries import newest_run
from supervision.matching.states import CHANGEABLE


class RoundRefused(Refused):
    """The act cannot be done in this round; the message says why."""


def locked(round: MatchingRound) -> MatchingRound:
    """The round as it is now, locked until the transaction ends."""
    rows = MatchingRound.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=round.pk)


def require_changeable(round: MatchingRound) -> None:
    if round.state not in CHANGEABLE:
        raise RoundRefused(_("The round is locked. Open it again to change who takes part and its rules."))


def require_self(person: Person, actor: Asker) -> None:
    """What somebody does for themself in a round nobody else does for them."""
    if person.user_id != actor.pk:
        raise RoundRefused(_("Only the person themself can do this."))


def require_newest(round: MatchingRound, number: int | None) -> None:
    """Whoever acts on a calculation has seen the newest one that stands (the round is locked); None: whichever it is."""
    if number is None:
        return
    if number != newest_run(round):
        raise RoundRefused(
            _(
                "The round was calculated anew since this page was opened. Nothing was changed: look at it again."
            )
        )


def round_place(rows: QuerySet[Any]) -> Place | None:
    """The round that a job belongs to: that of the one calculation or drawing in `rows`."""
    found = rows.values_list("round", flat=True).first()
    return Place(_("The matching round"), reverse("rounds:detail", args=[found])) if found else None


def audit(action: str, round: MatchingRound, actor: Asker | None, **facts: Any) -> None:
    record(action=action, target=round, actor=actor, organisation=round.organisation, **facts)


def accounts_of(round: MatchingRound) -> list[User]:
    """The accounts of everybody who takes part, each once."""
    rows = User.objects.select_related("person").filter(is_active=True)
    mentees = rows.filter(person__matching_rounds__round=round, person__matching_rounds__is_in=True)
    supervisors = rows.filter(
        person__supervisor__matching_rounds__round=round, person__supervisor__matching_rounds__is_in=True
    )
    return list({user.pk: user for user in [*mentees, *supervisors]}.values())


def tell_all(round: MatchingRound, what: str, title: str, body: str, **values: Any) -> None:
    """Tell everybody who takes part."""
    notify_many(
        users=accounts_of(round),
        kind="supervision.round",
        title=title,
        body=body,
        url=round.get_absolute_url(),
        source=f"supervision.round:{round.pk}:{what}",
        round=round.title,
        **values,
    )
