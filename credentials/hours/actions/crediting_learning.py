"""What learning tells is credited: courses that were completed, and classes that were attended."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from credentials.hours.actions.correcting import credit_rests, place_kept, take_back
from credentials.hours.actions.ledger import credit, forget_skipped, lock_people
from credentials.hours.models import EntryKind, HoursEntry, SettledRevision
from credentials.hours.queries import standing_of
from lms.signals import AttendanceSettled, CourseCompleted

SETTLED_ANEW = gettext_noop(
    "The attendance was settled anew (revision %(revision)s): %(now)s minutes instead of %(before)s."
)


def credit_course(*, event: CourseCompleted) -> HoursEntry | None:
    """Credit the minutes of a completed course to the one who completed it, of each lesson once (see the rule's switch).

    None when there is nothing to credit, or nothing that was not credited before.
    """
    return credit(
        person_id=event.person_id,
        organisation_id=event.organisation_id,
        kind=EntryKind.COURSE,
        minutes=event.minutes,
        occurred_on=timezone.localtime(event.completed_at).date(),
        title=event.course_title,
        title_en=event.course_title_en,
        source=f"lms.enrolment:{event.enrolment_id}",
        evidence={
            "course": event.course_code,
            "version": event.version_number,
            "cohort": event.cohort_title,
            "completed_at": event.completed_at.isoformat(),
        },
        lessons=event.lessons,
    )


@transaction.atomic
def credit_attendance(*, event: AttendanceSettled) -> HoursEntry | None:
    """Credit what somebody attended of a class; a newer revision first takes back what the former ones credited.

    An older revision that arrives after a newer one changes nothing, and neither does the same one again, nor a newer
    one of the same minutes. Whoever was before others in line stays there: only what the newer revision leaves is
    credited to them. Side effects, in order: the person's row is locked; the newest revision is noted; corrections;
    the credit; the rests of others.
    """
    about = f"lms.attendance:{event.attendance_id}"
    source = about if event.revision == 1 else f"{about}:{event.revision}"
    lock_people(event.person_id)
    heard, made = SettledRevision.objects.get_or_create(source=about, defaults={"revision": event.revision})
    if heard.revision > event.revision:
        return None
    if not made:
        SettledRevision.objects.filter(pk=heard.pk, revision__lt=event.revision).update(
            revision=event.revision
        )
    standing = standing_of(event.person_id, about)
    if any(entry.evidence.get("asked", entry.minutes) == event.minutes for entry in standing):
        return None
    forget_skipped(person_id=event.person_id, about=about, but=source)
    replaced = [entry for entry in standing if entry.source != source]
    for entry in replaced:
        before = entry.evidence.get("asked", entry.minutes)  # attended, as `now`, however little was credited
        values = {"revision": event.revision, "before": before, "now": event.minutes}
        take_back(entry=entry, reason=SETTLED_ANEW, actor=None, values=values)
    local = timezone.localtime(event.starts_at)
    credited = credit(
        person_id=event.person_id,
        organisation_id=event.organisation_id,
        kind=EntryKind.CLASS,
        minutes=event.minutes,
        occurred_on=local.date(),
        title=event.title,
        title_en=event.title_en,
        source=source,
        evidence={
            "class": event.class_id,
            "enrolment": event.enrolment_id,
            "course": event.course_code,
            "cohort": event.cohort_title,
            "method": event.method,
            "revision": event.revision,
        },
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        place=place_kept(replaced, event.starts_at, event.ends_at),
    )
    if replaced:
        credit_rests(person_id=event.person_id)
    return credited
