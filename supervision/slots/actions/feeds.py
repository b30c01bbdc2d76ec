"""The secret address of one's calendar."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.access.scope import Asker
from core.audit.actions import record
from core.people.models import Person
from supervision.slots.models import MeetingFeed


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
