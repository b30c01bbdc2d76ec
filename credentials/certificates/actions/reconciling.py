"""Certificates and files that are missing, made again."""

from __future__ import annotations

import logging

from credentials.certificates.actions.issuing import issue
from credentials.certificates.files import render_file
from credentials.certificates.models import Certificate, PendingIssue
from lms.public import CourseCompleted, completions

log = logging.getLogger("xinhuo.certificates")


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
