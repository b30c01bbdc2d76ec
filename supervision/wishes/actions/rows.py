"""What every act on a wish needs: the rows as they are now, the audit without the reason, and the notices."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import both, notify, settle
from core.organisations.queries import administrators_over
from core.people.models import Person
from supervision.pairings.actions import NotPossible, one_of_pair
from supervision.pairings.models import Pairing
from supervision.wishes.models import PairWish
from supervision.wishes.states import WishKind


def fresh(wish: PairWish) -> PairWish:
    return PairWish.objects.select_for_update(of=("self",)).with_people().get(pk=wish.pk)


def one_of(pairing: Pairing, actor: Asker) -> Person:
    person = one_of_pair(pairing, actor)
    if person is None:
        raise NotPossible(_("Only the two of a pairing can ask for this."))
    return person


def other(wish: PairWish) -> Person:
    pairing = wish.pairing
    return pairing.supervisor.person if wish.asked_by_id == pairing.mentee_id else pairing.mentee


def audit(action: str, wish: PairWish, actor: Asker | None, **facts: Any) -> None:
    record(action=action, target=wish, actor=actor, organisation=wish.pairing.organisation, **facts)


def settle_officers(wish: PairWish) -> None:
    """Nobody is asked to decide it any more."""
    settle(users=administrators_over(wish.pairing.organisation), source=f"{_source(wish)}:to_decide")


def tell_officer(wish: PairWish, officer: Any) -> None:
    notify(
        user=officer,
        kind="supervision.pairing",
        title=gettext_noop("A pair asks for a change: %(supervisor)s and %(mentee)s"),
        body=gettext_noop("Read the reason at the desk, and grant it or say why not."),
        url=reverse("pair_wishes:inspect", args=[wish.pk]),
        source=f"{_source(wish)}:to_decide",
        supervisor=wish.pairing.supervisor.person.name,
        mentee=wish.pairing.mentee.name,
    )


def tell(wish: PairWish, person: Person, what: str, title: str, body: str = "") -> None:
    notify(
        user=person.user,
        kind="supervision.pairing",
        title=title,
        body=body,
        url=wish.get_absolute_url(),
        source=f"{_source(wish)}:{what}",
        name=wish.asked_by.name,
        wish=_in_both(WishKind(wish.kind)),
        answer=wish.answer,
    )


def _in_both(kind: WishKind) -> Any:
    with override("en"):
        english = str(kind.label)
    with override("zh-hans"):
        return both(str(kind.label), english)


def _source(wish: PairWish) -> str:
    return f"supervision.pair_wish:{wish.pk}"
