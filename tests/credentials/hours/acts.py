"""Sessions, gatherings and classes of one month of a year that is over, as the tests of the most of a year need them."""

from datetime import datetime, time, timedelta
from itertools import count

from django.utils import timezone

from credentials.hours.actions import (
    correct_hours,
    credit,
    credit_rest,
)
from credentials.hours.queries import cut_short
from credentials.models import HoursEntry
from supervision.signals import ParticipationConfirmed, SessionConfirmed

YEAR = timezone.localdate().year - 1  # over, so that every day of it lies in one calendar year
numbers = count(1000)


def at(day, hour=9, minute=0):
    return datetime.combine(
        datetime(YEAR, 6, day).date(), time(hour, minute), timezone.get_current_timezone()
    )


def told(pairing, day, minutes=90, hour=9, amended=0, number=None, **more):
    """Both sides agree on a session of the sixth month."""
    starts_at = at(day, hour)
    return SessionConfirmed(
        session_id=number or next(numbers),
        supervisor_person_id=pairing.supervisor_id,
        mentee_person_id=pairing.mentee_id,
        organisation_id=pairing.organisation_id,
        held_on=starts_at.date(),
        minutes=minutes,
        form="individual",
        mode="private",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        amended=amended,
        **more,
    )


def gathered(pairing, day, minutes, hour=9):
    """The mentee took part in a gathering."""
    return credit(
        person_id=pairing.mentee_id,
        organisation_id=pairing.organisation_id,
        kind="supervision",
        minutes=minutes,
        occurred_on=at(day).date(),
        title="集体督导",
        source=f"supervision.participation:{next(numbers)}",
        evidence={"form": "group", "mode": "accompanying"},
        starts_at=at(day, hour),
        ends_at=at(day, hour) + timedelta(minutes=minutes),
        form="group",
        mode="accompanying",
    )


def attended(pairing, day, minutes, hour=9):
    """The mentee was in a class, which is credited first."""
    return credit(
        person_id=pairing.mentee_id,
        organisation_id=pairing.organisation_id,
        kind="class",
        minutes=minutes,
        occurred_on=at(day).date(),
        title="课次",
        source=f"lms.attendance:{next(numbers)}",
        evidence={},
        starts_at=at(day, hour),
        ends_at=at(day, hour) + timedelta(minutes=minutes),
    )


def minutes_of(pairing, kind="supervision"):
    person = pairing.mentee_id if kind == "supervision" else pairing.supervisor_id
    rows = HoursEntry.objects.standing().filter(person=person, kind=kind).order_by("pk")
    return list(rows.values_list("minutes", flat=True))


def take_back(entry, cast):
    return correct_hours(entry=entry, reason="误记", actor=cast.administrator)


def took_part(pairing, day, number, minutes=90, amended=0):
    """The mentee agrees that they were in a group which the supervisor led."""
    return ParticipationConfirmed(
        participation_id=number,
        gathering_id=number,
        person_id=pairing.mentee_id,
        organisation_id=pairing.organisation_id,
        minutes=minutes,
        leader_person_id=pairing.supervisor_id,
        leader_organisation_id=pairing.organisation_id,
        leader_supervises=True,
        leader_counts=True,
        gathering_minutes=minutes,
        circle_name="个案督导小组",
        held_on=at(day).date(),
        form="group",
        mode="accompanying",
        starts_at=at(day),
        ends_at=at(day) + timedelta(minutes=minutes),
        amended=amended,
    )


def reconcile_rests():
    return [entry for entry in cut_short() if credit_rest(entry=entry)]
