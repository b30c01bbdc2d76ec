"""Issuing an hours statement."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.organisations.models import Organisation
from core.pdf.faces import describe_character, missing_glyphs
from core.people.models import Person, User
from core.people.policy import mask_id
from core.states import Refused
from credentials.certificates.files import store_whole
from credentials.certificates.policy import STATEMENT, grouped_code, new_code, serial_of
from credentials.hours.actions import lock_people
from credentials.hours.models import HoursEntry
from credentials.keys.files import KeyMissing
from credentials.keys.models import SigningKey
from credentials.qualifications.models import RegistrationPeriod
from credentials.signatures.actions import sign
from credentials.statements.document import render
from credentials.statements.files import printed
from credentials.statements.models import HoursStatement, StatementCounter
from credentials.statements.queries import credited_by, issuer_words, listed, printed_entries

MOST_ENTRIES = 3000
log = logging.getLogger("xinhuo.certificates")


class StatementRefused(Refused):
    """The statement cannot be made; the sentence says why."""


@transaction.atomic
def issue_statement(
    *, person: Person, first_on: datetime.date, last_on: datetime.date, actor: Asker
) -> HoursStatement:
    """Freeze what somebody holds within these days, counted towards the registration, as a PDF with serial and code.

    It names the organisations that credited the hours and whoever asked for it: nobody chooses who stands below it. Asked
    again on the same day for the same entries, it returns the one there is. Raises StatementRefused for whoever may not
    have it, when there is nothing to state, or a character no font has.
    Side effects, in order: the person's row is locked; a serial is taken; the file; the row; an audit entry.
    """
    _check_days(first_on, last_on)
    assert isinstance(actor, User)
    lock_people(person.pk)
    person = Person.objects.select_related("employer", "user").get(pk=person.pk)
    if not actor.has_perm("credentials.issue_hoursstatement", person):
        raise StatementRefused(
            _("Only the person and the administrators of their employer have this paper made.")
        )
    entries = _entries(person, first_on, last_on)
    if same := _same_again(person, first_on, last_on, entries, actor):
        return same
    today = timezone.localdate()
    code, serial = new_code(), _take_serial(today.year)
    crediting = credited_by(entries)
    facts = _facts(person, first_on, last_on, crediting, actor)
    facts |= printed_entries(entries) | _proof_facts(serial, code, today)
    _require_printable(facts)
    key, kept = _signed_file(person, facts, today)
    statement = HoursStatement.objects.create(
        serial=serial,
        code=code,
        person=person,
        organisation=person.employer or crediting[0],
        name=person.name,
        first_on=first_on,
        last_on=last_on,
        facts=facts,
        entries=[entry.pk for entry in entries],
        issued_on=today,
        issued_by_id=actor.pk,
        signed_with=key,
        **kept,
    )
    _record(statement, actor)
    return statement


def _check_days(first_on: datetime.date, last_on: datetime.date) -> None:
    """Raises StatementRefused for days that no paper of today can be about."""
    if last_on < first_on:
        raise StatementRefused(_("The last day must not be before the first."))
    if last_on > timezone.localdate():
        raise StatementRefused(_("A paper of today ends today at the latest."))


def _entries(person: Person, first_on: datetime.date, last_on: datetime.date) -> list[HoursEntry]:
    """What will be listed. Raises StatementRefused without a name, without entries, and for too many of them."""
    if not person.name.strip():
        raise StatementRefused(_("The profile has no name to print."))
    entries = listed(person, first_on, last_on)
    if not entries:
        raise StatementRefused(_("No hours that count lie between these days."))
    if len(entries) > MOST_ENTRIES:
        raise StatementRefused(_("There are too many entries for one paper. Choose a shorter time."))
    return entries


def _proof_facts(serial: str, code: str, today: datetime.date) -> dict[str, Any]:
    """By what the paper is found and proved: serial and code, where to verify it, and the moment of its signature."""
    return {
        "serial": serial,
        "code": grouped_code(code),
        "issued_on": today.isoformat(),
        "verify_url": f"{settings.SITE_URL}{reverse('verify-code', args=[code])}",
        "signed_at": timezone.now().isoformat(),
    }


def _signed_file(
    person: Person, facts: dict[str, Any], today: datetime.date
) -> tuple[SigningKey, dict[str, str]]:
    """The key that signed the file, and how the store knows it (`sha256`, `file`). Raises StatementRefused when nothing
    can be signed; the operator finds why in the log. Side effect: the file."""
    try:
        content, key = sign(render(printed(facts)), at=datetime.datetime.fromisoformat(facts["signed_at"]))
    except KeyMissing as missing:
        log.error("statement of person %s: %s", person.pk, missing)
        raise StatementRefused(
            _("Nothing can be signed at the moment. Try again later; the operator has been told in the log.")
        ) from missing
    sha256, name = store_whole(content, "statements", today)
    return key, {"sha256": sha256, "file": name}


def _record(statement: HoursStatement, actor: User) -> None:
    record(
        action="credentials.issue_statement",
        target=statement,
        actor=actor,
        organisation=statement.organisation,
        after={"serial": statement.serial},
    )


def _same_again(
    person: Person,
    first_on: datetime.date,
    last_on: datetime.date,
    entries: list[HoursEntry],
    actor: User,
) -> HoursStatement | None:
    """Today's statement of the very same entries for the same asker: a second click gets it instead of another one."""
    rows = HoursStatement.objects.filter(
        person=person,
        first_on=first_on,
        last_on=last_on,
        issued_on=timezone.localdate(),
        issued_by=actor,
        name=person.name,
    )
    numbers = [entry.pk for entry in entries]
    return next((row for row in rows if row.entries == numbers), None)


