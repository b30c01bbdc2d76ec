"""Asking for a manual entry, entering it, and confirming it: two officers, and never the person themself."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.access.scope import Asker
from core.attachments.actions import keep_file
from core.attachments.models import Attachment
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.organisations.models import Organisation
from core.organisations.queries import administrators_of
from core.people.models import Person, User
from core.people.queries import leans_on
from core.states import Refused, move
from credentials.hours.actions import DEFAULT_RULE, credit, lock_people, rule_on
from credentials.hours.models import Again, EntryKind, HoursEntry
from credentials.hours.policy import credit_of
from credentials.hours.queries import covered_by
from credentials.manual_entries.models import ManualEntry
from credentials.manual_entries.policy import DAY_MINUTES, Said, faults_of
from credentials.manual_entries.queries import degree_before, entered_before, minutes_of_day
from credentials.manual_entries.states import MOVES, ManualState, Training
from credentials.qualifications.queries import verified_period

FAULT_WORDS = {
    "in_future": gettext_lazy("This lies in the future. Enter it when it is over."),
    "long_ago": gettext_lazy("This is too long ago to be counted. Check the year."),
    "none": gettext_lazy("Write at least one minute."),
    "half": gettext_lazy("Write both times, or neither."),
    "order": gettext_lazy("The end must be after the start. Enter each day of a longer training by itself."),
    "longer": gettext_lazy("There are fewer minutes between the two times."),
}
SAME_WORDS = {
    "proof": gettext_noop("The same proof was handed in for “%(title)s” of %(day)s already. A proof counts once."),
    "time": gettext_noop("“%(title)s” was entered for the same time of %(day)s. The same training counts once, under one title."),
    "title": gettext_noop("“%(title)s” was entered for %(day)s already."),
    "degree": gettext_noop("A degree counts once, and “%(title)s” of %(day)s was entered as one already."),
}  # fmt: skip


LEANS_WORDS = gettext_noop(
    "The officer who entered it made your account or gave you your role, or you made theirs. Somebody who does not depend on them confirms it."
)


class ManualRefused(Refused):
    """The entry cannot be made or decided; the sentence says why. `field` is where it belongs in a form."""

    def __init__(self, words: Any, field: str | None = None) -> None:
        super().__init__(str(words))
        self.field = field


@dataclass(frozen=True)
class Facts:
    """What a manual entry says."""

    training: str
    title: str
    organiser: str
    said: Said


def lump_limit(person: Person, said: Said) -> int:
    """The most minutes that an entry without times may have, by the rule of the person's employer on that day."""
    fallback = int(DEFAULT_RULE["lump_minutes"])
    if person.employer is None:
        return fallback
    return rule_on(said.occurred_on, person.employer, EntryKind.MANUAL).lump_minutes or fallback


def day_limit(person: Person, said: Said) -> int:
    """The most minutes of one day, by the rule of the person's employer on that day."""
    if person.employer is None:
        return DAY_MINUTES
    return rule_on(said.occurred_on, person.employer, EntryKind.MANUAL).day_minutes or DAY_MINUTES


def lump_words(minutes: int) -> str:
    return _("Without times at most %(minutes)s minutes are counted in one entry.") % {"minutes": minutes}


@transaction.atomic
def request_manual(*, person: Person, facts: Facts, upload: Any, actor: Asker) -> ManualEntry:
    """Ask for hours of a training elsewhere, with its proof. Raises ManualRefused.

    Side effects, in order: the person's row is locked; the file; a row; an audit entry; notices to the administrators.
    """
    entry = _write(person, facts, upload, actor, state=ManualState.REQUESTED, asked_by_id=actor.pk)
    _record(
        "credentials.request_manual", entry, actor, after={"minutes": entry.minutes, "title": entry.title}
    )
    _ask_officers(entry, gettext_noop("%(name)s asks for hours of “%(what)s”"))
    return entry


@transaction.atomic
def enter_manual(*, person: Person, facts: Facts, upload: Any, actor: Asker) -> ManualEntry:
    """Enter hours for somebody else, with their proof; a second officer confirms them. Raises ManualRefused.

    Side effects as of request_manual; the person is told too.
    """
    if actor.pk == person.user_id:
        raise ManualRefused(_("Nobody enters hours for themselves. Ask for them on your own page."))
    now = timezone.now()
    entry = _write(
        person, facts, upload, actor, state=ManualState.PROPOSED, entered_by_id=actor.pk, entered_at=now
    )
    _record("credentials.enter_manual", entry, actor, after={"minutes": entry.minutes, "title": entry.title})
    _proposed(entry)
    return entry


