"""Making a renewal pack: everything that is handed in to renew a registration, frozen into one paper."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.access.scope import Asker
from core.audit.actions import record
from core.pdf.faces import describe_character, missing_glyphs
from core.people.models import Person, User
from core.people.policy import mask_id
from core.states import Refused
from credentials.certificates.files import store_whole
from credentials.certificates.models import Certificate
from credentials.hours.actions import lock_people
from credentials.hours.policy import plain_hours
from credentials.hours.queries import progress_of
from credentials.qualifications.models import RegistrationPeriod
from credentials.qualifications.queries import periods_of, records_of, terms_at, terms_of
from credentials.qualifications.states import IN_FORCE, STANDING
from credentials.renewals.document import render
from credentials.renewals.files import printed
from credentials.renewals.models import RenewalPack, serial_of_pack
from credentials.statements.actions import StatementRefused, issue_statement
from credentials.statements.models import HoursStatement


class PackRefused(Refused):
    """The pack cannot be made; the sentence says why."""


@transaction.atomic
def make_pack(*, period: RegistrationPeriod, actor: Asker) -> RenewalPack:
    """Freeze what somebody hands in to renew this period: qualifications, registrations, hours, certificates.

    Its list of hours is an hours statement of its own, which anyone can verify. Asked again while nothing has changed, it
    returns the one of today. Raises PackRefused when the period is none that counts, or a character no font has.
    Side effects, in order: the person's row is locked; a statement; the file; the row; an audit entry.
    """
    assert isinstance(actor, User)
    if period.state not in IN_FORCE:
        raise PackRefused(_("This period was returned or withdrawn. Declare it again first."))
    today = timezone.localdate()
    lock_people(period.person_id)
    person = Person.objects.select_related("employer", "user").get(pk=period.person_id)
    if not person.name.strip():
        raise PackRefused(_("The profile has no name to print."))
    statement = _statement(person, period, actor)
    number = RenewalPack.objects.filter(period=period).count() + 1
    with override("zh-hans"):  # the paper is Chinese, whoever asks
        facts = _facts(person, period, statement, actor)
    last = RenewalPack.objects.filter(period=period, issued_on=today, issued_by=actor).first()
    if last is not None and last.facts == facts | {"serial": last.serial}:
        return last
    facts["serial"] = serial_of_pack(period.pk, number)
    _require_printable(facts)
    sha256, name = store_whole(render(printed(facts)), "packs", today)
    pack = RenewalPack.objects.create(
        person=person,
        period=period,
        number=number,
        statement=statement,
        facts=facts,
        issued_on=today,
        issued_by_id=actor.pk,
        sha256=sha256,
        file=name,
    )
    record(
        action="credentials.make_pack",
        target=pack,
        actor=actor,
        organisation=person.employer,
        after={"serial": pack.serial},
    )
    return pack


def _statement(person: Person, period: RegistrationPeriod, actor: User) -> HoursStatement | None:
    """The statement of this period up to today; None where there are no hours to state."""
    last_on = min(period.ends_on, timezone.localdate())
    try:
        return issue_statement(person=person, first_on=period.starts_on, last_on=last_on, actor=actor)
    except StatementRefused:
        return None


def _facts(
    person: Person, period: RegistrationPeriod, statement: HoursStatement | None, actor: User
) -> dict[str, Any]:
    terms, today = terms_at(person.employer), timezone.localdate()
    level = terms_of(period.level, terms, period.starts_on)
    found = progress_of(period)
    hours = statement.facts if statement else {}
    certificates = Certificate.objects.filter(person=person).order_by("issued_on", "pk")
    return {
        "name": person.name,
        "id_masked": mask_id(person.id_number) if person.id_number else "",
        "employer": person.employer.name if person.employer else "",
        "level": level.name,
        "department": level.department,
        "first_on": period.starts_on.isoformat(),
        "last_on": period.ends_on.isoformat(),
        "issued_on": today.isoformat(),
        "target": str(found.progress.target),
        "done": plain_hours(found.progress.done),
        "missing": plain_hours(found.progress.missing),
        "kinds": [[each.label, plain_hours(each.counted)] for each in found.kinds if each.counted],
        "qualifications": [
            [
                terms_of(row.level, terms, row.issued_on).name,
                row.number,
                row.issued_on.isoformat(),
                str(row.get_state_display()),
            ]
            for row in records_of(person)
            if row.state in STANDING
        ],
        "periods": [
            [
                row.level.name,
                f"{row.starts_on:%Y-%m-%d} 至 {row.ends_on:%Y-%m-%d}",
                row.number,
                str(row.get_state_display()),
            ]
            for row in periods_of(person)
            if row.state in IN_FORCE
        ],
        "certificates": [
            [row.serial, row.title, row.issued_on.isoformat(), str(row.verdict().label)]
            for row in certificates
            if period.starts_on <= row.issued_on <= period.ends_on
        ],
        "lines": hours.get("lines", []),
        "statement": statement.serial if statement else "",
        "code": statement.code_grouped if statement else "",
        "verify_url": statement.verify_url if statement else "",
        "asked_by": person.name if actor.pk == person.user_id else actor.get_full_name(),
        "platform": settings.WAGTAIL_SITE_NAME,
        "watermark": "样例" if person.is_sample else None,
    }


def _require_printable(facts: dict[str, Any]) -> None:
    missing = missing_glyphs("".join(printed(facts).texts()))
    if missing:
        words = _(
            "No font has the characters %(characters)s, so the pack cannot be printed. Your administrator takes care of it."
        )
        raise PackRefused(
            words % {"characters": "、".join(describe_character(char) for char in missing)[:400]}
        )
