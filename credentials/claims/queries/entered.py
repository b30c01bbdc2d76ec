"""Where an earlier payment was entered: who administers a place corrects what was entered there or below, and nothing above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker, covers
from core.access.states import Role
from core.organisations.models import Organisation, RoleAssignment
from credentials.claims.models import PaymentEntry
from credentials.claims.models.ledger import CORRECTION, source_of


def entered_above(entries: Iterable[PaymentEntry], user: Asker) -> dict[int, Organisation]:
    """Of these lines those that this user does not correct, with the place at which each was entered. One's own lines one
    corrects, and all of the authority whose administrator one is, or of one below. Select the person with the employer, and
    the authority. One query at most, whatever their number."""
    left = [
        one
        for one in entries
        if one.entered_by_id != user.pk and not covers(user, one.authority, Role.ADMINISTRATOR)
    ]
    if not left:
        return {}
    held = _administered({one.entered_by_id for one in left})
    places = {one.pk: _place_of(one, held.get(one.entered_by_id, ())) or one.authority for one in left}
    return {pk: place for pk, place in places.items() if not covers(user, place, Role.ADMINISTRATOR)}


def _administered(accounts: Iterable[int]) -> dict[int, list[RoleAssignment]]:
    """What these accounts have administered, whenever it was."""
    found: dict[int, list[RoleAssignment]] = {}
    rows = RoleAssignment.objects.filter(user__in=accounts, role=Role.ADMINISTRATOR)
    for row in rows.select_related("organisation").order_by("pk"):
        found.setdefault(row.user_id, []).append(row)
    return found


def _place_of(entry: PaymentEntry, held: Iterable[RoleAssignment]) -> Organisation | None:
    """The highest place that whoever entered the line administered on that day: of those above its person, as long as these work
    where they did."""
    on = timezone.localdate(_first_of(entry).entered_at)
    places = [
        row.organisation for row in held if row.starts_on <= on and (row.ends_on is None or on <= row.ends_on)
    ]
    employer = entry.person.employer
    above = [one for one in places if employer is not None and employer.path.startswith(one.path)]
    return min(above or places, key=lambda one: len(one.path), default=None)


def _first_of(entry: PaymentEntry) -> PaymentEntry:
    """The line that this one stands for in the same name, and so on back: what the system entered anew stays where it was
    entered first."""
    start = source_of(CORRECTION, "")
    while entry.source.startswith(start):
        before = PaymentEntry.objects.get(pk=entry.source.removeprefix(start))
        if before.entered_by_id != entry.entered_by_id:
            break
        entry = before
    return entry


def why_no_correction(entry: PaymentEntry, above: Mapping[int, Organisation]) -> str:
    """In words who corrects a line that is among these; empty for another one."""
    if entry.pk not in above:
        return ""
    place, authority = above[entry.pk], entry.authority
    if place == authority:
        return _("%(place)s has entered it, and corrects it, or who is above it.") % {"place": place}
    words = _("%(place)s has entered it, and corrects it, or who is above it, or %(authority)s.")
    return words % {"place": place, "authority": authority}