def _write(person: Person, facts: Facts, upload: Any, actor: Asker, **fields: Any) -> ManualEntry:
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
    _require_new(person, facts, sha256_of_upload(upload))
    if facts.training == Training.DEGREE:
        fields["degree_slot"] = _take_degree(person, said.occurred_on)
    else:
        _require_day(person, said, with_open=True)
    assert isinstance(actor, User)
    proof = upload if isinstance(upload, Attachment) else keep_file(upload=upload, actor=actor)
    return ManualEntry.objects.create(
        person=person,
        holder_id=person.user_id,
        organisation=person.employer,
        training=facts.training,
        title=facts.title,
        organiser=facts.organiser,
        proof=proof,
        proof_sha256=proof.sha256,
        **asdict(said),
        **fields,
    )


def hold_proof(form: Any) -> None:
    """Keep the proof of a form that is at fault elsewhere, so that nobody has to choose it again. Side effect: the file."""
    if upload := form.proof_to_hold:
        form.show_held(keep_file(upload=upload, actor=form.actor))


def sha256_of_upload(upload: Any) -> str:
    """The digest of what was handed in: a file of this try, or one that was kept with an earlier one."""
    if isinstance(upload, Attachment):
        return upload.sha256
    upload.seek(0)
    return hashlib.sha256(upload.read()).hexdigest()


def _require_new(person: Person, facts: Facts, sha256: str) -> None:
    if found := entered_before(person, sha256=sha256, title=facts.title, said=facts.said):
        raise _same(*found)
    _require_time_left(person.pk, facts.said)


def _same(other: ManualEntry, by: str) -> ManualRefused:
    field = {"proof": "proof", "time": "start", "title": "title", "degree": "training"}[by]
    day = date_format(other.occurred_on)
    return ManualRefused(_(SAME_WORDS[by]) % {"title": other.title, "day": day}, field)


def _take_degree(person: Person, day: datetime.date, *, but: int | None = None) -> str:
    """The slot that a degree of this day takes; raises ManualRefused when another one counts already.

    Once in a lifetime, or where the rule says so once in each verified registration period (domain: a degree counts 90
    hours once; per what is open). The person's row is locked. Side effect: degrees whose hours were taken back give
    their slot free.
    """
    assert person.employer is not None
    taken_back = ManualEntry.objects.filter(person=person, entry__correction__isnull=False)
    taken_back.exclude(degree_slot=None).update(degree_slot=None)
    rule = rule_on(day, person.employer, EntryKind.MANUAL)
    period = verified_period(person.pk, day) if rule.degrees_again == Again.PERIOD else None
    if other := degree_before(person, period=period, but=but):
        raise _same(other, "degree")
    return f"period:{period.pk}" if period else "life"


def _require_day(person: Person, said: Said, *, with_open: bool) -> None:
    """Raises ManualRefused when a day would have more minutes than it can: more than 24 hours, or than a rule allows."""
    there, most = minutes_of_day(person, said.occurred_on, with_open=with_open), day_limit(person, said)
    if there + said.minutes > most:
        words = _(
            "With these minutes %(day)s would have %(sum)s, and one day counts at most %(most)s. Enter each day of a longer training by itself."
        )
        values = {"day": date_format(said.occurred_on), "sum": there + said.minutes, "most": most}
        raise ManualRefused(words % values, "minutes")


def _require_time_left(person_id: int, said: Said) -> None:
    left = credit_of(
        said.minutes, said.starts_at, said.ends_at, covered_by(person_id, said.starts_at, said.ends_at)
    )
    if said.minutes and not left.minutes:
        words = _("This whole time has been credited already, by “%(title)s”.")
        raise ManualRefused(words % {"title": left.by[0].title}, "start")


@transaction.atomic
def accept_manual(*, entry: ManualEntry, actor: Asker, minutes: int | None = None) -> ManualEntry:
    """The first officer has compared the request with its proof, and lowers the minutes if the proof says less.

    Raises ManualRefused, StaleState or IllegalMove. Side effects: the state, an audit entry, notices to the second
    officers and to the person.
    """
    if actor.pk == entry.holder_id:
        raise ManualRefused(_("Nobody decides about their own hours. Ask another administrator."))
    asked = entry.minutes
    minutes = asked if minutes is None else minutes
    if not 1 <= minutes <= asked:
        raise ManualRefused(
            _("Between 1 minute and the %(asked)s that were asked for.") % {"asked": asked}, "minutes"
        )
    move(
        entry, ManualState.PROPOSED, MOVES, entered_by_id=actor.pk, entered_at=timezone.now(), minutes=minutes
    )
    _record(
        "credentials.accept_manual",
        entry,
        actor,
        before={"state": "requested", "minutes": asked},
        after={"state": "proposed", "minutes": minutes},
    )
    _settle(entry)
    _proposed(entry)
    return entry


