"""Declaring a qualification, verifying or returning it, taking it back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import kept_file
from core.audit.actions import record as record_act
from core.people.models import Person, User
from core.people.queries import BOUND, is_bound_to
from core.states import move
from credentials.qualifications.actions.refusals import FAULT_WORDS, UNOPENED, QualificationRefused
from credentials.qualifications.actions.telling import ask_officers, settle_officers, tell_holder
from credentials.qualifications.models import QualificationLevel, QualificationRecord
from credentials.qualifications.policy import (
    Said,
    faults_of,
    plain_number,
)
from credentials.qualifications.queries import claims_besides, has_opened, terms_on
from credentials.qualifications.states import RECORD_MOVES, RecordState
from credentials.signals import StandingChanged, standing_changed


@transaction.atomic
def declare_qualification(
    *, person: Person, level: QualificationLevel, said: Said, upload: Any, actor: Asker
) -> QualificationRecord:
    """Declare a certificate of one's own, with its scan; an officer compares the two.

    Raises QualificationRefused for anybody else, when nobody could verify it, something of it cannot be so, or this level stands already.
    That somebody else claims the number is no reason to refuse: the officers see both.
    Side effects: the person's row is locked; the scan; a row; an audit entry; notices to the administrators in scope.
    """
    assert isinstance(actor, User)
    if actor.pk != person.user_id:
        raise QualificationRefused(_("Only the person themself can do this."))
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
        scan=kept_file(file=upload, actor=actor),
        declared_by_id=actor.pk,
    )
    _note("credentials.declare_qualification", qualification, actor, after=_facts(qualification))
    ask_officers(qualification)
    return qualification


def _facts(qualification: QualificationRecord) -> dict[str, Any]:
    return {"level": qualification.level.code, "issued_on": qualification.issued_on.isoformat()}


@transaction.atomic
def verify_qualification(*, qualification: QualificationRecord, actor: Asker) -> QualificationRecord:
    """Say that a declared qualification is as its certificate says. Never one's own, and a number once only: the database
    refuses both too.

    Raises QualificationRefused (also when this officer has not opened the scan), StaleState or IllegalMove. Side effects:
    the state, an audit entry, a notice, StandingChanged.
    """
    if actor.pk == qualification.holder_id:
        raise QualificationRefused(_("Nobody verifies their own qualification. Ask another administrator."))
    if is_bound_to(actor, qualification.person):
        raise QualificationRefused(BOUND)
    if qualification.is_open and not has_opened(
        qualification, actor
    ):  # one that has moved on says so by itself
        raise QualificationRefused(UNOPENED)
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
    tell_holder(
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
    if is_bound_to(actor, qualification.person):
        raise QualificationRefused(BOUND)
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
    tell_holder(
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


def _note(action: str, qualification: QualificationRecord, actor: Asker, **facts: Any) -> None:
    record_act(
        action=action,
        target=qualification,
        actor=actor,
        organisation=qualification.person.employer,
        **facts,
    )
