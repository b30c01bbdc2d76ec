"""Registering a commendation and striking it off."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify
from core.people.models import Person, User
from core.people.queries import BOUND, is_bound_to
from core.states import Refused, move
from credentials.commendations.models import Commendation
from credentials.commendations.states import MOVES, CommendationState
from credentials.signals import StandingChanged, standing_changed

TOLD = gettext_noop("A commendation was registered for you: “%(what)s”")


class CommendationRefused(Refused):
    """The commendation cannot be registered or struck off; the sentence says why."""


@transaction.atomic
def register_commendation(
    *, person: Person, rank: str, title: str, issuer: str, year: int, actor: Asker, document: str = ""
) -> Commendation:
    """Register a title that an authority has given to somebody else; they are told.

    Raises CommendationRefused when the year lies in the future, it is registered already, or it is one's own.
    Side effects: a row; an audit entry; a notice to the person.
    """
    assert isinstance(actor, User)
    if actor.pk == person.user_id:
        raise CommendationRefused(_("Nobody registers their own commendation. Ask another administrator."))
    if is_bound_to(actor, person):
        raise CommendationRefused(BOUND)
    if not 1949 <= year <= timezone.localdate().year:
        raise CommendationRefused(_("The year lies in the future or is too long ago."))
    try:
        with transaction.atomic():
            row = Commendation.objects.create(
                person=person,
                holder_id=person.user_id,
                rank=rank,
                title=title.strip(),
                issuer=issuer.strip(),
                year=year,
                document=document.strip(),
                registered_by_id=actor.pk,
            )
    except IntegrityError:
        raise CommendationRefused(_("This title is registered already for this person and year.")) from None
    _note("credentials.register_commendation", row, actor, after={"title": row.title, "year": year})
    _tell(row, TOLD)
    standing_changed.send(Commendation, event=StandingChanged((row.person_id,)))
    return row


@transaction.atomic
def strike_commendation(*, commendation: Commendation, reason: str, actor: Asker) -> Commendation:
    """Say that a commendation was registered wrongly. Raises CommendationRefused, StaleState or IllegalMove.

    Side effects: the state; an audit entry; a notice to the person.
    """
    if not reason.strip():
        raise CommendationRefused(_("Write the reason: the person will read it."))
    if actor.pk == commendation.holder_id:
        raise CommendationRefused(_("Nobody decides about their own commendation."))
    if is_bound_to(actor, commendation.person):
        raise CommendationRefused(BOUND)
    move(commendation, CommendationState.STRUCK, MOVES, reason=reason.strip(), decided_at=timezone.now())
    _note("credentials.strike_commendation", commendation, actor, reason=reason.strip())
    _tell(commendation, gettext_noop("A commendation of yours was struck off: “%(what)s”"))
    standing_changed.send(Commendation, event=StandingChanged((commendation.person_id,)))
    return commendation


def _note(action: str, row: Commendation, actor: Asker, **facts: Any) -> None:
    record(action=action, target=row, actor=actor, organisation=row.person.employer, **facts)


def _tell(row: Commendation, title: str) -> None:
    notify(
        user=row.person.user,
        kind="qualification",
        title=title,
        body=gettext_noop("Reason: %(reason)s.") if row.reason else "",
        url=reverse("credentials:qualification-list"),
        source=f"credentials.commendation:{row.pk}:{row.state}",
        what=row.title,
        reason=row.reason,
    )
