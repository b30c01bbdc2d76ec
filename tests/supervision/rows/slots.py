"""Slots, meetings and calendars."""

from supervision.models import Meeting, MeetingFeed, MeetingRemark, Slot
from tests.factories import make_meeting, make_slot


def planned_of(supervisors, pairings):
    """Slots of both supervisors, one of them for one pairing only; a meeting of each pairing."""
    meetings = [make_meeting(pairing, days=place) for place, pairing in enumerate(pairings, 1)]
    return {
        Slot: [
            make_slot(supervisors[0]),
            make_slot(supervisors[0], 3, chosen=[pairings[1]]),
            make_slot(supervisors[1]),
        ],
        Meeting: meetings,
        MeetingRemark: [
            MeetingRemark.objects.create(
                meeting=row, author=row.pairing.mentee, kind="cancelled", text="临时有事"
            )
            for row in meetings
        ],
        MeetingFeed: [
            MeetingFeed.objects.create(person=person, token=f"secret-{person.pk}")
            for person in {row.pk: row for pairing in pairings for row in (pairing.mentee,)}.values()
        ],
    }