def _facts(
    person: Person,
    first_on: datetime.date,
    last_on: datetime.date,
    crediting: Sequence[Organisation],
    actor: User,
) -> dict[str, Any]:
    """What stands above and below the list. The level is printed when the days are those of a verified period, or its
    days up to now."""
    mine = RegistrationPeriod.objects.filter(person=person, starts_on=first_on).in_force()
    until = Q(ends_on=last_on)
    if last_on == timezone.localdate():
        until |= Q(ends_on__gt=last_on)
    mine = mine.filter(until)
    period = next((each for each in mine.select_related("level") if each.is_verified), None)
    return {
        "name": person.name,
        "id_masked": mask_id(person.id_number) if person.id_number else "",
        "issuer": issuer_words([organisation.name for organisation in crediting]),
        "asked_by": person.name if actor.pk == person.user_id else actor.get_full_name(),
        "platform": settings.WAGTAIL_SITE_NAME,
        "first_on": first_on.isoformat(),
        "last_on": last_on.isoformat(),
        "level": period.level.name if period else "",
        "target": plain_target(period),
        "watermark": "样例" if person.is_sample or any(each.is_sample for each in crediting) else None,
    }


def plain_target(period: RegistrationPeriod | None) -> str:
    return str(period.level.target_hours) if period else ""


def _require_printable(facts: dict[str, Any]) -> None:
    missing = missing_glyphs("".join(printed(facts).texts()))
    if missing:
        words = _(
            "No font has the characters %(characters)s, so the statement cannot be printed. Your administrator takes care of it."
        )
        raise StatementRefused(
            words % {"characters": "、".join(describe_character(char) for char in missing)[:400]}
        )


def _take_serial(year: int) -> str:
    """The next serial of the year; the counter's row is locked until the transaction ends."""
    StatementCounter.objects.get_or_create(year=year)
    StatementCounter.objects.filter(year=year).update(last=F("last") + 1)
    number = StatementCounter.objects.values_list("last", flat=True).get(year=year)
    return serial_of(year, number, STATEMENT)
