"""What is kept of an act on an entry, and who is told of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.access.states import Role
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.organisations.models import Organisation
from core.organisations.queries import administrators_of
from core.people.models import User
from credentials.manual_entries.models import ManualEntry
from credentials.manual_entries.queries import independent_of


def note(action: str, entry: ManualEntry, actor: Asker, **facts: Any) -> None:
    """An audit entry of an act on an entry, at its organisation."""
    record(action=action, target=entry, actor=actor, organisation=entry.organisation, **facts)


def officers_for(entry: ManualEntry) -> list[User]:
    """The administrators nearest to the organisation who can take the next step: neither the person nor who entered it,
    nor anybody who depends on them. Where there is none, those above."""
    found: list[User] = []
    place: Organisation | None = entry.organisation
    but = (entry.holder_id, entry.entered_by_id)
    while place is not None and not found:
        nearest = [officer for officer in administrators_of(place) if officer.pk not in but]
        found = independent_of(entry, nearest)
        place = place.get_parent()
    return found


def ask_officers(entry: ManualEntry, title: str) -> None:
    """Ask those who can decide next, with these words: neither the person nor who entered it."""
    for officer in officers_for(entry):
        notify(
            user=officer,
            kind="hours",
            title=title,
            body=gettext_noop("%(minutes)s minutes on %(day)s. Compare them with the proof."),
            url=reverse("manual-entries:inspect", args=[entry.pk]),
            source=f"credentials.manual:{entry.pk}:{entry.state}",
            name=entry.person.name,
            what=entry.title,
            minutes=entry.minutes,
            day=entry.occurred_on,
        )


def tell_proposed(entry: ManualEntry) -> None:
    """It was entered: second officers are asked, and the person is told."""
    ask_officers(entry, gettext_noop("“%(what)s” of %(name)s waits for a second officer"))
    tell_person(
        entry,
        gettext_noop("“%(what)s” was entered and waits for a second officer"),
        gettext_noop(
            "Entered with %(minutes)s minutes. They count as soon as another officer confirms them."
        ),
        minutes=entry.minutes,
    )


def settle_officers(entry: ManualEntry) -> None:
    """What the officers were asked is done, whoever did it: for all who were asked, whatever they are today, and not for
    the person, who was only told."""
    source = f"credentials.manual:{entry.pk}:"
    # Administrators of today or once: not everybody's notices are searched.
    officers = User.objects.filter(roles__role=Role.ADMINISTRATOR)
    asked = officers.filter(notices__source__startswith=source).exclude(pk=entry.holder_id)
    settle(users=asked.distinct(), source=source)


def tell_person(entry: ManualEntry, title: str, body: str, url: str = "", **values: Any) -> None:
    """Tell the person what became of it; once in each state."""
    notify(
        user=entry.person.user,
        kind="hours",
        title=title,
        body=body,
        url=url or entry.get_absolute_url(),
        source=f"credentials.manual:{entry.pk}:{entry.state}",
        what=entry.title,
        reason=entry.reason,
        **values,
    )
