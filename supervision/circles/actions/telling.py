"""What every act of circles does alike: the audit entry, the notice, and who may act. Never a word of what was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, notify_many
from core.people.models import Person, User
from supervision.circles.models import Circle, Gathering
from supervision.circles.queries import members_told
from supervision.pairings.actions import NotPossible


def audit(action: str, target: models.Model, circle: Circle, actor: Asker | None, **facts: Any) -> None:
    """One audit entry of an act within this circle."""
    record(action=action, target=target, actor=actor, organisation=circle.organisation, **facts)


def require(person: Person, actor: Asker) -> None:
    """Raises NotPossible unless the actor is this person."""
    if person.user_id != actor.pk:
        raise NotPossible(_("This is for somebody else of the circle to do."))


def tell(circle: Circle, person: Person, what: str, title: str, body: str = "", **values: Any) -> None:
    """A notice about the circle itself; `what` names the event, once per person."""
    notify(
        user=person.user,
        kind="supervision.circle",
        title=title,
        body=body,
        url=reverse("supervision:circle-detail", args=[circle.pk]),
        source=f"supervision.circle:{circle.pk}:{what}",
        **{"circle": circle.name, "leader": circle.leader.name, **values},
    )


def tell_of(
    gathering: Gathering, person: Person, what: str, title: str, body: str = "", **values: Any
) -> None:
    """A notice about one gathering: when, and of which circle."""
    notify(user=person.user, title=title, body=body, **_of_gathering(gathering, what), **values)


def tell_all_of(gathering: Gathering, users: Iterable[User], what: str, title: str, body: str = "") -> int:
    """One urgent notice about a gathering to many; returns how many had not been told."""
    about = _of_gathering(gathering, what)
    return notify_many(users=users, title=title, body=body, urgent=True, **about)


def _of_gathering(gathering: Gathering, what: str) -> dict[str, Any]:
    starts_at, ends_at = timezone.localtime(gathering.starts_at), timezone.localtime(gathering.ends_at)
    return {
        "kind": "supervision.gathering",
        "url": reverse("supervision:gathering-detail", args=[gathering.pk]),
        "source": f"supervision.gathering:{gathering.pk}:{what}",
        "circle": gathering.circle.name,
        "leader": gathering.leader.name,
        "day": starts_at.date(),
        "span": f"{starts_at:%H:%M}–{ends_at:%H:%M}",
    }


def moment() -> str:
    """For notices that can come again: when."""
    return f"{timezone.now():%Y%m%d%H%M%S%f}"


def tell_members_of(rows: Sequence[Gathering], what: str, title: str, body: str, actor: Asker) -> None:
    """One notice to each member of what happened to all of these, the first one's; of several with every time."""
    more: dict[str, Any] = {}
    if len(rows) > 1:
        moments = [timezone.localtime(row.starts_at) for row in rows]
        more = {"body": body, "times": len(rows), "moments": moments}
    tell_members(rows[0], what, title, actor, also=[row.leader for row in rows[1:]], **more)


def tell_members(
    gathering: Gathering, what: str, title: str, actor: Asker, also: Iterable[Person] = (), **values: Any
) -> None:
    """A notice to each member, to who leads it and to `also`, but never to who did it."""
    people = [*(row.person for row in members_told(gathering)), gathering.leader, *also]
    for person in {each.pk: each for each in people}.values():
        if person.user_id != actor.pk:
            tell_of(gathering, person, what, title, **values)
