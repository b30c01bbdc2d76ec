"""Finding what was told and never heard."""

from __future__ import annotations

from django.db import transaction

from credentials.hours.actions.correcting import credit_rest
from credentials.hours.actions.crediting_learning import credit_attendance, credit_course
from credentials.hours.actions.crediting_supervision import credit_participation, credit_session
from credentials.hours.models import HoursEntry, SettledRevision, SkippedCredit
from credentials.hours.queries import cut_short
from lms.public import completions, settled_attendances
from supervision.public import confirmations, participations


def reconcile() -> list[str]:
    """Credit every course, session and class that is not in the ledger, or not wholly although it could be; a line for
    each gap."""
    known = set(HoursEntry.objects.filter(corrects=None).values_list("person_id", "source"))
    heard = dict(
        SettledRevision.objects.filter(source__startswith="supervision.").values_list("source", "revision")
    )
    skipped = set(SkippedCredit.objects.values_list("person_id", "source"))
    lines = []
    for done in [event for event in completions() if event.minutes > 0]:
        if (done.person_id, f"lms.enrolment:{done.enrolment_id}") not in known:
            with transaction.atomic():
                made = credit_course(event=done)
            lines += [f"enrolment {done.enrolment_id}: hours credited"] if made else []
    for held in list(confirmations()):
        source = f"supervision.session:{held.session_id}"
        two = (held.mentee_person_id, held.supervisor_person_id)
        missing = {(person, source) for person in two} - known
        if held.amended:  # heard of, it is in the ledger, unless nothing of it counted then
            missing = {(person, f"{source}:{held.amended}") for person in two} & skipped - known
        if missing or heard.get(source, 0) < held.amended:
            with transaction.atomic():
                sides = credit_session(event=held)
            lines += [f"session {held.session_id}: hours credited"] if sides else []
    for event in list(participations()):
        abouts = [(event.person_id, f"supervision.participation:{event.participation_id}")]
        if event.leader_counts:
            abouts.append((event.leader_person_id, f"supervision.gathering:{event.gathering_id}"))
        missing = set(abouts) - known
        if event.amended:  # as for a session, and for the leader too
            missing = {(person, f"{about}:{event.amended}") for person, about in abouts} & skipped - known
        if missing or any(heard.get(about, 0) < event.amended for _person, about in abouts):
            with transaction.atomic():
                sides = credit_participation(event=event)
            known |= {(entry.person_id, entry.source) for entry in sides}
            lines += [f"participation {event.participation_id}: hours credited"] if sides else []
    lines += _reconcile_attendances()
    return lines + [
        f"entry {entry.pk}: the rest credited" for entry in cut_short() if credit_rest(entry=entry)
    ]


def _reconcile_attendances() -> list[str]:
    """Credit the newest revision of every attendance that the ledger has not heard of."""
    heard = dict(
        SettledRevision.objects.filter(source__startswith="lms.attendance:").values_list("source", "revision")
    )
    sources = HoursEntry.objects.filter(source__startswith="lms.attendance:", corrects=None)
    known = set(sources.values_list("source", flat=True))
    lines = []
    for event in list(settled_attendances()):
        about = f"lms.attendance:{event.attendance_id}"
        source = about if event.revision == 1 else f"{about}:{event.revision}"
        if heard.get(about, 0) >= event.revision and (source in known or not event.minutes):
            continue
        before = heard.get(about, 0)
        if credit_attendance(event=event) or before < event.revision:
            lines.append(f"attendance {event.attendance_id}: hours credited")
    return lines
