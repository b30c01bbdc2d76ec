"""The secret address of one's calendar, and the list of holidays."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.access.scope import Asker
from core.audit.actions import record
from core.people.models import Person
from supervision.slots.models import Holiday, MeetingFeed


def renew_meeting_feed(*, person: Person, actor: Asker) -> MeetingFeed:
    """Make the secret address of one's calendar, or a new one, which ends the old. Audited without the address."""
    try:
        return _renew(person, actor)
    except IntegrityError:  # two clicks at once: the second one renews what the first one made
        return _renew(person, actor)


@transaction.atomic
def _renew(person: Person, actor: Asker) -> MeetingFeed:
    feed = MeetingFeed.objects.select_for_update().filter(person=person).first()
    is_new, feed = feed is None, feed or MeetingFeed(person=person)
    feed.token, feed.made_at = secrets.token_urlsafe(32), timezone.now()
    feed.save(force_insert=is_new)
    record(action="supervision.renew_meeting_feed", target=feed, actor=actor, organisation=None)
    return feed


@transaction.atomic
def save_holiday(*, holiday: Holiday, actor: Asker) -> Holiday:
    """Add or change a holiday. Side effect: an audit entry."""
    holiday.save()
    record(
        action="supervision.save_holiday",
        target=holiday,
        actor=actor,
        organisation=None,
        after={"name": holiday.name, "starts_on": holiday.starts_on, "ends_on": holiday.ends_on},
    )
    return holiday
