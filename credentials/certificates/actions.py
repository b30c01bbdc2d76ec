"""Issuing, rendering, revoking and replacing certificates. Each happens once, whoever asks and however often."""

from __future__ import annotations

import dataclasses
import datetime
import logging
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import both, notify
from core.organisations.models import Organisation
from core.organisations.queries import administrators_of
from core.people.models import Person
from core.states import Refused, StaleState, move
from core.templatetags.ui import day as date_words
from credentials.certificates.document import wording_of
from credentials.certificates.files import render_file, store_edition
from credentials.certificates.models import Certificate, CertificateEdition, PendingIssue, SerialCounter
from credentials.certificates.policy import last_day, new_code, renewal_of, serial_of
from credentials.certificates.queries import Trouble, trouble_with
from credentials.certificates.states import MOVES, CertificateState, ReasonClass
from credentials.designs.queries import version_for
from credentials.hours.actions import rule_on
from credentials.hours.models import EntryKind
from credentials.hours.policy import plain_hours
from lms.public import CourseCompleted, completion_told, completions

log = logging.getLogger("xinhuo.certificates")
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
            certificate = _write(
                person, organisation, facts, event.enrolment_id, actor, years=event.certificate_years
            )
    except IntegrityError:  # somebody issued it between our look and our write
        found = Certificate.objects.filter(enrolment_id=event.enrolment_id, replaces=None).first()
        if found is None:
            raise
        return found
    PendingIssue.objects.filter(enrolment_id=event.enrolment_id).update(solved_at=timezone.now())
    _tell(certificate, person)
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


