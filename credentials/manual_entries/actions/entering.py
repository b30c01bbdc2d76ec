"""Asking for an entry, entering it for somebody else, and taking it back."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import kept_file
from core.attachments.models import Attachment
from core.people.models import Person, User
from core.states import move
from credentials.hours.actions import lock_people
from credentials.manual_entries.actions.checking import (
    FAULT_WORDS,
    Facts,
    ManualRefused,
    lump_limit,
    lump_words,
    refuse_let_in,
    require_apart,
    require_day,
    require_new,
    take_degree,
)
from credentials.manual_entries.actions.telling import (
    ask_officers,
    note,
    settle_officers,
    tell_person,
    tell_proposed,
)
from credentials.manual_entries.models import ManualEntry
from credentials.manual_entries.policy import faults_of
from credentials.manual_entries.queries import Clash
from credentials.manual_entries.states import MOVES, ManualState, Training


@transaction.atomic
def request_manual(*, person: Person, facts: Facts, upload: Any, actor: Asker) -> ManualEntry:
    """Ask for hours of a training of one's own elsewhere, with its proof. Raises ManualRefused, also for anybody else.

    Side effects, in order: the person's row is locked; the file; a row; an audit entry; notices to the administrators.
    """
    if actor.pk != person.user_id:
        raise ManualRefused(_("Only the person themself can do this."))
    entry, clashes = _write(person, facts, upload, actor, state=ManualState.REQUESTED, asked_by_id=actor.pk)
    note("credentials.request_manual", entry, actor, after=_handed_in(entry, clashes))
    ask_officers(entry, gettext_noop("%(name)s asks for hours of “%(what)s”"))
    return entry


@transaction.atomic
def enter_manual(*, person: Person, facts: Facts, upload: Any, actor: Asker) -> ManualEntry:
    """Enter hours for somebody else, with their proof; a second officer confirms them. Raises ManualRefused.

    Side effects as of request_manual; the person is told too.
    """
    if actor.pk == person.user_id:
        raise ManualRefused(_("Nobody enters hours for themselves. Ask for them on your own page."))
    if person.employer is not None:
        refuse_let_in(person, person.employer, actor)
    now = timezone.now()
    entry, clashes = _write(
        person, facts, upload, actor, state=ManualState.PROPOSED, entered_by_id=actor.pk, entered_at=now
    )
    note("credentials.enter_manual", entry, actor, after=_handed_in(entry, clashes))
    tell_proposed(entry)
    return entry


def _handed_in(entry: ManualEntry, clashes: list[Clash]) -> dict[str, Any]:
    """What the audit keeps: also what it was said to be another training than, and why."""
    facts: dict[str, Any] = {"minutes": entry.minutes, "title": entry.title}
    if entry.why_another:
        facts |= {"why_another": entry.why_another, "another_than": [each.source for each in clashes]}
    return facts


def _write(
    person: Person, facts: Facts, upload: Any, actor: Asker, **fields: Any
) -> tuple[ManualEntry, list[Clash]]:
    lock_people(person.pk)
    if person.employer is None:
        raise ManualRefused(
            _("There is no employer in the profile, whose administrators could confirm this.")
        )
    said = facts.said
    limit = lump_limit(person, said)
    for fault in faults_of(said, today=timezone.localdate(), now=timezone.now(), lump_minutes=limit):
        words = lump_words(limit) if fault.code == "lump" else FAULT_WORDS[fault.code]
        raise ManualRefused(words, fault.field)
    require_new(person, facts, sha256_of_upload(upload))
    if facts.training == Training.DEGREE:
        fields["degree_slot"] = take_degree(person, said.occurred_on)
    else:
        require_day(person, said, with_open=True)
    clashes = require_apart(person, facts)
    assert isinstance(actor, User)
    proof = kept_file(file=upload, actor=actor)
    entry = ManualEntry.objects.create(
        person=person,
        holder_id=person.user_id,
        organisation=person.employer,
        training=facts.training,
        title=facts.title,
        organiser=facts.organiser,
        why_another=facts.why_another,
        proof=proof,
        proof_sha256=proof.sha256,
        **asdict(said),
        **fields,
    )
    return entry, clashes


def sha256_of_upload(upload: Any) -> str:
    """The digest of what was handed in: a file of this try, or one that was kept with an earlier one."""
    if isinstance(upload, Attachment):
        return upload.sha256
    upload.seek(0)
    return hashlib.sha256(upload.read()).hexdigest()


@transaction.atomic
def withdraw_manual(*, entry: ManualEntry, actor: Asker) -> ManualEntry:
    """Take back what one has handed in oneself, before it is confirmed. Raises as accept_manual does.

    An officer who entered what somebody has asked for returns it instead, with a reason. Side effects: the state, an
    audit entry, a notice to the person where an officer has handed it in.
    """
    if actor.pk != entry.handed_in_by_id:
        raise ManualRefused(_("Only who handed it in can withdraw it."))
    old = move(entry, ManualState.WITHDRAWN, MOVES, decided_by_id=actor.pk, decided_at=timezone.now())
    note("credentials.withdraw_manual", entry, actor, before={"state": old}, after={"state": "withdrawn"})
    settle_officers(entry)
    if actor.pk != entry.holder_id:
        tell_person(
            entry,
            gettext_noop("“%(what)s” was withdrawn"),
            gettext_noop("The officer who had entered it has taken it back. It is not credited."),
        )
    return entry
