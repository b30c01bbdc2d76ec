"""Declaring a qualification, verifying or returning it, and noting what one has passed on the way."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.access.scope import Asker
from core.access.states import Role
from core.attachments.actions import keep_file
from core.attachments.models import Attachment
from core.audit.actions import record as record_act
from core.notices.actions import both, notify, settle
from core.people.models import Person, User
from core.people.queries import deciders_at, is_bound_to
from core.states import Refused, move
from credentials.qualifications.models import ExamPass, QualificationLevel, QualificationRecord
from credentials.qualifications.policy import (
    EARLIEST_YEAR,
    Said,
    faults_of,
    first_registration_until,
    plain_number,
)
from credentials.qualifications.queries import claims_besides, terms_on
from credentials.qualifications.states import RECORD_MOVES, RecordState
from credentials.signals import StandingChanged, standing_changed

BOUND = gettext_lazy("Your account or your role here is this person’s doing: another administrator decides.")
FAULT_WORDS = {
    "number_short": gettext_lazy("Write the whole number, as it stands on the certificate."),
    "number_form": gettext_lazy(
        "Certificates of this level have another kind of number. Compare it with the certificate."
    ),
    "future": gettext_lazy("This day lies in the future. Compare it with the certificate."),
    "too_early": gettext_lazy("The first national examination was in 2008. Check the year."),
    "exam_year": gettext_lazy("The examination was in 2008 or later, and not after the certificate."),
    "passes": gettext_lazy(
        "All subjects are to be passed within the years that count together. Check the years."
    ),
    "slip": gettext_lazy("The certificate was issued while the pass slip was valid. Check both days."),
}


class QualificationRefused(Refused):
    """The qualification cannot be declared or verified; the sentence says why, and `field` where."""

    def __init__(self, sentence: object, field: str = "") -> None:
        super().__init__(str(sentence))
        self.field = field


@transaction.atomic
def declare_qualification(
    *, person: Person, level: QualificationLevel, said: Said, upload: Any, actor: Asker
) -> QualificationRecord:
    """Declare a certificate of one's own, with its scan; an officer compares the two.

    Raises QualificationRefused when nobody could verify it, something of it cannot be so, or this level stands already.
    That somebody else claims the number is no reason to refuse: the officers see both.
    Side effects: the person's row is locked; the scan; a row; an audit entry; notices to the administrators in scope.
    """
    assert isinstance(actor, User)
    locked = Person.objects.select_for_update(no_key=True, of=("self",)).select_related("employer", "user")
    person = locked.get(pk=person.pk)
    if person.employer is None:
        raise QualificationRefused(
            _("Enter your employer in your profile first: its administrators verify the qualification.")
        )
    said = replace(said, number=plain_number(said.number))
    terms = terms_on(level, said.issued_on, person.employer)
    for field, code in faults_of(said, terms, timezone.localdate()):
        raise QualificationRefused(FAULT_WORDS[code], field)
    if QualificationRecord.objects.standing().filter(person=person, level=level).exists():
        raise QualificationRefused(
            _("You have declared this level already. Withdraw that one first, or ask your administrator."),
            "level",
        )
    qualification = QualificationRecord.objects.create(
        person=person,
        holder_id=person.user_id,
        level=level,
        number=said.number,
        issued_on=said.issued_on,
        exam_year=said.exam_year,
        passes=[list(each) for each in said.passes],
        slip_on=said.slip_on,
        scan=upload if isinstance(upload, Attachment) else keep_file(upload=upload, actor=actor),
        declared_by_id=actor.pk,
    )
    _note("credentials.declare_qualification", qualification, actor, after=_facts(qualification))
    _ask_officers(qualification)
    return qualification


def _facts(qualification: QualificationRecord) -> dict[str, Any]:
    return {"level": qualification.level.code, "issued_on": qualification.issued_on.isoformat()}


def _ask_officers(qualification: QualificationRecord) -> None:
    """Ask those who can verify it; where somebody else claims the number, those of the other one are told as well."""
    claimed = list(claims_besides(qualification))
    body = gettext_noop("Compare the scan with what was declared, and verify it or return it.")
    if claimed:
        body = gettext_noop("Somebody else claims the same number. Compare both before you decide.")
    for each in [qualification, *claimed]:
        if each.person.employer is None:
            continue
        for officer in deciders_at(each.person.employer, [each.person.user]):
            mine = each.pk == qualification.pk
            notify(
                user=officer,
                kind="qualification",
                title=gettext_noop("%(name)s has declared a qualification: %(level)s")
                if mine
                else gettext_noop("The number of %(name)s’s certificate is claimed by somebody else too"),
                body=body,
                url=reverse("qualifications:inspect", args=[each.pk]),
                source=f"credentials.qualification:{each.pk}:"
                + ("asked" if mine else f"claimed:{qualification.pk}"),
                name=each.person.name,
                level=both(each.level.name, each.level.name_en),
            )


@transaction.atomic
def verify_qualification(*, qualification: QualificationRecord, actor: Asker) -> QualificationRecord:
    """Say that a declared qualification is as its certificate says. Never one's own, and a number once only: the database
    refuses both too.

    Raises QualificationRefused, StaleState or IllegalMove. Side effects: the state, an audit entry, a notice, StandingChanged.
    """
    if actor.pk == qualification.holder_id:
        raise QualificationRefused(_("Nobody verifies their own qualification. Ask another administrator."))
    if is_bound_to(actor, qualification.person):
        raise QualificationRefused(BOUND)
    taken = QualificationRefused(
        _("This number is verified for somebody else. Return one of the two before you verify the other.")
    )
    if claims_besides(qualification).filter(state=RecordState.VERIFIED).exists():
        raise taken
    try:
        with transaction.atomic():
            move(
                qualification,
                RecordState.VERIFIED,
                RECORD_MOVES,
                verified_by_id=actor.pk,
                decided_at=timezone.now(),
            )
    except IntegrityError:  # another officer has just verified the other one
        raise taken from None
    _note(
        "credentials.verify_qualification",
        qualification,
        actor,
        before={"state": "declared"},
        after={"state": "verified"},
    )
    settle_officers(qualification)
    _tell(
        qualification,
        gettext_noop("Your qualification has been verified: %(level)s"),
        gettext_noop("Now register: the first registration is due by %(until)s."),
    )
    standing_changed.send(QualificationRecord, event=StandingChanged((qualification.person_id,)))
    return qualification


@transaction.atomic
def return_qualification(
    *, qualification: QualificationRecord, reason: str, actor: Asker
) -> QualificationRecord:
    """Say what is wrong with a qualification; its holder declares it anew. Raises as verify_qualification does."""
    if not reason.strip():
        raise QualificationRefused(_("Write the reason: the person will read it."))
    if actor.pk == qualification.holder_id:
        raise QualificationRefused(_("Nobody decides about their own qualification. Withdraw it instead."))
    old = move(
        qualification,
        RecordState.RETURNED,
        RECORD_MOVES,
        reason=reason.strip(),
        decided_at=timezone.now(),
    )
    _note(
        "credentials.return_qualification",
        qualification,
        actor,
        before={"state": old},
        after={"state": "returned"},
        reason=reason.strip(),
    )
    settle_officers(qualification)
    _tell(
        qualification,
        gettext_noop("Your qualification was returned: %(level)s"),
        gettext_noop("Reason: %(reason)s. Correct it and declare it again."),
    )
    standing_changed.send(QualificationRecord, event=StandingChanged((qualification.person_id,)))
    return qualification


@transaction.atomic
def withdraw_qualification(*, qualification: QualificationRecord, actor: Asker) -> QualificationRecord:
    """Take back what one has declared oneself, before it is verified.

    Raises QualificationRefused for anybody else, StaleState or IllegalMove. Side effects: the state, an audit entry.
    """
    if actor.pk != qualification.holder_id:
        raise QualificationRefused(_("Only the person themself can do this."))
    move(qualification, RecordState.WITHDRAWN, RECORD_MOVES, decided_at=timezone.now())
    _note(
        "credentials.withdraw_qualification",
        qualification,
        actor,
        before={"state": "declared"},
        after={"state": "withdrawn"},
    )
    settle_officers(qualification)
    return qualification


@transaction.atomic
def open_scan(*, qualification: QualificationRecord, actor: Asker) -> None:
    """Somebody looks at the scan of a certificate. Side effect: an audit entry, but for the person themself."""
    if actor.pk != qualification.holder_id:
        _note("credentials.open_scan", qualification, actor)


@transaction.atomic
def note_exam(
    *,
    person: Person,
    level: QualificationLevel,
    subject: int,
    year: int,
    slip_on: datetime.date | None = None,
) -> ExamPass:
    """Note for oneself that a subject was passed. A second time it changes only the day of the slip.

    Raises QualificationRefused when there was no such examination. Side effect: a row.
    """
    today = timezone.localdate()
    terms = terms_on(level, today, person.employer)
    if not 1 <= subject <= len(terms.subjects):
        raise QualificationRefused(_("This level has no such subject."), "subject")
    if not EARLIEST_YEAR <= year <= today.year:
        raise QualificationRefused(_("Choose a year from 2008 until today."), "year")
    if slip_on is not None and not year <= slip_on.year <= today.year + 1:
        raise QualificationRefused(_("The pass slip is not older than the examination."), "slip_on")
    return ExamPass.objects.update_or_create(
        person=person, level=level, subject=subject, year=year, defaults={"slip_on": slip_on}
    )[0]


def forget_exam(*, person: Person, level: QualificationLevel, subject: int, year: int) -> bool:
    """Take a note of one's own back; whether there was one. Side effect: the row is gone."""
    number, _rows = ExamPass.objects.filter(person=person, level=level, subject=subject, year=year).delete()
    return bool(number)


def _note(action: str, qualification: QualificationRecord, actor: Asker, **facts: Any) -> None:
    record_act(
        action=action,
        target=qualification,
        actor=actor,
        organisation=qualification.person.employer,
        **facts,
    )


def settle_officers(qualification: QualificationRecord) -> None:
    """What the officers were asked is done, whoever did it."""
    source = f"credentials.qualification:{qualification.pk}:"
    officers = User.objects.filter(roles__role=Role.ADMINISTRATOR)  # not everybody's notices are searched
    asked = officers.filter(notices__source__startswith=source)
    settle(users=asked.exclude(pk=qualification.holder_id).distinct(), source=source)


def _tell(qualification: QualificationRecord, title: str, body: str) -> None:
    level = qualification.level
    notify(
        user=qualification.person.user,
        kind="qualification",
        title=title,
        body=body,
        url=qualification.get_absolute_url(),
        source=f"credentials.qualification:{qualification.pk}:{qualification.state}",
        level=both(level.name, level.name_en),
        until=first_registration_until(qualification.issued_on),
        reason=qualification.reason,
    )
