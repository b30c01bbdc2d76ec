"""What supervision tells is credited: sessions that were confirmed, and gatherings that somebody took part in."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop, override

from core.people.models import Person
from credentials.hours.actions.correcting import credit_rests, place_kept, take_back
from credentials.hours.actions.ledger import credit, forget_skipped, lock_people
from credentials.hours.models import EntryKind, HoursEntry, SettledRevision
from credentials.hours.queries import standing_of
from supervision.signals import ParticipationConfirmed, SessionConfirmed

SUPERVISED = gettext_noop("Supervised by %(name)s")
SUPERVISING = gettext_noop("Supervising %(name)s")
TOOK_PART = gettext_noop("Gathering attended: %(name)s")
LED = gettext_noop("Gathering led: %(name)s")
CONVENED = gettext_noop("Peer gathering convened: %(name)s")

AMENDED = gettext_noop(
    "The session was corrected by both sides: %(now)s minutes now, %(before)s minutes before."
)

GATHERING_AMENDED = gettext_noop(
    "The gathering was corrected, and those who took part agreed: %(now)s minutes now, %(before)s minutes before."
)


@transaction.atomic
def credit_session(*, event: SessionConfirmed) -> list[HoursEntry]:
    """Credit a confirmed supervision session to both sides, each in their own kind, titled by who sat opposite.

    Of an amended one, the entry of before is taken back first, if its time was another; an older amendment that arrives
    after a newer one changes nothing, and neither does the same one again. Side effects, in order: the rows of both are
    locked; the newest amendment is noted; corrections; the credits; the rests of others.
    """
    mentee, supervisor = event.mentee_person_id, event.supervisor_person_id
    lock_people(mentee, supervisor)
    about = f"supervision.session:{event.session_id}"
    if _is_old(about, event):
        return []
    names = dict(Person.objects.filter(pk__in=(mentee, supervisor)).values_list("pk", "name"))
    sides = (
        (mentee, EntryKind.SUPERVISION, *_titles(SUPERVISED, names[supervisor])),
        (supervisor, EntryKind.SUPERVISING, *_titles(SUPERVISING, names[mentee])),
    )
    made = [_credit_side(event, about, *side) for side in sides]
    return [entry for entry in made if entry]


def _titles(words: str, name: str) -> tuple[str, str]:
    """The title of an entry as it is kept: in Chinese and in English, whoever confirms the session."""
    with override("zh-hans"):
        chinese = gettext(words)
    return chinese % {"name": name}, words % {"name": name}


def _credit_side(
    event: SessionConfirmed, about: str, person_id: int, kind: str, title: str, title_en: str
) -> HoursEntry | None:
    """One side of a session."""
    return _credit_corrected(
        event,
        about,
        AMENDED,
        person_id=person_id,
        organisation_id=event.organisation_id,
        kind=kind,
        minutes=event.minutes,
        title=title,
        title_en=title_en,
        evidence={
            "session": event.session_id,
            "form": event.form,
            "mode": event.mode,
            "supervisor": event.supervisor_person_id,
            "mentee": event.mentee_person_id,
        },
    )


def _credit_corrected(
    event: SessionConfirmed | ParticipationConfirmed,
    about: str,
    reason: str,
    *,
    person_id: int,
    minutes: int,
    **facts: Any,
) -> HoursEntry | None:
    """Credit one person what can be corrected after it was confirmed. What stands of the same time is left as it is;
    anything else of it is taken back, for this reason."""
    standing = standing_of(person_id, about)
    if any(_of_this_time(entry, minutes, event) for entry in standing):
        return None
    source = f"{about}:{event.amended}" if event.amended else about
    forget_skipped(person_id=person_id, about=about, but=source)
    if event.amended and not standing and _taken_back(person_id, about):
        return None
    for entry in standing if event.amended else ():
        values = {"before": _asked(entry), "now": minutes}
        take_back(entry=entry, reason=reason, actor=None, values=values)
    credited = credit(
        person_id=person_id,
        minutes=minutes,
        occurred_on=event.held_on,
        source=source,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        place=place_kept(standing, event.starts_at, event.ends_at) if event.amended else None,
        form=event.form,
        mode=event.mode,
        **facts,
    )
    if event.amended and standing:
        credit_rests(person_id=person_id)
    return credited


def _is_old(about: str, event: SessionConfirmed | ParticipationConfirmed) -> bool:
    """Whether a newer correction was heard before; of an amended one it is noted."""
    if SettledRevision.objects.filter(source=about, revision__gt=event.amended).exists():
        return True
    if event.amended:
        SettledRevision.objects.update_or_create(source=about, defaults={"revision": event.amended})
    return False


def _taken_back(person_id: int, about: str) -> bool:
    """Whether an officer took the hours of this session back: a correction by the pair does not bring them again."""
    of_this = Q(source=about) | Q(source__startswith=f"{about}:")
    rows = HoursEntry.objects.filter(of_this, person_id=person_id, corrects=None, correction__isnull=False)
    # An officer gives a reason in their own words; what follows from an amendment has a sentence of ours, with values.
    return any("values" not in row.correction.evidence for row in rows.select_related("correction"))


def _asked(entry: HoursEntry) -> int:
    """How long it was: before what a rule counts of it, and before what was credited already was left out."""
    evidence = entry.evidence
    return int(evidence.get("held", evidence.get("asked", entry.minutes)))


def _of_this_time(entry: HoursEntry, minutes: int, event: SessionConfirmed | ParticipationConfirmed) -> bool:
    return (_asked(entry), entry.starts_at, entry.ends_at) == (minutes, event.starts_at, event.ends_at)


@transaction.atomic
def credit_participation(*, event: ParticipationConfirmed) -> list[HoursEntry]:
    """Credit a confirmed participation to the participant, and the gathering to its leader once, however many confirm.

    A supervisor has supervised; whoever leads a peer circle in turn was supervised like the others (ADR 0021). Of an
    amended one the entry of before is taken back first, if its time was another, as for a session.
    """
    people = [event.person_id, *([event.leader_person_id] if event.leader_counts else [])]
    lock_people(*people)
    shared = {
        "gathering": event.gathering_id,
        "form": event.form,
        "mode": event.mode,
        "leader": event.leader_person_id,
    }
    name, about = event.circle_name, f"supervision.participation:{event.participation_id}"
    made = []
    if not _is_old(about, event):
        title, title_en = _titles(TOOK_PART, name)
        entry = _credit_corrected(
            event,
            about,
            GATHERING_AMENDED,
            person_id=event.person_id,
            organisation_id=event.organisation_id,
            kind=EntryKind.SUPERVISION,
            minutes=event.minutes,
            title=title,
            title_en=title_en,
            evidence=shared | {"participation": event.participation_id},
        )
        made.append(entry)
    about = f"supervision.gathering:{event.gathering_id}"
    if event.leader_counts and not _is_old(about, event):
        supervises = event.leader_supervises
        title, title_en = _titles(LED if supervises else CONVENED, name)
        entry = _credit_corrected(
            event,
            about,
            GATHERING_AMENDED,
            person_id=event.leader_person_id,
            organisation_id=event.leader_organisation_id,
            kind=EntryKind.SUPERVISING if supervises else EntryKind.SUPERVISION,
            minutes=event.gathering_minutes,
            title=title,
            title_en=title_en,
            evidence=shared,
        )
        made.append(entry)
    return [entry for entry in made if entry]