@transaction.atomic
def confirm_manual(*, entry: ManualEntry, actor: Asker) -> ManualEntry:
    """The second officer has compared it too: the hours are credited in the same transaction.

    Raises ManualRefused when it is the officer who entered it, somebody whose account or role is that officer's doing, or
    the person, or when the time or the degree has been credited otherwise since; StaleState or IllegalMove. Side effects, in order: the person's row is locked; the state; the
    ledger entry; an audit entry; a notice.
    """
    if actor.pk == entry.entered_by_id:
        raise ManualRefused(_("You entered it: somebody else confirms it."))
    if actor.pk == entry.holder_id:
        raise ManualRefused(_("Nobody decides about their own hours. Ask another administrator."))
    if leans_on_entering(entry, actor):
        raise ManualRefused(_(LEANS_WORDS))
    lock_people(entry.person_id)
    _require_still(entry)
    move(entry, ManualState.CONFIRMED, MOVES, decided_by_id=actor.pk, decided_at=timezone.now())
    row = _credit(entry, actor) if _time_is_left(entry) else None
    if row is None:
        raise ManualRefused(
            _("This time has been credited otherwise in the meantime. Return the entry with this reason.")
        )
    ManualEntry.objects.filter(pk=entry.pk).update(entry=row)
    entry.entry = row
    _record(
        "credentials.confirm_manual",
        entry,
        actor,
        before={"state": "proposed"},
        after={"state": "confirmed", "minutes": row.minutes},
    )
    _settle(entry)
    _tell(
        entry,
        gettext_noop("%(minutes)s minutes of “%(what)s” have been credited"),
        gettext_noop("They were confirmed by a second officer and stand in your hours."),
        reverse("credentials:hours-evidence", args=[row.pk]),
        minutes=row.minutes,
    )
    return entry


def leans_on_entering(entry: ManualEntry, actor: Asker) -> bool:
    """Whether this officer is no second one: made or let in by the officer who entered the entry, or the other way."""
    if entry.entered_by is None or not isinstance(actor, User):
        return False
    return leans_on(user=actor, officer=entry.entered_by, organisation=entry.organisation)


def _require_still(entry: ManualEntry) -> None:
    """What was looked at when it was entered, looked at again: others may have been credited since."""
    if entry.state != ManualState.PROPOSED:
        return  # the move says what is wrong
    if entry.training != Training.DEGREE:
        _require_day(entry.person, Said(entry.occurred_on, entry.minutes), with_open=False)
    elif entry.degree_slot is None:
        slot = _take_degree(entry.person, entry.occurred_on, but=entry.pk)
        ManualEntry.objects.filter(pk=entry.pk).update(degree_slot=slot)


def _credit(entry: ManualEntry, actor: Asker) -> HoursEntry | None:
    """The ledger entry of a manual entry that has just been confirmed."""
    return credit(
        person_id=entry.person_id,
        organisation_id=entry.organisation_id,
        kind=EntryKind.MANUAL,
        minutes=entry.minutes,
        occurred_on=entry.occurred_on,
        title=entry.title,
        source=f"credentials.manual:{entry.pk}",
        evidence=_evidence(entry, actor),
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
    )


def _time_is_left(entry: ManualEntry) -> bool:
    earlier = covered_by(entry.person_id, entry.starts_at, entry.ends_at)
    return credit_of(entry.minutes, entry.starts_at, entry.ends_at, earlier).minutes > 0


def _evidence(entry: ManualEntry, actor: Asker) -> dict[str, Any]:
    """What the ledger keeps: who entered, who confirmed, on which proof."""
    entered = User.objects.select_related("person").get(pk=entry.entered_by_id or 0)
    return {
        "manual": entry.pk,
        "organiser": entry.organiser,
        "training": entry.training,
        "entered_by": entered.get_full_name(),
        "entered_at": entry.entered_at.isoformat() if entry.entered_at else "",
        "confirmed_by": actor.get_full_name() if isinstance(actor, User) else "",
        "confirmed_at": entry.decided_at.isoformat() if entry.decided_at else "",
        "proof": entry.proof.name,
        "sha256": entry.proof_sha256,
    }


