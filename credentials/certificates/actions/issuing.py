"""Issuing a certificate: once per enrolment, whoever asks and however often; and what is on hold."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import both, notify
from core.organisations.models import Organisation
from core.organisations.queries import administrators_of
from core.people.models import Person
from credentials.certificates.document import wording_of
from credentials.certificates.models import Certificate, PendingIssue, SerialCounter
from credentials.certificates.policy import last_day, new_code, serial_of
from credentials.certificates.queries import Trouble, trouble_with
from credentials.designs.queries import version_for
from credentials.hours.actions import rule_on
from credentials.hours.models import EntryKind
from credentials.hours.policy import plain_hours
from lms.public import CourseCompleted, completion_told

file_wanted = (
    Signal()
)  # tells credentials.tasks that a certificate waits for its file; carries certificate_id


@transaction.atomic
def issue(*, event: CourseCompleted, actor: Asker | None = None) -> Certificate | None:
    """Issue the certificate of a completed course, once per enrolment; returns the one there is.

    A name that the font cannot print does not undo the completion: the certificate is put on hold with the reason,
    the holder and the administrators are told, and None is returned. Side effects in order: serial taken, row
    written, audit, notice, and on commit the file is made.
    """
    found = Certificate.objects.filter(enrolment_id=event.enrolment_id, replaces=None).first()
    if found:
        return found
    person = Person.objects.select_related("user").get(pk=event.person_id)
    organisation = Organisation.objects.get(pk=event.organisation_id)
    facts = _printed(event, person, organisation)
    if trouble := trouble_with(**facts):
        _hold(event, organisation, person, trouble)
        return None
    try:
        with transaction.atomic():
            certificate = write(
                person, organisation, facts, event.enrolment_id, actor, years=event.certificate_years
            )
    except IntegrityError:  # somebody issued it between our look and our write
        found = Certificate.objects.filter(enrolment_id=event.enrolment_id, replaces=None).first()
        if found is None:
            raise
        return found
    PendingIssue.objects.filter(enrolment_id=event.enrolment_id).update(solved_at=timezone.now())
    tell(certificate, person)
    return certificate


def _printed(event: CourseCompleted, person: Person, organisation: Organisation) -> dict[str, Any]:
    """The facts that are frozen: what is printed, and what they rest on."""
    day = timezone.localtime(event.completed_at).date()
    rule = rule_on(day, organisation, EntryKind.COURSE)
    design = version_for(event.enrolment_id)
    return ({"design": design} if design else {}) | {
        "name": person.name,
        "course_title": event.course_title,
        "course_title_en": event.course_title_en,
        "course_code": event.course_code,
        "course_version": event.version_number,
        "cohort": event.cohort_title,
        "hours": plain_hours(rule.counting.hours_of(event.minutes)) if event.minutes else "",
        "minutes": event.minutes,
        "issuer": organisation.name,
        "completed_on": day.isoformat(),
        "years": event.certificate_years,
        "wording": dataclasses.asdict(wording_of(by_lessons=event.by_lessons, by_quizzes=event.by_quizzes)),
        "watermark": "样例" if person.is_sample or organisation.is_sample else None,
    }


def write(
    person: Person,
    organisation: Organisation,
    facts: dict[str, Any],
    enrolment_id: int | None,
    actor: Asker | None,
    *,
    replaces: Certificate | None = None,
    years: int | None = None,
    until: datetime.date | None = None,
) -> Certificate:
    """A row of its own with the next serial. Side effects: an audit entry, and on commit the file is made."""
    today = timezone.localdate()
    until = until or (replaces.expires_on if replaces else last_day(today, years))
    facts = {**facts, "site": settings.SITE_URL}
    certificate = Certificate.objects.create(
        serial=take_serial(today.year),
        code=new_code(),
        person=person,
        enrolment_id=enrolment_id,
        organisation=organisation,
        name=facts["name"],
        title=facts["course_title"],
        facts=facts,
        issued_on=today,
        expires_on=until,
        replaces=replaces,
        issued_by_id=getattr(actor, "pk", None),
    )
    record(
        action="credentials.issue",
        target=certificate,
        actor=actor,
        organisation=organisation,
        after={"serial": certificate.serial, "enrolment": enrolment_id},
    )
    transaction.on_commit(lambda: file_wanted.send(Certificate, certificate_id=certificate.pk))
    return certificate


def take_serial(year: int) -> str:
    """The next serial of the year.

    The counter's row is locked until the caller's transaction ends, so that no number is lost or given twice.
    """
    SerialCounter.objects.get_or_create(year=year)
    SerialCounter.objects.filter(year=year).update(last=F("last") + 1)
    return serial_of(year, SerialCounter.objects.values_list("last", flat=True).get(year=year))


def _hold(event: CourseCompleted, organisation: Organisation, person: Person, trouble: Trouble) -> None:
    """Keep what could not be issued, and tell the holder and those who can help; each once, however often it is tried."""
    kept = {**dataclasses.asdict(event), "completed_at": event.completed_at.isoformat()}
    hold, made = PendingIssue.objects.update_or_create(
        enrolment_id=event.enrolment_id,
        defaults={
            "organisation": organisation,
            "reason": trouble.reason,
            "characters": trouble.characters,
            "event": kept,
            "solved_at": None,
        },
    )
    if not made:
        return
    record(action="credentials.hold", target=hold, actor=None, organisation=organisation, reason=str(hold))
    title = gettext_noop("The certificate for “%(course)s” is on hold")
    source = f"credentials.hold:{event.enrolment_id}"
    words: dict[str, Any] = {
        "course": both(event.course_title, event.course_title_en),
        "characters": trouble.characters,
        "name": person.name,
    }
    notify(
        user=person.user, kind="certificate", title=title, body=trouble.for_holder, source=source,
        url=reverse("core:profile"), **words,
    )  # fmt: skip
    for officer in administrators_of(organisation):
        if officer.pk != person.user_id:
            notify(
                user=officer, kind="certificate", title=title, body=trouble.for_officer, source=source,
                url=reverse("certificates:on-hold"), **words,
            )  # fmt: skip


def issue_pending(*, pending: PendingIssue, actor: Asker | None) -> Certificate | None:
    """Try a held certificate again: with the name, the cohort and the organisation as they are written now.

    Tried again when it is issued already, it returns that certificate. None when the cause is still there.
    """
    event = completion_told(pending.enrolment_id)
    if event is None:  # taken back since; what was told then is kept
        kept = dict(pending.event)
        kept["completed_at"] = datetime.datetime.fromisoformat(kept["completed_at"])
        event = CourseCompleted(**kept)
    return issue(event=event, actor=actor)


def tell(certificate: Certificate, person: Person) -> None:
    """Tell the holder that it was issued."""
    notify(
        user=person.user,
        kind="certificate",
        title=gettext_noop("Your certificate for “%(course)s” has been issued"),
        body=gettext_noop("Its number is %(serial)s. Anyone can check it by the QR code printed on it."),
        url=certificate.get_absolute_url(),
        source=f"credentials.certificate:{certificate.pk}",
        course=both(certificate.title, certificate.facts.get("course_title_en", "")),
        serial=certificate.serial,
    )