def _write(
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


def _tell(certificate: Certificate, person: Person) -> None:
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


@transaction.atomic
def revoke(
    *, certificate: Certificate, reason: str, actor: Asker, reason_class: str = ReasonClass.OTHER
) -> None:
    """Revoke a valid certificate. The reason is told to the holder; the verify page says only that it was revoked.

    Raises StaleState or IllegalMove when it has ended already. Side effects: the state, an audit entry, a notice.
    """
    _end(certificate, CertificateState.REVOKED, reason, actor, reason_class)
    record(
        action="credentials.revoke",
        target=certificate,
        actor=actor,
        organisation=certificate.organisation,
        before={"state": "valid"},
        after={"state": "revoked", "kind": str(reason_class)},
        reason=reason,
    )
    notify(
        user=certificate.person.user,
        kind="certificate",
        title=gettext_noop("Your certificate %(serial)s has been revoked"),
        body=gettext_noop(
            "Reason: %(reason)s. If you think this is wrong, ask the organisation that issued it."
        ),
        url=certificate.get_absolute_url(),
        source=f"credentials.revoke:{certificate.pk}",
        serial=certificate.serial,
        reason=reason,
    )


@transaction.atomic
def replace(
    *, certificate: Certificate, reason: str, actor: Asker, reason_class: str = ReasonClass.NAME
) -> Certificate:
    """Issue a new certificate with the holder's name as it is now; the old one answers "replaced" from then on.

    Raises Refused when the new name cannot be printed, StaleState or IllegalMove when the old one has ended.
    """
    return _succeed(certificate, "credentials.replace", reason, actor, reason_class, until=None)


@transaction.atomic
def renew(*, certificate: Certificate, reason: str, actor: Asker) -> Certificate:
    """Issue the certificate for another term, as long as the last one; the old one answers "replaced" from then on.

    Raises Refused when it has no end, when its renewal has not opened, or when the name cannot be printed;
    StaleState or IllegalMove when it was revoked or replaced.
    """
    today = timezone.localdate()
    years = certificate.facts.get("years")
    term = renewal_of(certificate.issued_on, certificate.expires_on, years, today)
    if term is None:
        raise Refused(_("This certificate has no end and needs no renewal."))
    if today < term.from_day:
        words = _("It can be renewed from %(day)s, three months before its last day.")
        raise Refused(words % {"day": date_words(term.from_day)})
    kind = ReasonClass.RENEWED
    return _succeed(certificate, "credentials.renew", reason, actor, kind, until=term.until)


def _succeed(
    certificate: Certificate,
    act: str,
    reason: str,
    actor: Asker,
    reason_class: str,
    *,
    until: datetime.date | None,
) -> Certificate:
    """End the old one, write its successor with the name as it is now, audit it, and tell the holder."""
    person = Person.objects.select_related("user").get(pk=certificate.person_id)
    if trouble := trouble_with(name=person.name):
        raise Refused(_(trouble.reason) % {"characters": trouble.characters})
    _end(certificate, CertificateState.REPLACED, reason, actor, reason_class)
    facts = {**certificate.facts, "name": person.name}
    fresh = _write(
        person,
        certificate.organisation,
        facts,
        certificate.enrolment_id,
        actor,
        replaces=certificate,
        until=until,
    )
    record(
        action=act,
        target=certificate,
        actor=actor,
        organisation=certificate.organisation,
        before={"state": "valid"},
        after={"state": "replaced", "by": fresh.serial, "kind": str(reason_class)},
        reason=reason.strip(),
    )
    _tell(fresh, person)
    return fresh


@transaction.atomic
def redraw(*, certificate: Certificate, reason: str, actor: Asker) -> CertificateEdition:
    """Draw and sign the file of a certificate anew from the same facts; serial and code stay as they are.

    The file before stays in the store and is still recognised, as genuine but superseded. Raises Refused without a
    reason, StaleState when the certificate was revoked or replaced, KeyMissing when there is nothing to sign with.
    Side effects in order: the certificate's row is locked, the file, a row for it, an audit entry.
    """
    if not reason.strip():
        raise Refused(_("Write the reason."))
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.state != CertificateState.VALID:
        raise StaleState(locked, CertificateState.VALID, locked.state)
    if not locked.sha256:
        render_file(certificate_id=locked.pk)
    number = (locked.editions.aggregate(last=Max("number"))["last"] or 1) + 1
    edition = CertificateEdition.objects.create(
        certificate=locked,
        number=number,
        reason=reason.strip()[:300],
        made_by_id=getattr(actor, "pk", None),
        **store_edition(locked, timezone.now()),
    )
    record(
        action="credentials.redraw",
        target=certificate,
        actor=actor,
        organisation=certificate.organisation,
        after={"edition": number, "sha256": edition.sha256},
        reason=edition.reason,
    )
    return edition


def _end(certificate: Certificate, state: str, reason: str, actor: Asker, reason_class: str) -> None:
    if not reason.strip():
        raise ValueError("a reason is required")
    move(
        certificate,
        state,
        MOVES,
        ended_at=timezone.now(),
        ended_by_id=getattr(actor, "pk", None),
        reason=reason.strip(),
        reason_class=reason_class,
    )


def reconcile() -> list[str]:
    """Issue what was completed or held and has no certificate, make the files that are missing; a line for each."""
    pending = {each.enrolment_id: each for each in PendingIssue.objects.waiting()}
    issued = set(Certificate.objects.filter(replaces=None).values_list("enrolment_id", flat=True))
    missing = [event for event in completions() if event.enrolment_id not in issued]
    lines = [line for event in missing for line in _mended(event, pending.get(event.enrolment_id))]
    for pk, serial in Certificate.objects.without_file().order_by("pk").values_list("pk", "serial"):
        try:
            render_file(certificate_id=pk)
        except Exception as error:  # one that cannot be drawn must not keep the others waiting
            log.exception("certificate %s: no file", serial)
            lines.append(f"certificate {serial}: no file: {error}")
        else:
            lines.append(f"certificate {serial}: file made")
    return lines


def _mended(event: CourseCompleted, pending: PendingIssue | None) -> list[str]:
    """Issue one certificate that is missing; nothing to say while what holds it has not changed."""
    try:
        made = issue(event=event)
    except Exception as error:
        log.exception("enrolment %s: no certificate", event.enrolment_id)
        return [f"enrolment {event.enrolment_id}: no certificate: {error}"]
    if made:
        return [f"certificate {made.serial}: {'was on hold' if pending else 'was missing'}, issued"]
    return [] if pending else [f"enrolment {event.enrolment_id}: certificate put on hold"]