@transaction.atomic
def return_manual(*, entry: ManualEntry, reason: str, actor: Asker) -> ManualEntry:
    """Say why it is not credited; it can be handed in again. Raises as accept_manual does.

    Side effects: the state, an audit entry, a notice to the person and to the officer who entered it.
    """
    if not reason.strip():
        raise ManualRefused(_("Write the reason: the person will read it."), "reason")
    if actor.pk == entry.holder_id:
        raise ManualRefused(_("Nobody decides about their own hours. Ask another administrator."))
    reason = reason.strip()
    old = move(
        entry, ManualState.RETURNED, MOVES, reason=reason, decided_by_id=actor.pk, decided_at=timezone.now()
    )
    _record(
        "credentials.return_manual",
        entry,
        actor,
        before={"state": old},
        after={"state": "returned"},
        reason=reason,
    )
    _settle(entry)
    title, body = (
        gettext_noop("“%(what)s” was returned"),
        gettext_noop("Reason: %(reason)s. Correct it and hand it in again."),
    )
    _tell(entry, title, body)
    if entry.entered_by_id and entry.entered_by_id != actor.pk:
        notify(
            user=User.objects.get(pk=entry.entered_by_id),
            kind="hours",
            title=title,
            body=gettext_noop("Reason: %(reason)s"),
            url=reverse("manual-entries:inspect", args=[entry.pk]),
            source=f"credentials.manual:{entry.pk}:returned",
            what=entry.title,
            reason=reason,
        )
    return entry


@transaction.atomic
def withdraw_manual(*, entry: ManualEntry, actor: Asker) -> ManualEntry:
    """Take back what one has asked for or entered oneself, before it is confirmed. Raises as accept_manual does."""
    if actor.pk not in (entry.asked_by_id, entry.entered_by_id):
        raise ManualRefused(_("Only who handed it in can withdraw it."))
    old = move(entry, ManualState.WITHDRAWN, MOVES, decided_by_id=actor.pk, decided_at=timezone.now())
    _record("credentials.withdraw_manual", entry, actor, before={"state": old}, after={"state": "withdrawn"})
    _settle(entry)
    return entry


@transaction.atomic
def open_proof(*, entry: ManualEntry, actor: Asker) -> None:
    """Somebody else opens the proof: that is audited, since it may name more than the training."""
    if actor.pk != entry.holder_id:
        _record("credentials.open_proof", entry, actor)


def _record(action: str, entry: ManualEntry, actor: Asker, **facts: Any) -> None:
    record(action=action, target=entry, actor=actor, organisation=entry.organisation, **facts)


def officers_for(organisation: Organisation, *but: int | None) -> list[User]:
    """The administrators who answer for an organisation, without these; who is alone there has those above for second."""
    found: list[User] = []
    place: Organisation | None = organisation
    while place is not None and not found:
        nearest = administrators_of(place)
        found = [officer for officer in nearest if officer.pk not in but]
        place = place.get_parent()
    return found


def _ask_officers(entry: ManualEntry, title: str) -> None:
    for officer in officers_for(entry.organisation, entry.holder_id, entry.entered_by_id):
        notify(
            user=officer,
            kind="hours",
            title=title,
            body=gettext_noop("%(minutes)s minutes on %(day)s. Compare them with the proof."),
            url=reverse("manual-entries:inspect", args=[entry.pk]),
            source=f"credentials.manual:{entry.pk}:{entry.state}",
            name=entry.person.name,
            what=entry.title,
            minutes=entry.minutes,
            day=entry.occurred_on,
        )


def _proposed(entry: ManualEntry) -> None:
    _ask_officers(entry, gettext_noop("“%(what)s” of %(name)s waits for a second officer"))
    _tell(
        entry,
        gettext_noop("“%(what)s” was entered and waits for a second officer"),
        gettext_noop(
            "Entered with %(minutes)s minutes. They count as soon as another officer confirms them."
        ),
        minutes=entry.minutes,
    )


def _settle(entry: ManualEntry) -> None:
    """What the officers were asked is done, whoever did it."""
    for officer in {
        *administrators_of(entry.organisation),
        *officers_for(entry.organisation, entry.entered_by_id),
    }:
        settle(user=officer, source=f"credentials.manual:{entry.pk}:")


def _tell(entry: ManualEntry, title: str, body: str, url: str = "", **values: Any) -> None:
    notify(
        user=entry.person.user,
        kind="hours",
        title=title,
        body=body,
        url=url or entry.get_absolute_url(),
        source=f"credentials.manual:{entry.pk}:{entry.state}",
        what=entry.title,
        reason=entry.reason,
        **values,
    )
