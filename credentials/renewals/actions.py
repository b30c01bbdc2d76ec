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
from core.ui.lists import listed
from credentials.certificates.files import store_whole
from credentials.certificates.models import Certificate
from credentials.hours.actions import lock_people
from credentials.hours.policy import plain_hours
from credentials.hours.queries import progress_of
from credentials.qualifications.models import LevelTerms, RegistrationPeriod
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
    with override("zh-hans"):  # the paper is Chinese, whoever asks
        facts = _facts(person, period, statement, actor)
    last = RenewalPack.objects.filter(period=period, issued_on=today, issued_by=actor).first()
    if last is not None and last.facts == facts | {"serial": last.serial}:
        return last
    pack = _keep(facts, person=person, period=period, statement=statement, issued_on=today, issued_by=actor)
    record(
        action="credentials.make_pack",
        target=pack,
        actor=actor,
        organisation=person.employer,
        after={"serial": pack.serial},
    )
    return pack


def _keep(facts: dict[str, Any], *, period: RegistrationPeriod, **about: Any) -> RenewalPack:
    """The next pack of this period: first its file, then its row."""
    number = RenewalPack.objects.filter(period=period).count() + 1
    facts["serial"] = serial_of_pack(period.pk, number)
    _require_printable(facts)
    sha256, name = store_whole(render(printed(facts)), "packs", about["issued_on"])
    return RenewalPack.objects.create(
        period=period, number=number, facts=facts, sha256=sha256, file=name, **about
    )


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
    """All that is printed, but for the number of the pack."""
    terms = terms_at(person.employer)
    level = terms_of(period.level, terms, period.starts_on)
    return {
        "name": person.name,
        "id_masked": mask_id(person.id_number) if person.id_number else "",
        "employer": person.employer.name if person.employer else "",
        "level": level.name,
        "department": level.department,
        "first_on": period.starts_on.isoformat(),
        "last_on": period.ends_on.isoformat(),
        "issued_on": timezone.localdate().isoformat(),
        **_hours_of(period, statement),
        "qualifications": _qualifications_of(person, terms),
        "periods": _periods_of(person),
        "certificates": _certificates_in(period),
        "asked_by": person.name if actor.pk == person.user_id else actor.get_full_name(),
        "platform": settings.WAGTAIL_SITE_NAME,
        "watermark": "样例" if person.is_sample else None,
    }


def _hours_of(period: RegistrationPeriod, statement: HoursStatement | None) -> dict[str, Any]:
    """How far the hours of the period are, and the statement that lists and proves them."""
    found = progress_of(period)
    return {
        "target": str(found.progress.target),
        "done": plain_hours(found.progress.done),
        "missing": plain_hours(found.progress.missing),
        "kinds": [[each.label, plain_hours(each.counted)] for each in found.kinds if each.counted],
        "lines": statement.facts.get("lines", []) if statement else [],
        "statement": statement.serial if statement else "",
        "code": statement.code_grouped if statement else "",
        "verify_url": statement.verify_url if statement else "",
    }


def _qualifications_of(person: Person, terms: list[LevelTerms]) -> list[list[str]]:
    """Level, number, issue day and state of each that stands."""
    return [
        [
            terms_of(row.level, terms, row.issued_on).name,
            row.number,
            row.issued_on.isoformat(),
            str(row.get_state_display()),
        ]
        for row in records_of(person)
        if row.state in STANDING
    ]


def _periods_of(person: Person) -> list[list[str]]:
    """Level, days, number and state of each that is in force."""
    return [
        [
            row.level.name,
            f"{row.starts_on:%Y-%m-%d} 至 {row.ends_on:%Y-%m-%d}",
            row.number,
            str(row.get_state_display()),
        ]
        for row in periods_of(person)
        if row.state in IN_FORCE
    ]


def _certificates_in(period: RegistrationPeriod) -> list[list[str]]:
    """Number, title, issue day and verdict of each that was issued in the period."""
    days = (period.starts_on, period.ends_on)
    rows = Certificate.objects.filter(person=period.person_id, issued_on__range=days)
    return [
        [row.serial, row.title, row.issued_on.isoformat(), str(row.verdict().label)]
        for row in rows.order_by("issued_on", "pk")
    ]


def _require_printable(facts: dict[str, Any]) -> None:
    missing = missing_glyphs("".join(printed(facts).texts()))
    if missing:
        words = _(
            "No font has the characters %(characters)s, so the pack cannot be printed. Your administrator takes care of it."
        )
        raise PackRefused(words % {"characters": listed(describe_character(char) for char in missing)[:400]})
